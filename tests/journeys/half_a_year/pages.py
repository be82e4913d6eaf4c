"""Reads the case page and the API as people and clients do, on the morning after a step."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from typing import Any, Final

from django.db.models import QuerySet
from django.test import Client

from cases.models import Case
from contacts.models import Termination
from escalation.models import PerformedStep
from tests.journeys.half_a_year.script import Story

#: What the shipped strategy calls its steps, and the stages to be seen.
TITLES = {
    "reminder": "Payment reminder",
    "last_reminder": "Last reminder before formal letters",
    "demand": "Demand for payment",
    "notice_75c": "Notice under art. 75c of the Banking Act",
    "termination": "Propose termination of the contract",
    "agency": "Propose placement with an agency",
    "court": "Propose referral to the court",
}
STAGES = {
    "direct_contact": "Direct contact",
    "formal_letters": "Formal letters",
    "agency": "Agency",
    "court": "Court",
}


class Reader:
    """Reads one case for each step and each stage that comes up, and keeps what it missed."""

    def __init__(self, story: Story) -> None:
        self.faults: list[str] = []
        self.steps: dict[str, str] = {}
        self.stages: dict[str, str] = {}
        self.waiting: dict[str, str] = {}
        self._officer = story.officer
        self._client = Client(
            headers={"Authorization": f"Bearer {story.token}"}, SERVER_NAME="localhost"
        )

    def read_what_is_new(self, today: date) -> None:
        """To be called when the clock stands on the morning of ``today``."""
        for key, number, taken_on in _steps_not_in(self.steps):
            self.steps[key] = number
            self._read(number, f"{key} on {today}", step=key, taken_on=taken_on)
        for stage in set(STAGES) - set(self.stages):
            case = Case.objects.filter(stage=stage).first()
            if case is not None:
                self.stages[stage] = case.number
                self._read(case.number, f"{stage} on {today}", stage=stage)

    def read_what_waits(self, today: date) -> None:
        """A case whose notice never arrived, one with an open proposal and one refused."""
        for name, says, cases in (
            (
                "undelivered",
                "Notice under art. 75c, not delivered yet",
                Case.objects.filter(messages__template="notice_75c", messages__delivered_on=None),
            ),
            ("open", "Waiting for approval", Case.objects.filter(terminations__status="proposed")),
            ("refused", "refused", _refused_last()),
        ):
            number = cases.order_by("id").values_list("number", flat=True).first()
            if number is None:
                self.faults.append(f"no case is {name}")
            else:
                self.waiting[name] = number
                self._read(number, f"{name} on {today}", says=says)

    def _read(
        self,
        number: str,
        name: str,
        *,
        step: str = "",
        taken_on: date | None = None,
        stage: str = "",
        says: str = "",
    ) -> None:
        # Days have passed since the last look, and nobody stays signed in for days.
        browser = Client(headers={"accept-language": "en"}, SERVER_NAME="localhost")
        browser.force_login(self._officer)
        page = browser.get(f"/cases/{number}/")
        answer = self._client.get(f"/api/v1/cases/{number}")
        if (page.status_code, answer.status_code) != (200, 200):
            self.faults.append(f"{name}: page {page.status_code}, API {answer.status_code}")
            return
        text = " ".join(unescape(page.content.decode()).split())
        missing = [*_missing_on_page(text, step, taken_on, stage)]
        if says.casefold() not in text.casefold():
            missing.append(f"the page does not say {says!r}")
        missing += _missing_in_api(answer.json(), step, taken_on, stage)
        self.faults += [f"{name}, case {number}: {what}" for what in missing]


def _refused_last() -> QuerySet[Case]:
    """Cases whose only proposal to terminate was refused."""
    others = Termination.objects.exclude(status="refused").values("case")
    return Case.objects.filter(terminations__status="refused").exclude(pk__in=others)


def _steps_not_in(seen: dict[str, str]) -> Iterator[tuple[str, str, date]]:
    found = (
        PerformedStep.objects.exclude(step_key__in=seen)
        .order_by("step_key", "-performed_on", "id")
        .values_list("step_key", "enrolment__case__number", "performed_on")
    )
    last = ""
    for key, number, taken_on in found:
        if key != last:
            yield key, number, taken_on
        last = key


#: An order, and the reasons for it.
_WHY: Final = re.compile(r'<p class="why"><b>[^<]{10,}</b> [^<]{10,}</p>')


def _missing_on_page(text: str, step: str, taken_on: date | None, stage: str) -> Iterator[str]:
    if not _WHY.search(text):
        yield "the page says neither what comes next nor why nothing does"
    if "Conditions looked at: " not in text or "Conditions looked at: 0" in text:
        yield "the page shows no conditions"
    if "Decided " not in text:
        yield "the page does not say when the case was decided last"
    if "Unsecured retail loans" not in text:
        yield "the page does not name the strategy"
    if step and TITLES[step] not in text:
        yield f"the page does not name the step {TITLES[step]!r}"
    if taken_on and f"{taken_on:%d.%m.%Y}" not in text:
        yield f"the page does not say that it was taken on {taken_on}"
    if stage and STAGES[stage] not in text:
        yield "the page does not name the stage"


def _missing_in_api(
    case: dict[str, Any], step: str, taken_on: date | None, stage: str
) -> Iterator[str]:
    told = case["next_step"]
    if told is None or told["now"] is None or told["last"] is None:
        yield "the API does not explain"
        return
    if not told["now"]["looked_at"] or not told["last"]["looked_at"]:
        yield "the API names no conditions"
    if told["now"]["outcome"] in ("wait", "hold") and not told["now"]["blockers"]:
        yield "the API does not say what stands in the way"
    unknown = set(told["now"]["blockers"]) - {look["place"] for look in told["now"]["looked_at"]}
    if unknown:
        yield f"the API names blockers that nobody looked at: {unknown}"
    if step:
        taken = {one["step"]: one["taken_on"] for one in told["path"]}
        if str(taken_on) not in taken.get(step, []):
            yield "the API does not say that the step was taken"
    if stage and case["stage"] != stage:
        yield f"the API says {case['stage']!r}"

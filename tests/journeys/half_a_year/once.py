"""No step is performed twice, and each makes exactly what it says, once."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date

from agencies.models import Placement
from cases.models import WorkItem
from contacts.models import Message, Termination
from courts.models import Referral
from escalation.models import Decision, PerformedStep
from journal.models import Event

_LETTERS_AND_MESSAGES = ("reminder", "last_reminder", "demand", "notice_75c")
_PROPOSALS = ("termination", "agency", "court")


def read(counts: Counter[str], first: date, last: date) -> Iterator[str]:
    performed = list(PerformedStep.objects.values_list("enrolment", "step_key", "round"))
    counts["steps_performed"] = len(performed)
    counts.update(f"performed_{key}" for _, key, _ in performed)
    yield from _twice("step", performed)
    yield from _rounds(performed)
    decided = Decision.objects.filter(outcome="perform")
    told = Event.objects.filter(kind="escalation.step_performed")
    yield from _differ(
        "steps and decisions", performed, decided.values_list("enrolment", "step_key", "round")
    )
    yield from _differ(
        "steps and events",
        performed,
        told.values_list("payload__enrolment_id", "payload__step", "payload__round"),
    )
    yield from _made(performed, counts)
    yield from _work(counts)


def _twice(name: str, things: Iterable[object]) -> Iterator[str]:
    yield from (f"{name} twice: {thing}" for thing, n in Counter(things).items() if n > 1)


def _differ(name: str, ones: Iterable[object], others: Iterable[object]) -> Iterator[str]:
    left, right = Counter(ones), Counter(others)
    yield from (f"{name} differ: {thing}" for thing in (left - right) + (right - left))


def _rounds(performed: Iterable[tuple[int, str, int]]) -> Iterator[str]:
    """Rounds are taken one after the other, from the first; only proposals have several."""
    most: Counter[tuple[int, str]] = Counter()
    number: Counter[tuple[int, str]] = Counter()
    for enrolment_id, key, this_round in performed:
        most[enrolment_id, key] = max(most[enrolment_id, key], this_round)
        number[enrolment_id, key] += 1
    for (enrolment_id, key), highest in most.items():
        if number[enrolment_id, key] != highest or (highest > 1 and key not in _PROPOSALS):
            yield f"enrolment {enrolment_id}: {key} in {number[enrolment_id, key]} rounds"


def _made(performed: Iterable[tuple[int, str, int]], counts: Counter[str]) -> Iterator[str]:
    """Each step made one message or one proposal, and nothing else was made."""
    causes = {
        kind: [f"step:{pk}:{key}:{number}" for pk, key, number in performed if key in keys]
        for kind, keys in (
            ("messages", _LETTERS_AND_MESSAGES),
            *((key, (key,)) for key in _PROPOSALS),
        )
    }
    statements = [
        f"termination:{pk}"
        for pk in Termination.objects.filter(status="approved").values_list("id", flat=True)
    ]
    messages = list(Message.objects.values_list("cause", flat=True))
    counts["messages"] = len(messages)
    yield from _differ("messages", [*causes["messages"], *statements], messages)
    for key, made in (
        ("termination", Termination.objects.values_list("cause", flat=True)),
        ("agency", Placement.objects.values_list("cause", flat=True)),
        ("court", Referral.objects.values_list("cause", flat=True)),
    ):
        yield from _differ(key, causes[key], made)
    sent = Message.objects.exclude(template="termination")
    yield from _twice("message of a kind", sent.values_list("case", "template"))
    for template, status in Message.objects.values_list("template", "status"):
        counts[f"{template}_{status}"] += 1


def _work(counts: Counter[str]) -> Iterator[str]:
    items = list(WorkItem.objects.values_list("case", "kind", "status", "reason"))
    counts["work_items"] = len(items)
    yield from _twice(
        "work", [(case, kind, json.dumps(why, sort_keys=True)) for case, kind, _, why in items]
    )
    yield from _twice(
        "open work", [(case, kind) for case, kind, status, _ in items if status == "open"]
    )
    opened = Event.objects.filter(kind="work_item.opened").count()
    if opened != len(items):
        yield f"{len(items)} pieces of work, {opened} events of them"

"""Pieces of case pages, and what stands on a case, for the tests of the case page."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape

from django.test import Client

from cases.models import Case
from contacts.lifecycle import AttemptResult, Direction
from contacts.models import Attempt, Message
from escalation.models import Enrolment
from escalation.operations import enrol_cases
from kernel.actor import system_actor
from negotiations.models import Agreement, Instalment
from staff.models import User
from tests.integration.desk.conftest import AT, ON

MACHINE = system_actor("tests")
#: A no-break space.
N = "\u00a0"


def get_page(client: Client, case: Case, part: str = "", **query: str) -> str:
    answer = client.get(f"/cases/{case.number}/{part}", query)
    assert answer.status_code == 200
    return answer.content.decode()


def words_of(html: str) -> str:
    """The words of a piece of a page, in one line."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def section_of(page: str, name: str) -> str:
    found = re.search(rf'<section class="section" id="{name}">(.*?)</section>', page, re.DOTALL)
    assert found is not None
    return words_of(found[1])


def make_message(case: Case, template: str = "notice_75c", **fields: object) -> Message:
    return Message.objects.create(
        case=case,
        debtor=case.debtor,
        channel="letter",
        template=template,
        language="pl",
        recipient={},
        figures={},
        cause=f"{template}:{case.pk}",
        queued_on=ON - timedelta(days=12),
        **fields,
    )


def enrol(case: Case) -> Enrolment:
    enrol_cases(
        case_ids=[case.pk], on=ON - timedelta(days=30), at=AT, actor=MACHINE, returning=False
    )
    return Enrolment.objects.get(case=case)


def make_attempt(
    case: Case, result: AttemptResult, *, hour: int, days: int, point: int | None
) -> None:
    at = datetime(2026, 5, 12, hour - 2, 0, tzinfo=UTC) - timedelta(days=days)
    Attempt.objects.create(
        case=case, debtor=case.debtor, channel="phone", direction=Direction.OUT, result=result,
        is_conversation=result == AttemptResult.SPOKE, happened_at=at, happened_on=at.date(),
        contact_point_id=point,
    )  # fmt: skip


def make_agreement(case: Case, officer: User) -> Agreement:
    agreement = Agreement.objects.create(
        case=case, kind="instalments", status="in_force", needs_approval=False,
        amount_minor=120_000, currency="PLN", proposed_by=officer, proposed_at=AT,
        tolerance_days=3, tolerance_minor=0, last_transaction_id=0, policy_from=ON,
        in_force_on=ON, judge_on=date(2026, 6, 4),
    )  # fmt: skip
    for number, status, paid in ((1, "paid", 40_000), (2, "missed", 0), (3, "open", 10_000)):
        Instalment.objects.create(
            agreement=agreement, number=number, due_on=date(2026, 3 + number, 1),
            amount_minor=40_000, paid_minor=paid, status=status,
        )  # fmt: skip
    return agreement

"""A payment stops a referral before it is filed, and after that asks legal to limit the claim."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from cases.lifecycle import Handler
from cases.models import Case, WorkItem
from courts.models import Referral
from courts.operations import follow_money
from debtors.models import Debt
from journal.delivery import deliver_pending
from journal.operations import Subject
from journal.queries import list_events
from kernel.actor import Actor
from tests.integration.cases.builders import make_debt, pay
from tests.integration.courts.test_referrals import approve, propose_by_machine

pytestmark = pytest.mark.django_db


@pytest.fixture
def approved(ready_case: Case, machine: Actor, as_legal: Actor, at: datetime, on: date) -> Referral:
    return approve(propose_by_machine(ready_case, machine, at, on), as_legal, at)


def test_a_referral_with_nothing_left_to_claim_is_stopped_before_filing(
    approved: Referral, ready_case: Case, at: datetime, on: date
) -> None:
    claimed = Debt.objects.get(parties__debtor=ready_case.debtor)
    make_debt(ready_case.debtor, due_minor=5_000)
    pay(claimed, 125_000, on=on, at=at)
    deliver_pending(at=at)
    approved.refresh_from_db()
    ready_case.refresh_from_db()
    assert (ready_case.status, approved.status) == ("open", "withdrawn")
    assert ready_case.handled_by == Handler.HOUSE


def test_a_payment_before_filing_lowers_what_is_to_be_claimed_and_is_told_once(
    approved: Referral, ready_case: Case, at: datetime, on: date, machine: Actor
) -> None:
    pay(Debt.objects.get(parties__debtor=ready_case.debtor), 25_000, on=on, at=at)
    deliver_pending(at=at)
    follow_money(case_ids=[ready_case.pk], paid_case_ids=[ready_case.pk], actor=machine, at=at)
    approved.refresh_from_db()
    assert approved.amount_minor == 100_000
    events = list_events(
        subjects=[Subject("case", ready_case.pk)], kinds=["referral.amount_changed"]
    )
    assert [(e.payload["before_minor"], e.payload["amount_minor"]) for e in events] == [
        (125_000, 100_000)
    ]


def test_a_payment_taken_back_never_raises_what_was_granted(
    approved: Referral, ready_case: Case, at: datetime, on: date, machine: Actor
) -> None:
    make_debt(ready_case.debtor, due_minor=5_000)
    follow_money(case_ids=[ready_case.pk], paid_case_ids=[], actor=machine, at=at)
    approved.refresh_from_db()
    assert approved.amount_minor == 125_000


def test_a_payment_after_filing_asks_legal_once_to_limit_the_claim(
    approved: Referral, ready_case: Case, at: datetime, on: date, machine: Actor
) -> None:
    Referral.objects.filter(pk=approved.pk).update(
        status="filed", filed_on=on, claim_minor=125_000, procedure="epu", court="Lublin"
    )
    for _ in range(2):
        pay(Debt.objects.get(parties__debtor=ready_case.debtor), 25_000, on=on, at=at)
        deliver_pending(at=at)
    (item,) = WorkItem.objects.filter(case=ready_case, reason__code="paid_at_court")
    assert item.reason["referral_id"] == approved.pk
    approved.refresh_from_db()
    assert (approved.status, approved.claim_minor) == ("filed", 125_000)

"""A broken agreement whose instalment had come in time after all is looked at by a person."""

from __future__ import annotations

from datetime import date

import pytest

from cases.lifecycle import WorkKind
from cases.models import Case, WorkItem
from debtors.models import Debt
from journal.operations import Subject
from journal.queries import list_events
from kernel.actor import Actor
from kernel.clock import instant
from ledger.models import Account
from ledger.operations import post_payment
from negotiations.lifecycle import AgreementKind
from negotiations.models import Agreement
from negotiations.operations import judge_instalments, propose_agreement
from negotiations.reactions import judge_after_posting
from negotiations.schedule import Terms

pytestmark = pytest.mark.django_db

TWO = Terms(AgreementKind.INSTALMENTS, 2, date(2026, 5, 20))  # 625.00 on 20 May and 22 June
BROKEN_ON = date(2026, 6, 10)


@pytest.fixture
def account(case: Case, as_officer: Actor, at: object, machine: Actor) -> Account:
    """Of an agreement that was broken, because its first instalment did not come."""
    propose_agreement(
        case_id=case.pk, currency="PLN", terms=TWO, note="", actor=as_officer,
        at=instant(date(2026, 5, 12)),
    )  # fmt: skip
    judge_instalments(on=BROKEN_ON, at=instant(date(2026, 6, 11)), actor=machine)
    assert Agreement.objects.get().status == "broken"
    return Debt.objects.get(parties__debtor=case.debtor).account


def pay(account: Account, on: date, machine: Actor, minor: int = 62_500) -> None:
    at = instant(date(2026, 6, 12))
    post_payment(
        account_id=account.pk, amount_minor=minor, currency="PLN", value_on=on,
        idempotency_key=f"{on}:{minor}", actor=machine, at=at,
    )  # fmt: skip
    events = list_events(subjects=[Subject("account", account.pk)], kinds=["payment.posted"])
    for _ in range(2):
        judge_after_posting(events=events, at=at)


def told(case: Case) -> list[str]:
    events = list_events(subjects=[Subject("case", case.pk)], kinds=["agreement.not_broken"])
    return [event.payload["due_on"] for event in events]


def test_money_of_before_the_breach_makes_a_person_look_once(
    case: Case, account: Account, machine: Actor
) -> None:
    pay(account, date(2026, 5, 20), machine)
    assert told(case) == ["2026-05-20"]
    assert WorkItem.objects.get(kind=WorkKind.REVIEW).reason["code"] == "agreement_not_broken"
    assert Agreement.objects.get().status == "broken"
    pay(account, date(2026, 5, 21), machine, 100)
    assert len(told(case)) == 1


def test_money_of_after_the_breach_does_not(case: Case, account: Account, machine: Actor) -> None:
    pay(account, BROKEN_ON, machine)
    assert told(case) == []
    assert not WorkItem.objects.filter(kind=WorkKind.REVIEW).exists()


def test_too_little_does_not_either(case: Case, account: Account, machine: Actor) -> None:
    pay(account, date(2026, 5, 20), machine, 10_000)
    assert told(case) == []

"""A promise is judged anew when money of its days comes late or is taken back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from cases.models import Case, Hold, WorkItem
from contacts.models import Promise
from contacts.operations import judge_promises, make_promise, rejudge_promises
from contacts.reactions import judge_after_payment
from debtors.models import Debt
from journal.operations import Subject
from journal.queries import list_events
from kernel.actor import Actor
from ledger.models import Transaction
from ledger.operations import reverse_posting
from tests.integration.cases.builders import pay, post_opening

pytestmark = pytest.mark.django_db

DUE_ON = date(2026, 5, 20)
LATER = datetime(2026, 5, 26, 9, tzinfo=UTC)


@pytest.fixture
def promise(case: Case, as_officer: Actor, at: datetime) -> Promise:
    return make_promise(
        case_id=case.pk, amount_minor=100_000, currency="PLN", due_on=DUE_ON, actor=as_officer,
        at=at,
    )  # fmt: skip


@pytest.fixture
def debt(case: Case) -> Debt:
    debt = Debt.objects.get(parties__debtor=case.debtor)
    post_opening(debt)
    return debt


def react(debt: Debt) -> None:
    events = list_events(subjects=[Subject("account", debt.account_id)], limit=100)
    told = [event for event in events if event.kind in ("payment.posted", "posting.reversed")]
    judge_after_payment(events=told, at=LATER)


def take_back(machine: Actor, at: datetime) -> None:
    payment = Transaction.objects.filter(kind="payment").latest("id")
    reverse_posting(transaction_id=payment.pk, reason="chargeback", actor=machine, at=at)


def kinds(case: Case) -> list[str]:
    events = list_events(subjects=[Subject("case", case.pk)], limit=100)
    return [event.kind for event in events if event.kind.startswith("promise.")][::-1]


def test_money_of_its_days_that_comes_late_keeps_a_broken_promise(
    case: Case, promise: Promise, debt: Debt, machine: Actor, at: datetime
) -> None:
    judge_promises(on=DUE_ON, at=at, actor=machine)
    pay(debt, 100_000, on=date(2026, 5, 19), at=LATER)
    react(debt)
    promise.refresh_from_db()
    assert (promise.status, promise.paid_minor) == ("kept", 100_000)
    assert kinds(case) == ["promise.made", "promise.broken", "promise.kept_after_all"]
    assert [item.status for item in WorkItem.objects.all()] == ["cancelled"]
    assert rejudge_promises(case_ids=[case.pk], on=date(2026, 5, 26), at=LATER, actor=machine) == {
        "kept": 0,
        "broken": 0,
        "open": 0,
    }


def test_money_after_its_day_leaves_it_broken(
    promise: Promise, debt: Debt, machine: Actor, at: datetime
) -> None:
    judge_promises(on=DUE_ON, at=at, actor=machine)
    pay(debt, 100_000, on=date(2026, 5, 21), at=LATER)
    react(debt)
    promise.refresh_from_db()
    assert promise.status == "broken"
    assert [item.status for item in WorkItem.objects.all()] == ["open"]


def test_money_taken_back_after_its_day_breaks_it_and_somebody_calls(
    case: Case, promise: Promise, debt: Debt, machine: Actor, at: datetime
) -> None:
    pay(debt, 100_000, on=date(2026, 5, 12), at=at)
    react(debt)
    take_back(machine, LATER)
    react(debt)
    promise.refresh_from_db()
    assert (promise.status, promise.paid_minor) == ("broken", 0)
    assert kinds(case)[-1] == "promise.broken_after_all"
    assert WorkItem.objects.get(status="open").kind == "broken_promise"


def test_money_taken_back_before_its_day_opens_it_again_with_its_hold(
    case: Case, promise: Promise, debt: Debt, machine: Actor, at: datetime
) -> None:
    pay(debt, 100_000, on=date(2026, 5, 12), at=at)
    judge_after_payment(
        events=list_events(
            subjects=[Subject("account", debt.account_id)], kinds=["payment.posted"]
        ),
        at=at,
    )
    take_back(machine, at + timedelta(hours=1))
    rejudge_promises(case_ids=[case.pk], on=date(2026, 5, 13), at=at, actor=machine)
    promise.refresh_from_db()
    assert promise.status == "open"
    assert Hold.objects.filter(ended_on=None).values_list("until_on", flat=True).get() == DUE_ON


def test_other_money_taken_back_leaves_a_kept_promise_alone(
    promise: Promise, debt: Debt, machine: Actor, at: datetime
) -> None:
    pay(debt, 100_000, on=date(2026, 5, 12), at=at)
    pay(debt, 5_000, on=date(2026, 5, 22), at=LATER)
    react(debt)
    take_back(machine, LATER)
    react(debt)
    promise.refresh_from_db()
    assert promise.status == "kept"

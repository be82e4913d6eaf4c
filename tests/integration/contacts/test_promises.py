"""A promise holds escalation until its day; kept or broken, the case knows at once."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from cases.lifecycle import WorkKind
from cases.models import Case, Hold, WorkItem
from contacts.models import Promise
from contacts.operations import (
    PromiseAmountInvalid,
    PromiseDayInvalid,
    PromiseTurnsUsed,
    judge_paid_promises,
    judge_promises,
    make_promise,
    withdraw_promise,
)
from contacts.reactions import judge_after_payment
from debtors.models import Debt
from journal.operations import Subject
from journal.queries import list_events
from kernel.actor import Actor
from kernel.lifecycle import MoveNotAllowed
from ledger.models import Transaction
from ledger.operations import reverse_posting
from tests.integration.cases.builders import pay, set_due

pytestmark = pytest.mark.django_db

DUE_ON = date(2026, 5, 20)


@pytest.fixture
def promise(case: Case, as_officer: Actor, at: datetime) -> Promise:
    return make_promise(
        case_id=case.pk, amount_minor=100_000, currency="PLN", due_on=DUE_ON, actor=as_officer,
        at=at,
    )  # fmt: skip


def debt_of(case: Case) -> Debt:
    return Debt.objects.get(parties__debtor=case.debtor)


def react(debt: Debt, at: datetime) -> None:
    events = list_events(subjects=[Subject("account", debt.account_id)], kinds=["payment.posted"])
    assert events
    judge_after_payment(events=events, at=at)
    judge_after_payment(events=events, at=at)


def test_paid_in_full_it_is_kept_the_moment_money_is_posted(
    case: Case, promise: Promise, at: datetime, on: date
) -> None:
    debt = debt_of(case)
    pay(debt, 60_000, on=on, at=at)
    react(debt, at)
    promise.refresh_from_db()
    assert promise.status == "open"
    pay(debt, 40_000, on=on, at=at)
    react(debt, at)
    promise.refresh_from_db()
    assert (promise.status, promise.paid_minor, promise.judged_on) == ("kept", 100_000, on)
    assert Hold.objects.get().ended_on == on
    assert not WorkItem.objects.exists()


def test_what_came_earlier_on_the_day_of_the_promise_does_not_keep_it(
    case: Case, as_officer: Actor, at: datetime, on: date, machine: Actor
) -> None:
    debt = debt_of(case)
    pay(debt, 20_000, on=on, at=at)
    promise = make_promise(
        case_id=case.pk, amount_minor=20_000, currency="PLN", due_on=DUE_ON, actor=as_officer,
        at=at,
    )  # fmt: skip
    react(debt, at)
    promise.refresh_from_db()
    assert promise.status == "open"

    pay(debt, 20_000, on=on, at=at)
    react(debt, at)

    promise.refresh_from_db()
    assert (promise.status, promise.paid_minor) == ("kept", 20_000)


def test_not_paid_by_its_day_it_is_broken_and_somebody_calls(
    case: Case, promise: Promise, at: datetime, machine: Actor
) -> None:
    pay(debt_of(case), 99_999, on=date(2026, 5, 12), at=at)
    assert judge_promises(on=date(2026, 5, 19), at=at, actor=machine) == {"kept": 0, "broken": 0}
    assert judge_promises(on=DUE_ON, at=at, actor=machine) == {"kept": 0, "broken": 1}
    assert judge_promises(on=DUE_ON, at=at, actor=machine) == {"kept": 0, "broken": 0}
    promise.refresh_from_db()
    assert (promise.status, promise.paid_minor) == ("broken", 99_999)
    assert Hold.objects.get().ended_on == DUE_ON
    item = WorkItem.objects.get()
    assert (item.kind, item.due_on) == (WorkKind.BROKEN_PROMISE, date(2026, 5, 21))
    assert item.reason["paid_minor"] == 99_999


def test_money_before_the_promise_and_money_taken_back_do_not_count(
    case: Case, at: datetime, on: date, as_officer: Actor, machine: Actor
) -> None:
    debt = debt_of(case)
    pay(debt, 100_000, on=on - timedelta(days=1), at=at)
    make_promise(
        case_id=case.pk, amount_minor=20_000, currency="PLN", due_on=DUE_ON, actor=as_officer,
        at=at,
    )  # fmt: skip
    pay(debt, 20_000, on=on, at=at)
    last = Transaction.objects.filter(kind="payment").latest("id")
    reverse_posting(transaction_id=last.pk, reason="bounced", actor=machine, at=at)
    assert judge_paid_promises(case_ids=[case.pk], on=on, at=at, actor=machine)["kept"] == 0
    assert judge_promises(on=DUE_ON, at=at, actor=machine)["broken"] == 1


def test_with_nothing_due_any_more_it_is_kept(
    case: Case, promise: Promise, at: datetime, machine: Actor
) -> None:
    set_due(debt_of(case), 0)
    assert judge_promises(on=DUE_ON, at=at, actor=machine) == {"kept": 1, "broken": 0}


@pytest.mark.parametrize("due_on", [date(2026, 5, 11), date(2026, 5, 27), date(2026, 6, 13)])
def test_its_day_is_neither_past_nor_far(
    case: Case, as_officer: Actor, at: datetime, due_on: date
) -> None:
    with pytest.raises(PromiseDayInvalid) as refused:
        make_promise(
            case_id=case.pk, amount_minor=1, currency="PLN", due_on=due_on, actor=as_officer, at=at
        )
    values = refused.value.values
    assert (values["last"], values["latest"]) == (date(2026, 5, 26), date(2026, 6, 12))


@pytest.mark.parametrize(
    ("due_on", "is_taken"), [(date(2026, 5, 27), True), (date(2026, 6, 13), False)]
)
def test_a_team_leader_may_wait_longer_but_not_for_ever(
    case: Case, as_leader: Actor, at: datetime, due_on: date, is_taken: bool
) -> None:
    try:
        make_promise(
            case_id=case.pk, amount_minor=1, currency="PLN", due_on=due_on, actor=as_leader, at=at
        )
    except PromiseDayInvalid:
        assert not is_taken
    else:
        assert is_taken


def test_after_two_broken_in_a_row_only_a_team_leader_takes_the_next(
    case: Case, as_officer: Actor, as_leader: Actor, at: datetime, on: date, machine: Actor
) -> None:
    def promise_by(actor: Actor) -> Promise:
        return make_promise(
            case_id=case.pk, amount_minor=1, currency="PLN", due_on=on, actor=actor, at=at
        )

    for _ in range(2):
        promise_by(as_officer)
        assert judge_promises(on=on, at=at, actor=machine)["broken"] == 1
    with pytest.raises(PromiseTurnsUsed) as refused:
        promise_by(as_officer)
    assert refused.value.values == {"broken": 2}
    taken = promise_by(as_leader)
    withdraw_promise(promise_id=taken.pk, reason="x", actor=as_leader, at=at)
    with pytest.raises(PromiseTurnsUsed):
        promise_by(as_officer)


def test_one_that_is_kept_wipes_out_those_broken_before(
    case: Case, as_officer: Actor, as_leader: Actor, at: datetime, on: date, machine: Actor
) -> None:
    def promise_by(actor: Actor) -> Promise:
        return make_promise(
            case_id=case.pk, amount_minor=100, currency="PLN", due_on=on, actor=actor, at=at
        )

    for _ in range(2):
        promise_by(as_officer)
        judge_promises(on=on, at=at, actor=machine)
    promise_by(as_leader)
    pay(debt_of(case), 100, on=on, at=at)
    assert judge_promises(on=on, at=at, actor=machine)["kept"] == 1
    assert promise_by(as_officer).status == "open"


@pytest.mark.parametrize(
    ("amount_minor", "currency"), [(0, "PLN"), (-1, "PLN"), (500_001, "PLN"), (1, "EUR")]
)
def test_its_amount_is_something_that_is_owed(
    case: Case, as_officer: Actor, at: datetime, amount_minor: int, currency: str
) -> None:
    with pytest.raises(PromiseAmountInvalid):
        make_promise(
            case_id=case.pk, amount_minor=amount_minor, currency=currency, due_on=DUE_ON,
            actor=as_officer, at=at,
        )  # fmt: skip


def test_withdrawn_its_hold_ends_and_it_cannot_be_withdrawn_again(
    case: Case, promise: Promise, as_officer: Actor, at: datetime, on: date, machine: Actor
) -> None:
    withdraw_promise(promise_id=promise.pk, reason="wrong case", actor=as_officer, at=at)
    assert Hold.objects.get().ended_on == on
    with pytest.raises(MoveNotAllowed):
        withdraw_promise(promise_id=promise.pk, reason="again", actor=as_officer, at=at)
    assert judge_promises(on=DUE_ON, at=at, actor=machine) == {"kept": 0, "broken": 0}
    kinds = [e.kind for e in list_events(subjects=[Subject("case", case.pk)])]
    assert kinds[:2] == ["hold.ended", "promise.withdrawn"]

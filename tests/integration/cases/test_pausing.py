"""A bankruptcy stops the interest of every debt of the case; a dispute does not."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from cases.lifecycle import HoldKind
from cases.models import Case, Hold
from cases.operations import (
    accrue_for_cases,
    end_hold,
    end_holds_past,
    hold_case,
    pause_for_debtors,
    take_back_hold,
)
from debtors.models import Debt
from kernel.actor import Actor
from ledger.book_of_record import delay_tariff
from ledger.lifecycle import Component, Keeper
from ledger.models import InterestPause
from ledger.operations import NewBook, accrue_interest, change_keepers
from ledger.queries import get_balances_as_of, get_interest_explained
from tests.integration.cases.builders import make_debt, post_opening

pytestmark = pytest.mark.django_db


@pytest.fixture
def debt(case: Case, at: datetime, machine: Actor) -> Debt:
    """The debt of the case, ours since 20 April; interest is posted through 12 May."""
    debt = Debt.objects.get()
    post_opening(debt)
    book = NewBook(
        debt.account_id, Keeper.HOUSE, date(2026, 4, 20), "termination", delay_tariff(None)
    )
    change_keepers(books=[book], at=at, actor=machine)
    accrue_interest(on=date(2026, 5, 12), at=at, actor=machine)
    return debt


def days_with_interest(debt: Debt, on: date) -> int:
    explained = get_interest_explained(account_id=debt.account_id, on=on)
    return sum(one.segment.days for one in explained.segments)


def posted(debt: Debt) -> int:
    standing = get_balances_as_of(account_id=debt.account_id, on=date(2026, 12, 31))
    return standing.due_of(Component.DEFAULT_INTEREST)


def hold(case: Case, by: Actor, at: datetime, kind: HoldKind, from_on: date) -> Hold:
    return hold_case(
        case_id=case.pk, kind=kind, reason="court decision", from_on=from_on, until_on=None,
        actor=by, at=at,
    )  # fmt: skip


def test_a_bankruptcy_known_late_takes_back_the_interest_since_its_day(
    case: Case, debt: Debt, machine: Actor, at: datetime
) -> None:
    before = posted(debt)
    hold(case, machine, at, HoldKind.BANKRUPTCY, date(2026, 5, 3))
    explained = get_interest_explained(account_id=debt.account_id, on=date(2026, 5, 12))
    assert 0 < posted(debt) == explained.total_minor < before
    assert days_with_interest(debt, date(2026, 6, 30)) == 13


def test_a_dispute_stops_no_interest(case: Case, debt: Debt, machine: Actor, at: datetime) -> None:
    before = posted(debt)
    hold(case, machine, at, HoldKind.DISPUTE, date(2026, 5, 3))
    assert (posted(debt), InterestPause.objects.count()) == (before, 0)


def test_interest_runs_again_after_the_last_day_of_the_hold(
    case: Case, debt: Debt, machine: Actor, at: datetime
) -> None:
    placed = hold(case, machine, at, HoldKind.BANKRUPTCY, date(2026, 5, 3))
    end_hold(hold_id=placed.pk, reason="discontinued", on=date(2026, 5, 8), actor=machine, at=at)
    assert days_with_interest(debt, date(2026, 5, 12)) == 23 - 6


def test_a_hold_that_ends_by_its_own_day_ends_the_pause(
    case: Case, debt: Debt, machine: Actor, at: datetime
) -> None:
    hold_case(
        case_id=case.pk, kind=HoldKind.BANKRUPTCY, reason="court decision", actor=machine, at=at,
        from_on=date(2026, 5, 3), until_on=date(2026, 5, 5),
    )  # fmt: skip
    end_holds_past(on=date(2026, 5, 5), at=at, actor=machine)
    assert days_with_interest(debt, date(2026, 5, 12)) == 23 - 3


def test_a_hold_taken_back_never_stopped_any_interest(
    case: Case, debt: Debt, as_leader: Actor, at: datetime
) -> None:
    before = posted(debt)
    placed = hold(case, as_leader, at, HoldKind.BANKRUPTCY, date(2026, 5, 3))
    assert posted(debt) < before
    take_back_hold(hold_id=placed.pk, actor=as_leader, at=at + timedelta(seconds=3))
    assert (posted(debt), InterestPause.objects.count()) == (before, 0)


def test_a_debt_that_comes_later_comes_under_the_hold_of_its_case(
    case: Case, debt: Debt, machine: Actor, at: datetime
) -> None:
    hold(case, machine, at, HoldKind.BANKRUPTCY, date(2026, 5, 3))
    later = make_debt(case.debtor)
    pause_for_debtors(debtor_ids=[case.debtor_id], at=at, actor=machine)
    pauses = InterestPause.objects.filter(account_id=later.account_id)
    assert [pause.from_on for pause in pauses] == [date(2026, 5, 3)]


def test_before_an_amount_is_named_the_interest_of_the_case_is_posted(
    case: Case, debt: Debt, machine: Actor
) -> None:
    before = posted(debt)
    at = datetime(2026, 5, 20, 9, tzinfo=UTC)
    accrue_for_cases(case_ids=[case.pk], on=date(2026, 5, 22), at=at, actor=machine)
    explained = get_interest_explained(account_id=debt.account_id, on=date(2026, 5, 20))
    assert posted(debt) == explained.total_minor > before

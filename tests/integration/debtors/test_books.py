"""Before its termination the core system's figures hold for a debt, after it ours."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from debtors.models import Debt
from debtors.operations import terminate_debt
from journal.operations import Subject
from journal.queries import list_events
from kernel.actor import system_actor
from ledger.lifecycle import Component, Keeper
from ledger.models import Account, Transaction
from ledger.operations import accrue_due_interest
from ledger.queries import get_balances_as_of, get_book
from ledger.rates import RateKind, Tariff
from ledger.verification import verify_ledger, verify_replay
from tests.integration.debtors.conftest import AS_OF, Import

SYSTEM = system_actor("test")
NEXT = date(2025, 11, 1)
LATER = datetime(2025, 11, 1, 6, tzinfo=UTC)
ENDED = date(2025, 10, 15)
DEARER: dict[str, Any] = {"fees": "35.00", "default_interest": "12.34"}


def terminate(on: date = ENDED) -> Debt:
    return terminate_debt(
        debt_id=Debt.objects.get().pk, terminated_on=on, reason="notice", actor=SYSTEM, at=LATER
    )


def told(kind: str) -> list[Any]:
    subject = Subject("account", Account.objects.get().pk)
    return [event.payload for event in list_events(subjects=[subject], kinds=[kind])]


def keeper_on(on: date) -> Keeper:
    return get_book(account_id=Account.objects.get().pk).keeper_on(on)


def test_termination_makes_the_book_ours_and_says_so(take_in: Import) -> None:
    take_in({})
    terminate()
    assert keeper_on(date(2025, 10, 14)) is Keeper.CORE
    assert keeper_on(ENDED) is Keeper.HOUSE
    (payload,) = told("book.changed")
    assert (payload["keeper"], payload["from_on"]) == ("house", "2025-10-15")


def test_days_that_an_extract_has_covered_stay_with_the_core(take_in: Import) -> None:
    take_in({})
    terminate(on=date(2025, 9, 20))
    assert keeper_on(AS_OF) is Keeper.CORE
    assert keeper_on(date(2025, 10, 2)) is Keeper.HOUSE


def test_an_extract_changes_nothing_of_a_debt_of_ours_and_is_reported(take_in: Import) -> None:
    take_in({})
    terminate()
    before = Transaction.objects.count()
    report = take_in(DEARER, as_of=NEXT, at=LATER)
    assert (report["debts_kept"], Transaction.objects.count()) == (1, before)
    (payload,) = told("debt.feed_differs")
    assert payload["changes"] == {"fees": 3000, "default_interest": 1234}
    assert payload["feed"]["fees"] == 3500


def test_the_same_difference_is_told_once_and_another_again(take_in: Import) -> None:
    take_in({})
    terminate()
    take_in(DEARER, as_of=NEXT, at=LATER)
    report = take_in(DEARER, as_of=date(2025, 11, 2), at=LATER)
    assert (report["debts_kept"], len(told("debt.feed_differs"))) == (1, 1)
    take_in({**DEARER, "fees": "36.00"}, as_of=date(2025, 11, 3), at=LATER)
    assert len(told("debt.feed_differs")) == 2


def test_before_termination_the_extract_is_followed(take_in: Import) -> None:
    take_in({})
    report = take_in(DEARER, as_of=NEXT, at=LATER)
    assert (report["debts_kept"], report["debts_updated"]) == (0, 1)
    assert told("debt.feed_differs") == []


def test_an_extract_of_a_day_before_the_termination_still_counts(take_in: Import) -> None:
    take_in({})
    terminate()
    report = take_in(DEARER, as_of=date(2025, 10, 10), at=LATER)
    assert (report["debts_kept"], report["debts_updated"]) == (0, 1)
    assert verify_replay() == []


def test_a_debt_that_comes_terminated_is_ours_from_the_day_after_its_extract(
    take_in: Import,
) -> None:
    take_in({"terminated_on": "2025-09-01", "past_due_amount": "115.00"})
    assert keeper_on(AS_OF) is Keeper.CORE
    assert keeper_on(date(2025, 10, 2)) is Keeper.HOUSE
    report = take_in(DEARER, as_of=NEXT, at=LATER)
    assert report["debts_kept"] == 1


def test_interest_is_the_capitals_rate_where_that_is_higher(take_in: Import) -> None:
    take_in({})
    Debt.objects.update(contract_rate="14.5")
    terminate()
    (entry,) = get_book(account_id=Account.objects.get().pk).entries
    assert entry.tariff == Tariff(RateKind.STATUTORY_DELAY, Debt.objects.get().contract_rate)


def test_interest_accrues_after_the_termination_and_the_ledger_adds_up(take_in: Import) -> None:
    take_in({})
    terminate()
    accrue_due_interest(on=date(2025, 10, 31), at=LATER, actor=SYSTEM)
    standing = get_balances_as_of(account_id=Account.objects.get().pk, on=date(2025, 10, 31))
    assert standing.due_of(Component.DEFAULT_INTEREST) > 0
    assert verify_ledger() == []
    assert verify_replay() == []
    report = take_in({}, as_of=NEXT, at=LATER)
    assert (report["debts_kept"], told("debt.feed_differs")[0]["changes"]) == (
        1,
        {"default_interest": -standing.due_of(Component.DEFAULT_INTEREST)},
    )


@pytest.mark.parametrize("times", [1, 2])
def test_a_quiet_extract_about_a_debt_of_ours_writes_nothing(take_in: Import, times: int) -> None:
    take_in({})
    terminate()
    before = Transaction.objects.count()
    for number in range(times):
        assert take_in({}, as_of=date(2025, 11, 1 + number), at=LATER)["debts_kept"] == 0
    assert Transaction.objects.count() == before

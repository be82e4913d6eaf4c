from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.running_balance import Moved, Point, RunningBalance, line_pieces

CURRENCIES = {1: "PLN", 2: "PLN", 3: "EUR"}


def _running(*points: Point, due_now: dict[int, int] | None = None) -> RunningBalance:
    return RunningBalance(points, CURRENCIES, due_now or {})


def test_a_payment_lowers_what_is_overdue_after_it() -> None:
    running = _running(Point(10, 1, 50_000, 0), Point(20, 1, 20_000))

    assert running.after(9, "PLN") == 0
    assert running.after(10, "PLN") == running.after(19, "PLN") == 50_000
    assert running.after(20, "PLN") == 20_000
    assert running.before(20, "PLN") == 50_000
    assert running.moved(20) == Moved("PLN", -30_000)


def test_accounts_of_one_currency_are_added_and_currencies_are_not() -> None:
    running = _running(Point(10, 1, 100, 0), Point(11, 2, 40, 0), Point(12, 3, 7, 0))

    assert running.after(12, "PLN") == 140
    assert running.after(12, "EUR") == 7
    assert running.moved(12) == Moved("EUR", 7)


def test_an_account_without_a_change_counts_with_what_is_due_on_it_now() -> None:
    running = _running(Point(10, 1, 100, 0), due_now={2: 60})

    assert running.after(9, "PLN") == 60
    assert running.after(10, "PLN") == 160


def test_the_first_change_that_is_known_says_what_was_due_before_it() -> None:
    running = _running(Point(30, 1, 100, 250), due_now={1: 100})

    assert running.after(29, "PLN") == 250
    assert running.moved(30) == Moved("PLN", -150)


def test_what_was_paid_too_much_owes_nothing() -> None:
    running = _running(Point(10, 1, 100, 0), Point(20, 1, -30))

    assert running.after(20, "PLN") == 0
    assert running.moved(20) == Moved("PLN", -100)


def test_an_event_that_left_the_amount_as_it_was_moved_nothing() -> None:
    running = _running(Point(10, 1, 100, 0), Point(20, 1, 100))

    assert running.moved(20) is None
    assert running.moved(999) is None


@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(CURRENCIES)), st.integers(-5_000, 90_000)), max_size=40
    ),
    st.dictionaries(st.sampled_from(sorted(CURRENCIES)), st.integers(0, 90_000)),
)
def test_the_amounts_add_up_to_the_balances(
    changes: list[tuple[int, int]], due_now: dict[int, int]
) -> None:
    seen: set[int] = set()
    points = []
    for event_id, (account_id, after) in enumerate(changes, start=1):
        points.append(Point(event_id, account_id, after, None if account_id in seen else 500))
        seen.add(account_id)
    running = RunningBalance(points, CURRENCIES, due_now)

    for currency in ("PLN", "EUR"):
        balance = running.after(0, currency)
        for event_id in range(1, len(points) + 1):
            moved = running.moved(event_id)
            if moved and moved.currency == currency:
                balance += moved.change_minor
            assert running.after(event_id, currency) == balance


@pytest.mark.parametrize(
    ("balances", "before", "most", "places"),
    [
        ([0, 100], 0, 100, [("4.0%", "96.0%"), ("96.0%", "4.0%")]),
        ([50], 50, 100, [("50.0%", "50.0%")]),
        ([0], 0, 0, [("4.0%", "4.0%")]),
        ([], 0, 0, []),
    ],
)
def test_each_piece_of_the_line_ends_where_the_older_one_begins(
    balances: list[int], before: int, most: int, places: list[tuple[str, str]]
) -> None:
    assert [tuple(piece) for piece in line_pieces(balances, before, most)] == places

"""Whose figures hold on a day, and on which days our book bears interest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.accrual import InterestTerm
from ledger.book_of_record import (
    BookPeriod,
    Pause,
    delay_tariff,
    interest_terms,
    keeper_on,
    month_end_after,
    period_on,
)
from ledger.lifecycle import Keeper

FIRST = date(2026, 3, 1)
STATUTORY, CONTRACT = delay_tariff(None), delay_tariff(Decimal("14.5"))


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def ours(number: int, tariff: object = STATUTORY) -> BookPeriod:
    return BookPeriod(day(number), Keeper.HOUSE, tariff)  # type: ignore[arg-type]


def core(number: int) -> BookPeriod:
    return BookPeriod(day(number), Keeper.CORE)


def test_without_an_entry_the_core_keeps_the_book() -> None:
    assert keeper_on([], FIRST) is Keeper.CORE
    assert interest_terms([]) == ()


def test_the_house_keeps_it_from_its_day_on() -> None:
    entries = [ours(5)]
    assert keeper_on(entries, day(4)) is Keeper.CORE
    assert keeper_on(entries, day(5)) is Keeper.HOUSE


def test_of_those_that_have_begun_the_one_recorded_last_holds() -> None:
    entries = [ours(5), core(3)]
    assert keeper_on(entries, day(9)) is Keeper.CORE
    assert keeper_on([core(3), ours(5)], day(4)) is Keeper.CORE


@pytest.mark.parametrize(
    ("entries", "pauses", "terms"),
    [
        ([ours(5)], [], [(5, None)]),
        ([ours(5), core(9)], [], [(5, 8)]),
        ([ours(5)], [Pause(day(7), day(8))], [(5, 6), (9, None)]),
        ([ours(5)], [Pause(day(7), None)], [(5, 6)]),
        ([ours(5)], [Pause(day(1), day(5))], [(6, None)]),
        ([ours(5)], [Pause(day(1), day(4))], [(5, None)]),
        ([ours(5)], [Pause(day(6), day(8)), Pause(day(8), day(9))], [(5, 5), (10, None)]),
        ([ours(5), ours(5)], [], [(5, None)]),
        ([ours(5), ours(9)], [], [(5, None)]),
        ([ours(5, None)], [], []),
    ],
)
def test_interest_is_borne_in_our_book_outside_of_pauses(
    entries: Sequence[BookPeriod],
    pauses: Sequence[Pause],
    terms: Sequence[tuple[int, int | None]],
) -> None:
    wanted = [
        InterestTerm(STATUTORY, day(first), None if last is None else day(last))
        for first, last in terms
    ]
    assert list(interest_terms(entries, pauses)) == wanted


def test_another_tariff_begins_another_term() -> None:
    assert interest_terms([ours(5), ours(9, CONTRACT)]) == (
        InterestTerm(STATUTORY, day(5), day(8)),
        InterestTerm(CONTRACT, day(9), None),
    )


_NUMBERS = st.integers(0, 30)
_ENTRIES = st.lists(
    st.tuples(_NUMBERS, st.sampled_from([STATUTORY, CONTRACT, None])).map(
        lambda pair: ours(*pair) if pair[1] else core(pair[0])
    ),
    max_size=5,
)
_PAUSES = st.lists(
    st.tuples(_NUMBERS, st.none() | st.integers(0, 9)).map(
        lambda pair: Pause(day(pair[0]), None if pair[1] is None else day(pair[0] + pair[1]))
    ),
    max_size=4,
)


@given(_ENTRIES, _PAUSES)
def test_the_terms_say_of_every_day_what_the_register_says(
    entries: list[BookPeriod], pauses: list[Pause]
) -> None:
    terms = interest_terms(entries, pauses)
    for number in range(45):
        on = day(number)
        period = period_on(entries, on)
        rests = any(p.from_on <= on and (p.until_on is None or on <= p.until_on) for p in pauses)
        wanted = None if period is None or rests else period.tariff
        found = [
            term.tariff
            for term in terms
            if term.from_on <= on and (term.until_on is None or on <= term.until_on)
        ]
        assert found == ([wanted] if wanted else [])


@pytest.mark.parametrize(
    ("on", "end"),
    [
        (date(2026, 1, 15), date(2026, 1, 31)),
        (date(2026, 1, 30), date(2026, 1, 31)),
        (date(2026, 1, 31), date(2026, 2, 28)),
        (date(2028, 2, 28), date(2028, 2, 29)),
        (date(2026, 12, 31), date(2027, 1, 31)),
    ],
)
def test_the_end_of_the_month_comes_after_the_day(on: date, end: date) -> None:
    assert month_end_after(on) == end

"""Schedules are exact, fall on working days and come in order."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.calendar import POLAND
from kernel.money import Money
from negotiations.lifecycle import AgreementKind
from negotiations.schedule import InvalidTerms, Schedule, Terms, build_schedule, months_later

KIND = AgreementKind


def schedule(total: int, terms: Terms) -> Schedule:
    return build_schedule(total=Money(total, "PLN"), terms=terms, calendar=POLAND)


def test_the_leftover_grosze_go_to_the_first_instalments() -> None:
    made = schedule(100_00, Terms(KIND.INSTALMENTS, 3, date(2026, 1, 30)))
    assert [(i.due_on, i.amount.minor) for i in made.instalments] == [
        (date(2026, 1, 30), 33_34),
        (date(2026, 3, 2), 33_33),  # 28 February is a Saturday
        (date(2026, 3, 30), 33_33),
    ]


def test_a_settlement_schedules_what_is_left_after_the_write_off() -> None:
    made = schedule(1000_00, Terms(KIND.SETTLEMENT, 2, date(2026, 5, 4), 300_01))
    assert made.write_off == Money(300_01, "PLN")
    assert [i.amount.minor for i in made.instalments] == [350_00, 349_99]


def test_a_deferral_is_one_later_payment_of_everything() -> None:
    made = schedule(55_55, Terms(KIND.DEFERRAL, 1, date(2026, 5, 1)))
    assert [(i.number, i.due_on, i.amount.minor) for i in made.instalments] == [
        (1, date(2026, 5, 4), 55_55)
    ]


@pytest.mark.parametrize(
    ("total", "terms", "field", "why"),
    [
        (0, Terms(KIND.DEFERRAL, 1, date(2026, 5, 4)), "total", "nothing_due"),
        (100, Terms(KIND.DEFERRAL, 2, date(2026, 5, 4)), "count", "deferral_is_one_payment"),
        (100, Terms(KIND.INSTALMENTS, 1, date(2026, 5, 4)), "count", "instalments_are_several"),
        (100, Terms(KIND.INSTALMENTS, 601, date(2026, 5, 4)), "count", "out_of_range"),
        (100, Terms(KIND.INSTALMENTS, 0, date(2026, 5, 4)), "count", "out_of_range"),
        (2, Terms(KIND.INSTALMENTS, 3, date(2026, 5, 4)), "count", "instalment_of_nothing"),
        (100, Terms(KIND.SETTLEMENT, 1, date(2026, 5, 4)), "write_off", "out_of_range"),
        (100, Terms(KIND.SETTLEMENT, 1, date(2026, 5, 4), 100), "write_off", "out_of_range"),
        (100, Terms(KIND.SETTLEMENT, 1, date(2026, 5, 4), -1), "write_off", "out_of_range"),
        (
            100,
            Terms(KIND.INSTALMENTS, 2, date(2026, 5, 4), 1),
            "write_off",
            "only_in_a_settlement",
        ),
    ],
)
def test_impossible_terms_are_refused_by_name(
    total: int, terms: Terms, field: str, why: str
) -> None:
    with pytest.raises(InvalidTerms) as refused:
        schedule(total, terms)
    assert refused.value.values == {"field": field, "why": why}


@given(
    total=st.integers(600, 10**12),
    count=st.integers(2, 600),
    first=st.dates(date(2016, 1, 1), date(2029, 12, 31)),
    share=st.integers(1, 99),
    kind=st.sampled_from([KIND.INSTALMENTS, KIND.SETTLEMENT]),
)
def test_parts_sum_to_the_whole_in_order_on_working_days(
    total: int, count: int, first: date, share: int, kind: AgreementKind
) -> None:
    write_off = total * share // 100 if kind is KIND.SETTLEMENT else 0
    count = min(count, total - write_off)
    if kind is KIND.INSTALMENTS and count < 2:
        return
    made = schedule(total, Terms(kind, count, first, write_off))
    days = [instalment.due_on for instalment in made.instalments]
    amounts = [instalment.amount.minor for instalment in made.instalments]
    assert sum(amounts) + made.write_off.minor == total
    assert len(amounts) == count
    assert max(amounts) - min(amounts) <= 1
    assert amounts == sorted(amounts, reverse=True)
    assert days == sorted(set(days))
    assert all(POLAND.is_working_day(day) for day in days)
    assert [instalment.number for instalment in made.instalments] == list(range(1, count + 1))


def naive_due_day(first: date, place: int) -> date:
    """Walk month by month and day by day, as one would on a paper calendar."""
    year, month = first.year, first.month
    for _ in range(place):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    day = first.day
    while True:
        try:
            on = date(year, month, day)
            break
        except ValueError:
            day -= 1
    while not POLAND.is_working_day(on):
        on += timedelta(days=1)
    return on


@given(st.dates(date(2016, 1, 1), date(2029, 12, 31)), st.integers(2, 40))
def test_due_days_equal_those_of_a_paper_calendar(first: date, count: int) -> None:
    made = schedule(100_000, Terms(KIND.INSTALMENTS, count, first))
    assert [i.due_on for i in made.instalments] == [
        naive_due_day(first, place) for place in range(count)
    ]


def test_the_day_of_the_month_is_not_lost_in_a_short_month() -> None:
    assert [months_later(date(2026, 1, 31), n) for n in (1, 2, 12)] == [
        date(2026, 2, 28),
        date(2026, 3, 31),
        date(2027, 1, 31),
    ]

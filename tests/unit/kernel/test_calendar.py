from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.calendar import POLAND, WorkingCalendar, is_polish_holiday, months_later, years_later

HOLIDAYS: Final = Path(__file__).with_name("holidays_pl_2015_2030.csv")
DAYS: Final = st.dates(min_value=date(2015, 1, 1), max_value=date(2040, 12, 31))


def _listed() -> set[date]:
    with HOLIDAYS.open() as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        return {date.fromisoformat(row["date"]) for row in rows}


def test_the_holidays_of_sixteen_years_are_as_they_are_listed() -> None:
    first, last = date(2015, 1, 1), date(2030, 12, 31)
    days = (first + timedelta(days=i) for i in range((last - first).days + 1))
    assert {day for day in days if is_polish_holiday(day)} == _listed()


@pytest.mark.parametrize(
    ("year", "free"), [(2024, False), (2025, True), (2031, True), (2040, True)]
)
def test_christmas_eve_is_free_since_2025(year: int, free: bool) -> None:
    assert is_polish_holiday(date(year, 12, 24)) is free


@pytest.mark.parametrize(
    ("on", "count", "expected"),
    [
        (date(2026, 4, 30), 1, date(2026, 5, 4)),  # a holiday on Friday and one on Sunday
        (date(2026, 4, 3), 1, date(2026, 4, 7)),  # Good Friday is worked, Easter Monday is not
        (date(2026, 12, 23), 1, date(2026, 12, 28)),
        (date(2026, 5, 9), 0, date(2026, 5, 9)),
        (date(2026, 11, 2), 14, date(2026, 11, 23)),  # art. 75c: with 11 November in between
    ],
)
def test_working_days_are_counted_from_the_day_after(on: date, count: int, expected: date) -> None:
    assert POLAND.add_working_days(on, count) == expected


@given(DAYS, st.integers(min_value=1, max_value=60))
def test_adding_and_counting_agree(on: date, count: int) -> None:
    end = POLAND.add_working_days(on, count)
    assert POLAND.is_working_day(end)
    assert POLAND.working_days_between(on, end) == count
    assert POLAND.working_days_between(on, end - timedelta(days=1)) == count - 1


@given(DAYS, st.integers(min_value=-5, max_value=400))
def test_counting_is_the_same_as_looking_at_every_day(on: date, span: int) -> None:
    through = on + timedelta(days=span)
    slowly = sum(POLAND.is_working_day(on + timedelta(days=i)) for i in range(1, span + 1))
    assert POLAND.working_days_between(on, through) == slowly


def test_a_negative_count_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        POLAND.add_working_days(date(2026, 5, 12), -1)


@given(DAYS)
def test_the_next_working_day_is_the_nearest_one(on: date) -> None:
    following = POLAND.next_working_day(on)
    assert following > on
    assert not any(
        POLAND.is_working_day(on + timedelta(days=i)) for i in range(1, (following - on).days)
    )
    assert POLAND.on_or_after(on) == (on if POLAND.is_working_day(on) else following)


@pytest.mark.parametrize(
    ("on", "ends"),
    [
        (date(2026, 5, 12), date(2026, 5, 12)),
        (date(2026, 5, 9), date(2026, 5, 11)),  # a Saturday
        (date(2016, 5, 7), date(2016, 5, 7)),  # a Saturday before the law moved it
        (date(2016, 5, 8), date(2016, 5, 9)),  # a Sunday always moved it
        (date(2026, 5, 1), date(2026, 5, 4)),
        (date(2026, 12, 24), date(2026, 12, 28)),
    ],
)
def test_a_term_that_ends_on_a_free_day_ends_on_the_next_that_is_not(on: date, ends: date) -> None:
    """Art. 115 of the Civil Code, in its wording of the day."""
    assert POLAND.end_of_term(on) == ends


def test_another_calendar_can_have_other_holidays() -> None:
    closed_on_mondays = WorkingCalendar(lambda on: on.weekday() == 0)
    assert closed_on_mondays.next_working_day(date(2026, 5, 8)) == date(2026, 5, 12)
    assert closed_on_mondays.working_days_between(date(2026, 5, 8), date(2026, 5, 12)) == 1


@pytest.mark.parametrize(
    ("on", "months", "then"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2025, 11, 30), 3, date(2026, 2, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 5, 4), 0, date(2026, 5, 4)),
        (date(2026, 12, 1), 13, date(2028, 1, 1)),
    ],
)
def test_a_term_in_months_ends_on_the_same_day_or_the_last_of_a_shorter_month(
    on: date, months: int, then: date
) -> None:
    assert months_later(on, months) == then


def test_a_term_in_years_from_29_february_ends_on_the_28th() -> None:
    assert years_later(date(2024, 2, 29), 1) == date(2025, 2, 28)
    assert years_later(date(2024, 2, 29), 4) == date(2028, 2, 29)
    assert years_later(date(2024, 2, 29), -1) == date(2023, 2, 28)

"""Working days in Poland: not Saturday, not Sunday, not a public holiday.

Saturday is no working day for art. 75c of the Banking Act (customary reading);
art. 115 of the Civil Code treats it like a holiday for terms since 2017-01-01.
"""

from __future__ import annotations

import calendar as months
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import holidays as public_holidays

SATURDAY = 5
SUNDAY = 6
#: Art. 115 of the Civil Code moves a term that ends on a Saturday only since this day.
SATURDAY_MOVES_SINCE = date(2017, 1, 1)


@cache
def _polish_holidays(year: int) -> frozenset[date]:
    return frozenset(public_holidays.country_holidays("PL", years=year))


def is_polish_holiday(on: date) -> bool:
    """A public holiday by the act on days free from work (24 December since 2025)."""
    return on in _polish_holidays(on.year)


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    is_holiday: Callable[[date], bool] = is_polish_holiday

    def is_working_day(self, on: date) -> bool:
        return on.weekday() < SATURDAY and not self.is_holiday(on)

    def next_working_day(self, on: date) -> date:
        """The first working day after ``on``."""
        return self.add_working_days(on, 1)

    def on_or_after(self, on: date) -> date:
        """``on`` itself when it is a working day, else the next one."""
        return on if self.is_working_day(on) else self.next_working_day(on)

    def add_working_days(self, on: date, count: int) -> date:
        """The ``count``-th working day after ``on``; ``on`` itself is not counted."""
        if count < 0:
            raise ValueError("count must not be negative")
        day = on
        while count:
            day += timedelta(days=1)
            count -= self.is_working_day(day)
        return day

    def working_days_between(self, after: date, through: date) -> int:
        """Working days later than ``after`` and not later than ``through``; 0 when none."""
        span = (through - after).days
        if span <= 0:
            return 0
        weeks, rest = divmod(span, 7)
        first = after + timedelta(days=1)
        weekdays = weeks * 5 + sum(
            (first + timedelta(days=weeks * 7 + i)).weekday() < SATURDAY for i in range(rest)
        )
        free = sum(
            1
            for year in range(first.year, through.year + 1)
            for day in self._weekday_holidays(year)
            if first <= day <= through
        )
        return weekdays - free

    def end_of_term(self, on: date) -> date:
        """The day on which a term ending on ``on`` really ends (art. 115 of the Civil Code)."""
        day = on
        while self._moves_a_term(day):
            day += timedelta(days=1)
        return day

    def _moves_a_term(self, on: date) -> bool:
        saturday = on.weekday() == SATURDAY and on >= SATURDAY_MOVES_SINCE
        return saturday or on.weekday() == SUNDAY or self.is_holiday(on)

    def _weekday_holidays(self, year: int) -> tuple[date, ...]:
        return _weekday_holidays(self.is_holiday, year)


@cache
def _weekday_holidays(is_holiday: Callable[[date], bool], year: int) -> tuple[date, ...]:
    first = date(year, 1, 1)
    days = (first + timedelta(days=i) for i in range(366))
    return tuple(
        day for day in days if day.year == year and day.weekday() < SATURDAY and is_holiday(day)
    )


POLAND = WorkingCalendar()


def months_later(on: date, count: int) -> date:
    """The day of the same number ``count`` months later (before, when negative), or the last day
    of a month that has no such day (art. 112 of the Civil Code)."""
    years, month = divmod(on.month - 1 + count, 12)
    year = on.year + years
    return date(year, month + 1, min(on.day, months.monthrange(year, month + 1)[1]))


def years_later(on: date, count: int) -> date:
    """The same day ``count`` years later; 28 February for a 29th that is not there."""
    return months_later(on, 12 * count)

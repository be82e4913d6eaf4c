"""How much of the targets of months falls to a stretch of days. Pure."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction

from kernel.calendar import WorkingCalendar
from portfolio.periods import Stretch


def month_of(on: date) -> date:
    """The first day of the month."""
    return on.replace(day=1)


def months_of(stretch: Stretch) -> list[date]:
    """The months that the stretch touches, by their first days."""
    months = [month_of(stretch.first)]
    while (following := _next_month(months[-1])) <= stretch.through:
        months.append(following)
    return months


def target_of(
    stretch: Stretch, by_month: Mapping[date, int], calendar: WorkingCalendar
) -> int | None:
    """By working days: a month's target falls to its days in the stretch as they share in the
    month. None where a month that the stretch touches has no target."""
    total = Fraction(0)
    for month in months_of(stretch):
        amount = by_month.get(month)
        if amount is None:
            return None
        last = month.replace(day=monthrange(month.year, month.month)[1])
        before = month - timedelta(days=1)
        whole = calendar.working_days_between(before, last)
        part = calendar.working_days_between(max(stretch.after, before), min(stretch.through, last))
        total += Fraction(amount * part, whole)
    return round(total)


def _next_month(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)

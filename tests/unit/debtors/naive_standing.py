"""How a retail debt in złoty stands, by counting every single day. Slow and plain on purpose."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from kernel.calendar import months_later, years_later

DAY = timedelta(days=1)
Owed = tuple[date, date | None, int]
#: default, forborne, stage
Stand = tuple[str, str, int]


def stands(
    owed: Iterable[Owed], granted: Iterable[date], first: date, last: date
) -> dict[date, Stand]:
    """Each day from ``first`` to ``last``: what is owed of each amount, and what follows."""
    owed, granted = list(owed), list(granted)
    result: dict[date, Stand] = {}
    counter = _Counter()
    day = first
    while day <= last:
        exposure, overdue, days_late = _money(owed, day)
        result[day] = counter.count(day, exposure, overdue, days_late, was_granted=day in granted)
        day += DAY
    return result


def _money(owed: list[Owed], day: date) -> tuple[int, int, int]:
    known = [part for part in owed if part[0] <= day]
    late: dict[date, int] = {}
    for _, due_on, minor in known:
        if due_on is not None and due_on < day:
            late[due_on] = late.get(due_on, 0) + minor
    days = [(day - due_on).days for due_on, left in late.items() if left > 0]
    return sum(minor for _, _, minor in known), sum(late.values()), max(days, default=0)


class _Counter:
    def __init__(self) -> None:
        self.in_a_row = 0
        self.default, self.clean_from = "", date.max
        self.forborne, self.forborne_from = "no", date.max

    def count(
        self, day: date, exposure: int, overdue: int, days_late: int, *, was_granted: bool
    ) -> Stand:
        is_material = overdue > 400_00 and overdue * 100 > exposure
        self.in_a_row = self.in_a_row + 1 if is_material else 0
        if was_granted:
            was_bad = self.default or self.forborne in ("cure", "probation_after")
            self.forborne, self.forborne_from = ("cure" if was_bad else "probation"), day
        if exposure <= 0:
            self.default, self.forborne, self.clean_from = "", "no", date.max
            return "", "no", 1
        self._default(day, is_material)
        self._forbearance(day, is_material, days_late)
        if self.default or self.forborne == "cure":
            return self.default, self.forborne, 3
        return "", self.forborne, 2 if days_late > 30 or self.forborne != "no" else 1

    def _default(self, day: date, is_material: bool) -> None:
        if self.in_a_row > 90:
            self.default = "past_due"
        relapsed = self.forborne == "probation_after" and self.in_a_row > 30
        if relapsed or (self.forborne == "probation" and self.default):
            self.forborne, self.forborne_from = "cure", day
        if not self.default or is_material:
            self.clean_from = date.max
            return
        self.clean_from = min(self.clean_from, day)
        self.default = "curing"
        three_months = day >= months_later(self.clean_from, 3)
        a_year = self.forborne != "cure" or day >= years_later(self.forborne_from, 1)
        if three_months and a_year:
            self.default, self.clean_from = "", date.max

    def _forbearance(self, day: date, is_material: bool, days_late: int) -> None:
        if self.forborne == "no":
            return
        years = 1 if self.forborne == "cure" else 2
        if day < years_later(self.forborne_from, years):
            return
        if self.forborne == "cure":
            if not self.default and not is_material:
                self.forborne, self.forborne_from = "probation_after", day
        elif days_late <= 30:
            self.forborne = "no"

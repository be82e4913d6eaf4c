"""The stretch of days that a board tells of, and the one before it. Pure.

A stretch begins after the close of its first day and ends with the close of its last one.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Preset(StrEnum):
    """How far back a board looks. For each, the close counts what became of the book since."""

    MONTH = "month"
    DAYS_30 = "30"
    DAYS_7 = "7"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days later than ``after`` and not later than ``through``."""

    after: date
    through: date

    @property
    def first(self) -> date:
        return self.after + timedelta(days=1)


def stretch_to(through: date, preset: Preset) -> Stretch:
    """``MONTH`` is the month so far: it is held against the last day of the month before."""
    if preset is Preset.MONTH:
        return Stretch(through.replace(day=1) - timedelta(days=1), through)
    return Stretch(through - timedelta(days=int(preset.value)), through)


def stretch_before(through: date, preset: Preset) -> Stretch:
    """The like stretch before: of a month so far, the same days of the month before.

    The last day of a month answers to the last day of the one before, whatever their numbers.
    """
    if preset is not Preset.MONTH:
        return stretch_to(through - timedelta(days=int(preset.value)), preset)
    last_before = through.replace(day=1) - timedelta(days=1)
    is_last = through.day == monthrange(through.year, through.month)[1]
    day = last_before.day if is_last else min(through.day, last_before.day)
    return stretch_to(last_before.replace(day=day), preset)


def week_of(on: date) -> date:
    """The Monday of the week in which the day lies."""
    return on - timedelta(days=on.weekday())


def is_month_end(on: date) -> bool:
    return on.day == monthrange(on.year, on.month)[1]

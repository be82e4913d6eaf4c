"""A day alone and a day with a time, as they are typed: ``pt``, ``jutro 14:00``, ``o 16``."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Final, NamedTuple

from contacts.quick_entry.meaning import Fault, Problem
from contacts.quick_entry.reading import read_day_alone
from kernel.calendar import WorkingCalendar
from kernel.clock import instant

_TIME: Final = re.compile(
    r"(?:\b(?:o|at|godz\.?|g\.)\s*)?\b(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)\b"
    r"|\b(?:o|at|godz\.?|g\.)\s*(?P<whole>[01]?\d|2[0-3])\b",
    re.IGNORECASE,
)


class DayEntry(NamedTuple):
    """A day, or what is wrong with what was typed."""

    on: date | None
    problem: Problem | None = None


class MomentEntry(NamedTuple):
    """An instant in UTC, or what is wrong with what was typed."""

    at: datetime | None
    problem: Problem | None = None


def read_day_entry(text: str, *, today: date, calendar: WorkingCalendar) -> DayEntry:
    """A day from ``today`` on."""
    entry = read_day_alone(text, today=today, calendar=calendar)
    if entry.problems:
        return DayEntry(None, entry.problems[0])
    return DayEntry(entry.due_on)


def read_moment_entry(text: str, *, today: date, calendar: WorkingCalendar) -> MomentEntry:
    """A time of a day; without a day it is today. Local time in Warsaw."""
    match = _TIME.search(text)
    if match is None:
        return MomentEntry(None, Problem(Fault.TIME_MISSING, {}))
    rest = f"{text[: match.start()]} {text[match.end() :]}"
    clock = time(int(match["hour"] or match["whole"]), int(match["minute"] or 0))
    if not re.search(r"\w", rest):
        return MomentEntry(instant(today, clock))
    day = read_day_entry(rest, today=today, calendar=calendar)
    return MomentEntry(instant(day.on, clock) if day.on else None, day.problem)

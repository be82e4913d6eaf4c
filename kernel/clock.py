"""The only reader of a clock. Instants are UTC; legal days are dates in Europe/Warsaw."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

WARSAW: Final = ZoneInfo("Europe/Warsaw")

_fixed: ContextVar[datetime | None] = ContextVar("fixed_instant", default=None)


def now() -> datetime:
    """The present instant, in UTC."""
    return _fixed.get() or datetime.now(UTC)


def today() -> date:
    """The present legal day in Warsaw."""
    return legal_day(now())


def legal_day(at: datetime) -> date:
    """The day in Warsaw on which an instant falls."""
    return at.astimezone(WARSAW).date()


def instant(on: date, at: time = time(0, 0)) -> datetime:
    """A local Warsaw time as an instant in UTC; the earlier one where the clock goes back."""
    return datetime.combine(on, at, tzinfo=WARSAW).astimezone(UTC)


def end_of(on: date) -> datetime:
    """The first instant after the legal day."""
    return instant(on + timedelta(days=1))


@contextmanager
def fixed_at(at: datetime) -> Iterator[None]:
    """Let the clock stand at an instant: for tests, the demo and ``--at``."""
    if at.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    token = _fixed.set(at.astimezone(UTC))
    try:
        yield
    finally:
        _fixed.reset(token)

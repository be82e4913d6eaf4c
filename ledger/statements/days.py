"""Days that a bank statement can have: whoever counts days from them never leaves the calendar."""

from __future__ import annotations

from datetime import date
from typing import Final

from ledger.statements.values import StatementUnreadable

_FIRST: Final = date(1990, 1, 1)
_LAST: Final = date(2100, 1, 1)


def possible_day(day: date, place: str) -> date:
    """The day itself. Raises StatementUnreadable: ``bad_day``."""
    if not _FIRST <= day <= _LAST:
        raise StatementUnreadable("bad_day", place, value=day.isoformat())
    return day

"""What an address or a form brings as text: a stranger may have written it."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Final, TypeVar

Word = TypeVar("Word", bound=StrEnum)

#: Days that a bank may mean, and beyond which a calendar ends when one counts on from them.
_YEARS: Final = (1900, 2200)


def whole_number(text: str | None, *, digits: int = 18) -> int | None:
    """The number that somebody's text is, as an id in an address or a form; None for anything
    else. Of at most ``digits`` figures: 18 fit a bigint, 9 an integer of the database."""
    if not text or len(text) > digits or not (text.isascii() and text.isdecimal()):
        return None
    return int(text)


def day_in(text: str | None) -> date | None:
    """The day that somebody's text is, in ISO 8601; None for anything else."""
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if _YEARS[0] <= day.year <= _YEARS[1] else None


def word_in(text: str | None, kind: type[Word]) -> Word | None:
    """The word of a closed vocabulary that somebody's text is; None for anything else."""
    try:
        return kind(text or "")
    except ValueError:
        return None

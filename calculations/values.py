"""Values as people and programs write them, read into exact types and written back.

Each reader raises WrongValue with a code that says what is wrong.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

FIRST_DAY: Final = date(1950, 1, 1)
LAST_DAY: Final = date(2199, 12, 31)
#: Ten thousand billion in major units; more is a slip of the hand.
MOST_MINOR: Final = 10**15
MOST_PERCENT: Final = Decimal(1000)
_PLACES: Final = 2
_MOST_DIGITS: Final = 18
_MOST_PLACES: Final = 12
_MOST: Final = 10**_MOST_DIGITS
_NUMBER: Final = re.compile(r"[0-9]{1,18}([.][0-9]{1,12})?")
_DOTTED: Final = re.compile(r"([0-9]{1,2})[.]([0-9]{1,2})[.]([0-9]{4})")
#: ``1,500`` and ``1.500`` may be a thousand and a half, or one and a half.
_AMBIGUOUS: Final = re.compile(r"[0-9]+,[0-9]{3}|[1-9][0-9]{0,2}[.][0-9]{3}")
_SPACES: Final = re.compile(r"[\s\u00a0\u202f]")
_NOT_WORD: Final = re.compile(r"[^0-9a-z]+")
_STROKES: Final = str.maketrans({"ł": "l", "Ł": "L"})
_YES: Final = frozenset({"true", "yes", "tak", "1", "on"})
_NO: Final = frozenset({"false", "no", "nie", "0", "off", ""})


class WrongValue(Exception):
    """The code of what is wrong with a value."""


def read_number(value: Any) -> Decimal:
    """``10000``, ``"10000.00"``, ``"10 000,00"``; what JSON read as Decimal. Never a float."""
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        raise WrongValue("not_a_number")
    if isinstance(value, int) and abs(value) > _MOST:
        raise WrongValue("too_large")
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise WrongValue("not_a_number")
        if not -_MOST_PLACES <= value.adjusted() <= _MOST_DIGITS:
            raise WrongValue("too_large" if value.adjusted() > 0 else "too_many_places")
        value = f"{value:f}"
    text = _SPACES.sub("", str(value)).replace(",", ".")
    if text.startswith("-"):
        raise WrongValue("negative")
    if not _NUMBER.fullmatch(text):
        raise WrongValue("not_a_number")
    try:
        return Decimal(text)
    except InvalidOperation:
        raise WrongValue("not_a_number") from None


def read_minor(value: Any) -> int:
    """An amount in zlotys as grosze; one that can be read in two ways is refused."""
    amount = _without(value, "zł", "zl", "pln")
    if isinstance(amount, str) and _AMBIGUOUS.fullmatch(_SPACES.sub("", amount)):
        raise WrongValue("thousands_or_places")
    number = read_number(amount)
    minor = number.scaleb(_PLACES)
    if minor != minor.to_integral_value():
        raise WrongValue("finer_than_a_grosz")
    if minor > MOST_MINOR:
        raise WrongValue("too_large")
    return int(minor)


def read_minor_above_zero(value: Any) -> int:
    minor = read_minor(value)
    if not minor:
        raise WrongValue("not_above_zero")
    return minor


def read_percent(value: Any) -> Decimal:
    number = read_number(_without(value, "%", "percent", "procent"))
    if number > MOST_PERCENT:
        raise WrongValue("too_large")
    return number


def read_whole(value: Any) -> int:
    number = read_number(value)
    if number != number.to_integral_value():
        raise WrongValue("not_a_whole_number")
    if number > 1_000_000:
        raise WrongValue("too_large")
    return int(number)


def read_day(value: Any) -> date:
    """``2020-03-15`` or ``15.03.2020``."""
    if isinstance(value, date):
        day = value
    elif isinstance(value, str):
        dotted = _DOTTED.fullmatch(value.strip())
        try:
            day = (
                date(int(dotted[3]), int(dotted[2]), int(dotted[1]))
                if dotted
                else date.fromisoformat(value.strip())
            )
        except ValueError:
            raise WrongValue("not_a_day") from None
    else:
        raise WrongValue("not_a_day")
    if not FIRST_DAY <= day <= LAST_DAY:
        raise WrongValue("day_out_of_range")
    return day


def read_flag(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    text = str(value).strip().lower()
    if text in _YES:
        return True
    if text in _NO:
        return False
    raise WrongValue("not_yes_or_no")


def read_flag_or_day(value: Any) -> bool | date:
    """Whether something happened; or the day on which it did."""
    if isinstance(value, str):
        try:
            return read_flag(value)
        except WrongValue:
            return read_day(value)
    return value if isinstance(value, date) else read_flag(value)


def read_text(value: Any) -> str:
    """``1.0`` is the text 1: programs write whole numbers so."""
    if isinstance(value, Decimal) and value.is_finite() and value == value.to_integral_value():
        value = f"{value:f}".partition(".")[0] if value.adjusted() < _MOST_DIGITS else ""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise WrongValue("not_a_text")
    text = str(value).strip() if not isinstance(value, int) or abs(value) < _MOST else ""
    if not text or len(text) > 100 or text != printable(text):
        raise WrongValue("not_a_text")
    return text


def printable(text: str) -> str:
    """The text with halves of characters, which no file and no page can hold, written out."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def words_of(value: Any) -> tuple[str, ...]:
    """The plain lower-case words of a text: ``"Za opóźnienie (max.)"`` is za, opoznienie, max."""
    plain = unicodedata.normalize("NFKD", read_text(value).translate(_STROKES))
    bare = "".join(ch for ch in plain if not unicodedata.combining(ch)).lower()
    return tuple(word for word in _NOT_WORD.split(bare) if word)


def money(minor: int) -> str:
    """``4214.85``."""
    return f"{Decimal(minor).scaleb(-_PLACES):.2f}"


def plain_money(minor: int) -> str:
    """``1000`` or ``1000.50``: grosze only where there are any."""
    return money(minor) if minor % 100 else str(minor // 100)


def plain_percent(percent: Decimal) -> str:
    """``7``, ``7.25``, ``24.5``."""
    return f"{percent.normalize():f}" if percent else "0"


def money_percent(percent: Decimal) -> str:
    """``18.50``; more places only where there are more."""
    shown = f"{percent:f}"
    return f"{percent:.2f}" if percent == Decimal(f"{percent:.2f}") else shown


def _without(value: Any, *units: str) -> Any:
    if not isinstance(value, str):
        return value
    text = value.strip()
    for unit in units:
        if text.lower().endswith(unit):
            return text[: -len(unit)].strip()
    return text

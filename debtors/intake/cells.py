"""Reading one cell: amounts, whole numbers, dates, text. Pure and strict: never a guess."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Final

from debtors.intake.findings import CellRefused

#: What a reader may hand over for one cell; CSV brings text only.
Cell = str | int | float | bool | Decimal | date | datetime | time | timedelta | None
#: What an expression may yield.
Value = str | Decimal | date | list[str] | None

#: Whole numbers beyond this lose digits in the floating point of a spreadsheet.
_EXACT_FLOAT: Final = 10**15
_SPACES: Final = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\t": " "})
_TOKENS: Final = {
    "YYYY": r"(?P<y>\d{4})", "YY": r"(?P<yy>\d{2})", "MM": r"(?P<m>\d{2})",
    "M": r"(?P<m>\d{1,2})", "DD": r"(?P<d>\d{2})", "D": r"(?P<d>\d{1,2})",
}  # fmt: skip
_TOKEN: Final = re.compile(r"YYYY|YY|MM|M|DD|D|[^A-Za-z0-9]")
#: A time without a zone says nothing about the day; one with a zone may.
_TIME_TAIL: Final = re.compile(r"[ T]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?$", re.ASCII)
_ISO_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_PLAIN_NUMBER: Final = re.compile(r"\d{1,15}(?:\.\d{1,6})?", re.ASCII)
_MAX_EXPONENT: Final = 30


class UnknownDateFormat(ValueError):
    """A date format uses anything but YYYY, YY, MM, M, DD, D and separators."""


class ImpossibleDate(CellRefused):
    """Written like a date, but no such day exists."""

    def __init__(self, value: object) -> None:
        super().__init__("impossible_date", value)


@cache
def _date_pattern(format_: str) -> re.Pattern[str]:
    parts = _TOKEN.findall(format_)
    fields = sorted(part[0] for part in parts if part in _TOKENS)
    if fields != ["D", "M", "Y"] or "".join(parts) != format_:
        raise UnknownDateFormat(format_)
    pattern = "".join(_TOKENS.get(part) or re.escape(part) for part in parts)
    return re.compile(pattern, re.ASCII)


def check_date_format(format_: str) -> None:
    """Raises UnknownDateFormat."""
    _date_pattern(format_)


def to_date(cell: Cell, formats: Sequence[str]) -> date | None:
    """The day written in the first of ``formats`` that fits.

    Raises ImpossibleDate for what fits a format but names no day, CellRefused for anything else.
    """
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = to_text(cell)
    if not text:
        return None
    if _ISO_DAY.fullmatch(text) and "YYYY-MM-DD" in formats:
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise ImpossibleDate(text) from None
    text = _TIME_TAIL.sub("", text)
    fitted = False
    for format_ in formats:
        found = _date_pattern(format_).fullmatch(text)
        if found is None:
            continue
        fitted = True
        parts = found.groupdict()
        year = int(parts["y"]) if parts.get("y") else 2000 + int(parts["yy"])
        try:
            return date(year, int(parts["m"]), int(parts["d"]))
        except ValueError:
            continue
    if fitted:
        raise ImpossibleDate(text)
    raise CellRefused("not_a_date", text)


@cache
def amount_pattern(decimal: str, thousands: str) -> re.Pattern[str]:
    """Digits, grouped in threes or not at all, with an optional fraction and exponent."""
    point, group = re.escape(decimal), re.escape(thousands)
    whole = rf"\d{{1,3}}(?:{group}\d{{3}})+|\d+" if thousands else r"\d+"
    exponent = r"(?:[eE]([+-]?\d{1,3}))?"
    return re.compile(rf"([+-]?)\s?({whole})?(?:{point}(\d+))?{exponent}", re.ASCII)


def to_decimal(cell: Cell, decimal: str = ".", thousands: str = " ") -> Decimal | None:
    """An exact number; None for an empty cell. Raises CellRefused(``not_an_amount``)."""
    if isinstance(cell, Decimal):
        number = cell
    elif isinstance(cell, bool):
        raise CellRefused("not_an_amount", cell)
    elif isinstance(cell, int):
        number = Decimal(cell)
    elif isinstance(cell, float):
        # A spreadsheet shows 15 digits of its numbers; what lies behind is noise of its sums.
        number = Decimal(f"{cell:.15g}")
    elif isinstance(cell, str) or cell is None:
        text = to_text(cell)
        if decimal == "." and _PLAIN_NUMBER.fullmatch(text):
            return Decimal(text)
        return _number_in(text, decimal, thousands) if text else None
    else:
        raise CellRefused("not_an_amount", cell)
    if not number.is_finite():
        raise CellRefused("not_an_amount", cell)
    return number


def _number_in(text: str, decimal: str, thousands: str) -> Decimal:
    plain = text.translate(_SPACES)
    found = amount_pattern(decimal, thousands).fullmatch(plain)
    if found is None or not (found[2] or found[3]):
        raise CellRefused("not_an_amount", text)
    sign, whole, fraction, exponent = found.groups()
    if exponent and abs(int(exponent)) > _MAX_EXPONENT:
        raise CellRefused("amount_too_large", text)
    digits = (whole or "0").replace(thousands, "") if thousands else (whole or "0")
    try:
        return Decimal(f"{sign}{digits}.{fraction or 0}E{exponent or 0}")
    except InvalidOperation:  # pragma: no cover - the pattern admits numbers only
        raise CellRefused("not_an_amount", text) from None


def to_whole(cell: Cell, decimal: str = ".", thousands: str = " ") -> int | None:
    """A whole number; raises CellRefused(``not_a_whole_number``)."""
    try:
        number = to_decimal(cell, decimal, thousands)
    except CellRefused:
        raise CellRefused("not_a_whole_number", cell) from None
    if number is None:
        return None
    if number != number.to_integral_value() or abs(number) > _EXACT_FLOAT:
        raise CellRefused("not_a_whole_number", cell)
    return int(number)


def to_text(cell: Cell | list[str]) -> str:
    """The cell as one line of text without spaces around; a whole float loses its ``.0``.

    Raises CellRefused(``digits_lost``) for a number that a spreadsheet could not hold exactly,
    such as an account number not kept as text.
    """
    if isinstance(cell, str):
        return cell.strip()
    if cell is None:
        return ""
    return _typed_text(cell)


def _typed_text(cell: Cell | list[str]) -> str:
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        if cell != cell or abs(cell) == float("inf"):
            raise CellRefused("not_a_number", cell)
        if abs(cell) >= _EXACT_FLOAT:
            raise CellRefused("digits_lost", cell)
        return str(int(cell)) if cell == int(cell) else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time(0) else cell.isoformat(" ")
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    if isinstance(cell, list):
        return ", ".join(cell)
    return str(cell)


def months_before(on: date, months: int) -> date:
    """The same day ``months`` calendar months earlier, or the last day of a shorter month."""
    index = on.year * 12 + on.month - 1 - months
    year, month = divmod(index, 12)
    if not 1 <= year <= 9999:
        raise CellRefused("not_a_date", months)
    last = (date(year + month // 11, (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(on.day, last))


def days_before(on: date, days: int) -> date:
    try:
        return on - timedelta(days=days)
    except OverflowError:
        raise CellRefused("not_a_date", days) from None

"""Cells of lists and tables as they are shown and as they leave the house. Pure.

A spreadsheet takes a text that begins with ``=``, ``+``, ``-`` or ``@`` for a formula, and a name
can begin with anything. Such a text gets an apostrophe before it; numbers are numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from kernel.money import currency_exponent

#: A tab or a line break before it hides a formula from the eye, not from the spreadsheet.
_BEGINS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")

Value = str | int | Decimal | date | None


class CellKind(StrEnum):
    TEXT = "text"
    COUNT = "count"
    MONEY = "money"
    SHARE = "share"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Column:
    """``currency`` where all its money is in one; in a file it stands in the heading."""

    head: str
    kind: CellKind = CellKind.TEXT
    currency: str = ""

    @property
    def is_number(self) -> bool:
        return self.kind in (CellKind.COUNT, CellKind.MONEY, CellKind.SHARE)


def money_value(minor: int | None, currency: str) -> Decimal | None:
    """In units of the currency, for a column of numbers."""
    return None if minor is None else Decimal(minor).scaleb(-currency_exponent(currency))


def harmless(text: str) -> str:
    """The text as no spreadsheet takes it for a formula."""
    return f"'{text}" if text.startswith(_BEGINS_A_FORMULA) else text


def csv_text(value: Value, *, decimal_comma: bool) -> str:
    """As it stands in a file of text: days as ISO days, numbers without groups."""
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | Decimal):
        text = f"{value:f}" if isinstance(value, Decimal) else str(value)
        return text.replace(".", ",") if decimal_comma else text
    return harmless(value)

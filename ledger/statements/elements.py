"""XML elements by their local names: every version of a message has its own namespace."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Final, TypeAlias

from lxml import etree

from kernel.money import InvalidAmount, Money
from ledger.statements.days import possible_day
from ledger.statements.values import StatementUnreadable

Element: TypeAlias = etree._Element

#: A decimal of XML Schema, which has no exponent.
_DECIMAL: Final = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)", re.ASCII)
_COUNT: Final = re.compile(r"\d{1,15}", re.ASCII)
_MOST_DIGITS: Final = 40
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
#: What programs write where they have no day.
NO_DAY: Final = "0001-01-01"


def name_of(element: Element) -> str:
    """The local name; empty for a comment or an instruction."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def children(element: Element | None, name: str) -> Iterator[Element]:
    if element is not None:
        yield from element.iterchildren(f"{{*}}{name}")


def find(element: Element | None, *path: str) -> Element | None:
    """The first element down the path of local names."""
    for name in path:
        element = next(children(element, name), None)
    return element


def text(element: Element | None, *path: str) -> str:
    """The text at the end of the path, with runs of white space as one; empty if there is none."""
    found = find(element, *path)
    return " ".join((found.text or "").split()) if found is not None else ""


def place_of(element: Element) -> str:
    return f"line {element.sourceline}, <{name_of(element)}>"


def account_number(element: Element | None) -> str:
    """What stands in the ``Id`` of an account; the first version had names of its own."""
    return (
        text(element, "IBAN")
        or text(element, "Othr", "Id")
        or text(element, "BBAN")
        or text(element, "UPIC")
        or text(element, "PrtryAcct", "Id")
    )


def count_of(element: Element, name: str) -> int | None:
    """None where there is none, or no number of at most fifteen digits."""
    written = text(element, name)
    return int(written) if _COUNT.fullmatch(written) else None


def decimal_of(element: Element, name: str) -> Decimal | None:
    written = text(element, name)
    return (
        Decimal(written) if len(written) <= _MOST_DIGITS and _DECIMAL.fullmatch(written) else None
    )


def currency_told(element: Element) -> str:
    """With an amount; empty where there is none."""
    return (element.get("Ccy") or "").strip().upper()


def amount(element: Element, sign: int) -> tuple[int, str]:
    """Minor units and currency of an ``Amt``. Raises StatementUnreadable."""
    currency = currency_told(element)
    written = "".join((element.text or "").split())
    try:
        plain = Decimal(written if _DECIMAL.fullmatch(written) else "NaN")
        money = Money.from_decimal(plain, currency)
    except (ArithmeticError, InvalidAmount) as error:
        raise StatementUnreadable(
            "bad_amount", place_of(element), value=written[:40], currency=currency[:10]
        ) from error
    if money.minor < 0:
        raise StatementUnreadable("negative_amount", place_of(element), value=written[:40])
    return sign * money.minor, currency


def currency_of(element: Element | None, *path: str) -> str:
    """A currency's three letters; empty if there are none. Raises StatementUnreadable."""
    found = find(element, *path)
    written = text(found).upper()
    if found is not None and written and not _CURRENCY.fullmatch(written):
        raise StatementUnreadable("bad_currency", place_of(found), value=written[:40])
    return written


def day(element: Element | None, *path: str) -> date | None:
    """A ``Dt`` or ``DtTm`` as the bank wrote it, in its own time zone."""
    found = find(element, *path)
    written = _written_day(found)
    if found is None or not written:
        return None
    try:
        return possible_day(date.fromisoformat(written[:10]), place_of(found))
    except ValueError as error:
        raise StatementUnreadable("bad_day", place_of(found), value=written[:40]) from error


def stands_for_no_day(element: Element | None, *path: str) -> bool:
    return _written_day(find(element, *path)).startswith(NO_DAY)


def _written_day(element: Element | None) -> str:
    return text(element, "Dt") or text(element, "DtTm") or text(element)


def sign_of(element: Element) -> int | None:
    """1 for a credit, -1 for a debit, None where the element does not say."""
    mark = text(element, "CdtDbtInd")
    if mark not in ("", "CRDT", "DBIT"):
        raise StatementUnreadable("bad_mark", place_of(element), value=mark[:40])
    return {"CRDT": 1, "DBIT": -1}.get(mark)

"""XML elements by their local names: every version of a message has its own namespace."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TypeAlias

from lxml import etree

from kernel.money import InvalidAmount, Money
from ledger.statements.values import StatementUnreadable

Element: TypeAlias = etree._Element


def name_of(element: Element) -> str:
    """The local name; empty for a comment or an instruction."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def children(element: Element | None, name: str) -> Iterator[Element]:
    if element is not None:
        for part in element:
            if name_of(part) == name:
                yield part


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


def amount(element: Element, sign: int) -> tuple[int, str]:
    """Minor units and currency of an ``Amt``. Raises StatementUnreadable."""
    currency = (element.get("Ccy") or "").strip().upper()
    written = "".join((element.text or "").split())
    try:
        money = Money.from_decimal(Decimal(written), currency)
    except (InvalidOperation, InvalidAmount) as error:
        raise StatementUnreadable(
            "bad_amount", place_of(element), value=written[:40], currency=currency[:10]
        ) from error
    if money.minor < 0:
        raise StatementUnreadable("negative_amount", place_of(element), value=written[:40])
    return sign * money.minor, currency


def day(element: Element | None, *path: str) -> date | None:
    """A ``Dt`` or ``DtTm`` as the bank wrote it, in its own time zone."""
    found = find(element, *path)
    if found is None:
        return None
    written = text(found, "Dt") or text(found, "DtTm") or " ".join((found.text or "").split())
    if not written:
        return None
    try:
        return date.fromisoformat(written[:10])
    except ValueError as error:
        raise StatementUnreadable("bad_day", place_of(found), value=written[:40]) from error


def sign_of(element: Element) -> int | None:
    """1 for a credit, -1 for a debit, None where the element does not say."""
    mark = text(element, "CdtDbtInd")
    if mark not in ("", "CRDT", "DBIT"):
        raise StatementUnreadable("bad_mark", place_of(element), value=mark[:40])
    return {"CRDT": 1, "DBIT": -1}.get(mark)

"""Balances of a camt statement (``Bal``)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from ledger.statements.elements import (
    Element,
    amount,
    children,
    currency_told,
    day,
    find,
    place_of,
    sign_of,
    text,
)
from ledger.statements.values import Balance, Form, StatementUnreadable

_OPENING: Final = ("OPBD", "PRCD")
_CLOSING: Final = ("CLBD",)
#: Where one page ends and the next one goes on.
_BETWEEN_PAGES: Final = "ITBD"


def read_balances(
    element: Element, form: Form, currency: str
) -> tuple[Balance | None, Balance | None]:
    """Opening and closing, in ``currency`` where there are such: an account with several has a
    balance in each. A page of a statement begins and ends with an interim balance where it has no
    other; elsewhere an interim balance is of some hour of the day."""
    all_balances = list(children(element, "Bal"))
    own = [one for one in all_balances if _currency(one) == currency] if currency else []
    opening, closing = (
        _first(own, codes) or _first(all_balances, codes) for codes in (_OPENING, _CLOSING)
    )
    if form is Form.CAMT053 and find(element, "StmtPgntn") is not None:
        between = list(_of_kind(own or all_balances, _BETWEEN_PAGES))
        if opening is None and len(between) > (closing is None):
            opening = _read(between.pop(0))
        if closing is None and between:
            closing = _read(between[-1])
    return opening, closing


def _first(balances: Sequence[Element], codes: tuple[str, ...]) -> Balance | None:
    for code in codes:
        found = next(_of_kind(balances, code), None)
        if found is not None:
            return _read(found)
    return None


def _of_kind(balances: Sequence[Element], code: str) -> Iterator[Element]:
    """The first version has no choice of codes around the code."""
    for one in balances:
        written = text(one, "Tp", "CdOrPrtry", "Cd") or text(one, "Tp", "Cd")
        if written == code and find(one, "Amt") is not None:
            yield one


def _currency(balance: Element) -> str:
    written = find(balance, "Amt")
    return currency_told(written) if written is not None else ""


def _read(balance: Element) -> Balance:
    written = find(balance, "Amt")
    assert written is not None, "it was looked for"
    on = day(balance, "Dt")
    if on is None:
        raise StatementUnreadable("element_missing", place_of(balance), element="Dt")
    minor, currency = amount(written, sign_of(balance) or 1)
    return Balance(minor, currency, on)

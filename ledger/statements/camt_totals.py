"""``TxsSummry``: how many entries the bank says there are, and their sum."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kernel.money import InvalidAmount, Money
from ledger.statements.elements import Element, count_of, decimal_of, find, place_of
from ledger.statements.tally import Tally
from ledger.statements.values import Finding

_OF_ALL: Final = "TtlNtries"


def check_totals(element: Element, currency: str, tally: Tally) -> Iterator[Finding]:
    """Where the bank's counts and sums are others than those of what was read.

    Of all entries some banks state the sum and some what remains. A sum in which currencies are
    mixed says nothing, and one that cannot be read is passed over: nothing is booked by it.
    """
    summary = find(element, "TxsSummry")
    gross = tally.credits_minor - tally.debits_minor
    net = abs(tally.credits_minor + tally.debits_minor)
    rows = {
        "TtlDbtNtries": (tally.debits, (-tally.debits_minor,)),
        "TtlCdtNtries": (tally.credits, (tally.credits_minor,)),
        _OF_ALL: (tally.entries, (gross, net)),
    }
    is_told = False
    for name, (entries, sums) in rows.items():
        total = find(summary, name)
        if total is None or (name == _OF_ALL and is_told):
            continue
        counted = count_of(total, "NbOfNtries")
        stated_entries = entries if counted is None else counted
        stated = _sum(total, currency) if len(tally.in_currency) < 2 else None
        if stated is None:
            stated = sums[0]
        if stated_entries != entries or stated not in sums:
            is_told = True
            values = {
                "stated_entries": stated_entries,
                "entries": entries,
                "stated_minor": stated,
                "entries_minor": sums[0],
                "currency": currency,
            }
            yield Finding("totals_do_not_add_up", place_of(total), values)


def _sum(total: Element, currency: str) -> int | None:
    written = decimal_of(total, "Sum")
    if written is None or not currency:
        return None
    try:
        return abs(Money.from_decimal(written, currency).minor)
    except (ArithmeticError, InvalidAmount):
        return None

"""Opening and movements must make the closing balance, page by page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ledger.statements.tally import EntryFindings
from ledger.statements.values import Finding, Statement

DO_NOT_ADD_UP: Final = "balances_do_not_add_up"


def find_other_currencies(statement: Statement, findings: EntryFindings) -> None:
    """Tells of each entry in another currency than the statement's: no balance counts it."""
    place = f"statement {statement.number}"
    for currency, positions in statement.tally.positions.items():
        if currency == statement.currency:
            continue
        for position in positions:
            findings.add(
                Finding(
                    "entry_in_another_currency",
                    f"{place}, entry {position}",
                    {"currency": currency, "statement": statement.currency},
                )
            )
        findings.more += statement.tally.in_currency[currency] - len(positions)


def check_balances(statement: Statement) -> Iterator[Finding]:
    """What does not add up; an amount in another currency than the statement's is left out."""
    place = f"statement {statement.number}"
    opening, closing = statement.opening, statement.closing
    if opening is None or closing is None:
        if statement.tally.booked:
            missing = "opening" if opening is None else "closing"
            yield Finding("balance_missing", place, {"balance": missing})
        return
    if opening.currency == closing.currency != statement.currency:
        values = {"balances": opening.currency, "statement": statement.currency}
        yield Finding("balances_in_another_currency", place, values)
        return
    if opening.currency != closing.currency:
        yield Finding(
            "balances_in_several_currencies",
            place,
            {"opening": opening.currency, "closing": closing.currency},
        )
        return
    movements = statement.tally.booked_minor[statement.currency]
    if opening.amount_minor + movements != closing.amount_minor:
        yield Finding(
            DO_NOT_ADD_UP,
            place,
            {
                "opening_minor": opening.amount_minor,
                "movements_minor": movements,
                "closing_minor": closing.amount_minor,
                "currency": statement.currency,
            },
        )

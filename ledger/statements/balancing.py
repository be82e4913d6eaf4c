"""Opening and movements must make the closing balance, page by page."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.statements.values import EntryStatus, Finding, Statement


def check_balances(statement: Statement) -> Iterator[Finding]:
    """What does not add up; an amount in another currency than the statement's is left out."""
    place = f"statement {statement.number}"
    for entry in statement.entries:
        if entry.currency != statement.currency:
            yield Finding(
                "entry_in_another_currency",
                f"{place}, entry {entry.position}",
                {"currency": entry.currency, "statement": statement.currency},
            )
    opening, closing = statement.opening, statement.closing
    if opening is None or closing is None:
        if any(entry.status is EntryStatus.BOOKED for entry in statement.entries):
            missing = "opening" if opening is None else "closing"
            yield Finding("balance_missing", place, {"balance": missing})
        return
    if not opening.currency == closing.currency == statement.currency:
        yield Finding(
            "balances_in_several_currencies",
            place,
            {"opening": opening.currency, "closing": closing.currency},
        )
        return
    expected = opening.amount_minor + statement.movements_minor
    if expected != closing.amount_minor:
        yield Finding(
            "balances_do_not_add_up",
            place,
            {
                "opening_minor": opening.amount_minor,
                "movements_minor": statement.movements_minor,
                "closing_minor": closing.amount_minor,
                "currency": statement.currency,
            },
        )

"""Numbers for repayment that an extract brings for debts which the book has already."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from django.db import connection

from debtors.intake.findings import Finding, Severity
from kernel.actor import Actor
from kernel.authority import by_machine
from ledger.operations import take_over_numbers

#: A bank that begins to send other numbers for all debts is understood by that many lines.
MOST_TOLD: Final = 1_000
_NAMED: Final = """
    intake_row r
    JOIN debtors_debt d ON d.external_id = r.debt_ref
    JOIN ledger_account a ON a.id = d.account_id
    WHERE r.has_debt
"""


def list_kept_numbers() -> Iterator[Finding]:
    """The first of the numbers that the book does not take over: those debts have one already,
    which stands in letters. Reads the staging tables."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT r.line, r.sheet, r.virtual_account_no FROM {_NAMED}"
            " AND r.virtual_account_no <> a.virtual_account_no ORDER BY r.row_no LIMIT %s",
            [MOST_TOLD],
        )
        for line, sheet, number in cursor.fetchall():
            yield Finding(
                line, "virtual_account", number, "virtual_account_stays", Severity.DROPPED, sheet
            )


@by_machine
def take_over_later_numbers(*, actor: Actor, at: datetime) -> int:
    """Debts without a number get what the staged rows bring; returns how many.

    After the merge, since numbering locks accounts against whoever writes about them.
    """
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS intake_number")
        cursor.execute(
            "CREATE TEMPORARY TABLE intake_number AS"
            f" SELECT DISTINCT ON (a.id) a.id AS account_id, r.virtual_account_no FROM {_NAMED}"
            " AND r.virtual_account_no IS NOT NULL AND a.virtual_account_no IS NULL"
            " ORDER BY a.id, r.row_no"
        )
        cursor.execute("ALTER TABLE intake_number ADD PRIMARY KEY (account_id)")
        cursor.execute("ANALYZE intake_number")
    try:
        return take_over_numbers(named_in="intake_number", actor=actor, at=at)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS intake_number")

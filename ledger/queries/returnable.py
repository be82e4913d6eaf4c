"""Payments that a return may take back."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from ledger.returned_payments import LONGEST, Movement

_RETURNABLE = """
    SELECT e.id, s.account_no, e.amount_minor, e.currency, coalesce(e.booked_on, e.value_on),
           e.end_to_end_id, e.bank_reference, e.party_account, e.title
    FROM ledger_statemententry e JOIN ledger_bankstatement s ON s.id = e.statement_id
    WHERE e.state IN ('proposed', 'suspense', 'posted') AND e.amount_minor = ANY(%(amounts)s)
      AND s.account_no = ANY(%(accounts)s)
      -- Days before the year 1 are none in Python.
      AND (%(first)s::date IS NULL
           OR coalesce(e.booked_on, e.value_on, %(first)s) >= %(first)s::date - %(longest)s)
    ORDER BY e.id
"""


def list_returnable(*, taken_back: Sequence[Movement]) -> list[Movement]:
    """Booked payments of the same amounts on the same accounts, of the last thirteen months."""
    back = [one for one in taken_back if one.amount_minor < 0]
    if not back:
        return []
    days = [one.on for one in back if one.on is not None]
    with connection.cursor() as cursor:
        cursor.execute(
            _RETURNABLE,
            {
                "amounts": sorted({-one.amount_minor for one in back}),
                "accounts": sorted({one.own_account for one in back}),
                "first": min(days, default=None),
                "longest": LONGEST.days,
            },
        )
        return [Movement(*row) for row in cursor.fetchall()]

"""Payments that a return may take back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from django.db import connection

from ledger.returned_payments import LONGEST, Movement

_MOVEMENTS: Final = """
    SELECT e.id, s.account_no, e.amount_minor, e.currency, coalesce(e.booked_on, e.value_on),
           e.end_to_end_id, e.bank_reference, e.party_account, e.title
    FROM ledger_statemententry e JOIN ledger_bankstatement s ON s.id = e.statement_id
"""
_RETURNABLE: Final = f"""
    {_MOVEMENTS}
    WHERE e.state IN ('proposed', 'suspense', 'posted') AND e.amount_minor = ANY(%(amounts)s)
      AND s.account_no = ANY(%(accounts)s)
      -- Days before the year 1 are none in Python.
      AND (%(first)s::date IS NULL
           OR coalesce(e.booked_on, e.value_on, %(first)s) >= %(first)s::date - %(longest)s)
    ORDER BY e.id
"""
_IN_SUSPENSE: Final = f"""
    {_MOVEMENTS}
    JOIN unnest(%(accounts)s::text[], %(amounts)s::bigint[]) AS m (account_no, amount)
         ON s.account_no = m.account_no AND e.amount_minor = -m.amount
    WHERE e.state = 'suspense' AND e.amount_minor < 0 AND (e.is_return OR e.is_reversal)
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


def list_returns_in_suspense(*, money: Collection[tuple[str, int]]) -> list[Movement]:
    """Returns that wait for a person, of these accounts and amounts of payments."""
    with connection.cursor() as cursor:
        cursor.execute(
            _IN_SUSPENSE,
            {
                "accounts": [account_no for account_no, _ in money],
                "amounts": [amount_minor for _, amount_minor in money],
            },
        )
        return [Movement(*row) for row in cursor.fetchall()]

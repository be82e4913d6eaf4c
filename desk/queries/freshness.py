"""When payments, statements, an extract and the close of a day last came, over the whole book."""

from __future__ import annotations

from django.db import connection

from desk.freshness import Freshness

_FRESHNESS = """
    SELECT (SELECT recorded_at FROM ledger_transaction WHERE kind = 'payment'
            ORDER BY recorded_at DESC LIMIT 1),
           (SELECT received_at FROM ledger_statementfile ORDER BY id DESC LIMIT 1),
           (SELECT max(as_of_on) FROM debtors_intakerun WHERE status = 'done'),
           (SELECT max("on") FROM journal_businessday WHERE closed_at IS NOT NULL)
"""


def get_freshness() -> Freshness:
    with connection.cursor() as cursor:
        cursor.execute(_FRESHNESS)
        return Freshness(*cursor.fetchone())

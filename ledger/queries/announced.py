"""Money that banks have told of, by the account for which it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from django.db import connection

from ledger.announced import Announced

#: Once it is booked, the booked entry may still wait to be posted.
_LIVE = """
    SELECT n.account_id, n.amount_minor, n.currency, n.value_on, n.until_on
    FROM ledger_announcedpayment n
    JOIN ledger_statemententry e ON e.id = n.entry_id
    LEFT JOIN ledger_statemententry b ON b.id = e.tied_to_id
    WHERE n.account_id = ANY(%(accounts)s) AND n.announced_on <= %(on)s AND n.until_on >= %(on)s
      AND (b.id IS NULL OR b.state IN ('waiting', 'proposed', 'suspense'))
    ORDER BY n.value_on, n.id
"""


def list_announced(*, account_ids: Sequence[int], on: date) -> dict[int, list[Announced]]:
    """By account: what was announced up to a day, is not posted yet and is still waited for."""
    found: dict[int, list[Announced]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_LIVE, {"accounts": list(account_ids), "on": on})
        for row in cursor.fetchall():
            one = Announced(*row)
            found[one.account_id].append(one)
    return dict(found)

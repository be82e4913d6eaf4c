"""Money that banks have told of, by the account for which it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from django.db import connection

from ledger.announced import Announced

#: What was booked since is tied; once it is posted nobody waits for it, while it is found out
#: somebody does. A report and a statement may tell of one payment so differently that they are
#: not tied: as many equal ones of one day as were posted otherwise do not count.
_LIVE = """
    WITH told AS (
        SELECT n.*, b.id IS NOT NULL AND b.state NOT IN ('waiting', 'proposed', 'suspense') AS ended
        FROM ledger_announcedpayment n
        JOIN ledger_statemententry e ON e.id = n.entry_id
        LEFT JOIN ledger_statemententry b ON b.id = e.tied_to_id
        WHERE n.account_id = ANY(%(accounts)s) AND n.announced_on <= %(on)s
    ), placed AS (
        SELECT told.*,
               count(*) FILTER (WHERE ended) OVER equal AS ended_count,
               row_number() OVER (PARTITION BY account_id, amount_minor, value_on, ended
                                  ORDER BY id) AS place
        FROM told
        WINDOW equal AS (PARTITION BY account_id, amount_minor, value_on)
    )
    SELECT p.account_id, p.amount_minor, p.currency, p.value_on, p.until_on
    FROM placed p
    WHERE NOT p.ended AND p.until_on >= %(on)s AND p.place > (
        SELECT count(*) - p.ended_count FROM ledger_transaction t
        JOIN ledger_entryposting m ON m.transaction_id = t.id
        WHERE t.account_id = p.account_id AND t.effective_on = p.value_on
          AND t.kind = 'payment' AND m.amount_minor = p.amount_minor
          AND NOT EXISTS (SELECT 1 FROM ledger_transaction r WHERE r.reverses_id = t.id)
    )
    ORDER BY p.value_on, p.id
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

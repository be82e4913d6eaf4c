"""A case as a client sees it, from the rows of two statements."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from api.decimals import decimal_string

CASES: Final = """
    SELECT c.id, c.number, c.status, c.stage, c.handled_by, c.opened_on, c.closed_on,
           c.updated_at, c.debtor_id, d.external_id, d.kind, d.display_name,
           t.id, t.name, o.username, o.full_name
    FROM cases_case c
    JOIN debtors_debtor d ON d.id = c.debtor_id
    LEFT JOIN staff_team t ON t.id = c.team_id
    LEFT JOIN staff_user o ON o.id = c.owner_id
    WHERE {where}
    ORDER BY {order}
    LIMIT %(limit)s
"""
OWED: Final = """
    SELECT p.debtor_id, a.currency, sum(greatest(a.due_minor, 0))::bigint,
           sum(a.outstanding_minor)::bigint, min(a.due_since), array_agg(DISTINCT b.product)
    FROM debtors_debtparty p
    JOIN debtors_debt b ON b.id = p.debt_id
    JOIN ledger_account a ON a.id = b.account_id
    WHERE p.debtor_id = ANY(%s) AND p.role = 'main_debtor'
    GROUP BY p.debtor_id, a.currency
    ORDER BY p.debtor_id, a.currency
"""


def case_summary(row: Sequence[Any], owed: Sequence[Any], on: date) -> dict[str, Any]:
    """A row of ``CASES`` and its rows of ``OWED`` as a client sees them."""
    due_since = min((part[3] for part in owed if part[3] is not None), default=None)
    return {
        "number": row[1],
        "status": row[2],
        "stage": row[3],
        "handled_by": row[4],
        "opened_on": row[5].isoformat(),
        "closed_on": row[6].isoformat() if row[6] else None,
        "updated_at": row[7].isoformat(),
        "debtor": {"external_id": row[9], "kind": row[10], "name": row[11]},
        "team": {"id": row[12], "name": row[13]} if row[12] else None,
        "owner": {"username": row[14], "name": row[15]} if row[14] else None,
        "products": sorted({product for part in owed for product in part[4]}),
        "owed": [
            {
                "currency": currency,
                "due": decimal_string(due, currency),
                "outstanding": decimal_string(outstanding, currency),
            }
            for currency, due, outstanding, _, _ in owed
        ],
        "due_since": due_since.isoformat() if due_since else None,
        "days_past_due": max((on - due_since).days, 0) if due_since else 0,
    }

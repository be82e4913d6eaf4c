"""What waits for this reader's decision now, the oldest first."""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple

from django.db import connection

from kernel.actor import Actor
from staff.approvals import approval_tables
from staff.lifecycle import ApprovalKind
from staff.rights import RIGHT_TO_DECIDE


class WaitingApproval(NamedTuple):
    kind: str
    id: int
    case_number: str
    debtor_name: str
    amount_minor: int
    currency: str
    proposed_by: str
    proposed_at: datetime


class WaitingApprovals(NamedTuple):
    """The first few, and how many there are in all, counted to ``MOST_COUNTED``."""

    first: list[WaitingApproval]
    total: int


#: Counting stops here.
MOST_COUNTED: Final = 1_000

_FROM: Final = """
    FROM {table} x {cases}
    WHERE x.status = 'proposed' AND x.proposed_by_id IS DISTINCT FROM %(reader)s
"""
_CASES: Final = (
    "JOIN cases_case c ON c.id = x.case_id AND c.status = 'open' AND c.team_id = %(team)s"
)
_OPEN: Final = f"""
    (SELECT '{{kind}}' AS kind, x.id, x.case_id, x.amount_minor, x.currency, x.proposed_by_id,
            x.proposed_at
     {_FROM} ORDER BY x.proposed_at, x.id LIMIT %(limit)s)
"""
_FIRST: Final = """
    SELECT w.kind, w.id, c.number, d.display_name, w.amount_minor, w.currency,
           COALESCE(u.full_name, ''), w.proposed_at,
           (SELECT count(*) FROM ({counted} LIMIT %(most)s) counted)
    FROM ({waiting}) w
    JOIN cases_case c ON c.id = w.case_id
    JOIN debtors_debtor d ON d.id = c.debtor_id
    LEFT JOIN staff_user u ON u.id = w.proposed_by_id
    ORDER BY w.proposed_at, w.kind, w.id
    LIMIT %(limit)s
"""


def list_first_approvals(*, actor: Actor, limit: int) -> WaitingApprovals:
    """Of the kinds that the reader has the right to decide, what is not their own proposal."""
    tables = [
        (kind, table)
        for kind, table in approval_tables().items()
        if actor.has(RIGHT_TO_DECIDE[ApprovalKind(kind)])
    ]
    if not tables:
        return WaitingApprovals([], 0)
    cases = "" if actor.team_id is None else _CASES
    waiting = " UNION ALL ".join(
        _OPEN.format(kind=kind, table=table, cases=cases) for kind, table in tables
    )
    counted = " UNION ALL ".join(
        f"SELECT 1 {_FROM.format(table=table, cases=cases)}" for _kind, table in tables
    )
    values = {
        "reader": actor.user_id,
        "team": actor.team_id,
        "limit": limit,
        "most": MOST_COUNTED,
    }
    with connection.cursor() as cursor:
        cursor.execute(_FIRST.format(waiting=waiting, counted=counted), values)
        rows = cursor.fetchall()
    return WaitingApprovals([WaitingApproval(*row[:8]) for row in rows], rows[0][8] if rows else 0)

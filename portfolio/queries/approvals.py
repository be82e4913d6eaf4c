"""What waits for this reader's decision now, the oldest first."""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple

from django.db import connection

from kernel.actor import Actor
from staff.lifecycle import ApprovalKind
from staff.rights import Right

_RIGHTS: Final = {
    ApprovalKind.TERMINATION: Right.APPROVE_TERMINATION,
    ApprovalKind.AGREEMENT: Right.APPROVE_AGREEMENT,
    ApprovalKind.PLACEMENT: Right.APPROVE_PLACEMENT,
    ApprovalKind.REFERRAL: Right.APPROVE_REFERRAL,
    ApprovalKind.WRITE_OFF: Right.WRITE_OFF,
    ApprovalKind.REFUND: Right.APPROVE_REFUND,
    ApprovalKind.CHARGE: Right.APPROVE_CHARGE,
}
_TABLES: Final = {
    ApprovalKind.TERMINATION: "contacts_termination",
    ApprovalKind.AGREEMENT: "negotiations_agreement",
    ApprovalKind.PLACEMENT: "agencies_placement",
    ApprovalKind.REFERRAL: "courts_referral",
    ApprovalKind.WRITE_OFF: "bookkeeping_writeoff",
    ApprovalKind.REFUND: "bookkeeping_refund",
    ApprovalKind.CHARGE: "bookkeeping_charge",
}


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
    """The first few, and how many there are in all."""

    first: list[WaitingApproval]
    total: int


_OPEN: Final = """
    SELECT '{kind}' AS kind, x.id, x.case_id, x.amount_minor, x.currency, x.proposed_by_id,
           x.proposed_at
    FROM {table} x
    WHERE x.status = 'proposed' AND x.proposed_by_id IS DISTINCT FROM %(reader)s
"""
_FIRST: Final = """
    SELECT w.kind, w.id, c.number, d.display_name, w.amount_minor, w.currency,
           COALESCE(u.full_name, ''), w.proposed_at, count(*) OVER ()
    FROM ({waiting}) w
    JOIN cases_case c ON c.id = w.case_id
    JOIN debtors_debtor d ON d.id = c.debtor_id
    LEFT JOIN staff_user u ON u.id = w.proposed_by_id
    WHERE %(team)s::bigint IS NULL OR c.team_id = %(team)s
    ORDER BY w.proposed_at, w.kind, w.id
    LIMIT %(limit)s
"""


def list_first_approvals(*, actor: Actor, limit: int) -> WaitingApprovals:
    """Of the kinds that the reader has the right to decide, what is not their own proposal."""
    kinds = [kind for kind, right in _RIGHTS.items() if actor.has(right)]
    if not kinds:
        return WaitingApprovals([], 0)
    waiting = " UNION ALL ".join(_OPEN.format(kind=kind, table=_TABLES[kind]) for kind in kinds)
    with connection.cursor() as cursor:
        cursor.execute(
            _FIRST.format(waiting=waiting),
            {"reader": actor.user_id, "team": actor.team_id, "limit": limit},
        )
        rows = cursor.fetchall()
    return WaitingApprovals([WaitingApproval(*row[:8]) for row in rows], rows[0][8] if rows else 0)

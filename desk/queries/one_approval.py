"""One proposal with its grounds, and what has happened to its case since."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import connection

from cases.models import Case
from cases.queries.approvals import ApprovalRow, list_chosen_approvals
from desk.queries.money import NOTHING_OWED, CaseMoney, list_case_money
from desk.queries.timeline import TimelineFilter, list_timeline_events
from journal.subscribers import RecordedEvent
from kernel.actor import Actor
from kernel.clock import legal_day
from kernel.errors import NotFound
from staff.approvals import approval_tables


class ApprovalNotFound(NotFound):
    """There is no such proposal, or its case belongs to another team than the actor's."""

    code = "unknown_approval"


@dataclass(frozen=True, slots=True)
class OneApproval:
    """``strategy`` and ``step`` are empty for what a person proposed. ``decided_for`` lent the
    decider their authority."""

    row: ApprovalRow
    grounds: Mapping[str, Any]
    strategy: str
    step: str
    decided_by: str
    decided_for: str
    decided_at: datetime | None

    @property
    def amounts(self) -> Mapping[str, int]:
        """Minor units by currency; a termination may have several."""
        found = self.grounds.get("amounts") or {self.row.currency: self.row.amount_minor}
        return {str(currency): int(minor) for currency, minor in found.items()}


@dataclass(frozen=True, slots=True)
class Since:
    """``events`` are the newest of the case since it was proposed, the newest first; there are
    ``more``. ``money`` is what is owed now."""

    money: CaseMoney
    events: Sequence[RecordedEvent]
    more: bool


_ONE: Final = """
    SELECT p.grounds, coalesce(b.full_name, ''), coalesce(f.full_name, ''), p.decided_at
    FROM {table} p
    LEFT JOIN staff_user b ON b.id = p.decided_by_id
    LEFT JOIN staff_user f ON f.id = p.decided_for_id
    WHERE p.id = %s
"""


def get_approval(*, kind: str, proposal_id: int, actor: Actor) -> OneApproval:
    """Decided or not. Raises ApprovalNotFound."""
    found = list_chosen_approvals(actor=actor, kind=kind, ids=[proposal_id])
    if not found:
        raise ApprovalNotFound(kind=kind, id=proposal_id)
    with connection.cursor() as cursor:
        cursor.execute(_ONE.format(table=approval_tables()[kind]), [proposal_id])
        grounds, decided_by, decided_for, decided_at = cursor.fetchone()
    grounds = _mapping(grounds)
    strategy, _dot, step = found[0].step.partition(".")
    return OneApproval(found[0], grounds, strategy, step, decided_by, decided_for, decided_at)


def _mapping(grounds: Any) -> Mapping[str, Any]:
    """The cursor gives JSON as text, or read already, by how it was opened."""
    found = json.loads(grounds) if isinstance(grounds, str) else grounds
    return found if isinstance(found, dict) else {}


def get_since(*, approval: OneApproval, until: datetime | None, limit: int = 12) -> Since:
    """Up to ``until``, or to now: money, and what was recorded after the proposal itself."""
    case = Case.objects.get(pk=approval.row.case_id)
    money = list_case_money(case_ids=[case.pk]).get(case.pk, NOTHING_OWED)
    events = list_timeline_events(
        case=case,
        account_ids=_account_ids(case.pk),
        chosen=TimelineFilter(from_on=_first_day(approval)),
        limit=4 * limit,
    )
    after = [
        event
        for event in events
        if event.recorded_at > approval.row.proposed_at
        and (until is None or event.recorded_at < until)
    ]
    return Since(money, after[:limit], len(after) > limit)


def _first_day(approval: OneApproval) -> date:
    return legal_day(approval.row.proposed_at)


def _account_ids(case_id: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT d.account_id FROM cases_case c
            JOIN debtors_debtparty p ON p.debtor_id = c.debtor_id AND p.role = 'main_debtor'
            JOIN debtors_debt d ON d.id = p.debt_id
            WHERE c.id = %s AND d.account_id IS NOT NULL ORDER BY d.id
            """,
            [case_id],
        )
        return [row[0] for row in cursor.fetchall()]

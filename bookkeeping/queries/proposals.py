"""What of write-offs, refunds and charges waits for a decision."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import QuerySet

from bookkeeping.models import Charge, Refund, WriteOff, WriteOffBatch
from kernel.actor import Actor
from staff.approvals import ProposalRow
from staff.rights import Right

_COLUMNS: Final = (
    "id", "case_id", "case__number", "case__debtor__display_name", "amount_minor", "currency",
    "status", "proposed_by_id", "proposed_by__full_name", "proposed_at", "grounds",
)  # fmt: skip


def list_write_off_proposals(*, actor: Actor, limit: int = 500) -> list[ProposalRow]:
    """Those of the actor's team, the oldest first."""
    return _rows("write_off", WriteOff.objects.all(), actor, limit)


def list_refund_proposals(*, actor: Actor, limit: int = 500) -> list[ProposalRow]:
    return _rows("refund", Refund.objects.all(), actor, limit)


def list_charge_proposals(*, actor: Actor, limit: int = 500) -> list[ProposalRow]:
    return _rows("charge", Charge.objects.all(), actor, limit)


def list_batch_proposals(*, actor: Actor, limit: int = 500) -> list[ProposalRow]:
    """For those who may write off; a batch belongs to no single case."""
    if not actor.has(Right.WRITE_OFF) or actor.team_id is not None:
        return []
    rows = WriteOffBatch.objects.filter(status="proposed").select_related("proposed_by")
    return [
        ProposalRow(
            "write_off_batch", row.pk, 0, "", str(row.lines_count), row.amount_minor, row.currency,
            row.status, row.proposed_by_id, row.proposed_by.full_name if row.proposed_by else "",
            row.proposed_at, row.grounds,
        )
        for row in rows.order_by("proposed_at", "id")[:limit]
    ]  # fmt: skip


def _rows(kind: str, found: QuerySet[Any], actor: Actor, limit: int) -> list[ProposalRow]:
    open_ones = found.filter(status="proposed")
    if actor.team_id is not None:
        open_ones = open_ones.filter(case__team_id=actor.team_id)
    rows: list[Any] = list(open_ones.order_by("proposed_at", "id").values_list(*_COLUMNS)[:limit])
    return [ProposalRow(*(kind, *row[:8], row[8] or "", *row[9:])) for row in rows]

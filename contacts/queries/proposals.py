"""The terminations that wait for a decision, for the approvals inbox."""

from __future__ import annotations

from contacts.models import Termination
from kernel.actor import Actor
from staff.approvals import ProposalRow


def list_proposals(*, actor: Actor, limit: int = 500) -> list[ProposalRow]:
    """Those of the actor's team that are proposed and not decided, the oldest first."""
    open_ones = Termination.objects.filter(status="proposed")
    if actor.team_id is not None:
        open_ones = open_ones.filter(case__team_id=actor.team_id)
    rows = open_ones.order_by("proposed_at", "id").values_list(
        "id", "case_id", "case__number", "case__debtor__display_name", "amount_minor", "currency",
        "status", "proposed_by_id", "proposed_by__full_name", "proposed_at", "grounds",
    )  # fmt: skip
    return [ProposalRow("termination", *row[:8], row[8] or "", *row[9:]) for row in rows[:limit]]

"""What waits for a second person and belongs to no single case, so that it stands in no list of
cases: versions of strategies, and batches of small balances."""

from __future__ import annotations

from typing import NamedTuple

from bookkeeping.models import WriteOffBatch
from escalation.lifecycle import VersionStatus
from escalation.models import StrategyVersion
from kernel.actor import Actor
from staff.lifecycle import ProposalStatus
from staff.rights import Right


class BesideApprovals(NamedTuple):
    """Keys of strategies with a version to decide, and ids of batches, none of them one's own."""

    strategies: list[str]
    batches: list[int]


def list_beside_approvals(*, actor: Actor) -> BesideApprovals:
    """Of what the actor has the right to decide."""
    strategies: list[str] = []
    batches: list[int] = []
    if actor.has(Right.PUBLISH_STRATEGY):
        versions = StrategyVersion.objects.filter(status=VersionStatus.PROPOSED)
        found = versions.exclude(proposed_by_id=actor.user_id).order_by("strategy__key")
        strategies = list(found.values_list("strategy__key", flat=True))
    if actor.has(Right.WRITE_OFF):
        proposed = WriteOffBatch.objects.filter(status=ProposalStatus.PROPOSED)
        others = proposed.exclude(proposed_by_id=actor.user_id).order_by("id")
        batches = list(others.values_list("pk", flat=True))
    return BesideApprovals(strategies, batches)

"""Placements follow what is due on their cases."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from agencies.lifecycle import LIVE, OPEN, PlacementStatus
from agencies.models import Placement
from agencies.operations.propose import PLACEMENT
from cases.locking import lock_cases
from cases.operations import follow_amounts
from kernel.actor import Actor
from kernel.authority import by_machine


@by_machine
@transaction.atomic
def follow_money(*, case_ids: Iterable[int], at: datetime, actor: Actor) -> int:
    """Money changed what is due on these cases; returns how many placements changed.

    A proposal is decided about what is due, a granted one never grows, and for a placed case
    the agency is told; what was placed stays as it was.
    """
    live = Placement.objects.filter(case_id__in=set(case_ids), status__in=LIVE)
    ids = sorted(set(live.values_list("case_id", flat=True)))
    if not ids:
        return 0
    lock_cases(case_ids=ids)
    changed = follow_amounts(what=PLACEMENT, case_ids=ids, statuses=OPEN, at=at, actor=actor)
    changed += follow_amounts(
        what=PLACEMENT, case_ids=ids, statuses=[PlacementStatus.APPROVED], only_less=True,
        at=at, actor=actor,
    )  # fmt: skip
    return changed + follow_amounts(
        what=PLACEMENT, case_ids=ids, statuses=[PlacementStatus.PLACED], column="due_minor",
        at=at, actor=actor,
    )  # fmt: skip

"""A person with the authority decides whether a case goes to an agency."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from agencies.lifecycle import PLACEMENT_LIFECYCLE
from agencies.models import Placement
from agencies.placeable import check_placeable
from agencies.queries import PlacementNotFound, list_placement_facts
from cases.lifecycle import Handler
from cases.locking import lock_case
from cases.operations import settle_proposal
from kernel.actor import Actor
from kernel.authority import requires
from kernel.clock import legal_day
from staff.approvals import check_may_decide
from staff.rights import Right


@requires(Right.APPROVE_PLACEMENT)
@transaction.atomic
def decide_placement(
    *, placement_id: int, move: str, reason: str, actor: Actor, at: datetime
) -> Placement:
    """``move`` is approve, refuse or send_back. Approved, the case waits for the next file.

    Raises PlacementNotFound, CaseNotFound, the errors of ``staff.approvals`` and of
    ``placeable``, CaseHandledByAnother, MoveNotAllowed.
    """
    placement = Placement.objects.filter(pk=placement_id).first()
    if placement is None:
        raise PlacementNotFound(placement_id=placement_id)
    case = lock_case(case_id=placement.case_id, actor=actor)
    placement.refresh_from_db()
    PLACEMENT_LIFECYCLE.check(move, PLACEMENT_LIFECYCLE.statuses(placement.status))
    decider = check_may_decide(
        proposal=placement,
        kind="placement",
        actor=actor,
        reason=reason,
        at=at,
        team_id=case.team_id,
    )
    if move == "approve":
        facts = list_placement_facts(case_ids=[placement.case_id], on=legal_day(at))[
            placement.case_id
        ]
        check_placeable(facts, by_strategy=placement.proposed_by_id is None)
    return settle_proposal(
        row=placement,
        case_id=placement.case_id,
        lifecycle=PLACEMENT_LIFECYCLE,
        move=move,
        decider=decider,
        reason=reason,
        handler=Handler.AGENCY,
        actor=actor,
        at=at,
    )

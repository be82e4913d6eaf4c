"""A person with the authority decides whether a case goes to an agency."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from agencies.lifecycle import PLACEMENT_LIFECYCLE
from agencies.models import Placement
from agencies.placeable import check_placeable
from agencies.queries import PlacementNotFound, list_placement_facts
from cases.lifecycle import Handler, HoldKind, WorkKind
from cases.locking import lock_case
from cases.operations import (
    NewHold,
    NewWorkItem,
    end_holds,
    open_work_items,
    place_holds,
    take_case,
)
from journal.operations import Subject
from journal.status import move_status
from kernel.actor import Actor
from kernel.authority import requires
from kernel.calendar import POLAND
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
    lock_case(case_id=placement.case_id, actor=actor)
    placement.refresh_from_db()
    PLACEMENT_LIFECYCLE.check(move, PLACEMENT_LIFECYCLE.statuses(placement.status))
    decider = check_may_decide(proposal=placement, kind="placement", actor=actor, reason=reason)
    on = legal_day(at)
    if move == "approve":
        facts = list_placement_facts(case_ids=[placement.case_id], on=on)[placement.case_id]
        check_placeable(facts, by_strategy=placement.proposed_by_id is None)
    placement = move_status(
        row=placement,
        lifecycle=PLACEMENT_LIFECYCLE,
        move=move,
        subject=Subject("case", placement.case_id),
        changes={"decided_by": decider, "decided_at": at, "decision_reason": reason},
        payload={"reason": reason},
        actor=actor,
        at=at,
    )
    cause = f"placement:{placement.pk}"
    if move != "send_back":
        end_holds(kind=HoldKind.APPROVAL, causes=[cause], on=on, at=at, actor=actor)
    if move == "approve":
        take_case(
            case_id=placement.case_id,
            handler=Handler.AGENCY,
            cause=cause,
            on=on,
            at=at,
            actor=actor,
        )
        hold = NewHold(placement.case_id, HoldKind.AGENCY, cause, "", on, None)
        place_holds(holds=[hold], at=at, actor=actor)
    else:
        _tell(placement, move, reason, on, actor, at)
    return placement


def _tell(
    placement: Placement, move: str, reason: str, on: date, actor: Actor, at: datetime
) -> None:
    item = NewWorkItem(
        placement.case_id,
        WorkKind.APPROVAL_REFUSED,
        POLAND.next_working_day(on),
        None,
        {"code": f"placement_{move}", "placement_id": placement.pk, "reason": reason},
    )
    open_work_items(items=[item], at=at, actor=actor)

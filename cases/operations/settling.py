"""What a decision about a proposal does to the case that waited for it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, TypeVar

from django.db import transaction

from cases.lifecycle import Handler, HoldKind, WorkKind
from cases.operations.handling import take_case
from cases.operations.holding import NewHold, end_holds, place_holds
from cases.operations.working import NewWorkItem, open_work_items
from journal.operations import Subject
from journal.status import move_status
from kernel.actor import Actor
from kernel.authority import by_machine
from kernel.calendar import POLAND
from kernel.clock import legal_day
from kernel.lifecycle import Lifecycle
from staff.approvals import Decider
from staff.models import Proposal

Row = TypeVar("Row", bound=Proposal)

#: The hold that a case has while somebody else has it in hand.
_HOLDS: Final = {Handler.AGENCY: HoldKind.AGENCY, Handler.COURT: HoldKind.COURT}


@by_machine
@transaction.atomic
def settle_proposal(
    *,
    row: Row,
    case_id: int,
    lifecycle: Lifecycle[Any],
    move: str,
    decider: Decider,
    reason: str,
    handler: Handler,
    actor: Actor,
    at: datetime,
) -> Row:
    """Make the decided move; approved, ``handler`` takes the case, otherwise somebody is told.

    The case is locked. Raises CaseHandledByAnother, MoveNotAllowed.
    """
    on = legal_day(at)
    row = move_status(
        row=row,
        lifecycle=lifecycle,
        move=move,
        subject=Subject("case", case_id),
        changes=decider.changes(reason=reason, at=at),
        payload=decider.payload(reason=reason),
        actor=actor,
        at=at,
    )
    cause = f"{lifecycle.subject}:{row.pk}"
    if move != "send_back":
        end_holds(kind=HoldKind.APPROVAL, causes=[cause], on=on, at=at, actor=actor)
    if move == "approve":
        take_case(case_id=case_id, handler=handler, cause=cause, on=on, at=at, actor=actor)
        hold = NewHold(case_id, _HOLDS[handler], cause, "", on, None)
        place_holds(holds=[hold], at=at, actor=actor)
    else:
        tell_of_decision(
            case_id=case_id, subject=lifecycle.subject, proposal_id=row.pk, move=move,
            reason=reason, actor=actor, at=at,
        )  # fmt: skip
    return row


@by_machine
def tell_of_decision(
    *,
    case_id: int,
    subject: str,
    proposal_id: int,
    move: str,
    reason: str,
    actor: Actor,
    at: datetime,
) -> None:
    """Whoever works on the case hears on the next working day that it was not granted."""
    item = NewWorkItem(
        case_id,
        WorkKind.APPROVAL_REFUSED,
        POLAND.next_working_day(legal_day(at)),
        None,
        {"code": f"{subject}_{move}", f"{subject}_id": proposal_id, "note": reason},
    )
    open_work_items(items=[item], at=at, actor=actor)

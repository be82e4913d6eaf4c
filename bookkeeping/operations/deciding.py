"""What write-offs, refunds and charges have in common: authority, waiting, and being told."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from bookkeeping.authority import Authority, AuthorityKind, authority_of
from cases.lifecycle import HoldKind, WorkKind
from cases.operations import NewHold, NewWorkItem, end_holds, open_work_items, place_holds
from kernel.actor import Actor
from kernel.authority import by_machine
from kernel.calendar import POLAND
from staff.approvals import DecidedByPersonOnly, Decider, ReasonMissing
from staff.models import User


@by_machine
def find_authority(*, kind: AuthorityKind, actor: Actor, currency: str, on: date) -> Authority:
    """What the role of the acting person may decide. Raises DecidedByPersonOnly."""
    if actor.user_id is None:
        raise DecidedByPersonOnly
    role = User.objects.get(pk=actor.user_id).role
    return authority_of(kind=kind, role=role, currency=currency, on=on)


@by_machine
def told_of_reason(*, reason: str, decider: Decider | None) -> dict[str, Any]:
    """What the event of a move says of the reason, and in whose place it was decided."""
    return decider.payload(reason=reason) if decider is not None else {"reason": reason}


@by_machine
def check_note(*, note: str) -> None:
    """Raises ReasonMissing."""
    if not note.strip():
        raise ReasonMissing


@by_machine
def hold_until_decided(
    *,
    case_id: int,
    cause: str,
    kind: HoldKind = HoldKind.APPROVAL,
    on: date,
    actor: Actor,
    at: datetime,
) -> None:
    place_holds(holds=[NewHold(case_id, kind, cause, "", on)], at=at, actor=actor)


@by_machine
def release(
    *, cause: str, kind: HoldKind = HoldKind.APPROVAL, on: date, actor: Actor, at: datetime
) -> None:
    end_holds(kind=kind, causes=[cause], on=on, at=at, actor=actor)


@by_machine
def tell_proposer(
    *, case_id: int, code: str, values: dict[str, Any], on: date, actor: Actor, at: datetime
) -> None:
    """Work for whoever has the case: what was proposed was refused or sent back."""
    item = NewWorkItem(
        case_id,
        WorkKind.APPROVAL_REFUSED,
        POLAND.next_working_day(on),
        None,
        {"code": code, **values},
    )
    open_work_items(items=[item], at=at, actor=actor)

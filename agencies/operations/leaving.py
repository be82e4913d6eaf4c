"""How a placement ends: withdrawn, recalled by us, returned by the agency, or paid."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from agencies.lifecycle import LIVE, PLACEMENT_LIFECYCLE, EndReason, PlacementStatus
from agencies.models import Placement
from agencies.queries import PlacementNotFound
from cases.lifecycle import CaseStatus, Handler, HoldKind, WorkKind
from cases.locking import lock_case, lock_cases
from cases.models import Case
from cases.operations import (
    NewWorkItem,
    end_holds,
    open_work_items,
    return_case,
    return_cases,
)
from journal.operations import Subject
from journal.status import move_status, move_statuses
from kernel.actor import Actor
from kernel.authority import by_machine, requires
from kernel.calendar import POLAND
from kernel.clock import legal_day
from staff.rights import Right

BATCH: Final = 2_000


@requires(Right.PROPOSE_PLACEMENT)
@transaction.atomic
def withdraw_placement(
    *, placement_id: int, reason: EndReason, note: str, actor: Actor, at: datetime
) -> Placement:
    """Take back what no agency has yet. Raises PlacementNotFound, CaseNotFound, MoveNotAllowed."""
    placement = _locked(placement_id, actor)
    return _leave(placement, "withdraw", reason, note, legal_day(at), actor, at)


@requires(Right.RUN_AGENCIES)
@transaction.atomic
def recall_placement(
    *, placement_id: int, reason: EndReason, note: str, actor: Actor, at: datetime
) -> Placement:
    """The bank takes a placed case back. Raises PlacementNotFound, MoveNotAllowed."""
    placement = _locked(placement_id, actor)
    return _leave(placement, "recall", reason, note, legal_day(at), actor, at)


@requires(Right.RUN_AGENCIES)
@transaction.atomic
def return_placement(
    *, placement_id: int, reason: EndReason, note: str, actor: Actor, at: datetime
) -> Placement:
    """The agency gives a case back. Raises PlacementNotFound, MoveNotAllowed."""
    placement = _locked(placement_id, actor)
    return _leave(placement, "return", reason, note, legal_day(at), actor, at)


@requires(Right.RUN_AGENCIES)
@transaction.atomic
def end_placement(
    *, placement_id: int, reason: EndReason, note: str, actor: Actor, at: datetime
) -> Placement:
    """The agreed term is over, or the case is done. Raises PlacementNotFound, MoveNotAllowed."""
    placement = _locked(placement_id, actor)
    return _leave(placement, "end", reason, note, legal_day(at), actor, at)


@by_machine
@transaction.atomic
def end_placements_of_closed_cases(
    *, case_ids: Sequence[int], on: date, at: datetime, actor: Actor
) -> list[int]:
    """Where nothing is due any more, a placement ends and a proposal is void; ids of the cases."""
    locked = lock_cases(case_ids=case_ids)
    closed = Case.objects.filter(pk__in=locked, status=CaseStatus.CLOSED)
    ended = []
    for placement in Placement.objects.filter(case__in=closed, status__in=LIVE).order_by("case_id"):
        move = "end" if placement.status == PlacementStatus.PLACED else "withdraw"
        _leave(placement, move, EndReason.PAID, "", on, actor, at)
        ended.append(placement.case_id)
    return ended


@by_machine
def end_placements_past(*, on: date, at: datetime, actor: Actor) -> int:
    """End the placements whose last day is over with ``on``; returns how many.

    Each batch is a transaction of its own. Running it again changes nothing.
    """
    over = Placement.objects.filter(status=PlacementStatus.PLACED, until_on__lte=on)
    ended = 0
    while batch := _leave_all(over, "end", EndReason.TERM_OVER, on, at, actor):
        ended += batch
    return ended


@by_machine
def recall_silenced_placements(*, on: date, at: datetime, actor: Actor) -> int:
    """Recall what must not be collected any more, because the debtor has died or is bankrupt.

    Returns how many. Each batch is a transaction of its own; running it again changes nothing.
    """
    recalled = 0
    for kind, reason in _SILENCING.items():
        silenced = Placement.objects.filter(
            status=PlacementStatus.PLACED,
            case__holds__kind=kind,
            case__holds__ended_on__isnull=True,
            case__holds__from_on__lte=on,
        )
        while batch := _leave_all(silenced, "recall", reason, on, at, actor):
            recalled += batch
    return recalled


_SILENCING: Final = {
    HoldKind.DEATH: EndReason.DEATH,
    HoldKind.BANKRUPTCY: EndReason.BANKRUPTCY,
}


@transaction.atomic
def _leave_all(
    chosen: QuerySet[Placement],
    move: str,
    reason: EndReason,
    on: date,
    at: datetime,
    actor: Actor,
) -> int:
    """One batch of placed cases leaves their agencies, with one statement of each kind."""
    cases = dict(chosen.order_by("id").values_list("id", "case_id")[:BATCH])
    lock_cases(case_ids=cases.values())
    left = move_statuses(
        model=Placement,
        ids=list(cases),
        lifecycle=PLACEMENT_LIFECYCLE,
        move=move,
        subject_of=lambda pk: Subject("case", cases[pk]),
        payload_of=lambda _: {"reason": reason, "note": ""},
        changes={"end_reason": reason, "ended_on": on},
        effective_on=on,
        actor=actor,
        at=at,
    )
    causes = [f"placement:{pk}" for pk in left]
    end_holds(kind=HoldKind.AGENCY, causes=causes, on=on, at=at, actor=actor)
    case_ids = [cases[pk] for pk in left]
    return_cases(case_ids=case_ids, handler=Handler.AGENCY, on=on, at=at, actor=actor)
    work = [_work(pk, cases[pk], move, reason, on) for pk in left]
    open_work_items(items=work, at=at, actor=actor)
    return len(left)


def _locked(placement_id: int, actor: Actor) -> Placement:
    placement = Placement.objects.filter(pk=placement_id).first()
    if placement is None:
        raise PlacementNotFound(placement_id=placement_id)
    lock_case(case_id=placement.case_id, actor=actor)
    placement.refresh_from_db()
    return placement


def _leave(
    placement: Placement,
    move: str,
    reason: EndReason,
    note: str,
    on: date,
    actor: Actor,
    at: datetime,
) -> Placement:
    before = placement.status
    was_placed = before == PlacementStatus.PLACED
    placement = move_status(
        row=placement,
        lifecycle=PLACEMENT_LIFECYCLE,
        move=move,
        subject=Subject("case", placement.case_id),
        changes={"end_reason": reason, **({"ended_on": on} if was_placed else {})},
        payload={"reason": reason, "note": note},
        effective_on=on,
        actor=actor,
        at=at,
    )
    cause = f"placement:{placement.pk}"
    if before not in (PlacementStatus.APPROVED, PlacementStatus.PLACED):
        end_holds(kind=HoldKind.APPROVAL, causes=[cause], on=on, at=at, actor=actor)
        return placement
    end_holds(kind=HoldKind.AGENCY, causes=[cause], on=on, at=at, actor=actor)
    return_case(
        case_id=placement.case_id, handler=Handler.AGENCY, cause=cause, on=on, at=at, actor=actor
    )
    if was_placed and reason is not EndReason.PAID:
        item = _work(placement.pk, placement.case_id, move, reason, on)
        open_work_items(items=[item], at=at, actor=actor)
    return placement


def _work(placement_id: int, case_id: int, move: str, reason: EndReason, on: date) -> NewWorkItem:
    return NewWorkItem(
        case_id,
        WorkKind.PLACEMENT_ENDED,
        POLAND.next_working_day(on),
        None,
        {"code": f"placement_{move}", "placement_id": placement_id, "reason": reason},
    )

"""A debtor's request for restructuring, and the bank's answer (art. 75c of the Banking Act)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from django.db import IntegrityError, transaction

from cases.lifecycle import HoldKind, WorkKind
from cases.locking import lock_case
from cases.operations import (
    NewHold,
    NewWorkItem,
    end_holds,
    finish_work_items,
    open_work_items,
    place_holds,
)
from contacts.events import REQUEST_RECEIVED
from contacts.lifecycle import REQUEST_LIFECYCLE
from contacts.models import RestructuringRequest
from journal.operations import Subject, record_event
from journal.status import move_status
from kernel.actor import Actor
from kernel.authority import requires
from kernel.calendar import POLAND
from kernel.clock import legal_day
from kernel.errors import Conflict, InvalidInput, NotFound
from staff.rights import Right

AnswerMove = Literal["grant", "refuse", "withdraw"]


class RequestOpenAlready(Conflict):
    code = "restructuring_request_open_already"


class RequestNotFound(NotFound):
    code = "restructuring_request_not_found"


class ReceivedInFuture(InvalidInput):
    code = "received_in_future"


class ReasonsMissing(InvalidInput):
    """A refusal needs detailed written reasons."""

    code = "reasons_missing"


@requires(Right.WORK_CASE)
@transaction.atomic
def record_restructuring_request(
    *, case_id: int, received_on: date, note: str, actor: Actor, at: datetime
) -> RestructuringRequest:
    """Record a request; until it is answered nothing escalates, and an answer is owed at once.

    Raises RequestOpenAlready, ReceivedInFuture, CaseNotFound.
    """
    on = legal_day(at)
    if received_on > on:
        raise ReceivedInFuture(received_on=received_on)
    case = lock_case(case_id=case_id, actor=actor)
    try:
        with transaction.atomic():
            request = RestructuringRequest.objects.create(
                case=case, received_on=received_on, note=note
            )
    except IntegrityError:
        raise RequestOpenAlready(case_id=case_id) from None
    record_event(
        kind=REQUEST_RECEIVED,
        subject=Subject("case", case_id),
        payload={"restructuring_request_id": request.pk},
        effective_on=received_on,
        actor=actor,
        at=at,
    )
    hold = NewHold(case_id, HoldKind.RESTRUCTURING, _cause(request.pk), note[:500], received_on)
    place_holds(holds=[hold], actor=actor, at=at)
    item = NewWorkItem(
        case_id,
        WorkKind.ANSWER_REQUEST,
        POLAND.next_working_day(on),
        None,
        {"code": "restructuring_request", "id": request.pk},
    )
    open_work_items(items=[item], actor=actor, at=at)
    return request


@requires(Right.NEGOTIATE)
@transaction.atomic
def answer_restructuring_request(
    *, request_id: int, move: AnswerMove, reasons: str, actor: Actor, at: datetime
) -> RestructuringRequest:
    """Grant or refuse it, or note that the debtor withdrew it; the hold and the work end.

    Raises RequestNotFound, CaseNotFound, ReasonsMissing, MoveNotAllowed.
    """
    if move == "refuse" and not reasons.strip():
        raise ReasonsMissing(request_id=request_id)
    request = RestructuringRequest.objects.filter(pk=request_id).first()
    if request is None:
        raise RequestNotFound(request_id=request_id)
    lock_case(case_id=request.case_id, actor=actor)
    on = legal_day(at)
    request = move_status(
        row=request,
        lifecycle=REQUEST_LIFECYCLE,
        move=move,
        subject=Subject("case", request.case_id),
        changes={"answered_on": on, "answer_reasons": reasons},
        actor=actor,
        at=at,
    )
    end_holds(kind=HoldKind.RESTRUCTURING, causes=[_cause(request_id)], on=on, actor=actor, at=at)
    finish_work_items(
        case_ids=[request.case_id],
        kinds=[WorkKind.ANSWER_REQUEST],
        code=f"restructuring_request:{request_id}",
        actor=actor,
        at=at,
    )
    return request


def _cause(request_id: int) -> str:
    return f"restructuring_request:{request_id}"

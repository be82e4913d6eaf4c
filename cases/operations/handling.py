"""Who has a case in hand: one handler at a time, changed by compare-and-swap."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from django.db import transaction

from cases.lifecycle import HANDLER_LIFECYCLE, Handler
from cases.locking import lock_case, lock_cases
from cases.models import Case
from journal.operations import Subject
from journal.status import move_status, move_statuses
from kernel.actor import Actor
from kernel.authority import by_machine
from kernel.errors import Conflict
from kernel.lifecycle import MoveNotAllowed


class CaseHandledByAnother(Conflict):
    """An agreement, agency or court has the case in hand, or the house has it already."""

    code = "case_handled_by_another"


_TAKE: Final[dict[Handler, str]] = {
    Handler.AGREEMENT: "take_by_agreement",
    Handler.AGENCY: "take_by_agency",
    Handler.COURT: "take_by_court",
}


@by_machine
@transaction.atomic
def take_case(
    *, case_id: int, handler: Handler, on: date, at: datetime, actor: Actor, cause: str = ""
) -> Case:
    """Give the case from the house to ``handler``; raises CaseHandledByAnother otherwise."""
    return _move(case_id, _TAKE[handler], on, at, actor, cause)


@by_machine
@transaction.atomic
def return_case(
    *, case_id: int, handler: Handler, on: date, at: datetime, actor: Actor, cause: str = ""
) -> Case:
    """Give the case back from ``handler`` to the house; raises CaseHandledByAnother otherwise."""
    case = lock_case(case_id=case_id, actor=actor)
    if case.handled_by != handler:
        raise CaseHandledByAnother(case_id=case_id, handled_by=case.handled_by)
    return _move(case_id, "return_to_house", on, at, actor, cause)


@by_machine
@transaction.atomic
def take_cases(
    *, case_ids: Sequence[int], handler: Handler, on: date, at: datetime, actor: Actor
) -> list[int]:
    """Give those that the house has to ``handler``; returns their ids."""
    locked = lock_cases(case_ids=case_ids)
    return _move_all(locked, _TAKE[handler], on, at, actor)


@by_machine
@transaction.atomic
def return_cases(
    *, case_ids: Sequence[int], handler: Handler, on: date, at: datetime, actor: Actor
) -> list[int]:
    """Give those that ``handler`` has back to the house; returns their ids."""
    locked = lock_cases(case_ids=case_ids)
    held = Case.objects.filter(pk__in=locked, handled_by=handler).values_list("id", flat=True)
    return _move_all(list(held), "return_to_house", on, at, actor)


def _move(case_id: int, move: str, on: date, at: datetime, actor: Actor, cause: str) -> Case:
    case = lock_case(case_id=case_id, actor=actor)
    try:
        return move_status(
            row=case,
            lifecycle=HANDLER_LIFECYCLE,
            move=move,
            field="handled_by",
            subject=Subject("case", case_id),
            payload={"cause": cause},
            changes={"updated_at": max(at, case.updated_at)},
            effective_on=on,
            at=at,
            actor=actor,
        )
    except MoveNotAllowed:
        raise CaseHandledByAnother(case_id=case_id, handled_by=case.handled_by) from None


def _move_all(
    case_ids: Sequence[int], move: str, on: date, at: datetime, actor: Actor
) -> list[int]:
    return move_statuses(
        model=Case,
        ids=case_ids,
        lifecycle=HANDLER_LIFECYCLE,
        move=move,
        field="handled_by",
        subject_of=lambda case_id: Subject("case", case_id),
        changes={"updated_at": at},
        effective_on=on,
        at=at,
        actor=actor,
    )

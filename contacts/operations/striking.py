"""Taking back a contact that was logged a moment ago: it is struck out, never deleted."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from cases.lifecycle import Answer, WorkKind, WorkStatus
from cases.locking import lock_case
from cases.models import WorkItem
from cases.operations import (
    cancel_work_items,
    reopen_work_items,
    restore_answer,
    take_back_hold,
)
from contacts.events import ATTEMPT_STRUCK_OUT
from contacts.lifecycle import PromiseStatus
from contacts.models import Attempt, Promise
from contacts.operations.promising import withdraw_promise
from debtors.operations import restore_contact_point
from journal.operations import Subject, record_event
from kernel.actor import Actor
from kernel.authority import requires
from kernel.clock import legal_day
from kernel.errors import NotFound
from kernel.undo import UndoBuiltUpon, check_undo
from staff.rights import Right


class AttemptNotFound(NotFound):
    """There is no such attempt, or its case belongs to another team."""

    code = "attempt_not_found"


@requires(Right.LOG_CONTACT)
@transaction.atomic
def strike_out_attempt(*, attempt_id: int, actor: Actor, at: datetime) -> Attempt:
    """Who has just logged a contact takes it back, with all that came of it.

    Its promise is withdrawn, its hold ended, the number that it gave up is used again, the work
    that followed is cancelled and the work that it did is open again. Asked twice, it is done
    once. Raises AttemptNotFound, CaseNotFound, UndoNotYours, UndoTooLate, and UndoBuiltUpon where
    something of it has changed meanwhile.
    """
    attempt = Attempt.objects.filter(pk=attempt_id).first()
    if attempt is None:
        raise AttemptNotFound(attempt_id=attempt_id)
    lock_case(case_id=attempt.case_id, actor=actor)
    attempt.refresh_from_db()
    if attempt.struck_at is not None:
        return attempt
    by_user = str(attempt.logged_by_id) if attempt.logged_by_id else None
    check_undo(done_by=by_user, done_at=attempt.logged_at, actor=actor, at=at)
    _withdraw_promise(attempt, actor, at)
    _undo_effects(attempt, actor, at)
    attempt.struck_at = at
    attempt.save(update_fields=["struck_at"])
    record_event(
        kind=ATTEMPT_STRUCK_OUT,
        subject=Subject("case", attempt.case_id),
        payload={
            "attempt_id": attempt.pk,
            "channel": attempt.channel,
            "direction": attempt.direction,
            "result": attempt.result,
        },
        actor=actor,
        at=at,
    )
    return attempt


def _withdraw_promise(attempt: Attempt, actor: Actor, at: datetime) -> None:
    promise = Promise.objects.filter(attempt=attempt).first()
    if promise is None:
        return
    if promise.status != PromiseStatus.OPEN:
        raise UndoBuiltUpon(what="promise_judged")
    withdraw_promise(promise_id=promise.pk, reason="taken_back", actor=actor, at=at)


def _undo_effects(attempt: Attempt, actor: Actor, at: datetime) -> None:
    effects = attempt.effects
    if hold_id := effects.get("hold_id"):
        take_back_hold(hold_id=hold_id, actor=actor, at=at)
    if point_id := effects.get("point_id"):
        restore_contact_point(contact_point_id=point_id, reason="taken_back", actor=actor, at=at)
    opened = WorkItem.objects.filter(pk__in=effects.get("opened", []))
    for item in opened:
        if item.status != WorkStatus.OPEN:
            raise UndoBuiltUpon(what="work_under_way")
        cancel_work_items(
            case_ids=[item.case_id],
            kinds=[WorkKind(item.kind)],
            code=f"attempt:{attempt.pk}",
            actor=actor,
            at=at,
        )
    answer, answered_on = effects.get("answer_before", (None, ""))
    restore_answer(
        case_id=attempt.case_id,
        before=(Answer(answer), date.fromisoformat(answered_on)) if answer else None,
        on=legal_day(at),
    )
    reopen_work_items(
        work_item_ids=effects.get("finished", []),
        code=f"attempt:{attempt.pk}",
        actor=actor,
        at=at,
    )

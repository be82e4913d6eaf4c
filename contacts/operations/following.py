"""What a logged contact brings about beside itself: work that it does, work that follows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from cases.lifecycle import HoldKind, WorkKind, WorkStatus
from cases.models import LastAnswer, WorkItem
from cases.operations import (
    HoldOpenAlready,
    NewWorkItem,
    finish_work_item,
    finish_work_items,
    hold_case,
    note_answers,
    open_work_items,
)
from contacts.call_back import find_call_back_fault
from contacts.follow_up import DONE_BY_CALL, DONE_BY_CONVERSATION
from contacts.lifecycle import ANSWERS, AttemptResult
from contacts.models import Attempt
from contacts.outcome import Outcome
from contacts.policy import policy_on
from debtors.lifecycle import Channel, ContactPointKind
from debtors.models import ContactPoint
from debtors.operations import disable_contact_point
from kernel.actor import Actor
from kernel.calendar import POLAND
from kernel.clock import legal_day
from kernel.errors import InvalidInput


class CallBackMomentInvalid(InvalidInput):
    """It has passed, lies further ahead than a promise may, or outside the hours of contact.

    ``from_at`` and ``until_at`` are the hours of that day, None where there are none.
    """

    code = "call_back_moment_invalid"


def settle_work(
    attempt: Attempt, work_item_id: int | None, actor: Actor, at: datetime
) -> list[int]:
    """The work that the contact did, and the one that its writer says it settled; their ids.

    A colleague who has the case in hand keeps that work.
    """
    finished = _finish_done_work(attempt, actor, at)
    if work_item_id is None:
        return finished
    own = WorkItem.objects.filter(pk=work_item_id, case_id=attempt.case_id)
    if own.filter(status=WorkStatus.OPEN).exists():
        finish_work_item(work_item_id=work_item_id, note="", actor=actor, at=at)
        finished.append(work_item_id)
    return finished


def _finish_done_work(attempt: Attempt, actor: Actor, at: datetime) -> list[int]:
    by_phone = attempt.channel == Channel.PHONE and attempt.direction == "out"
    asked_for_another_moment = attempt.result == AttemptResult.CALL_BACK
    if not (attempt.is_conversation or by_phone or asked_for_another_moment):
        return []
    return finish_work_items(
        case_ids=[attempt.case_id],
        kinds=DONE_BY_CONVERSATION if attempt.is_conversation else DONE_BY_CALL,
        code=f"attempt:{attempt.pk}",
        actor=actor,
        at=at,
    )


def note_answer(attempt: Attempt) -> Mapping[str, Any]:
    """What it says of the chance of payment; returns what was known before."""
    before = LastAnswer.objects.filter(case_id=attempt.case_id).first()
    note_answers(
        case_ids=[attempt.case_id],
        answer=ANSWERS[AttemptResult(attempt.result)],
        on=attempt.happened_on,
    )
    if before is None:
        return {}
    return {"answer_before": [before.answer, before.answered_on.isoformat()]}


def follow_outcome(
    attempt: Attempt, outcome: Outcome, actor: Actor, at: datetime
) -> Mapping[str, Any]:
    """Call back, hold for a dispute, give up a number; returns the ids of what was changed."""
    if attempt.result == AttemptResult.CALL_BACK and outcome.call_back_at is not None:
        return _call_back(attempt, outcome.call_back_at, actor, at)
    if attempt.result == AttemptResult.DISPUTES and outcome.holds_dispute:
        return _hold_dispute(attempt, outcome.dispute, actor, at)
    if attempt.result == AttemptResult.WRONG_PERSON and outcome.disables_point:
        return _give_up_point(attempt, actor, at)
    return {}


def _call_back(attempt: Attempt, moment: datetime, actor: Actor, at: datetime) -> dict[str, Any]:
    fault = find_call_back_fault(moment, at=at, policy=policy_on(legal_day(at)), calendar=POLAND)
    if fault is not None:
        raise CallBackMomentInvalid(at=moment, **fault._asdict())
    reason = {"code": "call_back", "attempt_id": attempt.pk, "at": moment.isoformat()}
    item = NewWorkItem(attempt.case_id, WorkKind.CALL, legal_day(moment), None, reason)
    return {"opened": open_work_items(items=[item], at=at, actor=actor)}


def _hold_dispute(attempt: Attempt, dispute: str, actor: Actor, at: datetime) -> dict[str, Any]:
    """Nothing escalates until somebody has looked; an answer is owed by law."""
    on = legal_day(at)
    effects: dict[str, Any] = {}
    try:
        hold = hold_case(
            case_id=attempt.case_id,
            kind=HoldKind.DISPUTE,
            reason=dispute,
            from_on=on,
            until_on=None,
            actor=actor,
            at=at,
        )
        effects["hold_id"] = hold.pk
    except HoldOpenAlready:
        pass
    due_on = POLAND.on_or_after(on + timedelta(days=policy_on(on).dispute_answer_days))
    reason = {"code": "dispute", "attempt_id": attempt.pk, "note": dispute}
    item = NewWorkItem(attempt.case_id, WorkKind.ANSWER_REQUEST, due_on, None, reason)
    effects["opened"] = open_work_items(items=[item], at=at, actor=actor)
    return effects


def _give_up_point(attempt: Attempt, actor: Actor, at: datetime) -> dict[str, Any]:
    """The number is used no more; without another one a phone is to be found."""
    point = attempt.contact_point
    if point is None or not point.is_usable:
        return {}
    disable_contact_point(
        contact_point_id=point.pk, reason=f"attempt:{attempt.pk}", actor=actor, at=at
    )
    effects: dict[str, Any] = {"point_id": point.pk}
    left = ContactPoint.objects.filter(debtor_id=attempt.debtor_id, is_usable=True)
    if not left.exclude(kind=ContactPointKind.EMAIL).exists():
        due_on = POLAND.next_working_day(legal_day(at))
        reason = {"code": "wrong_number", "attempt_id": attempt.pk}
        item = NewWorkItem(attempt.case_id, WorkKind.FIND_PHONE, due_on, None, reason)
        effects["opened"] = open_work_items(items=[item], at=at, actor=actor)
    return effects

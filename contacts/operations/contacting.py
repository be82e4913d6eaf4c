"""Logging an attempt to reach a debtor, with the promise that came of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from django.db import connection, transaction

from cases.lifecycle import WorkKind
from cases.locking import lock_case
from cases.operations import finish_work_items, note_answers
from cases.queries import get_case
from contacts.events import ATTEMPT_LOGGED, CONTACT_REFUSED
from contacts.guard import PersonFacts, Purpose, Refused, Verdict, may_contact
from contacts.lifecycle import ANSWERS, CONVERSATIONS, AttemptResult, Direction
from contacts.models import Attempt, Promise
from contacts.operations.promising import NewPromise, make_promise
from contacts.policy import policy_on
from contacts.queries.guarding import get_person_facts
from debtors.lifecycle import Channel
from debtors.models import ContactPoint
from journal.operations import Subject, record_event
from kernel.actor import Actor
from kernel.authority import requires
from kernel.calendar import POLAND
from kernel.clock import legal_day
from kernel.errors import Conflict, InvalidInput
from staff.rights import Right


class ContactRefused(Conflict):
    """The guard stands against it: ``rule``, its values, and ``next_at`` (an instant or None)."""

    code = "contact_refused"


class ContactPointUnknown(InvalidInput):
    """The number or mailbox does not belong to the debtor of the case."""

    code = "contact_point_unknown"


class AttemptInFuture(InvalidInput):
    code = "attempt_in_future"


@dataclass(frozen=True, slots=True)
class LoggedContact:
    """``is_new`` is False when the same form came before; then nothing was written."""

    attempt: Attempt
    promise: Promise | None
    is_new: bool


#: Work that an outgoing call does, and work that only a conversation does.
_DONE_BY_CALL: Final = (WorkKind.CALL,)
_DONE_BY_CONVERSATION: Final = (
    WorkKind.CALL,
    WorkKind.BROKEN_PROMISE,
    WorkKind.BROKEN_AGREEMENT,
)


@requires(Right.LOG_CONTACT)
def log_contact(
    *,
    case_id: int,
    channel: Channel,
    direction: Direction,
    result: AttemptResult,
    note: str,
    actor: Actor,
    at: datetime,
    happened_at: datetime | None = None,
    contact_point_id: int | None = None,
    promise: NewPromise | None = None,
    submission: str | None = None,
) -> LoggedContact:
    """Log an attempt, and the promise made in it, in one transaction.

    Without a promise it waits for no lock on the case. ``submission`` is the key of the form:
    sent twice, it logs once. Raises ContactRefused (recorded as well), ContactPointUnknown,
    AttemptInFuture, CaseNotFound, and the errors of ``make_promise``.
    """
    case = get_case(case_id=case_id, actor=actor)
    moment = happened_at or at
    if moment > at:
        raise AttemptInFuture(happened_at=moment)
    if (before := _logged_before(case_id, submission)) is not None:
        return before
    usable = _check_point(case.debtor_id, contact_point_id)
    is_outgoing = direction is Direction.OUT
    with transaction.atomic():
        if promise is not None:
            lock_case(case_id=case_id, actor=actor)
        _take_turns(case_id)
        if (before := _logged_before(case_id, submission)) is not None:
            return before
        facts = get_person_facts(case_ids=[case_id], on=legal_day(moment))[case_id]
        facts = replace(facts, reachable=usable)
        verdict = _verdict(facts, channel, moment) if is_outgoing else None
        if not isinstance(verdict, Refused):
            overridden = _overridden_rule(facts, channel, moment) if is_outgoing else ""
            attempt = Attempt.objects.create(
                case=case,
                debtor_id=case.debtor_id,
                channel=channel,
                direction=direction,
                contact_point_id=contact_point_id,
                result=result,
                is_conversation=result in CONVERSATIONS,
                note=note,
                happened_at=moment,
                happened_on=legal_day(moment),
                logged_by_id=actor.user_id,
                overridden=overridden,
                submission=submission or None,
            )
            made = _tell(attempt, promise, actor, at)
            return LoggedContact(attempt, made, is_new=True)
        _tell_refusal(case_id, channel, verdict, actor, at)
    raise ContactRefused(rule=verdict.rule, next_at=verdict.next_at, **verdict.values)


def _tell(
    attempt: Attempt, promise: NewPromise | None, actor: Actor, at: datetime
) -> Promise | None:
    record_event(
        kind=ATTEMPT_LOGGED,
        subject=Subject("case", attempt.case_id),
        payload={
            "attempt_id": attempt.pk,
            "channel": attempt.channel,
            "direction": attempt.direction,
            "result": attempt.result,
            "conversation": attempt.is_conversation,
            "overridden": attempt.overridden,
        },
        effective_on=attempt.happened_on,
        actor=actor,
        at=at,
    )
    by_phone = attempt.channel == Channel.PHONE and attempt.direction == Direction.OUT
    if attempt.is_conversation or by_phone:
        finish_work_items(
            case_ids=[attempt.case_id],
            kinds=_DONE_BY_CONVERSATION if attempt.is_conversation else _DONE_BY_CALL,
            code=f"attempt:{attempt.pk}",
            actor=actor,
            at=at,
        )
    note_answers(
        case_ids=[attempt.case_id],
        answer=ANSWERS[AttemptResult(attempt.result)],
        on=attempt.happened_on,
    )
    if promise is None:
        return None
    return make_promise(
        case_id=attempt.case_id,
        amount_minor=promise.amount_minor,
        currency=promise.currency,
        due_on=promise.due_on,
        attempt_id=attempt.pk,
        actor=actor,
        at=at,
    )


def _tell_refusal(
    case_id: int, channel: Channel, refused: Refused, actor: Actor, at: datetime
) -> None:
    payload: dict[str, Any] = {
        "channel": channel,
        "purpose": Purpose.TALK,
        "rule": refused.rule,
        "values": dict(refused.values),
    }
    record_event(
        kind=CONTACT_REFUSED, subject=Subject("case", case_id), payload=payload, actor=actor, at=at
    )


def _verdict(facts: PersonFacts, channel: Channel, moment: datetime) -> Verdict:
    return may_contact(
        facts=facts,
        channel=channel,
        at=moment,
        purpose=Purpose.TALK,
        policy=policy_on(legal_day(moment)),
        calendar=POLAND,
    )


def _overridden_rule(facts: PersonFacts, channel: Channel, moment: datetime) -> str:
    """The rule that would have stood against it, had compliance not set it aside."""
    if not facts.overridden:
        return ""
    bare = _verdict(replace(facts, overridden=frozenset()), channel, moment)
    return str(bare.rule) if isinstance(bare, Refused) else ""


def _check_point(debtor_id: int, contact_point_id: int | None) -> bool:
    if contact_point_id is None:
        return True
    point = ContactPoint.objects.filter(pk=contact_point_id, debtor_id=debtor_id).first()
    if point is None:
        raise ContactPointUnknown(contact_point_id=contact_point_id)
    return point.is_usable


def _logged_before(case_id: int, submission: str | None) -> LoggedContact | None:
    if not submission:
        return None
    attempt = Attempt.objects.filter(case_id=case_id, submission=submission).first()
    if attempt is None:
        return None
    return LoggedContact(attempt, Promise.objects.filter(attempt=attempt).first(), is_new=False)


def _take_turns(case_id: int) -> None:
    """Two officers who log about one case at once do it one after the other.

    A lock beside the row, so that nobody waits for the night's lock on the case itself.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('contacts.log', %s))", [case_id]
        )

"""Logging an attempt to reach a debtor, with the promise that came of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from cases.locking import lock_case
from cases.queries import get_case
from contacts.events import ATTEMPT_LOGGED, CONTACT_REFUSED
from contacts.guard import PersonFacts, Purpose, Refused, Verdict, may_contact
from contacts.lifecycle import CONVERSATIONS, FROM_OTHERS, AttemptResult, Direction
from contacts.models import Attempt, Promise
from contacts.operations.following import follow_outcome, note_answer, settle_work
from contacts.operations.promising import NewPromise, make_promise
from contacts.outcome import NOTHING_MORE, Outcome
from contacts.policy import policy_on
from contacts.queries.guarding import get_person_facts
from debtors.lifecycle import Channel, PartyRole
from debtors.models import ContactPoint, Debtor, DebtParty
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
    """The number or mailbox belongs to nobody who answers for a debt of the case."""

    code = "contact_point_unknown"


class PersonUnknown(InvalidInput):
    """The person does not answer for any debt of the case."""

    code = "person_unknown"


class NotForOthers(InvalidInput):
    """Only who answers for the debt can promise, refuse or dispute: ``result``."""

    code = "not_for_others"


class AttemptTakenBack(Conflict):
    """The form was logged and taken back; it does not log again."""

    code = "attempt_taken_back"


class AttemptInFuture(InvalidInput):
    code = "attempt_in_future"


@dataclass(frozen=True, slots=True)
class LoggedContact:
    """``is_new`` is False when the same form came before; then nothing was written."""

    attempt: Attempt
    promise: Promise | None
    is_new: bool


#: What was said that the timeline tells.
_TOLD: Final = ("call_back_at", "refusal")


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
    person_id: int | None = None,
    is_other_person: bool = False,
    promise: NewPromise | None = None,
    outcome: Outcome = NOTHING_MORE,
    settles: int | None = None,
    submission: str | None = None,
) -> LoggedContact:
    """Log an attempt, and what came of it, in one transaction.

    ``person_id`` is who of the debt it was with; ``is_other_person`` somebody who does not answer
    for it. ``settles`` is work of the case that is done by it, besides what any such contact
    does. Unless the case itself changes it waits for no lock on it. ``submission`` is the key of
    the form: sent twice, it logs once. Raises ContactRefused (recorded as well),
    ContactPointUnknown, PersonUnknown, NotForOthers, AttemptInFuture, AttemptTakenBack,
    CallBackMomentInvalid, CaseNotFound, and the errors of ``make_promise``.
    """
    case = get_case(case_id=case_id, actor=actor)
    moment = happened_at or at
    if moment > at:
        raise AttemptInFuture(happened_at=moment)
    _check_person(case.debtor_id, person_id)
    if is_other_person and (result not in FROM_OTHERS or promise is not None):
        raise NotForOthers(result=result)
    attempt = Attempt(
        case=case,
        debtor_id=case.debtor_id,
        channel=channel,
        direction=direction,
        contact_point_id=contact_point_id,
        person_id=None if is_other_person else person_id,
        is_other_person=is_other_person,
        result=result,
        is_conversation=result in CONVERSATIONS,
        note=note,
        details=dict(outcome.as_details()),
        happened_at=moment,
        happened_on=legal_day(moment),
        logged_by_id=actor.user_id,
        logged_at=at,
        submission=submission or None,
    )
    return _logged_before(attempt) or _log(attempt, promise, outcome, settles, actor, at)


def _log(
    attempt: Attempt,
    promise: NewPromise | None,
    outcome: Outcome,
    settles: int | None,
    actor: Actor,
    at: datetime,
) -> LoggedContact:
    case_id, channel, moment = attempt.case_id, Channel(attempt.channel), attempt.happened_at
    usable = _check_point(attempt.debtor_id, attempt.contact_point_id)
    with transaction.atomic():
        if promise is not None or outcome.changes_case:
            lock_case(case_id=case_id, actor=actor)
        _take_turns(case_id)
        if (before := _logged_before(attempt)) is not None:
            return before
        facts = get_person_facts(case_ids=[case_id], on=attempt.happened_on)[case_id]
        facts = replace(facts, reachable=usable)
        is_outgoing = attempt.direction == Direction.OUT
        verdict = _verdict(facts, channel, moment) if is_outgoing else None
        if not isinstance(verdict, Refused):
            attempt.overridden = _overridden_rule(facts, channel, moment) if is_outgoing else ""
            attempt.save()
            made = _follow(attempt, promise, outcome, settles, actor, at)
            return LoggedContact(attempt, made, is_new=True)
        _tell_refusal(case_id, channel, verdict, actor, at)
    raise ContactRefused(rule=verdict.rule, next_at=verdict.next_at, **verdict.values)


def _follow(
    attempt: Attempt,
    promise: NewPromise | None,
    outcome: Outcome,
    settles: int | None,
    actor: Actor,
    at: datetime,
) -> Promise | None:
    """Tell of the attempt, and do what comes of it."""
    _tell(attempt, actor, at)
    effects = {
        "finished": settle_work(attempt, settles, actor, at),
        **follow_outcome(attempt, outcome, actor, at),
        **note_answer(attempt),
    }
    attempt.effects = {name: value for name, value in effects.items() if value}
    attempt.save(update_fields=["effects"])
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


def _tell(attempt: Attempt, actor: Actor, at: datetime) -> None:
    record_event(
        kind=ATTEMPT_LOGGED,
        subject=Subject("case", attempt.case_id),
        payload={
            "attempt_id": attempt.pk,
            "channel": attempt.channel,
            "direction": attempt.direction,
            "result": attempt.result,
            "conversation": attempt.is_conversation,
            "person_id": attempt.person_id,
            "other_person": attempt.is_other_person,
            "overridden": attempt.overridden,
            "note": attempt.note,
            **{name: attempt.details[name] for name in _TOLD if name in attempt.details},
        },
        effective_on=attempt.happened_on,
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


def _people(debtor_id: int) -> QuerySet[Debtor]:
    """Everybody who answers for a debt that this debtor mainly owes."""
    debts = DebtParty.objects.filter(debtor_id=debtor_id, role=PartyRole.MAIN_DEBTOR)
    return Debtor.objects.filter(parties__debt__in=debts.values("debt_id"))


def _check_person(debtor_id: int, person_id: int | None) -> None:
    known = person_id in (None, debtor_id) or _people(debtor_id).filter(pk=person_id).exists()
    if not known:
        raise PersonUnknown(person_id=person_id)


def _check_point(debtor_id: int, contact_point_id: int | None) -> bool:
    if contact_point_id is None:
        return True
    points = ContactPoint.objects.filter(pk=contact_point_id)
    theirs = Q(debtor_id=debtor_id) | Q(debtor_id__in=_people(debtor_id).values("pk"))
    point = points.filter(theirs).first()
    if point is None:
        raise ContactPointUnknown(contact_point_id=contact_point_id)
    return point.is_usable


def _logged_before(attempt: Attempt) -> LoggedContact | None:
    if not attempt.submission:
        return None
    same = Attempt.objects.filter(case_id=attempt.case_id, submission=attempt.submission)
    before = same.first()
    if before is None:
        return None
    if before.struck_at is not None:
        raise AttemptTakenBack(attempt_id=before.pk)
    return LoggedContact(before, Promise.objects.filter(attempt=before).first(), is_new=False)


def _take_turns(case_id: int) -> None:
    """Two officers who log about one case at once do it one after the other.

    A lock beside the row, so that nobody waits for the night's lock on the case itself.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('contacts.log', %s))", [case_id]
        )

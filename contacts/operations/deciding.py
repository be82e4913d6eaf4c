"""Deciding proposed terminations, and completing those whose notice period has passed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final, Literal

from django.db import transaction

from cases.lifecycle import HoldKind, WorkKind
from cases.locking import lock_case, lock_cases
from cases.operations import (
    NewWorkItem,
    end_holds,
    open_work_items,
    propose_again,
    touch_cases,
)
from contacts.composing import NewMessage
from contacts.events import TERMINATION_COMPLETED, TERMINATION_LAPSED
from contacts.lifecycle import TERMINATION_LIFECYCLE, MessageChannel, Template
from contacts.models import Message, Termination
from contacts.operations.proposing import check_may_terminate
from contacts.operations.queueing import queue_messages
from debtors.models import Debt
from debtors.operations import terminate_debt
from journal.operations import NewEvent, Subject, record_events
from journal.status import move_status, move_statuses
from kernel.actor import Actor
from kernel.authority import by_machine, requires
from kernel.calendar import POLAND
from kernel.clock import legal_day
from kernel.errors import NotFound
from staff.approvals import check_may_decide
from staff.rights import Right

KIND: Final = "termination"
DecisionMove = Literal["approve", "refuse", "send_back"]


class TerminationNotFound(NotFound):
    code = "termination_not_found"


@requires(Right.APPROVE_TERMINATION)
@transaction.atomic
def decide_termination(
    *, termination_id: int, move: DecisionMove, reason: str, actor: Actor, at: datetime
) -> Termination:
    """Approve, refuse or send back; approved, the statement of termination is queued.

    Raises TerminationNotFound, CaseNotFound, MoveNotAllowed when it is decided already, the
    errors of ``check_may_decide``, and TerminationBarred when the law has come to stand against
    it since.
    """
    found = Termination.objects.filter(pk=termination_id).first()
    if found is None:
        raise TerminationNotFound(termination_id=termination_id)
    case = lock_case(case_id=found.case_id, actor=actor)
    termination = Termination.objects.get(pk=termination_id)
    TERMINATION_LIFECYCLE.check(move, TERMINATION_LIFECYCLE.statuses(termination.status))
    decider = check_may_decide(
        proposal=termination,
        kind=KIND,
        actor=actor,
        reason=reason,
        at=at,
        amounts=termination.grounds.get("amounts"),
        team_id=case.team_id,
    )
    on = legal_day(at)
    if move == "approve":
        check_may_terminate(case_id=termination.case_id, on=on)
    termination = move_status(
        row=termination,
        lifecycle=TERMINATION_LIFECYCLE,
        move=move,
        subject=Subject("case", termination.case_id),
        payload=decider.payload(reason=reason),
        changes=decider.changes(reason=reason, at=at),
        actor=actor,
        at=at,
    )
    if move == "send_back":
        _ask_to_rework(termination, on, actor, at)
    else:
        _end_approval_hold(termination.pk, on, actor, at)
    if move == "approve":
        _queue_statements([termination], on, actor, at)
        termination.refresh_from_db()
    touch_cases(case_ids=[termination.case_id], at=at)
    return termination


@requires(Right.PROPOSE_TERMINATION)
@transaction.atomic
def propose_termination_again(
    *, termination_id: int, reason: str, actor: Actor, at: datetime
) -> Termination:
    """Put one that was sent back before the approver again; whoever does it is the proposer.

    Raises TerminationNotFound, CaseNotFound, ReasonMissing, MoveNotAllowed.
    """
    found = Termination.objects.filter(pk=termination_id).first()
    if found is None:
        raise TerminationNotFound(termination_id=termination_id)
    return propose_again(
        row=found,
        case_id=found.case_id,
        lifecycle=TERMINATION_LIFECYCLE,
        reason=reason,
        actor=actor,
        at=at,
    )


@requires(Right.PROPOSE_TERMINATION)
@transaction.atomic
def withdraw_termination(
    *, termination_id: int, reason: str, actor: Actor, at: datetime
) -> Termination:
    """Take back one that is not decided, or was sent back; its hold ends.

    Raises TerminationNotFound, CaseNotFound, MoveNotAllowed.
    """
    found = Termination.objects.filter(pk=termination_id).first()
    if found is None:
        raise TerminationNotFound(termination_id=termination_id)
    lock_case(case_id=found.case_id, actor=actor)
    withdrawn = move_status(
        row=found,
        lifecycle=TERMINATION_LIFECYCLE,
        move="withdraw",
        subject=Subject("case", found.case_id),
        payload={"reason": reason},
        actor=actor,
        at=at,
    )
    _end_approval_hold(termination_id, legal_day(at), actor, at)
    return withdrawn


@by_machine
@transaction.atomic
def withdraw_terminations(
    *, case_ids: Sequence[int], reason: str, at: datetime, actor: Actor
) -> list[int]:
    """Withdraw those of the cases that are not decided, or were sent back; returns their ids.

    An approved one whose statement has not been delivered has no effect any more.
    """
    lock_cases(case_ids=case_ids)
    _lapse(case_ids, reason, actor, at)
    found = dict(
        Termination.objects.filter(
            case_id__in=case_ids, status__in=["proposed", "sent_back"]
        ).values_list("id", "case_id")
    )
    withdrawn = move_statuses(
        model=Termination,
        ids=list(found),
        lifecycle=TERMINATION_LIFECYCLE,
        move="withdraw",
        subject_of=lambda pk: Subject("case", found[pk]),
        payload_of=lambda _: {"reason": reason},
        actor=actor,
        at=at,
    )
    causes = [f"{KIND}:{pk}" for pk in withdrawn]
    end_holds(kind=HoldKind.APPROVAL, causes=causes, on=legal_day(at), actor=actor, at=at)
    return withdrawn


@by_machine
@transaction.atomic
def complete_terminations(*, on: date, at: datetime, actor: Actor) -> int:
    """Terminate the debts whose notice period ended on ``on`` or earlier; the day close calls it.

    A debt on which nothing is due any more stays as it is. Also queues the statements of those
    for whose debtor an address has been found since. Returns how many were completed.
    """
    unsent = Termination.objects.filter(
        status="approved",
        statement__isnull=True,
        done_on__isnull=True,
        case__status="open",
        case__debtor__addresses__is_usable=True,
    ).distinct()
    _queue_statements(list(unsent), on, actor, at)
    ended = Termination.objects.filter(
        status="approved", effective_on__lte=on, done_on__isnull=True
    )
    lock_cases(case_ids=ended.values_list("case_id", flat=True))
    terminations = list(ended.order_by("id"))
    done = _terminate(terminations, actor, at)
    ended.filter(pk__in=[termination.pk for termination in terminations]).update(done_on=on)
    record_events(
        events=[
            NewEvent(
                TERMINATION_COMPLETED,
                Subject("case", termination.case_id),
                {
                    "termination_id": termination.pk,
                    "debt_ids": [pk for pk in termination.debt_ids if pk in done],
                },
                termination.effective_on or on,
            )
            for termination in terminations
        ],
        actor=actor,
        at=at,
    )
    touch_cases(case_ids=[termination.case_id for termination in terminations], at=at)
    return len(terminations)


def _lapse(case_ids: Sequence[int], reason: str, actor: Actor, at: datetime) -> None:
    undelivered = Termination.objects.filter(
        case_id__in=case_ids, status="approved", effective_on__isnull=True, done_on__isnull=True
    )
    lapsed = list(undelivered.values_list("id", "case_id"))
    on = legal_day(at)
    Termination.objects.filter(pk__in=[pk for pk, _ in lapsed]).update(done_on=on)
    record_events(
        events=[
            NewEvent(
                TERMINATION_LAPSED,
                Subject("case", case_id),
                {"termination_id": pk, "reason": reason},
                on,
            )
            for pk, case_id in lapsed
        ],
        actor=actor,
        at=at,
    )


def _terminate(terminations: Sequence[Termination], actor: Actor, at: datetime) -> set[int]:
    """Terminate the debts that are still in arrears; returns their ids."""
    named = {pk for termination in terminations for pk in termination.debt_ids}
    still_due = set(
        Debt.objects.filter(
            pk__in=named, terminated_on__isnull=True, account__due_minor__gt=0
        ).values_list("id", flat=True)
    )
    for termination in terminations:
        for debt_id in termination.debt_ids:
            if debt_id in still_due and termination.effective_on is not None:
                terminate_debt(
                    debt_id=debt_id,
                    terminated_on=termination.effective_on,
                    reason=f"{KIND}:{termination.pk}",
                    actor=actor,
                    at=at,
                )
    return still_due


def _end_approval_hold(termination_id: int, on: date, actor: Actor, at: datetime) -> None:
    cause = f"{KIND}:{termination_id}"
    end_holds(kind=HoldKind.APPROVAL, causes=[cause], on=on, actor=actor, at=at)


def _ask_to_rework(termination: Termination, on: date, actor: Actor, at: datetime) -> None:
    item = NewWorkItem(
        termination.case_id,
        WorkKind.REVIEW,
        POLAND.on_or_after(on),
        None,
        {
            "code": "sent_back",
            "kind": KIND,
            "id": termination.pk,
            "reason": termination.decision_reason,
        },
    )
    open_work_items(items=[item], actor=actor, at=at)


def _queue_statements(
    terminations: Sequence[Termination], on: date, actor: Actor, at: datetime
) -> None:
    if not terminations:
        return
    notices = dict(
        Message.objects.filter(pk__in=[t.notice_id for t in terminations]).values_list(
            "id", "delivered_on"
        )
    )
    causes = {f"{KIND}:{termination.pk}": termination for termination in terminations}
    queued = queue_messages(
        messages=[
            NewMessage(
                termination.case_id,
                MessageChannel.LETTER,
                Template.TERMINATION,
                cause,
                tuple(termination.debt_ids),
                {"notice_delivered_on": str(notices[termination.notice_id])},
            )
            for cause, termination in causes.items()
        ],
        on=on,
        at=at,
        actor=actor,
    )
    for pk, cause in Message.objects.filter(pk__in=queued).values_list("id", "cause"):
        Termination.objects.filter(pk=causes[cause].pk).update(statement_id=pk)

"""A second person decides about terms beyond the proposer's limits."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from cases.lifecycle import HoldKind
from cases.locking import lock_case
from cases.operations import end_holds, tell_of_decision
from journal.operations import Subject
from journal.status import move_status
from kernel.actor import Actor
from kernel.authority import requires
from kernel.clock import legal_day
from kernel.errors import Conflict, NotAllowed
from kernel.money import Money
from negotiations.lifecycle import AGREEMENT_LIFECYCLE, AgreementKind
from negotiations.models import Agreement
from negotiations.operations.force import put_into_force
from negotiations.policy import list_excesses, policy_on
from negotiations.queries import AgreementNotFound, get_case_figures, get_paid_minor
from negotiations.schedule import PlannedInstalment, Schedule
from staff.approvals import Decider, check_may_decide
from staff.rights import Right


class OverPolicy(NotAllowed):
    """The terms go beyond what the decider's role may agree to; ``excess`` names the limit."""

    code = "over_policy"


class ScheduleOutdated(Conflict):
    """The first day to pay has passed, or more is due than the terms were made for."""

    code = "schedule_outdated"


@requires(Right.APPROVE_AGREEMENT)
@transaction.atomic
def decide_agreement(
    *, agreement_id: int, move: str, reason: str, actor: Actor, at: datetime
) -> Agreement:
    """``move`` is approve, refuse or send_back. Approved, the agreement is in force.

    Raises AgreementNotFound, CaseNotFound, the errors of ``staff.approvals``, OverPolicy,
    ScheduleOutdated, CaseHandledByAnother, MoveNotAllowed.
    """
    agreement = Agreement.objects.filter(pk=agreement_id).first()
    if agreement is None:
        raise AgreementNotFound(agreement_id=agreement_id)
    case = lock_case(case_id=agreement.case_id, actor=actor)
    agreement.refresh_from_db()
    AGREEMENT_LIFECYCLE.check(move, AGREEMENT_LIFECYCLE.statuses(agreement.status))
    decider = check_may_decide(
        proposal=agreement,
        kind="agreement",
        actor=actor,
        reason=reason,
        at=at,
        team_id=case.team_id,
    )
    on = legal_day(at)
    if move != "approve":
        return _not_granted(agreement, move, decider, reason, actor, at)
    _check_approvable(agreement, decider.role, on)
    _end_hold(agreement, on, actor, at)
    return put_into_force(
        agreement=agreement,
        move=move,
        on=on,
        actor=actor,
        at=at,
        changes=decider.changes(reason=reason, at=at),
        payload=decider.payload(reason=reason),
    )


def _not_granted(
    agreement: Agreement, move: str, decider: Decider, reason: str, actor: Actor, at: datetime
) -> Agreement:
    agreement = move_status(
        row=agreement,
        lifecycle=AGREEMENT_LIFECYCLE,
        move=move,
        subject=Subject("case", agreement.case_id),
        changes=decider.changes(reason=reason, at=at),
        payload=decider.payload(reason=reason),
        actor=actor,
        at=at,
    )
    if move == "refuse":
        _end_hold(agreement, legal_day(at), actor, at)
    tell_of_decision(
        case_id=agreement.case_id,
        subject="agreement",
        proposal_id=agreement.pk,
        move=move,
        reason=reason,
        actor=actor,
        at=at,
    )
    return agreement


def _end_hold(agreement: Agreement, on: date, actor: Actor, at: datetime) -> None:
    cause = f"agreement:{agreement.pk}"
    end_holds(kind=HoldKind.APPROVAL, causes=[cause], on=on, at=at, actor=actor)


def _check_approvable(agreement: Agreement, role: str, on: date) -> None:
    schedule = _schedule(agreement)
    first = schedule.instalments[0]
    due = get_case_figures(case_id=agreement.case_id, currency=agreement.currency, lock=True).due
    paid = get_paid_minor(agreement_ids=[agreement.pk])[agreement.pk]
    if first.due_on < on or due.minor > agreement.amount_minor - paid:
        raise ScheduleOutdated(
            first_due_on=first.due_on,
            due_minor=due.minor,
            expected_minor=agreement.amount_minor - paid,
            currency=agreement.currency,
        )
    excesses = list_excesses(
        policy=policy_on(on),
        role=role,
        kind=AgreementKind(agreement.kind),
        schedule=schedule,
        on=on,
    )
    if excesses:
        worst = excesses[0]
        raise OverPolicy(excess=worst.code, limit=worst.limit, value=worst.value)


def _schedule(agreement: Agreement) -> Schedule:
    currency = agreement.currency
    return Schedule(
        Money(agreement.amount_minor, currency),
        Money(agreement.write_off_minor, currency),
        Money(agreement.to_pay_minor, currency),
        tuple(
            PlannedInstalment(row.number, row.due_on, Money(row.amount_minor, currency))
            for row in agreement.instalments.order_by("number")
        ),
    )

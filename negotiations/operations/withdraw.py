"""Taking an agreement back, and ending those whose case is closed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from cases.lifecycle import CaseStatus, Handler, HoldKind
from cases.locking import lock_case, lock_cases
from cases.models import Case
from cases.operations import end_holds, return_case
from journal.operations import Subject
from journal.status import move_status
from kernel.actor import Actor
from kernel.authority import by_machine, requires
from kernel.clock import legal_day
from kernel.errors import InvalidInput
from ledger.operations import end_order
from negotiations.lifecycle import AGREEMENT_LIFECYCLE, LIVE, AgreementStatus
from negotiations.models import Agreement
from negotiations.operations.expecting import expect_instalments
from negotiations.queries import AgreementNotFound
from staff.rights import Right


class WithdrawalNeedsReason(InvalidInput):
    code = "reason_missing"


@requires(Right.NEGOTIATE)
@transaction.atomic
def withdraw_agreement(*, agreement_id: int, reason: str, actor: Actor, at: datetime) -> Agreement:
    """Take back a proposal, or end an agreement in force that no longer holds; the case returns.

    Raises AgreementNotFound, CaseNotFound, MoveNotAllowed, WithdrawalNeedsReason.
    """
    if not reason.strip():
        raise WithdrawalNeedsReason
    agreement = Agreement.objects.filter(pk=agreement_id).first()
    if agreement is None:
        raise AgreementNotFound(agreement_id=agreement_id)
    lock_case(case_id=agreement.case_id, actor=actor)
    agreement.refresh_from_db()
    return withdraw_row(agreement=agreement, reason=reason, on=legal_day(at), actor=actor, at=at)


@by_machine
@transaction.atomic
def end_agreements_of_closed_cases(
    *, case_ids: Sequence[int], on: date, at: datetime, actor: Actor
) -> list[int]:
    """Where nothing is due any more, an agreement in force is kept and a proposal is void.

    Returns the ids of the cases that still are closed and had a live agreement.
    """
    locked = lock_cases(case_ids=case_ids)
    closed = Case.objects.filter(pk__in=locked, status=CaseStatus.CLOSED)
    live = Agreement.objects.filter(case__in=closed, status__in=LIVE).order_by("case_id")
    ended = []
    for agreement in live:
        if agreement.status == AgreementStatus.IN_FORCE:
            leave(agreement=agreement, move="keep", reason="nothing_due", on=on, actor=actor, at=at)
        else:
            withdraw_row(agreement=agreement, reason="case_closed", on=on, actor=actor, at=at)
        ended.append(agreement.case_id)
    return ended


@by_machine
def withdraw_row(
    *, agreement: Agreement, reason: str, on: date, actor: Actor, at: datetime
) -> Agreement:
    """The case must be locked. Raises MoveNotAllowed."""
    if agreement.status == AgreementStatus.IN_FORCE:
        return leave(agreement=agreement, move="withdraw", reason=reason, on=on, actor=actor, at=at)
    agreement = _move(agreement, "withdraw", reason, on, actor, at)
    end_holds(
        kind=HoldKind.APPROVAL, causes=[f"agreement:{agreement.pk}"], on=on, at=at, actor=actor
    )
    return agreement


@by_machine
def leave(
    *,
    agreement: Agreement,
    move: str,
    reason: str,
    on: date,
    actor: Actor,
    at: datetime,
    payload: dict[str, object] | None = None,
) -> Agreement:
    """End an agreement in force: its hold ends and the case is the house's again."""
    agreement = _move(agreement, move, reason, on, actor, at, payload)
    cause = f"agreement:{agreement.pk}"
    end_order(cause=cause, until_on=on, actor=actor, at=at)
    end_holds(kind=HoldKind.AGREEMENT, causes=[cause], on=on, at=at, actor=actor)
    return_case(
        case_id=agreement.case_id,
        handler=Handler.AGREEMENT,
        cause=cause,
        on=on,
        at=at,
        actor=actor,
    )
    expect_instalments(agreement_ids=[agreement.pk])
    return agreement


def _move(
    agreement: Agreement,
    move: str,
    reason: str,
    on: date,
    actor: Actor,
    at: datetime,
    payload: dict[str, object] | None = None,
) -> Agreement:
    return move_status(
        row=agreement,
        lifecycle=AGREEMENT_LIFECYCLE,
        move=move,
        subject=Subject("case", agreement.case_id),
        changes={"ended_on": on, "end_reason": reason[:40]},
        payload={"reason": reason, **(payload or {})},
        effective_on=on,
        actor=actor,
        at=at,
    )

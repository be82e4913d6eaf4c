"""How a referral ends: withdrawn before it is filed, or closed with an outcome."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from cases.lifecycle import CaseStatus, Handler, HoldKind, WorkKind
from cases.locking import lock_case, lock_cases
from cases.models import Case
from cases.operations import NewWorkItem, end_holds, open_work_items, return_case
from courts.lifecycle import LIVE, OPEN, REFERRAL_LIFECYCLE, Outcome, ReferralStatus
from courts.models import Referral
from courts.queries import ReferralNotFound
from journal.operations import Subject
from journal.status import move_status
from kernel.actor import Actor
from kernel.authority import by_machine, requires
from kernel.calendar import POLAND
from kernel.clock import legal_day
from kernel.errors import InvalidInput
from staff.approvals import ReasonMissing
from staff.rights import Right


class ClosingDayOutOfOrder(InvalidInput):
    code = "day_out_of_order"


@requires(Right.PROPOSE_REFERRAL)
@transaction.atomic
def withdraw_referral(*, referral_id: int, reason: str, actor: Actor, at: datetime) -> Referral:
    """Take back what no court knows of. Raises ReferralNotFound, ReasonMissing, MoveNotAllowed."""
    if not reason.strip():
        raise ReasonMissing
    return _leave(_locked(referral_id, actor), "withdraw", reason, {}, legal_day(at), actor, at)


@requires(Right.RUN_COURT_CASES)
@transaction.atomic
def close_referral(
    *, referral_id: int, outcome: Outcome, note: str, closed_on: date, actor: Actor, at: datetime
) -> Referral:
    """The proceedings are over: the case is the house's again, with work unless all is paid.

    Raises ReferralNotFound, ClosingDayOutOfOrder, MoveNotAllowed.
    """
    referral = _locked(referral_id, actor)
    if closed_on > legal_day(at) or (referral.filed_on and closed_on < referral.filed_on):
        raise ClosingDayOutOfOrder(closed_on=closed_on)
    changes = {"closed_on": closed_on, "outcome": outcome}
    referral = _leave(referral, "close", note, changes, closed_on, actor, at)
    if outcome not in (Outcome.PAID, Outcome.ENFORCED):
        reason = {"code": "referral_closed", "referral_id": referral.pk, "outcome": outcome}
        due_on = POLAND.next_working_day(legal_day(at))
        item = NewWorkItem(referral.case_id, WorkKind.REVIEW, due_on, None, reason)
        open_work_items(items=[item], at=at, actor=actor)
    return referral


@by_machine
@transaction.atomic
def withdraw_referrals_of_closed_cases(
    *, case_ids: Sequence[int], on: date, at: datetime, actor: Actor
) -> list[int]:
    """Nobody is sued who has paid: what is not filed yet is withdrawn. Ids of the cases.

    What a court knows of stays for a legal officer, who withdraws or closes it there.
    """
    locked = lock_cases(case_ids=case_ids)
    closed = Case.objects.filter(pk__in=locked, status=CaseStatus.CLOSED)
    ended = []
    before_filing = (*OPEN, ReferralStatus.APPROVED)
    for referral in Referral.objects.filter(case__in=closed, status__in=LIVE).order_by("case_id"):
        if referral.status in before_filing:
            _leave(referral, "withdraw", "case_closed", {}, on, actor, at)
            ended.append(referral.case_id)
    return ended


@by_machine
@transaction.atomic
def leave_before_filing(
    *, referral: Referral, reason: str, on: date, actor: Actor, at: datetime
) -> Referral:
    """Withdraw what no court knows of, by the machine; its case must be locked. Raises
    MoveNotAllowed."""
    return _leave(referral, "withdraw", reason, {}, on, actor, at)


def _locked(referral_id: int, actor: Actor) -> Referral:
    referral = Referral.objects.filter(pk=referral_id).first()
    if referral is None:
        raise ReferralNotFound(referral_id=referral_id)
    lock_case(case_id=referral.case_id, actor=actor)
    referral.refresh_from_db()
    return referral


def _leave(
    referral: Referral,
    move: str,
    reason: str,
    changes: dict[str, object],
    on: date,
    actor: Actor,
    at: datetime,
) -> Referral:
    before = referral.status
    referral = move_status(
        row=referral,
        lifecycle=REFERRAL_LIFECYCLE,
        move=move,
        subject=Subject("case", referral.case_id),
        changes=changes,
        payload={"reason": reason, "outcome": changes.get("outcome", "")},
        effective_on=on,
        actor=actor,
        at=at,
    )
    cause = f"referral:{referral.pk}"
    if before in OPEN:
        end_holds(kind=HoldKind.APPROVAL, causes=[cause], on=on, at=at, actor=actor)
        return referral
    end_holds(kind=HoldKind.COURT, causes=[cause], on=on, at=at, actor=actor)
    return_case(
        case_id=referral.case_id, handler=Handler.COURT, cause=cause, on=on, at=at, actor=actor
    )
    return referral

"""A legal officer decides whether a case goes to court."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from cases.lifecycle import Handler, HoldKind, WorkKind
from cases.locking import lock_case
from cases.operations import (
    NewHold,
    NewWorkItem,
    end_holds,
    open_work_items,
    place_holds,
    take_case,
)
from courts.claimable import check_referable
from courts.lifecycle import REFERRAL_LIFECYCLE
from courts.models import Referral
from courts.queries import ReferralNotFound, get_referral_facts
from journal.operations import Subject
from journal.status import move_status
from kernel.actor import Actor
from kernel.authority import requires
from kernel.calendar import POLAND
from kernel.clock import legal_day
from staff.approvals import check_may_decide
from staff.rights import Right


@requires(Right.APPROVE_REFERRAL)
@transaction.atomic
def decide_referral(
    *, referral_id: int, move: str, reason: str, actor: Actor, at: datetime
) -> Referral:
    """``move`` is approve, refuse or send_back. Approved, the case waits to be filed.

    Raises ReferralNotFound, CaseNotFound, the errors of ``staff.approvals`` and of
    ``claimable``, CaseHandledByAnother, MoveNotAllowed.
    """
    referral = Referral.objects.filter(pk=referral_id).first()
    if referral is None:
        raise ReferralNotFound(referral_id=referral_id)
    lock_case(case_id=referral.case_id, actor=actor)
    referral.refresh_from_db()
    REFERRAL_LIFECYCLE.check(move, REFERRAL_LIFECYCLE.statuses(referral.status))
    decider = check_may_decide(proposal=referral, kind="referral", actor=actor, reason=reason)
    on = legal_day(at)
    if move == "approve":
        check_referable(get_referral_facts(case_id=referral.case_id, on=on))
    referral = move_status(
        row=referral,
        lifecycle=REFERRAL_LIFECYCLE,
        move=move,
        subject=Subject("case", referral.case_id),
        changes={"decided_by": decider, "decided_at": at, "decision_reason": reason},
        payload={"reason": reason},
        actor=actor,
        at=at,
    )
    cause = f"referral:{referral.pk}"
    if move != "send_back":
        end_holds(kind=HoldKind.APPROVAL, causes=[cause], on=on, at=at, actor=actor)
    if move == "approve":
        take_case(
            case_id=referral.case_id,
            handler=Handler.COURT,
            cause=cause,
            on=on,
            at=at,
            actor=actor,
        )
        hold = NewHold(referral.case_id, HoldKind.COURT, cause, "", on, None)
        place_holds(holds=[hold], at=at, actor=actor)
    else:
        _tell(referral, move, reason, on, actor, at)
    return referral


def _tell(referral: Referral, move: str, reason: str, on: date, actor: Actor, at: datetime) -> None:
    item = NewWorkItem(
        referral.case_id,
        WorkKind.APPROVAL_REFUSED,
        POLAND.next_working_day(on),
        None,
        {"code": f"referral_{move}", "referral_id": referral.pk, "reason": reason},
    )
    open_work_items(items=[item], at=at, actor=actor)

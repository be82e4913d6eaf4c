"""A legal officer decides whether a case goes to court."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from cases.lifecycle import Handler
from cases.locking import lock_case
from cases.operations import settle_proposal
from courts.claimable import check_referable
from courts.lifecycle import REFERRAL_LIFECYCLE
from courts.models import Referral
from courts.queries import ReferralNotFound, get_referral_facts
from kernel.actor import Actor
from kernel.authority import requires
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
    case = lock_case(case_id=referral.case_id, actor=actor)
    referral.refresh_from_db()
    REFERRAL_LIFECYCLE.check(move, REFERRAL_LIFECYCLE.statuses(referral.status))
    decider = check_may_decide(
        proposal=referral,
        kind="referral",
        actor=actor,
        reason=reason,
        at=at,
        team_id=case.team_id,
    )
    if move == "approve":
        check_referable(get_referral_facts(case_id=referral.case_id, on=legal_day(at)))
    return settle_proposal(
        row=referral,
        case_id=referral.case_id,
        lifecycle=REFERRAL_LIFECYCLE,
        move=move,
        decider=decider,
        reason=reason,
        handler=Handler.COURT,
        actor=actor,
        at=at,
    )

"""Proposing that a case goes to court. A person decides later."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from django.db import transaction

from cases.lifecycle import Handler
from cases.locking import lock_case
from cases.models import Case
from cases.operations import (
    CaseHandledByAnother,
    NewProposal,
    Proposable,
    propose_again,
    propose_by_person,
    propose_for_cases,
)
from courts import events
from courts.claimable import check_referable
from courts.lifecycle import LIVE, REFERRAL_LIFECYCLE
from courts.models import Referral
from courts.queries import ReferralNotFound, get_referral_facts
from kernel.actor import Actor
from kernel.authority import by_machine, requires
from kernel.clock import legal_day
from kernel.errors import Conflict
from staff.approvals import ReasonMissing
from staff.rights import Right


class LiveReferral(Conflict):
    """The case has a referral that is proposed, approved or at court."""

    code = "live_referral"


REFERRAL: Final = Proposable(
    "referral",
    Referral._meta.db_table,
    events.REFERRAL_PROPOSED,
    empty=(
        "decision_reason",
        "procedure",
        "court",
        "docket_no",
        "bailiff",
        "bailiff_docket_no",
        "outcome",
    ),
    changed=events.REFERRAL_AMOUNT_CHANGED,
)


@by_machine
@transaction.atomic
def propose_referrals(
    *, proposals: Sequence[NewProposal], on: date, at: datetime, actor: Actor
) -> list[int]:
    """Propose court referrals and hold the cases until a person has decided.

    Returns the ids of the cases that were proposed; see ``propose_for_cases``.
    """
    return propose_for_cases(what=REFERRAL, proposals=proposals, on=on, at=at, actor=actor)


@requires(Right.PROPOSE_REFERRAL)
def check_referral_proposal(*, case: Case, actor: Actor, at: datetime) -> None:
    """What would refuse a proposal now, before anybody writes one."""
    _check(case, legal_day(at))


def _check(case: Case, on: date) -> None:
    live = Referral.objects.filter(case=case, status__in=LIVE).first()
    if live is not None:
        raise LiveReferral(referral_id=live.pk, status=live.status)
    if case.handled_by != Handler.HOUSE:
        raise CaseHandledByAnother(case_id=case.pk, handled_by=case.handled_by)
    check_referable(get_referral_facts(case_id=case.pk, on=on))


@requires(Right.PROPOSE_REFERRAL)
@transaction.atomic
def propose_referral(*, case_id: int, reason: str, actor: Actor, at: datetime) -> Referral:
    """A person proposes to take a case with terminated debts to court.

    Raises CaseNotFound, LiveReferral, CaseHandledByAnother, ReasonMissing, and the errors of
    ``claimable``.
    """
    on = legal_day(at)
    if not reason.strip():
        raise ReasonMissing
    case = lock_case(case_id=case_id, actor=actor)
    _check(case, on)
    cause = propose_by_person(
        what=REFERRAL, case_id=case_id, reason=reason, on=on, at=at, actor=actor
    )
    return Referral.objects.get(cause=cause)


@requires(Right.PROPOSE_REFERRAL)
@transaction.atomic
def propose_referral_again(
    *, referral_id: int, reason: str, actor: Actor, at: datetime
) -> Referral:
    """Put a proposal that was sent back to the deciders again, now as the actor's own.

    Raises ReferralNotFound, CaseNotFound, ReasonMissing, MoveNotAllowed.
    """
    referral = Referral.objects.filter(pk=referral_id).first()
    if referral is None:
        raise ReferralNotFound(referral_id=referral_id)
    return propose_again(
        row=referral,
        case_id=referral.case_id,
        lifecycle=REFERRAL_LIFECYCLE,
        reason=reason,
        actor=actor,
        at=at,
    )

"""What the proceedings cost, charged to the debtor's account as it arises."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from cases.locking import lock_case
from courts import events
from courts.lifecycle import AT_COURT, CostKind
from courts.models import Referral, ReferralCost
from courts.queries import ReferralNotFound, get_referral_facts
from journal.operations import Subject, record_event
from kernel.actor import Actor
from kernel.authority import by_machine, requires
from kernel.clock import legal_day
from kernel.errors import InvalidInput
from kernel.money import Money
from ledger.lifecycle import Component
from ledger.operations import post_charge
from staff.rights import Right


class CostNotPossible(InvalidInput):
    """Not a positive amount, a day ahead or before filing, or the referral is not at court."""

    code = "cost_not_possible"


@requires(Right.RUN_COURT_CASES)
@transaction.atomic
def record_cost(
    *,
    referral_id: int,
    kind: CostKind,
    amount: Money,
    incurred_on: date,
    note: str,
    submission: str | None = None,
    actor: Actor,
    at: datetime,
) -> ReferralCost:
    """Record a cost and charge it to the debtor; the same ``submission`` again changes nothing.

    Raises ReferralNotFound, CaseNotFound, CostNotPossible.
    """
    referral = Referral.objects.filter(pk=referral_id).first()
    if referral is None:
        raise ReferralNotFound(referral_id=referral_id)
    lock_case(case_id=referral.case_id, actor=actor)
    if submission:
        before = ReferralCost.objects.filter(referral=referral, submission=submission).first()
        if before is not None:
            return before
    referral.refresh_from_db()
    too_early = referral.filed_on is None or incurred_on < referral.filed_on
    if referral.status not in AT_COURT or too_early or incurred_on > legal_day(at):
        raise CostNotPossible(status=referral.status, incurred_on=incurred_on)
    if amount.minor <= 0:
        raise CostNotPossible(amount=amount)
    return write_cost(
        referral=referral,
        kind=kind,
        amount=amount,
        on=incurred_on,
        note=note,
        submission=submission,
        actor=actor,
        at=at,
    )


@by_machine
def write_cost(
    *,
    referral: Referral,
    kind: CostKind,
    amount: Money,
    on: date,
    note: str,
    submission: str | None = None,
    actor: Actor,
    at: datetime,
) -> ReferralCost:
    """The case must be locked. The claim's longest due account in the currency bears the cost;
    without one it is only recorded."""
    facts = get_referral_facts(case_id=referral.case_id, on=legal_day(at))
    accounts = [d.account_id for d in facts.terminated if d.currency == amount.currency]
    cost = ReferralCost.objects.create(
        referral=referral,
        kind=kind,
        amount_minor=amount.minor,
        currency=amount.currency,
        incurred_on=on,
        account_id=accounts[0] if accounts else None,
        note=note,
        recorded_at=at,
        submission=submission or None,
    )
    if accounts:
        post_charge(
            account_id=accounts[0],
            component=Component.COSTS,
            amount_minor=amount.minor,
            due_on=on,
            reason=f"referral:{referral.pk}:{kind}",
            source="court",
            idempotency_key=str(cost.pk),
            actor=actor,
            at=at,
        )
    record_event(
        kind=events.REFERRAL_COST_RECORDED,
        subject=Subject("case", referral.case_id),
        payload={
            "referral_id": referral.pk,
            "cost_kind": kind,
            "amount_minor": amount.minor,
            "currency": amount.currency,
        },
        effective_on=on,
        actor=actor,
        at=at,
    )
    return cost

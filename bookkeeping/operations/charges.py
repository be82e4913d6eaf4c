"""Charging a fee or cost of the tariff: once for its occasion, above one's authority by two."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction

from bookkeeping import events
from bookkeeping.authority import AuthorityKind, granted_to
from bookkeeping.lifecycle import CHARGE_LIFECYCLE, STANDING_CHARGE, ChargeStatus
from bookkeeping.models import Charge
from bookkeeping.operations.deciding import (
    check_note,
    hold_until_decided,
    lock_row,
    may_act_alone,
    move_row,
    release,
)
from bookkeeping.queries.debts import get_case_debt
from bookkeeping.tariff import checked_amount, fee_on
from cases.locking import lock_case
from cases.operations import tell_of_decision
from journal.operations import Subject, record_event
from kernel.actor import Actor
from kernel.authority import requires
from kernel.clock import legal_day
from kernel.errors import Conflict, InvalidInput, NotFound
from ledger.lifecycle import Component
from ledger.operations import post_charge, reverse_posting
from staff.approvals import Decider, check_may_decide
from staff.rights import Right


class ChargeNotFound(NotFound):
    """There is no such charge, or its case belongs to another team than the actor's."""

    code = "charge_not_found"


class ChargedAlready(Conflict):
    """The fee was charged for this occasion, with another amount."""

    code = "charged_already"


class ChargeDayInvalid(InvalidInput):
    """A fee is charged for a day that has come, and to a debt that was there."""

    code = "charge_day_invalid"


class OccasionMissing(InvalidInput):
    """What the fee is for: the letter, the month, the docket."""

    code = "occasion_missing"


@requires(Right.CHARGE_FEE)
@transaction.atomic
def charge_fee(
    *,
    case_id: int,
    account_id: int,
    fee: str,
    amount_minor: int | None = None,
    occasion: str,
    charged_on: date,
    note: str = "",
    actor: Actor,
    at: datetime,
) -> Charge:
    """Charge a fee of the tariff to one debt; None is the amount of the tariff.

    Within the actor's authority it is posted at once, above it a second person decides. The same
    fee for the same occasion is charged once: again it returns what stands. Raises CaseNotFound,
    DebtNotOfCase, FeeUnknown, FeeOverTariff, ChargedAlready, OccasionMissing, ChargeDayInvalid.
    """
    on = legal_day(at)
    occasion = " ".join(occasion.split()).casefold()[:80]
    if not occasion:
        raise OccasionMissing
    lock_case(case_id=case_id, actor=actor)
    debt = get_case_debt(case_id=case_id, account_id=account_id)
    if not debt.opened_on <= charged_on <= on:
        raise ChargeDayInvalid(on=charged_on, first_on=debt.opened_on, last_on=on)
    row = fee_on(key=fee, currency=debt.currency, on=charged_on)
    amount = checked_amount(row, amount_minor)
    if before := _find_standing(account_id, fee, occasion, amount):
        return before
    alone = may_act_alone(
        kind=AuthorityKind.CHARGE, debt=debt, amount_minor=amount, actor=actor, on=on
    )
    charge = Charge.objects.create(
        case_id=case_id,
        account_id=account_id,
        fee=fee,
        component=row.component,
        occasion=occasion,
        charged_on=charged_on,
        tariff_from=row.from_on,
        source=row.source["pl"][:200],
        note=note,
        amount_minor=amount,
        currency=debt.currency,
        needs_approval=not alone,
        grounds={"note": note, "fee": fee, "occasion": occasion, "source": row.source["pl"]},
        proposed_by_id=actor.user_id,
        proposed_at=at,
    )
    _tell_proposed(charge, actor, at)
    if alone:
        return _post(charge, "conclude", {}, note, actor, at)
    hold_until_decided(case_id=case_id, cause=f"charge:{charge.pk}", on=on, actor=actor, at=at)
    return charge


@requires(Right.APPROVE_CHARGE)
@transaction.atomic
def decide_charge(*, charge_id: int, move: str, reason: str, actor: Actor, at: datetime) -> Charge:
    """``move`` is approve, refuse or send_back. Approved, it is posted.

    Raises ChargeNotFound, CaseNotFound, the errors of ``staff.approvals``, MoveNotAllowed.
    """
    charge = _locked(charge_id, actor)
    on = legal_day(at)
    CHARGE_LIFECYCLE.check(move, ChargeStatus(charge.status))
    granted = granted_to(kind=AuthorityKind.CHARGE, currency=charge.currency, on=on)
    decider = check_may_decide(
        proposal=charge,
        kind="charge",
        actor=actor,
        reason=reason,
        at=at,
        team_id=charge.case.team_id,
        granted=granted,
    )
    changes = decider.changes(reason=reason, at=at)
    if move != "send_back":
        release(cause=f"charge:{charge.pk}", on=on, actor=actor, at=at)
    if move == "approve":
        return _post(charge, "approve", changes, reason, actor, at, decider)
    charge = move_row(
        row=charge, move=move, changes=changes, reason=reason, decider=decider, actor=actor, at=at
    )
    tell_of_decision(
        case_id=charge.case_id, subject="charge", proposal_id=charge.pk, move=move,
        reason=reason, actor=actor, at=at,
    )  # fmt: skip
    return charge


@requires(Right.CHARGE_FEE)
@transaction.atomic
def withdraw_charge(*, charge_id: int, reason: str, actor: Actor, at: datetime) -> Charge:
    """Take a proposal back. Raises ChargeNotFound, CaseNotFound, ReasonMissing, MoveNotAllowed."""
    check_note(note=reason)
    charge = _locked(charge_id, actor)
    charge = move_row(
        row=charge, move="withdraw", changes={"end_reason": reason}, reason=reason,
        actor=actor, at=at,
    )  # fmt: skip
    release(cause=f"charge:{charge.pk}", on=legal_day(at), actor=actor, at=at)
    return charge


@requires(Right.CORRECT_POSTING)
@transaction.atomic
def cancel_charge(*, charge_id: int, reason: str, actor: Actor, at: datetime) -> Charge:
    """Take a posted fee off the debt again; what was paid on it pays something else.

    Raises ChargeNotFound, CaseNotFound, ReasonMissing, MoveNotAllowed, CannotReverse.
    """
    check_note(note=reason)
    charge = _locked(charge_id, actor)
    CHARGE_LIFECYCLE.check("cancel", ChargeStatus(charge.status))
    assert charge.transaction_id is not None
    reverse_posting(transaction_id=charge.transaction_id, reason=reason, actor=actor, at=at)
    return move_row(
        row=charge, move="cancel", changes={"end_reason": reason}, reason=reason, actor=actor, at=at
    )


def _find_standing(account_id: int, fee: str, occasion: str, amount: int) -> Charge | None:
    standing = [status.value for status in STANDING_CHARGE]
    before = Charge.objects.filter(
        account_id=account_id, fee=fee, occasion=occasion, status__in=standing
    ).first()
    if before is not None and before.amount_minor != amount:
        raise ChargedAlready(
            charge_id=before.pk, amount_minor=before.amount_minor, currency=before.currency
        )
    return before


def _post(
    charge: Charge,
    move: str,
    changes: dict[str, Any],
    reason: str,
    actor: Actor,
    at: datetime,
    decider: Decider | None = None,
) -> Charge:
    posted_id = post_charge(
        account_id=charge.account_id,
        component=Component(charge.component),
        amount_minor=charge.amount_minor,
        due_on=charge.charged_on,
        reason=f"charge:{charge.fee}:{charge.occasion}",
        source="charge",
        idempotency_key=str(charge.pk),
        actor=actor,
        at=at,
    )
    changes = {**changes, "transaction_id": posted_id}
    return move_row(
        row=charge, move=move, changes=changes, reason=reason, decider=decider, actor=actor, at=at
    )


def _tell_proposed(charge: Charge, actor: Actor, at: datetime) -> None:
    record_event(
        kind=events.CHARGE_PROPOSED,
        subject=Subject("case", charge.case_id),
        payload={
            "charge_id": charge.pk,
            "fee": charge.fee,
            "occasion": charge.occasion,
            "amount_minor": charge.amount_minor,
            "currency": charge.currency,
            "note": charge.note,
            "needs_approval": charge.needs_approval,
        },
        actor=actor,
        at=at,
    )


def _locked(charge_id: int, actor: Actor) -> Charge:
    missing = ChargeNotFound(charge_id=charge_id)
    return lock_row(model=Charge, row_id=charge_id, missing=missing, actor=actor)

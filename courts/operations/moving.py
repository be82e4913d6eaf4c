"""The way through the court: filed, order, objection, final, enforcement, closed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from cases.locking import lock_case
from cases.operations import accrue_for_cases
from courts import events
from courts.claimable import ReferralFacts, check_referable
from courts.court_fee import court_costs
from courts.lifecycle import REFERRAL_LIFECYCLE, CostKind, Procedure, ReferralStatus
from courts.models import Referral
from courts.operations.costs import write_cost
from courts.queries import ReferralNotFound, get_objection_end, get_referral_facts
from courts.terms import is_admissible_in_epu
from journal.operations import Subject, record_event
from journal.status import move_status
from kernel.actor import Actor
from kernel.authority import requires
from kernel.clock import legal_day
from kernel.errors import Conflict, InvalidInput
from kernel.money import Money
from staff.rights import Right


class NotAdmissibleInEpu(InvalidInput):
    """The electronic court takes claims in PLN due within the last three years (KPC 505²⁹ᵃ)."""

    code = "not_admissible_in_epu"


class EpuCaseLapsed(Conflict):
    """After an objection the electronic court discontinues; the claim is filed anew elsewhere."""

    code = "epu_case_lapsed"


class TermStillRuns(Conflict):
    """The order has not been served, or the term to object is not over: ``ends_on``."""

    code = "term_still_runs"


class DayOutOfOrder(InvalidInput):
    """The day lies in the future, or before the step that came before."""

    code = "day_out_of_order"


class CourtMissing(InvalidInput):
    code = "court_missing"


@requires(Right.RUN_COURT_CASES)
@transaction.atomic
def file_referral(
    *,
    referral_id: int,
    procedure: Procedure,
    court: str,
    docket_no: str,
    filed_on: date,
    with_counsel: bool,
    actor: Actor,
    at: datetime,
) -> Referral:
    """Record that the claim was filed, over the terminated debts as they stand; in PLN its fee,
    and counsel's cost, are charged at once.

    Raises ReferralNotFound, CaseNotFound, DayOutOfOrder, CourtMissing, NotAdmissibleInEpu, the
    errors of ``claimable``, NoRuleOnDay, MoveNotAllowed.
    """
    referral = _locked(referral_id, actor)
    _check_days(at, filed_on)
    if not court.strip():
        raise CourtMissing
    accrue_for_cases(case_ids=[referral.case_id], on=filed_on, at=at, actor=actor)
    facts = get_referral_facts(case_id=referral.case_id, on=legal_day(at))
    check_referable(facts)
    claim = facts.claim(referral.currency)
    if procedure is Procedure.EPU:
        _check_epu(facts, claim, filed_on)
    referral = _move(
        referral,
        "file",
        filed_on,
        {
            "procedure": procedure,
            "court": court,
            "docket_no": docket_no,
            "claim_minor": claim.minor,
            "filed_on": filed_on,
        },
        actor,
        at,
        payload={
            "procedure": procedure,
            "court": court,
            "docket_no": docket_no,
            "claim_minor": claim.minor,
            "currency": claim.currency,
        },
    )
    if claim.currency == "PLN":
        _charge(referral, claim, procedure, filed_on, with_counsel=with_counsel, actor=actor, at=at)
    return referral


@requires(Right.RUN_COURT_CASES)
@transaction.atomic
def record_order(
    *, referral_id: int, order_on: date, docket_no: str, actor: Actor, at: datetime
) -> Referral:
    """The court ordered payment, or after an objection gave judgment.

    Raises EpuCaseLapsed, DayOutOfOrder, ReferralNotFound, MoveNotAllowed.
    """
    referral = _locked(referral_id, actor)
    objected = referral.status == ReferralStatus.OBJECTED
    if objected and referral.procedure == Procedure.EPU:
        raise EpuCaseLapsed(referral_id=referral.pk)
    _check_days(at, referral.filed_on, referral.objected_on if objected else None, order_on)
    changes = {
        "order_on": order_on,
        "served_on": None,
        "docket_no": docket_no.strip() or referral.docket_no,
    }
    return _move(referral, "issue_order", order_on, changes, actor, at)


@requires(Right.RUN_COURT_CASES)
@transaction.atomic
def record_service(*, referral_id: int, served_on: date, actor: Actor, at: datetime) -> Referral:
    """The order was served on the defendant: the term to pay or object runs from that day.

    Raises DayOutOfOrder, ReferralNotFound, MoveNotAllowed.
    """
    referral = _locked(referral_id, actor)
    REFERRAL_LIFECYCLE.check("make_final", ReferralStatus(referral.status))
    _check_days(at, referral.order_on, served_on)
    referral.served_on = served_on
    referral.save(update_fields=["served_on"])
    record_event(
        kind=events.REFERRAL_ORDER_SERVED,
        subject=Subject("case", referral.case_id),
        payload={"referral_id": referral.pk, "served_on": served_on},
        effective_on=served_on,
        actor=actor,
        at=at,
    )
    return referral


@requires(Right.RUN_COURT_CASES)
@transaction.atomic
def record_objection(
    *, referral_id: int, objected_on: date, actor: Actor, at: datetime
) -> Referral:
    """The defendant objected: the order falls. Raises DayOutOfOrder, MoveNotAllowed."""
    referral = _locked(referral_id, actor)
    _check_days(at, referral.order_on, objected_on)
    return _move(referral, "object", objected_on, {"objected_on": objected_on}, actor, at)


@requires(Right.RUN_COURT_CASES)
@transaction.atomic
def record_final_order(*, referral_id: int, final_on: date, actor: Actor, at: datetime) -> Referral:
    """Nobody objected in time: the order has the force of a judgment (KPC 480²).

    Raises TermStillRuns, DayOutOfOrder, ReferralNotFound, MoveNotAllowed.
    """
    referral = _locked(referral_id, actor)
    REFERRAL_LIFECYCLE.check("make_final", ReferralStatus(referral.status))
    ends_on = get_objection_end(referral=referral)
    if ends_on is None or final_on <= ends_on:
        raise TermStillRuns(ends_on=ends_on)
    _check_days(at, referral.served_on, final_on)
    return _move(referral, "make_final", final_on, {"final_on": final_on}, actor, at)


@requires(Right.RUN_COURT_CASES)
@transaction.atomic
def start_enforcement(
    *,
    referral_id: int,
    enforcement_on: date,
    bailiff: str,
    bailiff_docket_no: str,
    actor: Actor,
    at: datetime,
) -> Referral:
    """A bailiff was asked to enforce the final order. Raises DayOutOfOrder, MoveNotAllowed."""
    referral = _locked(referral_id, actor)
    REFERRAL_LIFECYCLE.check("enforce", ReferralStatus(referral.status))
    _check_days(at, referral.final_on, enforcement_on)
    named = {"bailiff": bailiff, "bailiff_docket_no": bailiff_docket_no}
    changes = {"enforcement_on": enforcement_on, **named}
    return _move(referral, "enforce", enforcement_on, changes, actor, at, payload=named)


def _locked(referral_id: int, actor: Actor) -> Referral:
    referral = Referral.objects.filter(pk=referral_id).first()
    if referral is None:
        raise ReferralNotFound(referral_id=referral_id)
    lock_case(case_id=referral.case_id, actor=actor)
    referral.refresh_from_db()
    return referral


def _check_days(at: datetime, *days: date | None) -> None:
    """The known ones are in order and none lies ahead."""
    known = [day for day in days if day is not None]
    if known != sorted(known) or (known and known[-1] > legal_day(at)):
        raise DayOutOfOrder(days=[day.isoformat() for day in known])


def _check_epu(facts: ReferralFacts, claim: Money, filed_on: date) -> None:
    for debt in facts.terminated:
        if debt.currency == claim.currency and not is_admissible_in_epu(
            claim=claim, due_on=debt.due_since, filed_on=filed_on
        ):
            raise NotAdmissibleInEpu(contract_no=debt.contract_no, due_since=debt.due_since)


def _charge(
    referral: Referral,
    claim: Money,
    procedure: Procedure,
    filed_on: date,
    *,
    with_counsel: bool,
    actor: Actor,
    at: datetime,
) -> None:
    costs = court_costs(
        value_of_dispute=claim, filed_on=filed_on, procedure=procedure, with_counsel=with_counsel
    )
    for kind, amount in (
        (CostKind.COURT_FEE, costs.court_fee),
        (CostKind.REPRESENTATION, costs.representation),
        (CostKind.STAMP_DUTY, costs.stamp_duty),
    ):
        if amount:
            write_cost(
                referral=referral,
                kind=kind,
                amount=amount,
                on=filed_on,
                note="",
                actor=actor,
                at=at,
            )


def _move(
    referral: Referral,
    move: str,
    on: date,
    changes: Mapping[str, Any],
    actor: Actor,
    at: datetime,
    payload: Mapping[str, Any] | None = None,
) -> Referral:
    return move_status(
        row=referral,
        lifecycle=REFERRAL_LIFECYCLE,
        move=move,
        subject=Subject("case", referral.case_id),
        changes=changes,
        payload=payload,
        effective_on=on,
        actor=actor,
        at=at,
    )

"""What an agency collected is posted for the debtor, and its commission recorded for the bank."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction

from agencies import events
from agencies.commission import commission
from agencies.models import AgencyPayment, Placement
from agencies.queries import PlacementNotFound
from cases.locking import lock_case
from journal.operations import Subject, record_event
from kernel.actor import Actor
from kernel.authority import requires
from kernel.errors import Conflict, InvalidInput
from kernel.money import Money
from ledger.operations import post_payment
from staff.rights import Right


class PaymentNotOfPlacement(InvalidInput):
    """The case was not with an agency on that day, or has no such debt in that currency."""

    code = "payment_not_of_placement"


class ReferenceReused(Conflict):
    """The agency gave the reference to another payment before."""

    code = "reference_reused"


@dataclass(frozen=True, slots=True)
class AgencyPaymentRecorded:
    payment: AgencyPayment
    is_new: bool


@requires(Right.RUN_AGENCIES)
@transaction.atomic
def record_agency_payment(
    *,
    agency_id: int,
    placement_id: int,
    reference: str,
    amount: Money,
    paid_on: date,
    contract_no: str,
    actor: Actor,
    at: datetime,
) -> AgencyPaymentRecorded:
    """Post a payment that an agency collected, and fix its commission at the placement's rate.

    A payment from after the placement's end earns none. The same reference again changes
    nothing. An agency can name its own placements only; another's is as one that is not there.
    Raises PlacementNotFound, PaymentNotOfPlacement, ReferenceReused, and the errors of
    posting.
    """
    its_own = Placement.objects.select_related("agency").filter(agency_id=agency_id)
    placement = its_own.filter(pk=placement_id).first()
    if placement is None or placement.agency is None or placement.commission_bp is None:
        raise PlacementNotFound(placement_id=placement_id)
    lock_case(case_id=placement.case_id, actor=actor)
    placement.refresh_from_db()
    known = AgencyPayment.objects.filter(agency=placement.agency, reference=reference).first()
    if known is not None:
        _check_same(known, placement, amount, paid_on)
        return AgencyPaymentRecorded(known, is_new=False)
    if placement.placed_on is None or paid_on < placement.placed_on:
        raise PaymentNotOfPlacement(placement_id=placement_id, paid_on=paid_on)
    _post(placement, reference, amount, paid_on, contract_no, actor, at)
    in_time = placement.ended_on is None or paid_on <= placement.ended_on
    rate_bp = placement.commission_bp if in_time else 0
    payment = AgencyPayment.objects.create(
        placement=placement,
        agency=placement.agency,
        reference=reference,
        amount_minor=amount.minor,
        currency=amount.currency,
        commission_bp=rate_bp,
        commission_minor=commission(collected=amount, rate_bp=rate_bp).minor,
        value_on=paid_on,
        recorded_at=at,
    )
    _tell(payment, placement, actor, at)
    return AgencyPaymentRecorded(payment, is_new=True)


def _tell(payment: AgencyPayment, placement: Placement, actor: Actor, at: datetime) -> None:
    record_event(
        kind=events.AGENCY_PAYMENT_RECORDED,
        subject=Subject("case", placement.case_id),
        payload={
            "placement_id": placement.pk,
            "amount_minor": payment.amount_minor,
            "currency": payment.currency,
            "commission_minor": payment.commission_minor,
            "reference": payment.reference,
            "agency": payment.agency.name,
        },
        effective_on=payment.value_on,
        actor=actor,
        at=at,
    )


def _check_same(known: AgencyPayment, placement: Placement, amount: Money, paid_on: date) -> None:
    before = (known.placement_id, known.amount_minor, known.currency, known.value_on)
    if before != (placement.pk, amount.minor, amount.currency, paid_on):
        raise ReferenceReused(reference=known.reference, agency=known.agency_id)


def _post(
    placement: Placement,
    reference: str,
    amount: Money,
    paid_on: date,
    contract_no: str,
    actor: Actor,
    at: datetime,
) -> None:
    """Over the debts, longest due first; what is left over stays on the last one."""
    accounts = _accounts(placement.case_id, amount.currency, contract_no)
    if not accounts:
        raise PaymentNotOfPlacement(placement_id=placement.pk, contract_no=contract_no)
    left = amount.minor
    for place, (account_id, due_minor) in enumerate(accounts):
        is_last = place == len(accounts) - 1
        part = left if is_last else min(left, due_minor)
        if part > 0:
            post_payment(
                account_id=account_id,
                amount_minor=part,
                currency=amount.currency,
                value_on=paid_on,
                reference=reference,
                source="agency",
                idempotency_key=f"{placement.agency_id}:{reference}:{account_id}",
                actor=actor,
                at=at,
            )
            left -= part


def _accounts(case_id: int, currency: str, contract_no: str) -> list[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT a.id, a.due_minor
            FROM cases_case c
            JOIN debtors_debtparty p ON p.debtor_id = c.debtor_id AND p.role = 'main_debtor'
            JOIN debtors_debt d ON d.id = p.debt_id
            JOIN ledger_account a ON a.id = d.account_id AND a.currency = %(currency)s
            WHERE c.id = %(case)s AND (%(contract)s = '' OR d.contract_no = %(contract)s)
            ORDER BY a.due_since NULLS LAST, a.id
            """,
            {"case": case_id, "currency": currency, "contract": contract_no},
        )
        return [(int(account_id), int(due)) for account_id, due in cursor.fetchall()]

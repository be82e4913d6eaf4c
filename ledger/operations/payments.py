"""Posting payments: allocated oldest first, once per key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from kernel.actor import Actor
from kernel.authority import requires
from kernel.clock import legal_day
from kernel.errors import InvalidInput
from ledger import events
from ledger.allocation import allocate, order_on
from ledger.lifecycle import COMPONENTS, Book, TransactionKind
from ledger.models import Posting
from ledger.operations.posting import (
    Draft,
    KeyReused,
    Leg,
    check_amount,
    find_posted,
    list_buckets,
    lock_account,
    write,
)
from staff.rights import Right


class WrongCurrency(InvalidInput):
    """Amounts of different currencies are never added."""

    code = "wrong_currency"


class FutureValueDay(InvalidInput):
    code = "future_value_day"


@dataclass(frozen=True, slots=True)
class PaymentPosted:
    """``allocated`` is minor units per component; ``is_new`` is false for a repeated key."""

    transaction_id: int
    allocated: Mapping[str, int]
    overpaid_minor: int
    is_new: bool


@requires(Right.POST_PAYMENT)
@transaction.atomic
def post_payment(
    *,
    account_id: int,
    amount_minor: int,
    currency: str,
    value_on: date,
    idempotency_key: str,
    reference: str = "",
    source: str = "manual",
    actor: Actor,
    at: datetime,
) -> PaymentPosted:
    """Credit a payment to what is due, oldest first; what is left over is an overpayment.

    The same source and key again changes nothing and returns what was posted before. Raises
    AccountNotFound, PostingInvalid, WrongCurrency, FutureValueDay, KeyReused.
    """
    check_amount(amount_minor)
    if value_on > legal_day(at):
        raise FutureValueDay(value_on=value_on)
    account = lock_account(account_id)
    if account.currency != currency:
        raise WrongCurrency(account=account.currency, payment=currency)
    expected = {"account_id": account_id, "effective_on": value_on, "kind": TransactionKind.PAYMENT}
    posted = find_posted(source, idempotency_key, expected)
    if posted is not None:
        return _posted_before(posted.pk, amount_minor, source, idempotency_key)
    allocation = allocate(amount_minor, list_buckets(account_id), order_on(value_on))
    legs = [Leg(part.component, part.due_on, -part.amount_minor) for part in allocation.parts]
    if allocation.rest_minor:
        legs.append(Leg(Book.OVERPAYMENT, None, -allocation.rest_minor))
    legs.append(Leg(Book.CASH, None, amount_minor))
    paid = _by_component(legs)
    made = write(
        account=account,
        draft=Draft(TransactionKind.PAYMENT, value_on, source, idempotency_key, legs, reference),
        event=events.PAYMENT_POSTED,
        payload={
            "amount_minor": amount_minor,
            "value_on": value_on,
            "reference": reference,
            "allocated": paid,
            "overpaid_minor": allocation.rest_minor,
        },
        actor=actor,
        at=at,
    )
    return PaymentPosted(made.pk, paid, allocation.rest_minor, is_new=True)


def _by_component(legs: list[Leg]) -> dict[str, int]:
    paid: dict[str, int] = {}
    for leg in legs:
        if leg.leg in COMPONENTS:
            paid[leg.leg] = paid.get(leg.leg, 0) - leg.amount_minor
    return paid


def _posted_before(transaction_id: int, amount: int, source: str, key: str) -> PaymentPosted:
    rows = Posting.objects.filter(transaction_id=transaction_id)
    legs = [Leg(*row) for row in rows.values_list("leg", "due_on", "amount_minor")]
    if sum(leg.amount_minor for leg in legs if leg.leg == Book.CASH) != amount:
        raise KeyReused(source=source, key=key, fields=["amount_minor"])
    overpaid = -sum(leg.amount_minor for leg in legs if leg.leg == Book.OVERPAYMENT)
    return PaymentPosted(transaction_id, _by_component(legs), overpaid, is_new=False)

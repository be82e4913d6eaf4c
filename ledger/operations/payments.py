"""Posting payments: allocated at their own day, oldest first, once per key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from kernel.actor import Actor
from kernel.authority import requires
from kernel.clock import legal_day
from kernel.errors import InvalidInput
from ledger import events
from ledger.allocation import AccountOrders
from ledger.legs import Leg
from ledger.lifecycle import COMPONENTS, Book, TransactionKind
from ledger.operations.accruing import accrue_account
from ledger.operations.booking import book
from ledger.operations.posting import (
    Draft,
    KeyReused,
    check_amount,
    find_posted,
    list_legs,
    lock_account,
)
from ledger.queries.orders import get_account_orders
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
    """Credit a payment to what was due on its day, oldest first; the rest is an overpayment.

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
        legs = list_legs(posted.pk)
        return posted_before(posted.pk, legs, amount_minor, source, idempotency_key)
    if accrue_account(account_id=account_id, on=value_on, at=at, actor=actor):
        account.refresh_from_db()
    orders = get_account_orders(account_id=account_id)
    made = book(
        account=account,
        draft=Draft(TransactionKind.PAYMENT, value_on, source, idempotency_key, (), reference),
        amount_minor=amount_minor,
        event=events.PAYMENT_POSTED,
        payload=lambda legs: told_of_payment(amount_minor, value_on, reference, legs, orders),
        orders=orders,
        actor=actor,
        at=at,
    )
    assert made is not None
    legs = list_legs(made.pk)
    return payment_posted(made.pk, legs, is_new=True)


def told_of_payment(
    amount_minor: int, value_on: date, reference: str, legs: Sequence[Leg], orders: AccountOrders
) -> dict[str, Any]:
    """What ``payment.posted`` says beside how the account stands."""
    return {
        "amount_minor": amount_minor,
        "value_on": value_on,
        "reference": reference,
        "allocated": _by_component(legs),
        "overpaid_minor": _overpaid(legs),
        "order": orders.on(value_on).key,
        "order_source": orders.source_on(value_on),
    }


def payment_posted(transaction_id: int, legs: Sequence[Leg], *, is_new: bool) -> PaymentPosted:
    """``legs`` are all that the payment came to."""
    return PaymentPosted(transaction_id, _by_component(legs), _overpaid(legs), is_new=is_new)


def posted_before(
    transaction_id: int, legs: Sequence[Leg], amount_minor: int, source: str, key: str
) -> PaymentPosted:
    """Raises KeyReused when it was another amount."""
    if sum(leg.amount_minor for leg in legs if leg.leg == Book.CASH) != amount_minor:
        raise KeyReused(source=source, key=key, fields=["amount_minor"])
    return payment_posted(transaction_id, legs, is_new=False)


def _overpaid(legs: Sequence[Leg]) -> int:
    return -sum(leg.amount_minor for leg in legs if leg.leg == Book.OVERPAYMENT)


def _by_component(legs: Sequence[Leg]) -> dict[str, int]:
    paid: dict[str, int] = {}
    for leg in legs:
        if leg.leg in COMPONENTS:
            paid[leg.leg] = paid.get(leg.leg, 0) - leg.amount_minor
    return paid

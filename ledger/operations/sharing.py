"""One payment over several debts: the debtor's choice first, else the oldest due (art. 451)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from kernel.actor import Actor
from kernel.authority import requires
from ledger.lifecycle import Book
from ledger.models import Posting
from ledger.operations.payments import post_payment
from ledger.operations.posting import KeyReused, check_amount, lock_account
from ledger.queries.preview import get_payment_shares
from staff.rights import Right


@dataclass(frozen=True, slots=True)
class ShareDebt:
    """What one account got of a payment; ``overpaid_minor`` of it found nothing to pay."""

    account_id: int
    transaction_id: int
    amount_minor: int
    overpaid_minor: int


@dataclass(frozen=True, slots=True)
class SharedPayment:
    shares: tuple[ShareDebt, ...]
    is_new: bool


@requires(Right.POST_PAYMENT)
@transaction.atomic
def post_shared_payment(
    *,
    account_ids: Sequence[int],
    amount_minor: int,
    currency: str,
    value_on: date,
    idempotency_key: str,
    reference: str = "",
    source: str = "manual",
    actor: Actor,
    at: datetime,
) -> SharedPayment:
    """Credit a payment for which the debtor chose no debt: the oldest due first (art. 451 § 3 of
    the Civil Code), inside each debt by its own order.

    What finds nothing to pay is an overpayment of the debt that was paid first, or of the first one
    given. The same source and key again changes nothing. Raises NoDebtToPay, and what
    ``post_payment`` raises.
    """
    check_amount(amount_minor)
    for account_id in sorted(account_ids):
        lock_account(account_id)
    amounts = _posted_before(account_ids, source, idempotency_key)
    is_new = not amounts
    if is_new:
        amounts = get_payment_shares(
            account_ids=account_ids, amount_minor=amount_minor, currency=currency, on=value_on
        )
    elif sum(amounts.values()) != amount_minor:
        raise KeyReused(source=source, key=idempotency_key, fields=["amount_minor"])
    posted = []
    for account_id, amount in amounts.items():
        made = post_payment(
            account_id=account_id,
            amount_minor=amount,
            currency=currency,
            value_on=value_on,
            idempotency_key=f"{idempotency_key}:{account_id}",
            reference=reference,
            source=source,
            actor=actor,
            at=at,
        )
        posted.append(ShareDebt(account_id, made.transaction_id, amount, made.overpaid_minor))
    return SharedPayment(tuple(posted), is_new)


def _posted_before(account_ids: Sequence[int], source: str, key: str) -> dict[int, int]:
    cash = Posting.objects.filter(
        leg=Book.CASH,
        transaction__source=source,
        transaction__idempotency_key__in=[f"{key}:{account_id}" for account_id in account_ids],
    )
    return dict(cash.order_by("transaction_id").values_list("account_id", "amount_minor"))

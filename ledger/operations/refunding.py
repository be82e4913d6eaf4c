"""Paying an overpayment back."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from kernel.actor import Actor
from kernel.authority import by_machine
from kernel.clock import legal_day
from kernel.errors import Conflict
from ledger import events
from ledger.lifecycle import TransactionKind
from ledger.operations.booking import book
from ledger.operations.posting import Draft, check_amount, find_posted, lock_account


class NothingToRefund(Conflict):
    """The debtor has not paid so much ahead."""

    code = "nothing_to_refund"


@by_machine
@transaction.atomic
def post_refund(
    *,
    account_id: int,
    amount_minor: int,
    reason: str,
    idempotency_key: str,
    source: str,
    effective_on: date | None = None,
    actor: Actor,
    at: datetime,
) -> int:
    """Take a part of the overpayment out of the account; return the transaction's id.

    The same source and key again changes nothing. Raises AccountNotFound, NothingToRefund,
    PostingInvalid, KeyReused.
    """
    check_amount(amount_minor)
    account = lock_account(account_id)
    expected = {"account_id": account_id, "kind": TransactionKind.REFUND}
    if posted := find_posted(source, idempotency_key, expected):
        return posted.pk
    if amount_minor > account.overpaid_minor:
        raise NothingToRefund(
            amount_minor=amount_minor,
            overpaid_minor=account.overpaid_minor,
            currency=account.currency,
        )
    on = effective_on or legal_day(at)
    made = book(
        account=account,
        draft=Draft(TransactionKind.REFUND, on, source, idempotency_key, (), reason),
        amount_minor=amount_minor,
        event=events.OVERPAYMENT_REFUNDED,
        payload=lambda _: {"amount_minor": amount_minor, "reason": reason},
        actor=actor,
        at=at,
    )
    assert made is not None
    return made.pk

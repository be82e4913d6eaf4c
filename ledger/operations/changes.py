"""Everything but payments that changes what is owed on one account."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from kernel.actor import Actor
from kernel.authority import by_machine, requires
from kernel.clock import legal_day
from kernel.errors import Conflict, NotFound
from ledger import events
from ledger.allocation import Bucket, allocate, order_on
from ledger.lifecycle import COMPONENTS, Book, Component, TransactionKind
from ledger.models import Posting, Transaction
from ledger.operations.posting import (
    Draft,
    Leg,
    PostingInvalid,
    check_amount,
    counter_leg,
    find_posted,
    list_buckets,
    lock_account,
    write,
)
from staff.rights import Right


class NothingToWriteOff(Conflict):
    """More was to be written off than is owed."""

    code = "nothing_to_write_off"


class TransactionNotFound(NotFound):
    code = "transaction_not_found"


class CannotReverse(Conflict):
    """It is a reversal, has been reversed, or what it owed has been paid since."""

    code = "cannot_reverse"


@requires(Right.CORRECT_POSTING)
@transaction.atomic
def post_adjustment(
    *,
    account_id: int,
    changes: Sequence[Bucket],
    reason: str,
    idempotency_key: str,
    source: str = "manual",
    effective_on: date | None = None,
    actor: Actor,
    at: datetime,
) -> int:
    """Add (or with a negative amount take away) what is owed per component and due day.

    Returns the transaction's id. Raises AccountNotFound, KeyReused, PostingInvalid when nothing
    changes, no reason is given, or a balance would turn negative.
    """
    account = lock_account(account_id)
    expected = {"account_id": account_id, "kind": TransactionKind.ADJUSTMENT}
    if posted := find_posted(source, idempotency_key, expected):
        return posted.pk
    held = {(b.component, b.due_on): b.amount_minor for b in list_buckets(account_id)}
    for component, due_on, amount in changes:
        held[component, due_on] = held.get((component, due_on), 0) + amount
        if component not in COMPONENTS or amount == 0:
            raise PostingInvalid(component=component, amount_minor=amount)
    if not changes or not reason or min(held.values()) < 0:
        raise PostingInvalid(reason=reason, least_minor=min(held.values(), default=0))
    legs = [Leg(*change) for change in changes]
    legs += counter_leg(Book.ADJUSTMENT, legs)
    by_component: dict[str, int] = {}
    for component, _, amount in changes:
        by_component[component] = by_component.get(component, 0) + amount
    on = effective_on or legal_day(at)
    return write(
        account=account,
        draft=Draft(TransactionKind.ADJUSTMENT, on, source, idempotency_key, legs, reason),
        event=events.BALANCE_ADJUSTED,
        payload={"changes": by_component, "reason": reason},
        actor=actor,
        at=at,
    ).pk


@by_machine
@transaction.atomic
def post_charge(
    *,
    account_id: int,
    component: Component,
    amount_minor: int,
    due_on: date,
    reason: str,
    idempotency_key: str,
    source: str,
    actor: Actor,
    at: datetime,
) -> int:
    """Add a fee, cost or interest that is due from ``due_on``; return the transaction's id."""
    check_amount(amount_minor)
    account = lock_account(account_id)
    expected = {"account_id": account_id, "kind": TransactionKind.CHARGE}
    if posted := find_posted(source, idempotency_key, expected):
        return posted.pk
    legs = [Leg(component, due_on, amount_minor), Leg(Book.CHARGE, None, -amount_minor)]
    return write(
        account=account,
        draft=Draft(TransactionKind.CHARGE, due_on, source, idempotency_key, legs, reason),
        event=events.CHARGE_POSTED,
        payload={"component": component, "amount_minor": amount_minor, "reason": reason},
        actor=actor,
        at=at,
    ).pk


@requires(Right.WRITE_OFF)
@transaction.atomic
def post_write_off(
    *,
    account_id: int,
    amount_minor: int | None,
    reason: str,
    idempotency_key: str,
    source: str = "manual",
    effective_on: date | None = None,
    actor: Actor,
    at: datetime,
) -> int:
    """Stop claiming a part, or with None all that is outstanding; what is due goes first.

    Returns the transaction's id. Raises AccountNotFound, NothingToWriteOff, PostingInvalid,
    KeyReused.
    """
    account = lock_account(account_id)
    expected = {"account_id": account_id, "kind": TransactionKind.WRITE_OFF}
    if posted := find_posted(source, idempotency_key, expected):
        return posted.pk
    amount = account.outstanding_minor if amount_minor is None else amount_minor
    if amount_minor is not None:
        check_amount(amount)
    on = effective_on or legal_day(at)
    allocation = allocate(amount, list_buckets(account_id), order_on(on), with_not_due=True)
    if allocation.rest_minor or not allocation.parts:
        raise NothingToWriteOff(amount_minor=amount, outstanding_minor=account.outstanding_minor)
    legs = [Leg(part.component, part.due_on, -part.amount_minor) for part in allocation.parts]
    legs += counter_leg(Book.WRITTEN_OFF, legs)
    return write(
        account=account,
        draft=Draft(TransactionKind.WRITE_OFF, on, source, idempotency_key, legs, reason),
        event=events.WRITE_OFF_POSTED,
        payload={"amount_minor": amount, "reason": reason},
        actor=actor,
        at=at,
    ).pk


@by_machine
@transaction.atomic
def move_to_due(
    *,
    account_id: int,
    due_on: date,
    reason: str,
    idempotency_key: str,
    source: str,
    actor: Actor,
    at: datetime,
) -> int | None:
    """What is not yet due becomes due from ``due_on``, as on termination; None when all is."""
    account = lock_account(account_id)
    expected = {"account_id": account_id, "kind": TransactionKind.FALLS_DUE}
    if posted := find_posted(source, idempotency_key, expected):
        return posted.pk
    waiting = [bucket for bucket in list_buckets(account_id) if bucket.due_on is None]
    if not waiting:
        return None
    legs = [Leg(bucket.component, None, -bucket.amount_minor) for bucket in waiting]
    legs += [Leg(bucket.component, due_on, bucket.amount_minor) for bucket in waiting]
    return write(
        account=account,
        draft=Draft(TransactionKind.FALLS_DUE, due_on, source, idempotency_key, legs, reason),
        event=events.FELL_DUE,
        payload={"amount_minor": sum(b.amount_minor for b in waiting), "reason": reason},
        actor=actor,
        at=at,
    ).pk


@requires(Right.CORRECT_POSTING)
@transaction.atomic
def reverse_posting(*, transaction_id: int, reason: str, actor: Actor, at: datetime) -> int:
    """Post the opposite of a transaction; return the id of the reversal.

    Raises TransactionNotFound, CannotReverse.
    """
    original = Transaction.objects.filter(pk=transaction_id).first()
    if original is None:
        raise TransactionNotFound(transaction_id=transaction_id)
    account = lock_account(original.account_id)
    if original.kind == TransactionKind.REVERSAL or hasattr(original, "reversed_by"):
        raise CannotReverse(transaction_id=transaction_id, kind=original.kind)
    rows = Posting.objects.filter(transaction=original)
    legs = [
        Leg(leg, due, -amount)
        for leg, due, amount in rows.values_list("leg", "due_on", "amount_minor")
    ]
    held = {(b.component, b.due_on): b.amount_minor for b in list_buckets(account.pk)}
    for leg in legs:
        if leg.leg in COMPONENTS and held.get((leg.leg, leg.due_on), 0) + leg.amount_minor < 0:
            raise CannotReverse(transaction_id=transaction_id, kind=original.kind)
    return write(
        account=account,
        draft=Draft(
            TransactionKind.REVERSAL, original.effective_on, "reversal", str(transaction_id),
            legs, reason, reverses_id=transaction_id,
        ),
        event=events.POSTING_REVERSED,
        payload={"reversed_id": transaction_id, "reversed_kind": original.kind, "reason": reason},
        actor=actor,
        at=at,
    ).pk  # fmt: skip

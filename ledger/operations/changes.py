"""Everything but payments that changes what is owed on one account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction

from kernel.actor import Actor
from kernel.authority import by_machine, requires
from kernel.clock import legal_day
from kernel.errors import Conflict, NotFound
from ledger import events
from ledger.allocation import Bucket
from ledger.legs import Leg
from ledger.lifecycle import COMPONENTS, Book, Component, TransactionKind
from ledger.models import Account, Transaction
from ledger.operations.accruing import accrue_account
from ledger.operations.booking import book, replay_account
from ledger.operations.posting import (
    Draft,
    PostingInvalid,
    check_amount,
    counter_leg,
    find_posted,
    insert,
    list_buckets,
    list_legs,
    lock_account,
    tell,
)
from staff.rights import Right


class NothingToWriteOff(Conflict):
    """More was to be written off than is owed."""

    code = "nothing_to_write_off"


class TransactionNotFound(NotFound):
    code = "transaction_not_found"


class CannotReverse(Conflict):
    """It is a reversal, a correction or computed interest, or has been reversed already."""

    code = "cannot_reverse"


#: Kinds that follow from other facts.
_FOLLOWS: Final = frozenset(
    {TransactionKind.REVERSAL, TransactionKind.REALLOCATION, TransactionKind.INTEREST}
)


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
    return _book(
        account,
        Draft(TransactionKind.ADJUSTMENT, on, source, idempotency_key, legs, reason),
        events.BALANCE_ADJUSTED,
        {"changes": by_component, "reason": reason},
        actor,
        at,
    )


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
    return _book(
        account,
        Draft(TransactionKind.CHARGE, due_on, source, idempotency_key, legs, reason),
        events.CHARGE_POSTED,
        {"component": component, "amount_minor": amount_minor, "reason": reason},
        actor,
        at,
    )


@requires(Right.WRITE_OFF)
@transaction.atomic
def post_write_off(
    *,
    account_id: int,
    amount_minor: int | None,
    reason: str,
    idempotency_key: str,
    components: Sequence[Component] = (),
    source: str = "manual",
    effective_on: date | None = None,
    actor: Actor,
    at: datetime,
) -> int:
    """Stop claiming a part, or with None all that is outstanding; what is due goes first.

    ``components`` limit it to some parts of the debt; empty: it may be any.

    Returns the transaction's id. Raises AccountNotFound, NothingToWriteOff, PostingInvalid,
    KeyReused.
    """
    account = lock_account(account_id)
    expected = {"account_id": account_id, "kind": TransactionKind.WRITE_OFF}
    if posted := find_posted(source, idempotency_key, expected):
        return posted.pk
    on = effective_on or legal_day(at)
    if accrue_account(account_id=account_id, on=on, at=at, actor=actor):
        account.refresh_from_db()
    owed = _owed_minor(account, components)
    amount = owed if amount_minor is None else amount_minor
    if amount_minor is not None:
        check_amount(amount)
    if amount > owed or not amount:
        raise NothingToWriteOff(
            amount_minor=amount, outstanding_minor=owed, currency=account.currency
        )
    made = book(
        account=account,
        draft=Draft(
            TransactionKind.WRITE_OFF, on, source, idempotency_key, (), reason,
            components=tuple(sorted(components)),
        ),
        amount_minor=amount,
        event=events.WRITE_OFF_POSTED,
        payload=lambda legs: {
            "amount_minor": amount,
            "changes": _by_component(legs),
            "reason": reason,
        },
        actor=actor,
        at=at,
    )  # fmt: skip
    if made is None:  # what is owed now was not owed yet on that day
        raise NothingToWriteOff(amount_minor=amount, outstanding_minor=0, effective_on=on)
    return made.pk


def _owed_minor(account: Account, components: Sequence[Component]) -> int:
    if not components:
        return account.outstanding_minor
    buckets = list_buckets(account.pk)
    return sum(bucket.amount_minor for bucket in buckets if bucket.component in components)


def _by_component(legs: Sequence[Leg]) -> dict[str, int]:
    changes: dict[str, int] = {}
    for leg in legs:
        if leg.leg in COMPONENTS:
            changes[leg.leg] = changes.get(leg.leg, 0) + leg.amount_minor
    return changes


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
    return _book(
        account,
        Draft(TransactionKind.FALLS_DUE, due_on, source, idempotency_key, (), reason),
        events.FELL_DUE,
        {"amount_minor": sum(b.amount_minor for b in waiting), "reason": reason},
        actor,
        at,
    )


def _book(
    account: Account,
    draft: Draft,
    event: str,
    payload: Mapping[str, Any],
    actor: Actor,
    at: datetime,
) -> int:
    made = book(
        account=account,
        draft=draft,
        event=event,
        payload=lambda _: payload,
        actor=actor,
        at=at,
    )
    if made is None:
        raise PostingInvalid(kind=draft.kind, effective_on=draft.effective_on)
    return made.pk


@requires(Right.CORRECT_POSTING)
@transaction.atomic
def reverse_posting(*, transaction_id: int, reason: str, actor: Actor, at: datetime) -> int:
    """Post the opposite of what a transaction came to; return the id of the reversal.

    What came after it is replayed as if it had never been. Raises TransactionNotFound,
    CannotReverse.
    """
    original = Transaction.objects.filter(pk=transaction_id).first()
    if original is None:
        raise TransactionNotFound(transaction_id=transaction_id)
    account = lock_account(original.account_id)
    if original.kind in _FOLLOWS or Transaction.objects.filter(reverses=original).exists():
        raise CannotReverse(transaction_id=transaction_id, kind=original.kind)
    legs = [leg._replace(amount_minor=-leg.amount_minor) for leg in list_legs(transaction_id)]
    made = insert(
        account=account,
        draft=Draft(
            TransactionKind.REVERSAL, original.effective_on, "reversal", str(transaction_id),
            legs, reason, reverses_id=transaction_id,
        ),
        actor=actor,
        at=at,
    )  # fmt: skip
    replay_account(account=account, cause_id=made.pk, actor=actor, at=at)
    tell(
        account=account,
        made=made,
        event=events.POSTING_REVERSED,
        payload={
            "reversed_id": transaction_id,
            "reversed_kind": original.kind,
            "reason": reason,
        },
        actor=actor,
        at=at,
    )
    return made.pk

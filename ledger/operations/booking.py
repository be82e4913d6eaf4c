"""Booking a fact: at its own place among the facts of the account, whenever it becomes known.

The newest fact is simply added to what stands. One that counts from an earlier day changes what
the later ones came to: they are replayed, and each difference is posted as a correction that
names what it corrects and counts from the same day. Nothing is ever edited.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction

from journal.operations import Subject, record_event
from kernel.actor import Actor
from kernel.authority import by_machine
from ledger import events
from ledger.allocation import AccountOrders
from ledger.legs import Leg, difference
from ledger.lifecycle import COMPONENTS, TransactionKind
from ledger.models import Account, InterestState, Transaction
from ledger.operations.posting import (
    Draft,
    insert,
    lock_account,
    refresh_totals,
    tell,
)
from ledger.queries.facts import AccountFacts, get_account_facts
from ledger.queries.orders import get_account_orders
from ledger.queries.standing import get_holding, is_newest
from ledger.replay import FIXED, Fact, Fold, replay_facts

Payload = Callable[[Sequence[Leg]], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Correction:
    """``legs`` are to be added to what the transaction came to."""

    transaction_id: int
    effective_on: date
    legs: Sequence[Leg]


def book(
    *,
    account: Account,
    draft: Draft,
    amount_minor: int = 0,
    event: str,
    payload: Payload,
    orders: AccountOrders | None = None,
    actor: Actor,
    at: datetime,
) -> Transaction | None:
    """Book a fact on a locked account; None where it comes to nothing.

    ``draft.legs`` are the fact's own, for kinds whose legs never change; ``amount_minor`` is what
    is paid, written off or refunded, for the others. ``payload`` is asked with all its legs;
    ``orders`` are the account's, where the caller has read them.
    """
    key = (draft.source, draft.idempotency_key)
    fact = Fact(
        0, draft.kind, draft.effective_on, key, tuple(draft.legs), amount_minor, draft.components
    )
    if is_newest(account_id=account.pk, fact=fact):
        orders = orders or get_account_orders(account_id=account.pk)
        legs = Fold(get_holding(account=account)).add(fact, orders.on(fact.on))
        corrections: list[Correction] = []
    else:
        known = get_account_facts(account_id=account.pk)
        wanted = replay_facts([*known.facts, fact], orders=known.orders, accrual=known.accrual)
        legs = wanted.pop(0)
        corrections = find_corrections(known, wanted)
        note_rates([account.pk], known.rates_entry)
    own = list(draft.legs) if draft.kind in FIXED else legs
    if not own:
        return None
    made = insert(account=account, draft=replace(draft, legs=own), actor=actor, at=at)
    follows = difference(legs, own)
    if follows:
        corrections.append(Correction(made.pk, fact.on, follows))
    post_corrections(account, corrections, str(made.pk), actor, at)
    tell(account=account, made=made, event=event, payload=payload(legs), actor=actor, at=at)
    tell_corrections(account, [c for c in corrections if c.transaction_id != made.pk], actor, at)
    return made


def replay_account(
    *,
    account: Account,
    cause_id: int | None = None,
    occasion: str = "",
    actor: Actor,
    at: datetime,
) -> int:
    """Post what the facts of a locked account came to differently; returns how many differ.

    ``cause_id`` is the transaction because of which they are looked at, ``occasion`` what else made
    them come to something else after that one: the same occasion corrects a transaction once.
    Without a ``cause_id`` it is what bears interest, or its rate, that has changed.
    """
    known = get_account_facts(account_id=account.pk)
    corrections = find_corrections(
        known, replay_facts(known.facts, orders=known.orders, accrual=known.accrual)
    )
    cause = f"after{known.last_id}" if cause_id is None else str(cause_id)
    post_corrections(account, corrections, f"{cause}{occasion}", actor, at)
    note_rates([account.pk], known.rates_entry)
    refresh_totals([account.pk])
    account.refresh_from_db()
    tell_corrections(account, corrections, actor, at)
    return len(corrections)


@by_machine
@transaction.atomic
def replay_accounts(
    *, causes: Mapping[int, int], occasion: str = "", actor: Actor, at: datetime
) -> dict[int, int]:
    """The same for many accounts, by account: the transaction that is the cause. Locks them."""
    return {
        account_id: replay_account(
            account=lock_account(account_id),
            cause_id=causes[account_id],
            occasion=occasion,
            actor=actor,
            at=at,
        )
        for account_id in sorted(causes)
    }


def find_corrections(known: AccountFacts, wanted: Mapping[int, list[Leg]]) -> list[Correction]:
    """What has to be added to what is posted of each fact."""
    days = {fact.id: fact.on for fact in known.facts}
    found = [
        Correction(pk, days[pk], difference(legs, known.posted[pk])) for pk, legs in wanted.items()
    ]
    return [correction for correction in found if correction.legs]


def note_rates(account_ids: Sequence[int], rates_entry: int) -> None:
    """The interest of these accounts is posted with the rates through that entry."""
    states = InterestState.objects.filter(pk__in=account_ids)
    states.exclude(rates_entry=rates_entry).update(rates_entry=rates_entry)


def post_corrections(
    account: Account, corrections: Sequence[Correction], cause: str, actor: Actor, at: datetime
) -> None:
    """``cause`` and the transaction corrected make the key of each correction."""
    for correction in corrections:
        insert(
            account=account,
            draft=Draft(
                TransactionKind.REALLOCATION,
                correction.effective_on,
                "replay",
                f"{cause}:{correction.transaction_id}",
                correction.legs,
                corrects_id=correction.transaction_id,
            ),
            actor=actor,
            at=at,
        )


def tell_corrections(
    account: Account, corrections: Sequence[Correction], actor: Actor, at: datetime
) -> None:
    if not corrections:
        return
    on, corrected = told_of_corrections(corrections)
    record_event(
        kind=events.BALANCES_REPLAYED,
        subject=Subject("account", account.pk),
        actor=actor,
        at=at,
        effective_on=on,
        payload={
            "corrected": corrected,
            "currency": account.currency,
            "outstanding_minor": account.outstanding_minor,
            "due_minor": account.due_minor,
            "due_since": account.due_since,
        },
    )


def told_of_corrections(
    corrections: Sequence[Correction],
) -> tuple[date, list[dict[str, Any]]]:
    """The earliest day that is touched, and what ``balances.replayed`` says of each."""
    return min(correction.effective_on for correction in corrections), [
        {
            "transaction_id": correction.transaction_id,
            "effective_on": correction.effective_on,
            "changes": _by_component(correction.legs),
        }
        for correction in corrections
    ]


def _by_component(legs: Sequence[Leg]) -> dict[str, int]:
    changes: dict[str, int] = {}
    for leg in legs:
        if leg.leg in COMPONENTS:
            changes[leg.leg] = changes.get(leg.leg, 0) + leg.amount_minor
    return {component: amount for component, amount in changes.items() if amount}

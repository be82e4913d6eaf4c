"""What a person decides of an entry of a bank statement."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from journal.operations import Subject, record_event
from journal.status import move_status
from kernel.actor import Actor
from kernel.authority import requires
from kernel.clock import legal_day
from kernel.errors import Conflict, InvalidInput, NotFound
from ledger import events
from ledger.lifecycle import ENTRY_LIFECYCLE, EntryState
from ledger.models import EntryPosting, StatementEntry
from ledger.operations.changes import reverse_posting
from ledger.operations.naming import drop_sender, learn_sender, unlearn_sender
from ledger.operations.payments import post_payment
from staff.rights import Right


class EntryNotFound(NotFound):
    code = "statement_entry_not_found"


class SharesDoNotAddUp(InvalidInput):
    """The parts must be positive and sum up to the entry's amount."""

    code = "shares_do_not_add_up"


class NothingLearnt(NotFound):
    """Nobody has said that this sender pays for this debt."""

    code = "nothing_learnt"


class NothingComesIn(Conflict):
    """Money that went out cannot be posted as a payment."""

    code = "nothing_comes_in"


@requires(Right.POST_PAYMENT)
@transaction.atomic
def post_entry(
    *, entry_id: int, shares: Mapping[int, int], actor: Actor, at: datetime
) -> StatementEntry:
    """A person says for which accounts the money is: minor units by account.

    Where it is one account, the sender is remembered for the next time. Raises EntryNotFound,
    SharesDoNotAddUp, NothingComesIn, MoveNotAllowed, and the errors of posting.
    """
    entry = lock_entry(entry_id)
    if entry.amount_minor <= 0:
        raise NothingComesIn(entry_id=entry_id)
    if min(shares.values(), default=0) <= 0 or sum(shares.values()) != entry.amount_minor:
        raise SharesDoNotAddUp(amount_minor=entry.amount_minor, shares=dict(shares))
    _post(entry, shares, {**entry.proposal, "by_hand": sorted(shares)}, actor, at)
    if len(shares) == 1 and entry.party_account:
        learn_sender(account_id=next(iter(shares)), sender=entry.party_account)
    return entry


def _taught_by(entry: StatementEntry) -> int | None:
    """The account for which a person's decision about this entry taught the sender."""
    accounts = entry.proposal.get("by_hand") or []
    return accounts[0] if entry.party_account and len(accounts) == 1 else None


@requires(Right.POST_PAYMENT)
@transaction.atomic
def forget_sender(*, entry_id: int, account_id: int, actor: Actor, at: datetime) -> None:
    """Money from the entry's sender is not for this debt after all: it is proposed no more.

    Raises EntryNotFound, NothingLearnt.
    """
    entry = lock_entry(entry_id)
    if not drop_sender(account_id=account_id, sender=entry.party_account):
        raise NothingLearnt(entry_id=entry_id, account_id=account_id)
    record_event(
        kind=events.SENDER_FORGOTTEN,
        subject=Subject("account", account_id),
        payload={"entry_id": entry_id},
        actor=actor,
        at=at,
    )
    left = [pk for pk in entry.proposal.get("accounts", []) if pk != account_id]
    StatementEntry.objects.filter(pk=entry.pk).update(
        proposal={**entry.proposal, "accounts": left, "shares": {}}
    )


@requires(Right.POST_PAYMENT)
@transaction.atomic
def suspend_entry(*, entry_id: int, reason: str, actor: Actor, at: datetime) -> StatementEntry:
    """Nobody knows yet for whom it is. Raises EntryNotFound, MoveNotAllowed."""
    entry = lock_entry(entry_id)
    return move_entry(entry, "suspend", {**entry.proposal, "note": reason}, actor, at)


@requires(Right.POST_PAYMENT)
@transaction.atomic
def set_entry_aside(*, entry_id: int, reason: str, actor: Actor, at: datetime) -> StatementEntry:
    """It is for none of our debts. Raises EntryNotFound, MoveNotAllowed."""
    entry = lock_entry(entry_id)
    return move_entry(entry, "set_aside", {**entry.proposal, "note": reason}, actor, at)


@requires(Right.CORRECT_POSTING)
@transaction.atomic
def take_entry_back(*, entry_id: int, reason: str, actor: Actor, at: datetime) -> StatementEntry:
    """Reverse what was posted of it; it waits for a person again.

    Raises EntryNotFound, MoveNotAllowed, CannotReverse.
    """
    entry = lock_entry(entry_id)
    ENTRY_LIFECYCLE.check("take_back", EntryState(entry.state or EntryState.WAITING))
    live = EntryPosting.objects.filter(entry=entry, transaction__reversed_by__isnull=True)
    for posting in live.order_by("transaction__account_id"):
        reverse_posting(transaction_id=posting.transaction_id, reason=reason, actor=actor, at=at)
    taught = _taught_by(entry)
    if taught is not None:
        unlearn_sender(account_id=taught, sender=entry.party_account)
    proposal = {**entry.proposal, "note": reason, "by_hand": []}
    return move_entry(entry, "take_back", proposal, actor, at)


def lock_entry(entry_id: int) -> StatementEntry:
    entry = (
        StatementEntry.objects.select_for_update(of=("self",), no_key=True)
        .select_related("statement")
        .filter(pk=entry_id, state__isnull=False)
        .first()
    )
    if entry is None:
        raise EntryNotFound(entry_id=entry_id)
    return entry


def _post(
    entry: StatementEntry,
    shares: Mapping[int, int],
    proposal: Mapping[str, Any],
    actor: Actor,
    at: datetime,
) -> None:
    round_number = EntryPosting.objects.filter(entry=entry).count()
    for account_id, amount in sorted(shares.items()):
        posted = post_payment(
            account_id=account_id,
            amount_minor=amount,
            currency=entry.currency,
            value_on=_value_day(entry, at),
            reference=entry.title[:500],
            source="bank_statement",
            idempotency_key=f"{entry.pk}:{account_id}:{round_number}",
            actor=actor,
            at=at,
        )
        EntryPosting.objects.create(
            entry=entry,
            transaction_id=posted.transaction_id,
            amount_minor=amount,
            reasons=proposal.get("reasons", []),
        )
    move_entry(entry, "post", proposal, actor, at)


def _value_day(entry: StatementEntry, at: datetime) -> date:
    """The day on which the bank had the money: the debtor has paid then."""
    return entry.value_on or entry.booked_on or legal_day(at)


def move_entry(
    entry: StatementEntry, move: str, proposal: Mapping[str, Any], actor: Actor, at: datetime
) -> StatementEntry:
    return move_status(
        row=entry,
        lifecycle=ENTRY_LIFECYCLE,
        move=move,
        subject=Subject("statement_entry", entry.pk),
        payload={"amount_minor": entry.amount_minor, "currency": entry.currency},
        changes={"proposal": dict(proposal), "decided_at": at},
        actor=actor,
        at=at,
        field="state",
    )

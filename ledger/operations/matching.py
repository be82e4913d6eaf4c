"""What a person decides of an entry of a bank statement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import transaction

from journal.operations import Subject, record_event
from journal.status import ChangedMeanwhile, move_status
from kernel.actor import Actor
from kernel.authority import requires
from kernel.clock import legal_day
from kernel.errors import Conflict, InvalidInput, NotFound
from ledger import events
from ledger.lifecycle import ENTRY_LIFECYCLE, EntryState
from ledger.models import EntryPosting, StatementEntry, Transaction
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

    Where it returned a payment, that one is posted again. Raises EntryNotFound, MoveNotAllowed,
    CannotReverse, ChangedMeanwhile.
    """
    entry, returned = _lock_with_returned(entry_id)
    ENTRY_LIFECYCLE.check("take_back", EntryState(entry.state or EntryState.WAITING))
    if returned is not None:
        return _take_return_back(entry, returned, reason, actor, at)
    live = EntryPosting.objects.filter(entry=entry, transaction__reversed_by__isnull=True)
    for posting in live.order_by("transaction__account_id"):
        reverse_posting(transaction_id=posting.transaction_id, reason=reason, actor=actor, at=at)
    taught = _taught_by(entry)
    if taught is not None:
        unlearn_sender(account_id=taught, sender=entry.party_account)
    proposal = {**entry.proposal, "note": reason, "by_hand": []}
    return move_entry(entry, "take_back", proposal, actor, at)


def _lock_with_returned(entry_id: int) -> tuple[StatementEntry, StatementEntry | None]:
    """The entry, and the payment that it returned; in order of their ids."""
    found = StatementEntry.objects.filter(pk=entry_id)
    returned_id = found.values_list("proposal__returns", flat=True).first()
    ids = {entry_id} if returned_id is None else {entry_id, returned_id}
    locked = {pk: lock_entry(pk) for pk in sorted(ids)}
    if locked[entry_id].proposal.get("returns") != returned_id:
        raise ChangedMeanwhile(subject=ENTRY_LIFECYCLE.subject, id=entry_id)
    return locked[entry_id], None if returned_id is None else locked[returned_id]


def _take_return_back(
    entry: StatementEntry, payment: StatementEntry, reason: str, actor: Actor, at: datetime
) -> StatementEntry:
    """What the return reversed is posted anew, with the days on which it counted."""
    reversed_by_it = Transaction.objects.filter(
        entry_posting__entry=payment, reversed_by__entry_posting__entry=entry
    )
    if "reversals" in entry.proposal:  # it may have returned the same payment before
        reversed_by_it = reversed_by_it.filter(reversed_by__in=entry.proposal["reversals"])
    shares = [
        _Share(*row)
        for row in reversed_by_it.values_list(
            "account_id", "entry_posting__amount_minor", "effective_on"
        )
    ]
    _post_shares(payment, shares, payment.proposal.get("reasons", []), actor, at)
    left = {key: value for key, value in payment.proposal.items() if key != "returned_by"}
    move_entry(payment, "post_again" if shares else "find_again", left, actor, at)
    proposal = {
        key: value for key, value in entry.proposal.items() if key not in ("returns", "reversals")
    }
    refused = [*proposal.get("not_returned", []), payment.pk]
    proposal |= {"note": reason, "not_returned": refused}
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


class _Share(NamedTuple):
    """A part of an entry, and the day from which it counts."""

    account_id: int
    amount_minor: int
    value_on: date


def _post(
    entry: StatementEntry,
    shares: Mapping[int, int],
    proposal: Mapping[str, Any],
    actor: Actor,
    at: datetime,
) -> None:
    on = _value_day(entry, at)
    parts = [_Share(account_id, amount, on) for account_id, amount in shares.items()]
    _post_shares(entry, parts, proposal.get("reasons", []), actor, at)
    move_entry(entry, "post", proposal, actor, at)


def _post_shares(
    entry: StatementEntry,
    shares: Iterable[_Share],
    reasons: Sequence[Any],
    actor: Actor,
    at: datetime,
) -> None:
    round_number = EntryPosting.objects.filter(entry=entry).count()
    for share in sorted(shares):
        posted = post_payment(
            account_id=share.account_id,
            amount_minor=share.amount_minor,
            currency=entry.currency,
            value_on=share.value_on,
            reference=entry.title[:500],
            source="bank_statement",
            idempotency_key=f"{entry.pk}:{share.account_id}:{round_number}",
            actor=actor,
            at=at,
        )
        EntryPosting.objects.create(
            entry=entry,
            transaction_id=posted.transaction_id,
            amount_minor=share.amount_minor,
            reasons=reasons,
        )


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

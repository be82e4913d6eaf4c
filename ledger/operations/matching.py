"""Entries of bank statements find their debt: by themselves where it is certain."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction

from journal.operations import Subject
from journal.status import move_status
from kernel.actor import Actor
from kernel.authority import requires
from kernel.clock import legal_day
from kernel.errors import Conflict, DomainError, InvalidInput, NotFound
from ledger.lifecycle import ENTRY_LIFECYCLE, EntryState
from ledger.matching import Match, Verdict, decide_match
from ledger.models import EntryPosting, StatementEntry
from ledger.operations.changes import reverse_posting
from ledger.operations.naming import learn_sender
from ledger.operations.payments import post_payment
from ledger.payment_names import Said, names_in
from ledger.queries.naming import list_candidates
from staff.rights import Right

ENTRIES_AT_ONCE: Final = 500
_MOVES: Final = {Verdict.PROPOSE: "propose", Verdict.SUSPEND: "suspend"}


class EntryNotFound(NotFound):
    code = "statement_entry_not_found"


class SharesDoNotAddUp(InvalidInput):
    """The parts must be positive and sum up to the entry's amount."""

    code = "shares_do_not_add_up"


class NothingComesIn(Conflict):
    """Money that went out cannot be posted as a payment."""

    code = "nothing_comes_in"


@requires(Right.IMPORT_STATEMENTS)
def match_entries(*, actor: Actor, at: datetime) -> Mapping[str, int]:
    """Decide every entry that waits; counts by what became of them.

    Several may run at once: each takes entries that the others have not in hand.
    """
    counts: Counter[str] = Counter()
    while found := _match_batch(actor, at):
        counts.update(found)
    return dict(counts)


@transaction.atomic
def _match_batch(actor: Actor, at: datetime) -> Counter[str]:
    entries = list(
        StatementEntry.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
        .select_related("statement")
        .filter(state=EntryState.WAITING)
        .order_by("id")[:ENTRIES_AT_ONCE]
    )
    candidates = list_candidates(said={entry.pk: _said(entry) for entry in entries})
    counts: Counter[str] = Counter()
    for entry in entries:
        match = decide_match(
            candidates[entry.pk],
            currency=entry.currency,
            is_return=entry.is_return or entry.is_reversal or entry.amount_minor <= 0,
        )
        counts[_act(entry, match, actor, at)] += 1
    return counts


def _said(entry: StatementEntry) -> Sequence[Said]:
    return list(
        names_in(
            title=entry.title,
            reference=f"{entry.end_to_end_id} {entry.bank_reference}",
            party_account=entry.party_account,
            own_account=entry.statement.account_no,
        )
    )


def _act(entry: StatementEntry, match: Match, actor: Actor, at: datetime) -> str:
    proposal = {
        "accounts": list(match.account_ids),
        "percent": match.percent,
        "reasons": [reason._asdict() for reason in match.reasons],
    }
    if match.verdict is Verdict.POST:
        try:
            with transaction.atomic():
                _post(entry, {match.account_ids[0]: entry.amount_minor}, proposal, actor, at)
        except DomainError as error:
            proposal["reasons"] = [{"code": error.code, "found_in": "", "percent": 0}]
            _move(entry, "suspend", proposal, actor, at)
            return Verdict.SUSPEND.value
        return match.verdict.value
    _move(entry, _MOVES[match.verdict], proposal, actor, at)
    return match.verdict.value


@requires(Right.POST_PAYMENT)
@transaction.atomic
def post_entry(
    *, entry_id: int, shares: Mapping[int, int], actor: Actor, at: datetime
) -> StatementEntry:
    """A person says for which accounts the money is: minor units by account.

    Where it is one account, the sender is remembered for the next time. Raises EntryNotFound,
    SharesDoNotAddUp, NothingComesIn, MoveNotAllowed, and the errors of posting.
    """
    entry = _lock(entry_id)
    if entry.amount_minor <= 0:
        raise NothingComesIn(entry_id=entry_id)
    if min(shares.values(), default=0) <= 0 or sum(shares.values()) != entry.amount_minor:
        raise SharesDoNotAddUp(amount_minor=entry.amount_minor, shares=dict(shares))
    _post(entry, shares, {**entry.proposal, "by_hand": True}, actor, at)
    if len(shares) == 1 and entry.party_account:
        learn_sender(account_id=next(iter(shares)), sender=entry.party_account)
    return entry


@requires(Right.POST_PAYMENT)
@transaction.atomic
def suspend_entry(*, entry_id: int, reason: str, actor: Actor, at: datetime) -> StatementEntry:
    """Nobody knows yet for whom it is. Raises EntryNotFound, MoveNotAllowed."""
    entry = _lock(entry_id)
    return _move(entry, "suspend", {**entry.proposal, "note": reason}, actor, at)


@requires(Right.POST_PAYMENT)
@transaction.atomic
def set_entry_aside(*, entry_id: int, reason: str, actor: Actor, at: datetime) -> StatementEntry:
    """It is for none of our debts. Raises EntryNotFound, MoveNotAllowed."""
    entry = _lock(entry_id)
    return _move(entry, "set_aside", {**entry.proposal, "note": reason}, actor, at)


@requires(Right.CORRECT_POSTING)
@transaction.atomic
def take_entry_back(*, entry_id: int, reason: str, actor: Actor, at: datetime) -> StatementEntry:
    """Reverse what was posted of it; it waits for a person again.

    Raises EntryNotFound, MoveNotAllowed, CannotReverse.
    """
    entry = _lock(entry_id)
    ENTRY_LIFECYCLE.check("take_back", EntryState(entry.state or EntryState.WAITING))
    live = EntryPosting.objects.filter(entry=entry, transaction__reversed_by__isnull=True)
    for posting in live.order_by("id"):
        reverse_posting(transaction_id=posting.transaction_id, reason=reason, actor=actor, at=at)
    return _move(entry, "take_back", {**entry.proposal, "note": reason}, actor, at)


def _lock(entry_id: int) -> StatementEntry:
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
    _move(entry, "post", proposal, actor, at)


def _value_day(entry: StatementEntry, at: datetime) -> date:
    """The day on which the bank had the money: the debtor has paid then."""
    return entry.value_on or entry.booked_on or legal_day(at)


def _move(
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

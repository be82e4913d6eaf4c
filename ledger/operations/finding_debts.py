"""Entries of bank statements find their debt: by themselves where it is certain."""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from celery.exceptions import SoftTimeLimitExceeded
from django.db import (
    DatabaseError,
    InterfaceError,
    OperationalError,
    ProgrammingError,
    connection,
    transaction,
)

from journal.operations import Subject
from journal.status import move_statuses
from kernel.actor import Actor
from kernel.authority import requires
from kernel.clock import legal_day
from kernel.cycles import no_search_for_cycles
from kernel.errors import DomainError, NotAllowed
from ledger.lifecycle import ENTRY_LIFECYCLE, EntryState
from ledger.matching import Candidate, Verdict, decide_match
from ledger.models import StatementEntry
from ledger.operations.bulk_payments import NewPayment, Outcome, post_payments
from ledger.operations.payments import PaymentPosted
from ledger.operations.returning import return_payment
from ledger.payment_names import holders_in_name, names_in
from ledger.queries.naming import NamedBy, list_candidates, list_holder_keys
from ledger.queries.returnable import list_returnable
from ledger.returned_payments import Movement, find_returned
from staff.rights import Right

logger: Final = logging.getLogger(__name__)

#: While they are posted, whoever wants one of their accounts waits.
ENTRIES_AT_ONCE: Final = 2_000
#: A person chooses among so many payments that a return may take back.
MOST_RETURNED: Final = 5
#: What is wrong with the database, the program or the actor is wrong with no entry: it stops all.
_OF_NO_ENTRY: Final = (
    InterfaceError, NotAllowed, OperationalError, ProgrammingError, SoftTimeLimitExceeded,
)  # fmt: skip
_MOVES: Final = {
    Verdict.POST: "post",
    Verdict.PROPOSE: "propose",
    Verdict.SUSPEND: "suspend",
}
_COLUMNS: Final = (
    "id", "amount_minor", "currency", "value_on", "booked_on", "title", "party_name",
    "party_account", "end_to_end_id", "bank_reference", "is_return", "is_reversal",
    "statement__account_no",
)  # fmt: skip


class _Waiting(NamedTuple):
    """An entry that waits, as far as matching looks at it."""

    id: int
    amount_minor: int
    currency: str
    value_on: date | None
    booked_on: date | None
    title: str
    party_name: str
    party_account: str
    end_to_end_id: str
    bank_reference: str
    is_return: bool
    is_reversal: bool
    own_account: str

    @property
    def takes_back(self) -> bool:
        return self.is_return or self.is_reversal or self.amount_minor <= 0

    def named_by(self) -> NamedBy:
        reference = f"{self.end_to_end_id} {self.bank_reference}"
        names = names_in(
            title=self.title,
            reference=reference,
            party_account=self.party_account,
            own_account=self.own_account,
        )
        return NamedBy(self.amount_minor, names, self.party_name, self.title, reference)


@dataclass(slots=True)
class _Found:
    """What is to become of an entry; ``proposal`` is kept with it.

    ``returned_id`` is the payment that it certainly takes back.
    """

    entry: _Waiting
    verdict: Verdict
    proposal: dict[str, Any]
    shares: Mapping[int, int] = field(default_factory=dict)
    returned_id: int | None = None


@requires(Right.IMPORT_STATEMENTS)
@no_search_for_cycles()
def match_entries(*, actor: Actor, at: datetime, most: int | None = None) -> Mapping[str, int]:
    """Decide every entry that waits, or about ``most``; counts by what became of them.

    Several may run at once: each takes entries that the others have not in hand. Payments that
    the bank certainly took back are reversed after the batch, each by itself. An entry at which
    matching fails waits for a person, and the others go on.
    """
    counts: Counter[str] = Counter()
    while most is None or counts.total() < most:
        found = _match_batch(actor, at)
        if not found:
            break
        for one in found:
            if one.returned_id is not None:
                _give_back(one, one.returned_id, actor, at)
        counts.update(one.verdict.value for one in found)
    return dict(counts)


def _give_back(one: _Found, returned_id: int, actor: Actor, at: datetime) -> None:
    """Somebody may have been faster; then it stays proposed."""
    try:
        return_payment(entry_id=one.entry.id, returned_id=returned_id, actor=actor, at=at)
    except DomainError:
        return
    except Exception as error:
        if isinstance(error, _OF_NO_ENTRY):
            raise
        _put_off(one, error, actor, at)
        return
    one.verdict = Verdict.POST


def _match_batch(actor: Actor, at: datetime, *, among: Sequence[int] | None = None) -> list[_Found]:
    """All at once; if that fails, half by half, so that one bad entry stops no other.

    ``among`` are the entries of a batch that failed.
    """
    waiting = (
        StatementEntry.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
        .filter(state=EntryState.WAITING)
        .order_by("id")
    )
    if among is not None:
        waiting = waiting.filter(pk__in=among)
    entries: list[_Waiting] = []
    try:
        with transaction.atomic():
            entries += (_Waiting(*row) for row in waiting.values_list(*_COLUMNS)[:ENTRIES_AT_ONCE])
            return _match(entries, actor, at)
    except Exception as error:
        if not entries or isinstance(error, _OF_NO_ENTRY):
            raise
        if len(entries) == 1:
            one = _Found(entries[0], Verdict.SUSPEND, {"accounts": [], "percent": 0})
            return _put_off(one, error, actor, at)
    middle = len(entries) // 2
    ids = [entry.id for entry in entries]
    return [
        *_match_batch(actor, at, among=ids[:middle]),
        *_match_batch(actor, at, among=ids[middle:]),
    ]


def _match(entries: Sequence[_Waiting], actor: Actor, at: datetime) -> list[_Found]:
    found = [
        *_find_debts([entry for entry in entries if not entry.takes_back]),
        *_find_returned([entry for entry in entries if entry.takes_back]),
    ]
    _post(found, actor, at)
    _move(found, actor, at)
    return found


def _put_off(one: _Found, error: Exception, actor: Actor, at: datetime) -> list[_Found]:
    """A person decides what the machine cannot; whoever keeps the machine reads why."""
    # A database's message quotes rows, and rows are people.
    logger.error(
        "matching failed: entry=%d error=%s",
        one.entry.id,
        type(error).__name__,
        exc_info=None if isinstance(error, DatabaseError) else error,
    )
    one.verdict = Verdict.SUSPEND
    one.proposal["reasons"] = [{"code": "matching_failed", "found_in": "", "percent": 0}]
    _move([one], actor, at)
    return [one]


def _find_debts(entries: Sequence[_Waiting]) -> Iterator[_Found]:
    named = {entry.id: entry.named_by() for entry in entries}
    candidates = list_candidates(payments=named)
    holders = list_holder_keys(
        account_ids=(one.account_id for each in candidates.values() for one in each)
    )
    for entry in entries:
        match = decide_match(
            candidates[entry.id],
            amount_minor=entry.amount_minor,
            currency=entry.currency,
            strangers=_strangers(named[entry.id], candidates[entry.id], holders),
        )
        proposal = {
            "accounts": list(match.account_ids),
            "percent": match.percent,
            "reasons": [reason._asdict() for reason in match.reasons],
        }
        if match.shares and match.verdict is not Verdict.POST:
            proposal["shares"] = {str(pk): amount for pk, amount in match.shares.items()}
        shares = match.shares if match.verdict is Verdict.POST else {}
        yield _Found(entry, match.verdict, proposal, shares)


def _strangers(
    named: NamedBy, candidates: Sequence[Candidate], holders: Mapping[int, Collection[str]]
) -> set[int]:
    """Accounts whose holders are known and are not the sender."""
    accounts = {one.account_id for one in candidates if one.account_id in holders}
    if not named.party_name or not accounts:
        return set()
    sender = set(holders_in_name(named.party_name))
    return {pk for pk in accounts if sender.isdisjoint(holders[pk])}


def _find_returned(entries: Sequence[_Waiting]) -> Iterator[_Found]:
    backs = [_movement(entry) for entry in entries]
    payments = list_returnable(taken_back=backs)
    for entry, back in zip(entries, backs, strict=True):
        found = find_returned(back, payments)
        verdict = Verdict.PROPOSE if found.entry_ids else Verdict.SUSPEND
        proposal = {
            "accounts": [],
            "returned": list(found.entry_ids[:MOST_RETURNED]),
            "percent": found.percent,
            "reasons": [{"code": found.code, "found_in": "", "percent": found.percent}],
        }
        returned_id = found.entry_ids[0] if found.is_certain else None
        yield _Found(entry, verdict, proposal, {}, returned_id)


def _movement(entry: _Waiting) -> Movement:
    return Movement(
        entry.id, entry.own_account, entry.amount_minor, entry.currency,
        entry.booked_on or entry.value_on, entry.end_to_end_id, entry.bank_reference,
        entry.party_account, entry.title,
    )  # fmt: skip


def _post(found: Sequence[_Found], actor: Actor, at: datetime) -> None:
    """Where posting is refused, the entry waits for a person, with the reason."""
    today = legal_day(at)
    shares = [
        (one, account_id, amount)
        for one in found
        for account_id, amount in sorted(one.shares.items())
    ]
    outcomes = post_payments(
        payments=[
            NewPayment(
                account_id,
                amount,
                one.entry.currency,
                one.entry.value_on or one.entry.booked_on or today,
                f"{one.entry.id}:{account_id}:0",
                one.entry.title[:500],
                one.entry.id,
            )
            for one, account_id, amount in shares
        ],
        source="bank_statement",
        actor=actor,
        at=at,
    )
    posted: list[tuple[_Found, int, int]] = []
    for (one, _, amount), outcome in zip(shares, outcomes, strict=True):
        if isinstance(outcome, PaymentPosted):
            posted.append((one, outcome.transaction_id, amount))
        else:
            _refuse(one, outcome)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_entryposting (entry_id, transaction_id, amount_minor, reasons)"
            " SELECT entry, transaction, amount, reasons::jsonb FROM unnest(%s::bigint[],"
            " %s::bigint[], %s::bigint[], %s::text[]) AS n (entry, transaction, amount, reasons)",
            [
                [one.entry.id for one, _, _ in posted],
                [transaction_id for _, transaction_id, _ in posted],
                [amount for _, _, amount in posted],
                [json.dumps(one.proposal["reasons"]) for one, _, _ in posted],
            ],
        )


def _refuse(one: _Found, error: Outcome) -> None:
    assert isinstance(error, DomainError)
    one.verdict = Verdict.SUSPEND
    one.proposal["reasons"] = [{"code": error.code, "found_in": "", "percent": 0}]


def _move(found: Sequence[_Found], actor: Actor, at: datetime) -> None:
    by_id = {one.entry.id: one for one in found}
    for verdict, move in _MOVES.items():
        move_statuses(
            model=StatementEntry,
            ids=[pk for pk, one in by_id.items() if one.verdict is verdict],
            lifecycle=ENTRY_LIFECYCLE,
            move=move,
            subject_of=lambda pk: Subject("statement_entry", pk),
            payload_of=lambda pk: {
                "amount_minor": by_id[pk].entry.amount_minor,
                "currency": by_id[pk].entry.currency,
            },
            changes={"decided_at": at},
            json_of=("proposal", lambda pk: json.dumps(by_id[pk].proposal)),
            actor=actor,
            at=at,
            field="state",
        )

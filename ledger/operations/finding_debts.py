"""Entries of bank statements find their debt: by themselves where it is certain."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from django.db import connection, transaction

from journal.operations import Subject
from journal.status import move_statuses
from kernel.actor import Actor
from kernel.authority import requires
from kernel.clock import legal_day
from kernel.errors import DomainError
from ledger.lifecycle import ENTRY_LIFECYCLE, EntryState
from ledger.matching import Match, Verdict, decide_match
from ledger.models import StatementEntry
from ledger.operations.bulk_payments import NewPayment, Outcome, post_payments
from ledger.operations.payments import PaymentPosted
from ledger.payment_names import Said, names_in
from ledger.queries.naming import list_candidates
from staff.rights import Right

ENTRIES_AT_ONCE: Final = 5_000
_MOVES: Final = {
    Verdict.POST: "post",
    Verdict.PROPOSE: "propose",
    Verdict.SUSPEND: "suspend",
}
_COLUMNS: Final = (
    "id", "amount_minor", "currency", "value_on", "booked_on", "title", "party_account",
    "end_to_end_id", "bank_reference", "is_return", "is_reversal", "statement__account_no",
)  # fmt: skip


class _Waiting(NamedTuple):
    """An entry that waits, as far as matching looks at it."""

    id: int
    amount_minor: int
    currency: str
    value_on: date | None
    booked_on: date | None
    title: str
    party_account: str
    end_to_end_id: str
    bank_reference: str
    is_return: bool
    is_reversal: bool
    own_account: str

    def said(self) -> Sequence[Said]:
        return list(
            names_in(
                title=self.title,
                reference=f"{self.end_to_end_id} {self.bank_reference}",
                party_account=self.party_account,
                own_account=self.own_account,
            )
        )


@dataclass(slots=True)
class _Found:
    """What is to become of an entry; ``proposal`` is kept with it."""

    entry: _Waiting
    verdict: Verdict
    proposal: dict[str, Any]
    shares: Mapping[int, int]


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
    waiting = (
        StatementEntry.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
        .filter(state=EntryState.WAITING)
        .order_by("id")
        .values_list(*_COLUMNS)[:ENTRIES_AT_ONCE]
    )
    entries = [_Waiting(*row) for row in waiting]
    candidates = list_candidates(said={entry.id: entry.said() for entry in entries})
    found = []
    for entry in entries:
        match = decide_match(
            candidates[entry.id],
            currency=entry.currency,
            is_return=entry.is_return or entry.is_reversal or entry.amount_minor <= 0,
        )
        found.append(_found(entry, match))
    _post(found, actor, at)
    _move(found, actor, at)
    return Counter(one.verdict.value for one in found)


def _found(entry: _Waiting, match: Match) -> _Found:
    proposal = {
        "accounts": list(match.account_ids),
        "percent": match.percent,
        "reasons": [reason._asdict() for reason in match.reasons],
    }
    shares = {match.account_ids[0]: entry.amount_minor} if match.verdict is Verdict.POST else {}
    return _Found(entry, match.verdict, proposal, shares)


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

"""Returns and chargebacks find the payment that they take back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from kernel.actor import Actor
from kernel.authority import by_machine
from ledger.lifecycle import EntryState
from ledger.matching import Verdict
from ledger.models import StatementEntry
from ledger.operations.waiting_entries import COLUMNS, DOUBT, Found, Waiting, doubted, move_found
from ledger.queries.returnable import list_returnable, list_returns_in_suspense
from ledger.returned_payments import Movement, Returned, find_returned

#: A person chooses among so many payments that a return may take back.
MOST_RETURNED: Final = 5
TAKES_BACK: Final = Q(is_return=True) | Q(is_reversal=True) | Q(amount_minor__lte=0)


def with_payments_decided(returns: QuerySet[StatementEntry]) -> QuerySet[StatementEntry]:
    """Without those whose payment may wait itself, or be in the hands of somebody else."""
    payments = StatementEntry.objects.filter(
        ~TAKES_BACK,
        state=EntryState.WAITING,
        amount_minor=-OuterRef("amount_minor"),
        statement__account_no=OuterRef("statement__account_no"),
    )
    return returns.filter(~Exists(payments))


def find_payments(entries: Sequence[Waiting]) -> Iterator[Found]:
    backs = [entry.movement() for entry in entries]
    payments = list_returnable(taken_back=backs)
    for entry, back in zip(entries, backs, strict=True):
        yield _decided(entry, find_returned(back, payments))


@by_machine
def list_returns_that_fit(*, payments: Sequence[Found]) -> list[int]:
    """Returns that found nothing when they were matched, and that may take one of these back."""
    by_money: dict[tuple[str, int], list[Movement]] = defaultdict(list)
    for one in payments:
        by_money[one.entry.own_account, one.entry.amount_minor].append(one.entry.movement())
    return [
        back.id
        for back in list_returns_in_suspense(money=list(by_money))
        if find_returned(back, by_money[back.own_account, -back.amount_minor]).entry_ids
    ]


@by_machine
@transaction.atomic
def look_again(*, entry_id: int, actor: Actor, at: datetime) -> Found | None:
    """A return in suspense among all payments, but those that a person has said it is not of.

    None where it finds nothing, or where somebody has it in hand.
    """
    row: tuple[Any, ...] | None = (
        StatementEntry.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
        .filter(pk=entry_id, state=EntryState.SUSPENSE)
        .annotate(doubt=DOUBT)
        .values_list(*COLUMNS, "proposal")
        .first()
    )
    if row is None:
        return None
    *columns, proposal = row
    entry = Waiting(*columns)
    back = entry.movement()
    refused = proposal.get("not_returned", [])
    payments = [one for one in list_returnable(taken_back=[back]) if one.id not in refused]
    found = _decided(entry, find_returned(back, payments))
    if found.verdict is Verdict.SUSPEND:
        return None
    found.proposal = {**proposal, **found.proposal}
    move_found(found=[found], actor=actor, at=at)
    return found


def _decided(entry: Waiting, found: Returned) -> Found:
    verdict = Verdict.PROPOSE if found.entry_ids else Verdict.SUSPEND
    proposal = {
        "accounts": [],
        "returned": list(found.entry_ids[:MOST_RETURNED]),
        "percent": found.percent,
        "reasons": [{"code": found.code, "found_in": "", "percent": found.percent}],
    }
    returned_id = found.entry_ids[0] if found.is_certain else None
    return doubted(Found(entry, verdict, proposal, {}, returned_id))

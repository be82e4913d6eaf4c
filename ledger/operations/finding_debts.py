"""Entries of bank statements find their debt: by themselves where it is certain."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from kernel.actor import Actor
from kernel.authority import requires
from kernel.clock import legal_day
from kernel.cycles import no_search_for_cycles
from kernel.errors import DomainError
from ledger.lifecycle import EntryState
from ledger.matching import Verdict
from ledger.models import StatementEntry
from ledger.operations.announcing import announce_payments
from ledger.operations.bulk_payments import NewPayment, Outcome, post_payments
from ledger.operations.finding_returned import (
    TAKES_BACK,
    find_payments,
    list_returns_that_fit,
    look_again,
    with_payments_decided,
)
from ledger.operations.matching_errors import OF_NO_ENTRY, log_failure
from ledger.operations.naming_debts import find_debts
from ledger.operations.payments import PaymentPosted
from ledger.operations.returning import return_payment
from ledger.operations.waiting_entries import COLUMNS, DOUBT, Found, Waiting, move_found
from staff.rights import Right

#: While they are posted, whoever wants one of their accounts waits.
ENTRIES_AT_ONCE: Final = 2_000


@requires(Right.IMPORT_STATEMENTS)
@no_search_for_cycles()
def match_entries(*, actor: Actor, at: datetime, most: int | None = None) -> Mapping[str, int]:
    """Decide every entry that waits, or about ``most``; counts by what became of them.

    Several may run at once: each takes entries that the others have not in hand. Returns come
    after all payments, since they look for one that was decided. Payments that the bank certainly
    took back are reversed after the batch, each by itself. An entry at which matching fails waits
    for a person, and the others go on. In the end, what is only announced is noted.
    """
    counts: Counter[str] = Counter()
    for which in (~TAKES_BACK, TAKES_BACK):
        while most is None or counts.total() < most:
            found = _match_batch(which, actor, at)
            if not found:
                break
            if which is not TAKES_BACK:
                found += _look_again(found, actor, at)
            for one in found:
                if one.returned_id is not None:
                    _give_back(one, one.returned_id, actor, at)
            counts.update(one.verdict.value for one in found)
    announce_payments(actor=actor, at=at)
    return dict(counts)


def _look_again(payments: Sequence[Found], actor: Actor, at: datetime) -> list[Found]:
    """Returns that came before the payment that they take back."""
    found: list[Found] = []
    for entry_id in list_returns_that_fit(payments=payments):
        try:
            one = look_again(entry_id=entry_id, actor=actor, at=at)
        except Exception as error:
            if isinstance(error, OF_NO_ENTRY):
                raise
            log_failure("matching", entry_id, error)
            continue
        if one is not None:
            found.append(one)
    return found


def _give_back(one: Found, returned_id: int, actor: Actor, at: datetime) -> None:
    """Somebody may have been faster; then it stays proposed."""
    try:
        return_payment(entry_id=one.entry.id, returned_id=returned_id, actor=actor, at=at)
    except DomainError:
        return
    except Exception as error:
        if isinstance(error, OF_NO_ENTRY):
            raise
        _put_off(one, error, actor, at)
        return
    one.verdict = Verdict.POST


def _match_batch(
    which: Q, actor: Actor, at: datetime, *, among: Sequence[int] | None = None
) -> list[Found]:
    """All at once; if that fails, half by half, so that one bad entry stops no other.

    ``among`` are the entries of a batch that failed.
    """
    waiting: QuerySet[Any] = (
        StatementEntry.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
        .filter(which, state=EntryState.WAITING)
        .annotate(doubt=DOUBT)
        .order_by("id")
    )
    if which is TAKES_BACK:
        waiting = with_payments_decided(waiting)
    if among is not None:
        waiting = waiting.filter(pk__in=among)
    entries: list[Waiting] = []
    try:
        with transaction.atomic():
            entries += (Waiting(*row) for row in waiting.values_list(*COLUMNS)[:ENTRIES_AT_ONCE])
            if not entries:
                return []
            found = list((find_payments if which is TAKES_BACK else find_debts)(entries))
            _post(found, actor, at)
            move_found(found=found, actor=actor, at=at)
            return found
    except Exception as error:
        if not entries or isinstance(error, OF_NO_ENTRY):
            raise
        if len(entries) == 1:
            one = Found(entries[0], Verdict.SUSPEND, {"accounts": [], "percent": 0})
            return _put_off(one, error, actor, at)
    middle = len(entries) // 2
    ids = [entry.id for entry in entries]
    return [
        *_match_batch(which, actor, at, among=ids[:middle]),
        *_match_batch(which, actor, at, among=ids[middle:]),
    ]


def _put_off(one: Found, error: Exception, actor: Actor, at: datetime) -> list[Found]:
    """A person decides what the machine cannot."""
    log_failure("matching", one.entry.id, error)
    one.verdict = Verdict.SUSPEND
    one.proposal["reasons"] = [{"code": "matching_failed", "found_in": "", "percent": 0}]
    move_found(found=[one], actor=actor, at=at)
    return [one]


def _post(found: Sequence[Found], actor: Actor, at: datetime) -> None:
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
                one.entry.day(today),
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
    posted: list[tuple[Found, int, int]] = []
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


def _refuse(one: Found, error: Outcome) -> None:
    assert isinstance(error, DomainError)
    one.verdict = Verdict.SUSPEND
    one.proposal["reasons"] = [{"code": error.code, "found_in": "", "percent": 0}]

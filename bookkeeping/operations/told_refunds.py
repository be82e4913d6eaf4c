"""Refunds of which the bank's statement tells: the order was carried out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from bookkeeping import events
from bookkeeping.lifecycle import RefundStatus
from bookkeeping.models import Refund
from bookkeeping.operations.refunds import mark_paid_back
from cases.locking import lock_cases
from journal.operations import Subject, record_event
from kernel.actor import Actor
from kernel.authority import by_machine
from kernel.clock import legal_day
from ledger.lifecycle import EntryState
from ledger.models import StatementEntry

#: The bank may book so many days after a person says that it is paid.
_ABOUT: Final = timedelta(days=7)
#: What a debit must share with a refund.
_Money = tuple[str, str, int]


@by_machine
@transaction.atomic
def confirm_told_refunds(*, file_ids: Sequence[int], at: datetime, actor: Actor) -> list[int]:
    """Refunds that were handed over are paid back where these files tell of money that went out:
    the same amount to the same account, booked since then. Each debit stands for one refund,
    first for one of which a person has said on about that day that it was paid.

    A debit that is in doubt, since it may have been told of before or its statement does not add
    up, confirms nothing. Returns the ids of those confirmed; a person confirms the others.
    """
    debits = _list_debits(file_ids, {_money(row) for row in _untold()})
    if not debits:
        return []
    told = {account_no for account_no, _, _ in debits}
    cases = _untold().filter(to_account_no__in=told).values_list("case_id", flat=True)
    case_ids = lock_cases(case_ids=cases)
    confirmed = []
    for row in sorted(_untold().filter(case_id__in=case_ids), key=_said_by_a_person_first):
        debit = _first_within(debits[_money(row)], row, at)
        if debit is None:
            continue
        debits[_money(row)].remove(debit)
        if row.status == RefundStatus.HANDED_OVER:
            changes = {
                "entry_id": debit.pk,
                "paid_back_on": debit.booked_on,
                "bank_reference": debit.bank_reference,
            }
            mark_paid_back(row=row, changes=changes, actor=actor, at=at)
            confirmed.append(row.pk)
        else:
            _note(row, debit, at, actor)
    return confirmed


def _note(row: Refund, debit: StatementEntry, at: datetime, actor: Actor) -> None:
    """What a person said stays; the debit is theirs."""
    Refund.objects.filter(pk=row.pk).update(entry=debit)
    record_event(
        kind=events.REFUND_TOLD_OF,
        subject=Subject("case", row.case_id),
        payload={
            "refund_id": row.pk,
            "amount_minor": row.amount_minor,
            "currency": row.currency,
            "entry_id": debit.pk,
        },
        actor=actor,
        at=at,
    )


def _untold() -> QuerySet[Refund]:
    """Refunds that were handed over, of which no statement has told yet."""
    return Refund.objects.filter(
        status__in=[RefundStatus.HANDED_OVER, RefundStatus.PAID_BACK, RefundStatus.RETURNED],
        entry=None,
    )


def _said_by_a_person_first(row: Refund) -> tuple[bool, date, int]:
    assert row.handed_over_on is not None, "held by a check of the table"
    return row.status == RefundStatus.HANDED_OVER, row.handed_over_on, row.pk


def _money(row: Refund) -> _Money:
    return (row.to_account_no, row.currency, row.amount_minor)


def _list_debits(
    file_ids: Sequence[int], waiting: Iterable[_Money]
) -> dict[_Money, list[StatementEntry]]:
    """Money that went out for good and stands for no refund yet, the first booked first."""
    wanted = set(waiting)
    found: dict[_Money, list[StatementEntry]] = defaultdict(list)
    entries = StatementEntry.objects.filter(
        statement__file_id__in=list(file_ids),
        state=EntryState.NOT_OURS,
        party_account__in={account_no for account_no, _, _ in wanted},
        amount_minor__in={-amount for _, _, amount in wanted},
        refund=None,
        proposal__doubt__isnull=True,
    )
    for entry in entries.order_by("booked_on", "id"):
        money = (entry.party_account, entry.currency, -entry.amount_minor)
        if money in wanted:
            found[money].append(entry)
    return found


def _first_within(
    debits: Iterable[StatementEntry], row: Refund, at: datetime
) -> StatementEntry | None:
    """The first booked since it was handed over; where a person said when it was paid, or that
    it came back, about then."""
    assert row.handed_over_on is not None, "held by a check of the table"
    last_on = legal_day(at)
    if row.status != RefundStatus.HANDED_OVER:
        last_on = min(last_on, (row.paid_back_on or row.handed_over_on) + _ABOUT)
    return next(
        (one for one in debits if one.booked_on and row.handed_over_on <= one.booked_on <= last_on),
        None,
    )

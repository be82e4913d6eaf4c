"""What banks tell of before they book it: for whom the money is that is on its way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import Final, NamedTuple

from django.db import transaction
from django.db.models import Q

from journal.operations import NewEvent, Subject, record_events
from kernel.actor import Actor
from kernel.authority import by_machine
from kernel.clock import legal_day
from ledger import events
from ledger.announced import BOOKED_WITHIN
from ledger.models import AnnouncedPayment, StatementEntry
from ledger.operations.matching_errors import OF_NO_ENTRY, log_failure
from ledger.operations.naming_debts import find_debts
from ledger.operations.waiting_entries import COLUMNS, DOUBT, Waiting
from ledger.statements.values import FINAL_FORMS, EntryStatus

_AT_ONCE: Final = 2_000
#: Money that comes in, which a provisional form or a pending entry tells of.
_COMES_IN: Final = (
    Q(amount_minor__gt=0, is_reversal=False, is_return=False)
    & ~Q(status=EntryStatus.INFORMATION)
    & (~Q(statement__form__in=sorted(FINAL_FORMS)) | Q(status=EntryStatus.PENDING))
)


class _Share(NamedTuple):
    """A part of an entry for an account; ``statement_id`` is the report that tells of it."""

    statement_id: int
    entry_id: int
    account_id: int
    amount_minor: int
    currency: str
    value_on: date

    def told(self) -> tuple[int, int, date]:
        """What a later report of the same money repeats."""
        return (self.account_id, self.amount_minor, self.value_on)


@by_machine
def announce_payments(*, actor: Actor, at: datetime, most: int | None = None) -> int:
    """Note for which accounts the money is that banks have told of; returns how many shares.

    Only what would post itself once it is booked is noted. Each entry is looked at once; what
    several reports tell of is noted once. Several may run at once.
    """
    noted, looked_at = 0, 0
    while most is None or looked_at < most:
        with transaction.atomic():
            untied = (
                StatementEntry.objects.select_for_update(
                    of=("self",), no_key=True, skip_locked=True
                )
                .filter(state=None, tied_to=None, decided_at=None)
                .order_by("id")
            )
            ids = list(untied.values_list("id", flat=True)[:_AT_ONCE])
            if not ids:
                break
            noted += _announce(ids, actor, at)
            StatementEntry.objects.filter(pk__in=ids).update(decided_at=at)
        looked_at += len(ids)
    return noted


def _announce(ids: Sequence[int], actor: Actor, at: datetime) -> int:
    """All at once; if that fails one by one, so that one bad entry silences no other."""
    try:
        with transaction.atomic():
            return _note(_shares(ids, at), actor, at)
    except Exception as error:
        if isinstance(error, OF_NO_ENTRY):
            raise
        if len(ids) == 1:
            log_failure("announcing", ids[0], error)
            return 0
    return sum(_announce([pk], actor, at) for pk in ids)


def _shares(ids: Sequence[int], at: datetime) -> list[_Share]:
    rows = (
        StatementEntry.objects.filter(_COMES_IN, pk__in=ids)
        .annotate(doubt=DOUBT)
        .order_by("statement_id", "id")
        .values_list("statement_id", *COLUMNS)
    )
    statement_of: dict[int, int] = {}
    waiting: list[Waiting] = []
    for statement_id, *row in rows:
        entry = Waiting(*row)
        day = _day(entry, at)
        if abs(legal_day(at) - day) <= BOOKED_WITHIN:
            statement_of[entry.id] = statement_id
            waiting.append(entry)
    return [
        _Share(
            statement_of[found.entry.id], found.entry.id, account_id, amount,
            found.entry.currency, _day(found.entry, at),
        )
        for found in find_debts(waiting)
        for account_id, amount in sorted(found.shares.items())
    ]  # fmt: skip


def _day(entry: Waiting, at: datetime) -> date:
    return entry.value_on or entry.booked_on or legal_day(at)


def _note(shares: Sequence[_Share], actor: Actor, at: datetime) -> int:
    new = _not_repeated(shares)
    today = legal_day(at)
    AnnouncedPayment.objects.bulk_create(
        AnnouncedPayment(
            entry_id=share.entry_id,
            account_id=share.account_id,
            amount_minor=share.amount_minor,
            currency=share.currency,
            value_on=share.value_on,
            announced_on=today,
            until_on=max(today, share.value_on) + BOOKED_WITHIN,
        )
        for share in new
    )
    record_events(
        events=[
            NewEvent(
                events.PAYMENT_ANNOUNCED,
                Subject("account", share.account_id),
                {
                    "amount_minor": share.amount_minor,
                    "currency": share.currency,
                    "value_on": share.value_on.isoformat(),
                    "entry_id": share.entry_id,
                },
                today,
            )
            for share in new
        ],
        actor=actor,
        at=at,
    )
    return len(new)


def _not_repeated(shares: Sequence[_Share]) -> list[_Share]:
    """The nth of equal ones in a report is the nth that was told of."""
    known = Counter(
        AnnouncedPayment.objects.filter(
            account_id__in={share.account_id for share in shares},
            value_on__in={share.value_on for share in shares},
        ).values_list("account_id", "amount_minor", "value_on")
    )
    in_report: Counter[tuple[int, tuple[int, int, date]]] = Counter()
    new: list[_Share] = []
    for share in shares:
        place = (share.statement_id, share.told())
        in_report[place] += 1
        if in_report[place] > known[share.told()]:
            known[share.told()] += 1
            new.append(share)
    return new

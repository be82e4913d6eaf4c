"""What banks tell of before they book it: for whom the money is that is on its way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import Final, NamedTuple

from django.db import connection, transaction
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
#: Whoever notes at the same time would note the same money once more.
_ONE_AT_A_TIME: Final = "SELECT pg_try_advisory_xact_lock(hashtext('ledger.announcing'))"
_NEW: Final = Q(state=None, tied_to=None, looked_at=None)
#: Money that comes in, of which a provisional form tells.
_COMES_IN: Final = (
    Q(amount_minor__gt=0, is_reversal=False, is_return=False)
    & ~Q(status=EntryStatus.INFORMATION)
    & ~Q(statement__form__in=sorted(FINAL_FORMS))
)


class _Share(NamedTuple):
    """A part of an entry, for an account."""

    entry_id: int
    account_id: int
    amount_minor: int
    currency: str
    value_on: date

    def told(self) -> tuple[int, int, date]:
        """What a later report of the same money repeats."""
        return (self.account_id, self.amount_minor, self.value_on)


@by_machine
def announce_payments(*, actor: Actor, at: datetime) -> int:
    """Note for which accounts the money is that banks have told of; returns how many shares.

    Only what would post itself once it is booked is noted. Each entry is looked at once, each
    statement in a transaction of its own; what several reports tell of is noted once. While
    another one is at it, nothing is done.
    """
    noted = 0
    while True:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(_ONE_AT_A_TIME)
                (is_alone,) = cursor.fetchone()
            first = StatementEntry.objects.filter(_NEW).order_by("id").first()
            if not is_alone or first is None:
                return noted
            noted += _look_at(first.statement_id, actor, at)


def _look_at(statement_id: int, actor: Actor, at: datetime) -> int:
    """All new entries of a statement, some at a time; ``in_report`` counts equal ones."""
    noted, today = 0, legal_day(at)
    in_report: Counter[tuple[int, int, date]] = Counter()
    new = StatementEntry.objects.filter(_NEW, statement_id=statement_id).order_by("id")
    while ids := list(new.values_list("id", flat=True)[:_AT_ONCE]):
        coming = StatementEntry.objects.filter(_COMES_IN, pk__in=ids).annotate(doubt=DOUBT)
        entries = [Waiting(*row) for row in coming.order_by("id").values_list(*COLUMNS)]
        fresh = [one for one in entries if abs(today - one.day(today)) <= BOOKED_WITHIN]
        noted += _note(_not_repeated(_shares(fresh, today), in_report), actor, at)
        StatementEntry.objects.filter(pk__in=ids).update(looked_at=at)
    return noted


def _shares(entries: Sequence[Waiting], today: date) -> list[_Share]:
    """All at once; if that fails half by half, so that one bad entry silences no other."""
    try:
        with transaction.atomic():
            return [
                _Share(
                    found.entry.id, account_id, amount, found.entry.currency, found.entry.day(today)
                )
                for found in find_debts(entries)
                for account_id, amount in sorted(found.shares.items())
            ]
    except Exception as error:
        if not entries or isinstance(error, OF_NO_ENTRY):
            raise
        if len(entries) == 1:
            log_failure("announcing", entries[0].id, error)
            return []
    middle = len(entries) // 2
    return [*_shares(entries[:middle], today), *_shares(entries[middle:], today)]


def _not_repeated(
    shares: Sequence[_Share], in_report: Counter[tuple[int, int, date]]
) -> list[_Share]:
    """The nth of equal ones in a report is the nth that was told of; what is booked since is
    tied in every report and counts in none."""
    known = Counter(
        AnnouncedPayment.objects.filter(
            account_id__in={share.account_id for share in shares},
            value_on__in={share.value_on for share in shares},
            entry__tied_to=None,
        ).values_list("account_id", "amount_minor", "value_on")
    )
    new: list[_Share] = []
    for share in shares:
        in_report[share.told()] += 1
        if in_report[share.told()] > known[share.told()]:
            known[share.told()] += 1
            new.append(share)
    return new


def _note(shares: Sequence[_Share], actor: Actor, at: datetime) -> int:
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
        for share in shares
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
            for share in shares
        ],
        actor=actor,
        at=at,
    )
    return len(shares)

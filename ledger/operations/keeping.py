"""Registering how an account bears interest: whose book it is, and when it pauses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import Q

from journal.operations import NewEvent, Subject, record_events
from kernel.actor import Actor
from kernel.authority import by_machine
from ledger import events
from ledger.book_of_record import month_end_after
from ledger.lifecycle import Keeper
from ledger.models import BookEntry, InterestPause
from ledger.operations.accruing import replay_interest
from ledger.rates import RateKind, Tariff


class NewBook(NamedTuple):
    """``keeper``'s figures hold from a day on; ``tariff`` is what our book bears, if anything."""

    account_id: int
    keeper: Keeper
    from_on: date
    reason: str
    tariff: Tariff | None = None


class NewPause(NamedTuple):
    """``cause`` names the thing because of which the account bears no interest (``hold:17``)."""

    account_id: int
    cause: str
    from_on: date
    until_on: date | None = None


@by_machine
@transaction.atomic
def change_keepers(*, books: Sequence[NewBook], at: datetime, actor: Actor) -> int:
    """Say whose figures hold; returns how many accounts changed. Interest is replayed.

    What holds already on its day, with the same tariff, is not said again.
    """
    fresh = _fresh(books)
    BookEntry.objects.bulk_create(
        [
            BookEntry(
                account_id=book.account_id,
                keeper=book.keeper,
                from_on=book.from_on,
                rate_kind=book.tariff.kind if book.tariff else "",
                contract_percent=book.tariff.contract_percent if book.tariff else None,
                reason=book.reason,
                recorded_at=at,
                actor_kind=actor.kind,
                actor_id=actor.id,
            )
            for book in fresh
        ],
        batch_size=5_000,
    )
    _start_states([book for book in fresh if book.tariff is not None])
    record_events(
        events=[
            NewEvent(
                events.BOOK_CHANGED,
                Subject("account", book.account_id),
                {
                    "keeper": book.keeper,
                    "from_on": book.from_on,
                    "rate_kind": book.tariff.kind if book.tariff else "",
                    "reason": book.reason,
                },
                book.from_on,
            )
            for book in fresh
        ],
        at=at,
        actor=actor,
    )
    replay_interest(account_ids=[book.account_id for book in fresh], at=at, actor=actor)
    return len(fresh)


def _fresh(books: Sequence[NewBook]) -> list[NewBook]:
    held: dict[int, list[BookEntry]] = {}
    ids = [book.account_id for book in books]
    for entry in BookEntry.objects.filter(account_id__in=ids).order_by("id"):
        held.setdefault(entry.account_id, []).append(entry)
    return [book for book in books if not _holds(book, held.get(book.account_id, []))]


def _holds(book: NewBook, entries: Sequence[BookEntry]) -> bool:
    begun = [entry for entry in entries if entry.from_on <= book.from_on]
    if not begun:
        return book.keeper is Keeper.CORE
    last = begun[-1]
    tariff = Tariff(RateKind(last.rate_kind), last.contract_percent) if last.rate_kind else None
    return last.keeper == book.keeper and tariff == book.tariff


def _start_states(books: Sequence[NewBook]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO ledger_intereststate (account_id, next_on, rates_entry)
            SELECT account_id, next_on, (SELECT COALESCE(max(id), 0) FROM ledger_rateentry)
            FROM unnest(%s::bigint[], %s::date[]) AS n (account_id, next_on)
            ON CONFLICT (account_id) DO NOTHING
            """,
            [
                [book.account_id for book in books],
                [month_end_after(book.from_on) for book in books],
            ],
        )


@by_machine
@transaction.atomic
def pause_interest(*, pauses: Sequence[NewPause], at: datetime, actor: Actor) -> None:
    """Register pauses, or move those of the same account and cause; interest is replayed."""
    InterestPause.objects.bulk_create(
        [InterestPause(**pause._asdict()) for pause in pauses],
        update_conflicts=True,
        unique_fields=["account", "cause"],
        update_fields=["from_on", "until_on"],
    )
    replay_interest(account_ids=[pause.account_id for pause in pauses], at=at, actor=actor)


@by_machine
@transaction.atomic
def resume_interest(*, causes: Iterable[str], last_on: date, at: datetime, actor: Actor) -> None:
    """What paused has ended: ``last_on`` is the last day without interest."""
    pauses = InterestPause.objects.filter(Q(until_on__isnull=True) | Q(until_on__gt=last_on))
    pauses = pauses.filter(cause__in=list(causes))
    account_ids = list(pauses.values_list("account_id", flat=True))
    pauses.filter(from_on__gt=last_on).delete()
    pauses.update(until_on=last_on)
    replay_interest(account_ids=account_ids, at=at, actor=actor)


@by_machine
@transaction.atomic
def forget_pauses(*, causes: Iterable[str], at: datetime, actor: Actor) -> None:
    """What paused was a mistake and never was."""
    pauses = InterestPause.objects.filter(cause__in=list(causes))
    account_ids = list(pauses.values_list("account_id", flat=True))
    pauses.delete()
    replay_interest(account_ids=account_ids, at=at, actor=actor)

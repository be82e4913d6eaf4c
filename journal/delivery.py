"""Delivery of events to subscribers: at least once, in order per subject, never lost."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from django.db import DatabaseError, connection, transaction

from journal.models import Delivery
from journal.subscribers import RecordedEvent, Subscriber, installed
from kernel.authority import by_machine

logger: Final = logging.getLogger(__name__)

#: As fast as four times as many, and keeps what a worker needs under 50 MB.
BATCH_EVENTS: Final = 5_000
#: After this many failures a delivery waits for a person; ``/readyz`` turns red.
MAX_ATTEMPTS: Final = 8
_BACK_OFF_SECONDS: Final = 10


@by_machine
def deliver_pending(
    *,
    at: datetime,
    only: Iterable[str] | None = None,
    batch_events: int = BATCH_EVENTS,
    waits: bool = False,
) -> int:
    """Hand every waiting event to its subscribers, also those that handlers record meanwhile.

    Each batch is a transaction of its own. Several callers may work side by side: rows that
    another one holds are passed over, or with ``waits`` waited for in the end, so that all is
    delivered when the call returns. Returns how many deliveries were made.
    """
    names = set(only) if only is not None else set(installed())
    chosen = [subscriber for name, subscriber in installed().items() if name in names]
    delivered = 0
    waiting = False
    while True:
        in_round = 0
        for subscriber in chosen:
            while count := _deliver_batch(subscriber, at, batch_events, waits=waiting):
                in_round += count
        delivered += in_round
        if not in_round and waiting is waits:
            return delivered
        waiting = waits and not in_round


@transaction.atomic
def _deliver_batch(subscriber: Subscriber, at: datetime, batch_events: int, *, waits: bool) -> int:
    """One batch; returns how many rows it settled, handled or put off: 0 when none can be now."""
    with connection.cursor() as cursor:
        # A handler's row that somebody holds is waited for; to give up would put it off.
        cursor.execute("SELECT set_config('lock_timeout', '10min', true)")
        claimed = _claim(cursor, subscriber.name, at, batch_events, waits=waits)
        if not claimed:
            return 0
        events = _read_events(cursor, claimed)
        handled, put_off = _handle(subscriber, events, at)
        cursor.execute(
            "DELETE FROM journal_delivery WHERE subscriber = %s AND event_id = ANY(%s)",
            [subscriber.name, [event.id for event in handled]],
        )
    return len(handled) + put_off


def _claim(
    cursor: Any, subscriber: str, at: datetime, batch_events: int, *, waits: bool
) -> list[tuple[int, Any]]:
    """Lock the oldest waiting rows, less those behind a row that is not in the claim.

    A subject with an earlier row that failed and waits is left out before the limit, so that
    no queue behind a failure starves the others; one that someone else holds, after it. Either
    way the events of a subject keep their order.
    """
    cursor.execute(
        f"""
        SELECT event_id, event_on, subject FROM journal_delivery waiting
        WHERE subscriber = %(subscriber)s AND attempts < %(max)s
          AND (next_attempt_at IS NULL OR next_attempt_at <= %(at)s)
          AND NOT EXISTS (
            SELECT 1 FROM journal_delivery failed
            WHERE failed.subscriber = %(subscriber)s AND failed.subject = waiting.subject
              AND failed.event_id < waiting.event_id AND failed.attempts > 0
              AND (failed.attempts >= %(max)s OR failed.next_attempt_at > %(at)s)
          )
        ORDER BY event_id LIMIT %(limit)s
        FOR UPDATE OF waiting {"" if waits else "SKIP LOCKED"}
        """,
        {"subscriber": subscriber, "max": MAX_ATTEMPTS, "at": at, "limit": batch_events},
    )
    claim = cursor.fetchall()
    first_held = _first_held(cursor, subscriber, [event_id for event_id, _, _ in claim])
    return [
        (event_id, event_on)
        for event_id, event_on, subject in claim
        if subject not in first_held or event_id < first_held[subject]
    ]


def _first_held(cursor: Any, subscriber: str, claimed: Sequence[int]) -> dict[str, int]:
    """Per subject the earliest row before the end of the claim that is not in it.

    Asked by an array and not by a join: analysed while it was empty, as it is most of the time,
    the table looks so small to the planner that it would read all of it once for each row.
    """
    if not claimed:
        return {}
    cursor.execute(
        "SELECT subject, min(event_id) FROM journal_delivery"
        " WHERE subscriber = %s AND event_id < %s AND event_id <> ALL(%s::bigint[])"
        " GROUP BY subject",
        [subscriber, max(claimed), list(claimed)],
    )
    return dict(cursor.fetchall())


def _read_events(cursor: Any, claimed: Sequence[tuple[int, Any]]) -> list[RecordedEvent]:
    cursor.execute(
        """
        SELECT e.id, e.recorded_on, e.kind, e.subject_kind, e.subject_id, e.actor_kind,
               e.actor_id, e.effective_on, e.recorded_at, e.payload::text
        FROM unnest(%s::bigint[], %s::date[]) AS wanted (id, recorded_on)
        JOIN journal_event e ON e.recorded_on = wanted.recorded_on AND e.id = wanted.id
        WHERE e.recorded_on BETWEEN %s AND %s
        ORDER BY e.id
        """,
        [
            [event_id for event_id, _ in claimed],
            [event_on for _, event_on in claimed],
            min(event_on for _, event_on in claimed),
            max(event_on for _, event_on in claimed),
        ],
    )
    return [event_from_row(row) for row in cursor.fetchall()]


def event_from_row(row: Sequence[Any]) -> RecordedEvent:
    return RecordedEvent._make([*row[:9], json.loads(row[9])])


def _handle(
    subscriber: Subscriber, events: list[RecordedEvent], at: datetime
) -> tuple[list[RecordedEvent], int]:
    """All at once; if that fails, half by half, so that one bad subject stops no other.

    Returns what was handled, and how many rows were put off.
    """
    error = _try(subscriber, events, at) if events else None
    if error is None:
        return events, 0
    by_subject: dict[tuple[str, int], list[RecordedEvent]] = {}
    for event in events:
        by_subject.setdefault((event.subject_kind, event.subject_id), []).append(event)
    groups = list(by_subject.values())
    if len(groups) == 1:
        _put_off(subscriber, events[0], error, at)
        return [], 1
    handled: list[RecordedEvent] = []
    put_off = 0
    for half in (groups[: len(groups) // 2], groups[len(groups) // 2 :]):
        well, badly = _handle(subscriber, [event for group in half for event in group], at)
        handled += well
        put_off += badly
    return handled, put_off


def _named(error: Exception) -> str:
    """The error without the data that a database quotes in its message."""
    if isinstance(error, DatabaseError):
        diagnosis = getattr(error.__cause__, "diag", None)
        place = getattr(diagnosis, "constraint_name", None) or getattr(diagnosis, "sqlstate", "")
        return f"{type(error).__name__}({place})"
    return repr(error)[:2000]


def _try(subscriber: Subscriber, events: list[RecordedEvent], at: datetime) -> Exception | None:
    try:
        with transaction.atomic():
            subscriber.handle(events=events, at=at)
    except Exception as error:
        logger.error(  # noqa: TRY400 - a database's message quotes rows, and rows are people
            "handler failed: subscriber=%s events=%d error=%s",
            subscriber.name,
            len(events),
            _named(error),
            exc_info=None if isinstance(error, DatabaseError) else error,
        )
        return error
    return None


def _put_off(subscriber: Subscriber, event: RecordedEvent, error: Exception, at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE journal_delivery
            SET attempts = attempts + 1, last_error = %s,
                next_attempt_at = %s::timestamptz + %s * power(2, attempts) * interval '1 second'
            WHERE subscriber = %s AND event_id = %s
            """,
            [_named(error), at, _BACK_OFF_SECONDS, subscriber.name, event.id],
        )


@by_machine
def retry_parked(*, subscriber: str | None = None) -> int:
    """Give every parked delivery, or those of one subscriber, another round of attempts."""
    parked = Delivery.objects.filter(attempts__gte=MAX_ATTEMPTS)
    if subscriber is not None:
        parked = parked.filter(subscriber=subscriber)
    return parked.update(attempts=0, next_attempt_at=None)

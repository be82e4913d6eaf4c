"""Proof that the journal is as it was written, or the place where it is not."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from journal.models import BATCH_BITS
from journal.sealing import GENESIS, chain, digest_batch, seal_key


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: a code, and values that name its place."""

    code: str
    values: dict[str, Any]


def verify_journal() -> list[Finding]:
    """Every seal against its events and its predecessor, and every event against the seals."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        return [*_broken_seals(cursor), *_events_without_batch(cursor), *_missing_events(cursor)]


def _broken_seals(cursor: Any) -> Iterator[Finding]:
    key, previous, expected = seal_key(), GENESIS, 0
    cursor.execute(
        "SELECT position, batch, recorded_on, events, fingerprints, digest, chained"
        " FROM journal_seal ORDER BY position"
    )
    for position, batch, recorded_on, events, fingerprints, digest, chained in cursor.fetchall():
        expected += 1
        if position != expected:
            yield Finding("seal_missing", {"position": expected})
            expected = position
        elif not hmac.compare_digest(chain(key, previous, batch, bytes(digest)), bytes(chained)):
            yield Finding("chain_broken", {"position": position, "batch": batch})
        previous = bytes(chained)
        yield from _broken_batch(
            cursor, batch, recorded_on, events, bytes(fingerprints), bytes(digest)
        )


def _broken_batch(
    cursor: Any, batch: int, recorded_on: Any, events: int, fingerprints: bytes, digest: bytes
) -> Iterator[Finding]:
    now_fingerprints, now_digest, ids = digest_batch(cursor, batch, recorded_on)
    if now_digest == digest and len(ids) == events:
        return
    first = batch << BATCH_BITS
    now = {event_id: now_fingerprints[8 * i : 8 * i + 8] for i, event_id in enumerate(ids)}
    for place in range(events):
        sealed = fingerprints[8 * place : 8 * place + 8]
        found = now.pop(first + place, None)
        if found is None:
            yield Finding("event_missing", {"event": first + place, "batch": batch})
        elif found != sealed:
            yield Finding("event_changed", {"event": first + place, "batch": batch})
    for event_id in now:
        yield Finding("event_inserted", {"event": event_id, "batch": batch})
    if len(fingerprints) != 8 * events:
        yield Finding("seal_changed", {"batch": batch})


def _events_without_batch(cursor: Any) -> Iterator[Finding]:
    cursor.execute(
        """
        SELECT e.batch, e.recorded_on, e.first FROM (
            SELECT id >> 20 AS batch, recorded_on, min(id) AS first
            FROM journal_event GROUP BY 1, 2
        ) e
        WHERE NOT EXISTS (SELECT 1 FROM journal_seal s
                          WHERE s.batch = e.batch AND s.recorded_on = e.recorded_on)
          AND NOT EXISTS (SELECT 1 FROM journal_unsealedbatch u
                          WHERE u.batch = e.batch AND u.recorded_on = e.recorded_on)
        """
    )
    for batch, recorded_on, first in cursor.fetchall():
        yield Finding(
            "event_inserted", {"event": first, "batch": batch, "recorded_on": str(recorded_on)}
        )


def _missing_events(cursor: Any) -> Iterator[Finding]:
    """Batches that are not sealed yet can at least be counted."""
    cursor.execute(
        """
        SELECT u.batch, u.events, count(e.id) FROM journal_unsealedbatch u
        LEFT JOIN journal_event e ON e.recorded_on = u.recorded_on
             AND e.id >= u.batch << 20 AND e.id < (u.batch + 1) << 20
        GROUP BY u.batch, u.events HAVING count(e.id) <> u.events
        """
    )
    for batch, events, found in cursor.fetchall():
        yield Finding("event_missing", {"batch": batch, "events": events, "found": found})

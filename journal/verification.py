"""Proof that the journal is as it was written, or the place where it is not."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection, transaction

from journal.models import BATCH_BITS
from journal.sealing import (
    GENESIS,
    BatchDigest,
    Link,
    chain,
    digest_batches,
    key_head,
    list_event_ids,
    seal_key,
)

#: Seals read at once, so that memory stays flat however long the chain is.
_SEALS_AT_ONCE: Final = 100


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: a code, and values that name its place."""

    code: str
    values: dict[str, Any]


def verify_journal() -> list[Finding]:
    """Every seal against its events and its predecessor, and every event against the seals."""
    outermost = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if outermost:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        return [*_broken_chain(cursor), *_events_without_batch(cursor), *_missing_events(cursor)]


def _broken_chain(cursor: Any) -> Iterator[Finding]:
    key, previous, position = seal_key(), GENESIS, 0
    while True:
        cursor.execute(
            "SELECT position, batch, recorded_on, events, fingerprints, digest, sealed_at, chained"
            " FROM journal_seal WHERE position > %s ORDER BY position LIMIT %s",
            [position, _SEALS_AT_ONCE],
        )
        rows = cursor.fetchall()
        if not rows:
            break
        links = [(_link(row), bytes(row[7])) for row in rows]
        now = digest_batches(cursor, [(link.batch, link.recorded_on) for link, _ in links])
        for link, chained in links:
            if link.position != position + 1:
                yield Finding("seal_missing", {"position": position + 1})
            elif not hmac.compare_digest(chain(key, previous, link), chained):
                yield Finding("chain_broken", {"position": link.position, "batch": link.batch})
            position, previous = link.position, chained
            yield from _broken_batch(cursor, link, now[link.batch])
    yield from _broken_head(cursor, key, position, previous)


def _link(row: Any) -> Link:
    return Link._make([*row[:4], bytes(row[4]), bytes(row[5]), row[6]])


def _broken_head(cursor: Any, key: bytes, position: int, chained: bytes) -> Iterator[Finding]:
    """Seals cut off at the end leave a sound chain; only the head knows how far it went."""
    cursor.execute("SELECT position, chained, keyed FROM journal_sealhead")
    head = cursor.fetchone()
    if head is None:
        if position:
            yield Finding("head_missing", {"position": position})
        return
    if not hmac.compare_digest(key_head(key, head[0], bytes(head[1])), bytes(head[2])):
        yield Finding("head_changed", {"position": head[0]})
    elif head[0] > position:
        yield Finding("seal_missing", {"position": position + 1, "through": head[0]})
    elif head[0] < position or bytes(head[1]) != chained:
        yield Finding("seal_inserted", {"position": position, "head": head[0]})


def _broken_batch(cursor: Any, link: Link, now: BatchDigest) -> Iterator[Finding]:
    if now == BatchDigest(link.fingerprints, link.digest, link.events):
        return
    batch, first = link.batch, link.batch << BATCH_BITS
    if len(link.fingerprints) != 8 * link.events or now.digest == link.digest:
        yield Finding("seal_changed", {"position": link.position, "batch": batch})
        return
    ids = list_event_ids(cursor, batch, link.recorded_on)
    found = {pk: now.fingerprints[8 * i : 8 * i + 8] for i, pk in enumerate(ids)}
    for place in range(link.events):
        fingerprint = found.pop(first + place, None)
        if fingerprint is None:
            yield Finding("event_missing", {"event": first + place, "batch": batch})
        elif fingerprint != link.fingerprints[8 * place : 8 * place + 8]:
            yield Finding("event_changed", {"event": first + place, "batch": batch})
    for event_id in found:
        yield Finding("event_inserted", {"event": event_id, "batch": batch})


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

"""Sealing: each committed batch gets a keyed hash that is chained to the one before."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, Final, NamedTuple

from django.conf import settings
from django.db import connection, transaction
from psycopg2.extras import execute_values

from kernel.authority import by_machine
from kernel.secrecy import derive_key

logger: Final = logging.getLogger(__name__)

GENESIS: Final = b"\x00" * 32
BATCHES_AT_ONCE: Final = 1_000
EVENTS_AT_ONCE: Final = 200_000
#: Only one job seals at a time, so that the chain has one order.
_LOCK: Final = "SELECT pg_try_advisory_xact_lock(hashtext('journal.seal'))"

#: The bytes of an event that its seal covers: a JSON array, which is unambiguous.
EVENT_DIGEST: Final = """
    sha256(convert_to(jsonb_build_array(
        id, recorded_on, kind, subject_kind, subject_id, actor_kind, actor_id, effective_on,
        extract(epoch FROM recorded_at)::text, payload
    )::text, 'UTF8'))
"""


class Link(NamedTuple):
    """All that a seal says; the chain covers every part of it."""

    position: int
    batch: int
    recorded_on: date
    events: int
    fingerprints: bytes
    digest: bytes
    sealed_at: datetime


class BatchDigest(NamedTuple):
    """``fingerprints`` holds 8 bytes of each event's hash in order; ``digest`` hashes them all."""

    fingerprints: bytes
    digest: bytes
    events: int


def seal_key() -> bytes:
    return derive_key(settings.DATA_SECRETS[-1], "journal seal")


def chain(key: bytes, previous: bytes, link: Link) -> bytes:
    """The keyed hash of one link and of all before it."""
    content = json.dumps(
        [
            link.position,
            link.batch,
            link.recorded_on.isoformat(),
            link.events,
            link.fingerprints.hex(),
            link.digest.hex(),
            link.sealed_at.astimezone(UTC).isoformat(),
        ]
    )
    return hmac.digest(key, previous + content.encode(), hashlib.sha256)


def key_head(key: bytes, position: int, chained: bytes) -> bytes:
    """The keyed hash by which the end of the chain is known."""
    return hmac.digest(key, b"head" + position.to_bytes(8, "big") + chained, hashlib.sha256)


@by_machine
def seal_batches(*, at: datetime) -> int:
    """Seal every committed batch; returns how many. Safe to run anywhere at any time."""
    sealed = 0
    while count := _seal_some(at):
        sealed += count
    return sealed


@transaction.atomic
def _seal_some(at: datetime) -> int:
    key = seal_key()
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
        if not cursor.fetchone()[0]:
            return 0
        waiting = _take_waiting(cursor)
        if not waiting:
            return 0
        cursor.execute("SELECT position, chained FROM journal_seal ORDER BY position DESC LIMIT 1")
        last = cursor.fetchone()
        position, previous = (int(last[0]), bytes(last[1])) if last else (0, GENESIS)
        digests = digest_batches(cursor, [(batch, on) for batch, on, _ in waiting])
        rows = []
        for batch, recorded_on, events in waiting:
            position += 1
            found = digests[batch]
            link = Link(position, batch, recorded_on, events, found.fingerprints, found.digest, at)
            previous = chain(key, previous, link)
            rows.append((*link, previous))
        execute_values(
            cursor.cursor,
            "INSERT INTO journal_seal (position, batch, recorded_on, events, fingerprints, digest,"
            " sealed_at, chained) VALUES %s",
            rows,
            page_size=BATCHES_AT_ONCE,
        )
        cursor.execute(
            "INSERT INTO journal_sealhead (id, position, chained, keyed) VALUES (1, %s, %s, %s)"
            " ON CONFLICT (id) DO UPDATE SET position = excluded.position,"
            " chained = excluded.chained, keyed = excluded.keyed",
            [position, previous, key_head(key, position, previous)],
        )
    # A log outside of the database is the last witness of how far the chain went.
    logger.info("journal sealed: position=%d chained=%s", position, previous.hex())
    return len(waiting)


def _take_waiting(cursor: Any) -> list[tuple[int, date, int]]:
    """The oldest waiting batches, as many as fit in one transaction, off the list.

    Taken off by an array and not by a join: the list is empty most of the time, and the planner,
    who takes it for tiny, would count all of it once for each batch.
    """
    cursor.execute(
        """
        SELECT batch, recorded_on, events FROM (
            SELECT *, sum(events) OVER (ORDER BY batch) - events AS before
            FROM (SELECT batch, recorded_on, events FROM journal_unsealedbatch
                  ORDER BY batch LIMIT %s) oldest
        ) counted WHERE before < %s ORDER BY batch
        """,
        [BATCHES_AT_ONCE, EVENTS_AT_ONCE],
    )
    waiting = list(cursor.fetchall())
    if waiting:
        cursor.execute(
            "DELETE FROM journal_unsealedbatch WHERE batch = ANY(%s::bigint[])",
            [[batch for batch, _, _ in waiting]],
        )
    return waiting


def digest_batches(cursor: Any, batches: Sequence[tuple[int, date]]) -> dict[int, BatchDigest]:
    """What the events of each batch hash to now; a batch without events hashes to nothing."""
    cursor.execute(
        f"""
        SELECT wanted.batch, e.fingerprints, e.digest, e.events
        FROM unnest(%s::bigint[], %s::date[]) AS wanted (batch, recorded_on)
        CROSS JOIN LATERAL (
            SELECT coalesce(string_agg(substr(hash, 1, 8), ''::bytea ORDER BY id), ''::bytea)
                       AS fingerprints,
                   sha256(coalesce(string_agg(hash, ''::bytea ORDER BY id), ''::bytea)) AS digest,
                   count(*) AS events
            FROM (
                SELECT id, {EVENT_DIGEST} AS hash FROM journal_event
                WHERE recorded_on = wanted.recorded_on
                  AND id >= wanted.batch << 20 AND id < (wanted.batch + 1) << 20
            ) hashed
        ) e
        """,
        [[batch for batch, _ in batches], [on for _, on in batches]],
    )
    return {
        batch: BatchDigest(bytes(fingerprints), bytes(digest), events)
        for batch, fingerprints, digest, events in cursor.fetchall()
    }


def list_event_ids(cursor: Any, batch: int, recorded_on: date) -> list[int]:
    """The ids of a batch's events, in the order of their fingerprints."""
    cursor.execute(
        "SELECT id FROM journal_event WHERE recorded_on = %s"
        " AND id >= %s::bigint << 20 AND id < (%s::bigint + 1) << 20 ORDER BY id",
        [recorded_on, batch, batch],
    )
    return [row[0] for row in cursor.fetchall()]

"""Sealing: each committed batch gets a keyed hash that is chained to the one before."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.db import connection, transaction

from kernel.authority import by_machine
from kernel.secrecy import derive_key

GENESIS: Final = b"\x00" * 32
BATCHES_AT_ONCE: Final = 1_000
#: Only one job seals at a time, so that the chain has one order.
_LOCK: Final = "SELECT pg_try_advisory_xact_lock(hashtext('journal.seal'))"

#: The bytes of an event that its seal covers: a JSON array, which is unambiguous.
EVENT_DIGEST: Final = """
    sha256(convert_to(jsonb_build_array(
        id, recorded_on, kind, subject_kind, subject_id, actor_kind, actor_id, effective_on,
        extract(epoch FROM recorded_at)::text, payload
    )::text, 'UTF8'))
"""


def seal_key() -> bytes:
    return derive_key(settings.DATA_SECRETS[-1], "journal seal")


def chain(key: bytes, previous: bytes, batch: int, digest: bytes) -> bytes:
    """The keyed hash of one link."""
    return hmac.digest(key, previous + batch.to_bytes(8, "big") + digest, hashlib.sha256)


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
        cursor.execute("SELECT position, chained FROM journal_seal ORDER BY position DESC LIMIT 1")
        last = cursor.fetchone()
        position, previous = (int(last[0]), bytes(last[1])) if last else (0, GENESIS)
        cursor.execute(
            "DELETE FROM journal_unsealedbatch WHERE batch IN"
            " (SELECT batch FROM journal_unsealedbatch ORDER BY batch LIMIT %s)"
            " RETURNING batch, recorded_on, events",
            [BATCHES_AT_ONCE],
        )
        waiting = sorted(cursor.fetchall())
        for batch, recorded_on, events in waiting:
            fingerprints, digest, _ = digest_batch(cursor, batch, recorded_on)
            position, previous = position + 1, chain(key, previous, batch, digest)
            cursor.execute(
                "INSERT INTO journal_seal (position, batch, recorded_on, events, fingerprints,"
                " digest, chained, sealed_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
                [position, batch, recorded_on, events, fingerprints, digest, previous, at],
            )
    return len(waiting)


def digest_batch(cursor: Any, batch: int, recorded_on: Any) -> tuple[bytes, bytes, list[int]]:
    """The events' 8-byte fingerprints in order, the SHA-256 over the batch, and their ids."""
    cursor.execute(
        f"""
        SELECT coalesce(string_agg(substr(digest, 1, 8), ''::bytea ORDER BY id), ''::bytea),
               sha256(coalesce(string_agg(digest, ''::bytea ORDER BY id), ''::bytea)),
               coalesce(array_agg(id ORDER BY id), '{{}}')
        FROM (
            SELECT id, {EVENT_DIGEST} AS digest FROM journal_event
            WHERE recorded_on = %s AND id >= %s::bigint << 20 AND id < (%s::bigint + 1) << 20
        ) e
        """,
        [recorded_on, batch, batch],
    )
    fingerprints, digest, ids = cursor.fetchone()
    return bytes(fingerprints), bytes(digest), list(ids)

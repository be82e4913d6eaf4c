"""Reading the journal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from journal.delivery import MAX_ATTEMPTS, event_from_row
from journal.models import Seal
from journal.subjects import Subject
from journal.subscribers import RecordedEvent

_EVENT = (
    "id, recorded_on, kind, subject_kind, subject_id, actor_kind, actor_id, effective_on,"
    " recorded_at, payload::text"
)


def list_events(
    *,
    subjects: Sequence[Subject],
    kinds: Sequence[str] | None = None,
    before_id: int | None = None,
    from_on: date | None = None,
    to_on: date | None = None,
    payload_words: tuple[str, Sequence[str]] | None = None,
    limit: int = 50,
) -> list[RecordedEvent]:
    """The newest events about any of ``subjects``, newest first; page on with ``before_id``.

    ``from_on`` and ``to_on`` bound the legal days of recording, both included; ``payload_words``
    names a key of the payload and what it may say.
    """
    if not subjects:
        return []
    tests: list[tuple[str, Any]] = [
        ("kind = ANY(%s)", None if kinds is None else list(kinds)),
        ("id < %s", before_id),
        ("recorded_on >= %s", from_on),
        ("recorded_on <= %s", to_on),
    ]
    asked = [(sql, [value]) for sql, value in tests if value is not None]
    if payload_words is not None:
        key, words = payload_words
        asked.append(("payload ->> %s = ANY(%s)", [key, list(words)]))
    where = "".join(f" AND {sql}" for sql, _values in asked)
    values = [value for _sql, its_values in asked for value in its_values]
    kinds_of, ids = zip(*subjects, strict=True)
    with connection.cursor() as cursor:
        # One branch for each subject, read from its end of the index: the plan is as small for
        # many subjects as for one, however many partitions there are.
        cursor.execute(
            f"""
            SELECT e.* FROM unnest(%s::text[], %s::bigint[]) AS s (kind, id)
            CROSS JOIN LATERAL (
                SELECT {_EVENT} FROM journal_event
                WHERE subject_kind = s.kind AND subject_id = s.id{where}
                ORDER BY id DESC LIMIT %s
            ) e
            ORDER BY e.id DESC LIMIT %s
            """,
            [list(kinds_of), list(ids), *values, limit, limit],
        )
        return [event_from_row(row) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits in the journal: for ``/readyz`` and the operator."""

    waiting: int
    oldest_recorded_at: datetime | None
    parked: int
    unsealed: int
    in_default_partition: bool


def get_backlog() -> Backlog:
    """Counts are exact up to 10,000 and stop there."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT (SELECT count(*) FROM (SELECT 1 FROM journal_delivery LIMIT 10000) w),
                   (SELECT min(recorded_at) FROM journal_delivery),
                   (SELECT count(*) FROM journal_delivery WHERE attempts >= %s),
                   (SELECT count(*) FROM (SELECT 1 FROM journal_unsealedbatch LIMIT 10000) u),
                   EXISTS (SELECT 1 FROM journal_event_default)
            """,
            [MAX_ATTEMPTS],
        )
        return Backlog(*cursor.fetchone())


def list_events_about(
    *,
    subject_kinds: Sequence[str],
    kind: str = "",
    actor: tuple[str, str] | None = None,
    from_on: date | None = None,
    to_on: date | None = None,
    before_id: int | None = None,
    limit: int = 50,
) -> list[RecordedEvent]:
    """The newest events about any subject of these kinds, newest first: for kinds of which there
    are few, such as users and tokens.

    ``actor`` is the kind and the id of who did it. ``from_on`` and ``to_on`` bound the legal days
    of recording, both included: partitions outside them are not read.
    """
    tests: list[tuple[str, Sequence[Any] | None]] = [
        ("subject_kind = ANY(%s)", [list(subject_kinds)]),
        ("kind = %s", [kind] if kind else None),
        ("actor_kind = %s AND actor_id = %s", actor),
        ("recorded_on >= %s", [from_on] if from_on else None),
        ("recorded_on <= %s", [to_on] if to_on else None),
        ("id < %s", [before_id] if before_id is not None else None),
    ]
    where = " AND ".join(sql for sql, values in tests if values is not None)
    values = [value for _sql, its in tests if its is not None for value in its]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_EVENT} FROM journal_event WHERE {where} ORDER BY id DESC LIMIT %s",
            [*values, limit],
        )
        return [event_from_row(row) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class SealState:
    """How far the chain of seals goes; ``sealed_at`` is None before the first one."""

    position: int
    sealed_at: datetime | None


def get_seal_state() -> SealState:
    last = Seal.objects.order_by("-position").values_list("position", "sealed_at").first()
    return SealState(*last) if last else SealState(0, None)


@dataclass(frozen=True, slots=True)
class WaitingDeliveries:
    """What waits for one subscriber. ``parked`` have failed so often that a person must look;
    ``last_error`` is of one of those that failed."""

    subscriber: str
    waiting: int
    oldest_recorded_at: datetime
    parked: int
    last_error: str


def list_waiting_deliveries() -> list[WaitingDeliveries]:
    """By subscriber, the one whose event waits longest first; subscribers with none are absent."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT subscriber, count(*), min(recorded_at),
                   count(*) FILTER (WHERE attempts >= %s), coalesce(max(last_error), '')
            FROM journal_delivery GROUP BY subscriber ORDER BY min(recorded_at), subscriber
            """,
            [MAX_ATTEMPTS],
        )
        return [WaitingDeliveries(*row) for row in cursor.fetchall()]

"""Recording events: the event, its deliveries and its place in the seal, in one transaction."""

from __future__ import annotations

import hashlib
import io
import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction

from journal import subscribers
from journal.bell import ring
from journal.models import BATCH_BITS, MAX_BATCH_EVENTS
from journal.subjects import Subject
from kernel.actor import Actor
from kernel.authority import by_machine
from kernel.clock import legal_day
from kernel.errors import Conflict, InvalidInput
from kernel.sql_text import PIECE, escaped, escaped_json

__all__ = [
    "KeyReused",
    "NewEvent",
    "Once",
    "Subject",
    "TooManyEvents",
    "record_event",
    "record_events",
    "run_once",
]


class NewEvent(NamedTuple):
    """``payload`` is a mapping of codes and typed values, or that mapping as JSON already."""

    kind: str
    subject: Subject
    payload: Mapping[str, Any] | str
    effective_on: date


class TooManyEvents(InvalidInput):
    code = "too_many_events"


class KeyReused(Conflict):
    """The key of a form came again with something else in it."""

    code = "key_reused"


class Once(NamedTuple):
    """``is_new`` is False when the same form came before; then nothing was written."""

    result: int
    is_new: bool


_COPY_COLUMNS = (
    "recorded_on, id, kind, subject_kind, subject_id, actor_kind, actor_id,"
    " effective_on, recorded_at, payload"
)


_JSON: Final = DjangoJSONEncoder(ensure_ascii=False, separators=(",", ":"))


@by_machine
def record_event(
    *,
    kind: str,
    subject: Subject,
    actor: Actor,
    at: datetime,
    effective_on: date | None = None,
    payload: Mapping[str, Any] | None = None,
) -> int:
    """Record one event and return its id; ``effective_on`` defaults to the legal day of ``at``."""
    event = NewEvent(kind, subject, payload or {}, effective_on or legal_day(at))
    return record_events(events=[event], actor=actor, at=at)[0]


@by_machine
@transaction.atomic
def record_events(*, events: Sequence[NewEvent], actor: Actor, at: datetime) -> range:
    """Record a batch and return its ids, in the order given; at most 1,048,576 events.

    Must run in the transaction that changes what the events tell of.
    """
    if not events:
        return range(0)
    if len(events) > MAX_BATCH_EVENTS:
        raise TooManyEvents(events=len(events), limit=MAX_BATCH_EVENTS)
    recorded_on = legal_day(at)
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('journal_batch_seq')")
        batch = int(cursor.fetchone()[0])
        ids = range(batch << BATCH_BITS, (batch << BATCH_BITS) + len(events))
        cursor.copy_expert(
            f"COPY journal_event ({_COPY_COLUMNS}) FROM STDIN",
            _copy_rows(events, ids, recorded_on, actor, at),
            PIECE,
        )
        cursor.execute(
            "INSERT INTO journal_unsealedbatch (batch, recorded_on, events) VALUES (%s, %s, %s)",
            [batch, recorded_on, len(events)],
        )
        _write_deliveries(cursor, {event.kind for event in events}, ids, recorded_on)
    return ids


def _copy_rows(
    events: Sequence[NewEvent], ids: range, recorded_on: date, actor: Actor, at: datetime
) -> io.StringIO:
    head, instant = f"{recorded_on}\t", at.isoformat()
    who = f"\t{actor.kind.value}\t{escaped(actor.id)}\t"
    lines = [
        f"{head}{event_id}\t{kind}\t{subject_kind}\t{subject_id}{who}"
        f"{effective_on.isoformat()}\t{instant}\t{_json_field(payload)}\n"
        for event_id, (kind, (subject_kind, subject_id), payload, effective_on) in zip(
            ids, events, strict=True
        )
    ]
    return io.StringIO("".join(lines))


def _json_field(payload: Mapping[str, Any] | str) -> str:
    return escaped_json(payload if isinstance(payload, str) else _JSON.encode(payload))


def _write_deliveries(cursor: Any, kinds: set[str], ids: range, recorded_on: date) -> None:
    kinds_of: dict[str, list[str]] = defaultdict(list)
    for kind in kinds:
        for subscriber in subscribers.interested(kind):
            kinds_of[subscriber].append(kind)
    for subscriber, its_kinds in sorted(kinds_of.items()):
        cursor.execute(
            """
            INSERT INTO journal_delivery (subscriber, event_id, event_on, subject, recorded_at)
            SELECT %s, id, recorded_on, subject_kind || ':' || subject_id, recorded_at
            FROM journal_event
            WHERE recorded_on = %s AND id BETWEEN %s AND %s AND kind = ANY(%s)
            """,
            [subscriber, recorded_on, ids[0], ids[-1], its_kinds],
        )
    if kinds_of:
        ring(queue="system", task="journal.deliver")


@by_machine
@transaction.atomic
def run_once(
    *, scope: str, key: str | None, given: Mapping[str, Any], act: Callable[[], int], at: datetime
) -> Once:
    """Run ``act`` unless the same form was sent before, and give the id that it returned.

    Two at once run one after the other. Without a key it always runs. Raises KeyReused where the
    key came with another input.
    """
    if not key:
        return Once(act(), is_new=True)
    text = json.dumps(given, cls=DjangoJSONEncoder, sort_keys=True)
    input_hash = hashlib.sha256(text.encode()).digest()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO journal_idempotencykey (scope, key, input_hash, result, created_at)"
            " VALUES (%s, %s, %s, 'null', %s) ON CONFLICT DO NOTHING",
            [scope, key, input_hash, at],
        )
        if cursor.rowcount == 0:
            cursor.execute(
                "SELECT input_hash, result FROM journal_idempotencykey"
                " WHERE scope = %s AND key = %s",
                [scope, key],
            )
            before, result = cursor.fetchone()
            if bytes(before) != input_hash:
                raise KeyReused(scope=scope)
            return Once(int(result), is_new=False)
        done = act()
        cursor.execute(
            "UPDATE journal_idempotencykey SET result = %s::jsonb WHERE scope = %s AND key = %s",
            [str(done), scope, key],
        )
    return Once(done, is_new=True)

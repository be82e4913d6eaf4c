"""Queueing messages: recipient, language and figures are fixed here, for thousands at once."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from json.encoder import encode_basestring as quoted
from typing import Final

from django.db import connection, transaction

from cases.lifecycle import WorkKind
from cases.locking import lock_cases
from cases.operations import NewWorkItem, accrue_for_cases, open_work_items, touch_cases
from contacts.composing import Composed, NewMessage
from contacts.events import MESSAGE_NOT_QUEUED, MESSAGE_QUEUED
from contacts.lifecycle import MessageChannel
from contacts.queries.composing import list_composed_messages
from contacts.rendering import template_version
from journal.operations import NewEvent, Subject, record_events
from kernel.actor import Actor
from kernel.authority import by_machine
from kernel.calendar import POLAND
from kernel.sql_text import PIECE, escaped, escaped_json

_COLUMNS: Final = (
    "id, case_id, debtor_id, channel, template, template_version, language, recipient, figures,"
    " cause, status, skip_reason, queued_on"
)


@by_machine
@transaction.atomic
def queue_messages(
    *, messages: Sequence[NewMessage], on: date, at: datetime, actor: Actor
) -> list[int]:
    """Queue those whose cause has made none yet; returns the new ids.

    Without a usable address, number or mailbox a person is asked to find one; where nothing may
    be demanded, nothing is written to the debtor. Both are events.
    """
    if not messages:
        return []
    case_ids = lock_cases(case_ids=[message.case_id for message in messages])
    accrue_for_cases(case_ids=case_ids, on=on, at=at, actor=actor)
    composed = list_composed_messages(messages=_of_new_causes(messages), on=on)
    ready = [one for one in composed if one.recipient is not None and one.figures is not None]
    not_ready = [one for one in composed if one.recipient is None or one.figures is None]
    ids = _write(ready, on)
    record_events(
        events=[
            *(_queued(message_id, one, on) for message_id, one in zip(ids, ready, strict=True)),
            *(_not_queued(one, on) for one in not_ready),
        ],
        at=at,
        actor=actor,
    )
    open_work_items(items=_searches(not_ready, on), at=at, actor=actor)
    touch_cases(case_ids=[one.message.case_id for one in composed], at=at)
    return ids


def _of_new_causes(messages: Sequence[NewMessage]) -> list[NewMessage]:
    """One for each cause that has made none yet, in order of the cases.

    By an array and not by a join: on a table that was empty when it was last analysed, the
    planner would scan it once for each row of a join.
    """
    by_cause = {message.cause: message for message in messages}
    with connection.cursor() as cursor:
        cursor.execute("SELECT cause FROM contacts_message WHERE cause = ANY(%s)", [list(by_cause)])
        used = {str(row[0]) for row in cursor.fetchall()}
    fresh = [message for cause, message in by_cause.items() if cause not in used]
    return sorted(fresh, key=lambda message: message.case_id)


def _write(ready: Sequence[Composed], on: date) -> list[int]:
    """With ids reserved before, so that the rows can go in by COPY."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(ids) FROM generate_series(1, %s), (SELECT"
            " pg_get_serial_sequence('contacts_message', 'id')::regclass AS ids OFFSET 0) s",
            [len(ready)],
        )
        ids = [int(row[0]) for row in cursor.fetchall()]
        rows = "".join(
            [_row(message_id, one, on) for message_id, one in zip(ids, ready, strict=True)]
        )
        cursor.copy_expert(
            f"COPY contacts_message ({_COLUMNS}) FROM STDIN", io.StringIO(rows), PIECE
        )
    return ids


def _row(message_id: int, composed: Composed, on: date) -> str:
    message = composed.message
    return (
        f"{message_id}\t{message.case_id}\t{composed.debtor_id}\t{composed.channel}\t"
        f"{message.template}\t{template_version(message.template)}\t{composed.language}\t"
        f"{escaped_json(composed.recipient or '')}\t{escaped_json(composed.figures or '')}\t"
        f"{escaped(message.cause)}\tqueued\t{{}}\t{on}\n"
    )


def _queued(message_id: int, composed: Composed, on: date) -> NewEvent:
    """The payload is written as text: thousands of them are made in a night."""
    subject = Subject("case", composed.message.case_id)
    payload = f'{{"message_id":{message_id},{_what(composed)}}}'
    return NewEvent(MESSAGE_QUEUED, subject, payload, on)


def _not_queued(composed: Composed, on: date) -> NewEvent:
    reason = "no_recipient" if composed.recipient is None else "nothing_to_demand"
    payload = f'{{{_what(composed)},"reason":"{reason}"}}'
    return NewEvent(MESSAGE_NOT_QUEUED, Subject("case", composed.message.case_id), payload, on)


def _what(composed: Composed) -> str:
    message = composed.message
    return (
        f'"template":"{message.template}","channel":"{composed.channel}",'
        f'"cause":{quoted(message.cause)}'
    )


def _searches(not_ready: Iterable[Composed], on: date) -> list[NewWorkItem]:
    due_on = POLAND.next_working_day(on)
    return [
        NewWorkItem(
            one.message.case_id,
            WorkKind.FIND_ADDRESS if one.channel is MessageChannel.LETTER else WorkKind.FIND_PHONE,
            due_on,
            None,
            {"code": "no_recipient", "template": one.message.template, "channel": one.channel},
        )
        for one in not_ready
        if one.recipient is None and one.figures is not None
    ]

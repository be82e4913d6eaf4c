"""What the post, or a person, says has become of messages: handed over, delivered, returned.

Statutory terms run from the day of delivery that is recorded here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import connection, transaction
from django.db.models import Q

from cases.lifecycle import WorkKind
from cases.locking import lock_cases
from cases.operations import NewWorkItem, open_work_items, touch_cases
from contacts.deliveries import DeliveryEntry, Place, judge_entry, names_of
from contacts.events import TERMINATION_DELIVERED
from contacts.lifecycle import MESSAGE_LIFECYCLE, MessageChannel, MessageStatus, Template
from contacts.models import Message, Termination
from contacts.queries.showing import MessageNotFound
from contacts.terms import termination_effective_on
from debtors.operations import mark_addresses_unusable, mark_contact_points_unusable
from journal.operations import NewEvent, Subject, record_events
from journal.status import move_statuses
from kernel.actor import Actor
from kernel.authority import requires
from kernel.calendar import POLAND
from kernel.errors import Conflict
from staff.rights import Right

_MOVES: Final[Mapping[MessageStatus, tuple[str, str]]] = {
    MessageStatus.HANDED_OVER: ("hand_over", "handed_over_on"),
    MessageStatus.DELIVERED: ("deliver", "delivered_on"),
    MessageStatus.RETURNED: ("return", "returned_on"),
}


class DeliveryRefused(Conflict):
    """What was said cannot be: ``reason`` and values."""

    code = "delivery_refused"


@dataclass(frozen=True, slots=True)
class RefusedEntry:
    line: int
    reason: str
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """Counts of entries; ``unchanged`` were recorded before."""

    handed_over: int
    delivered: int
    returned: int
    unchanged: int
    refused: Sequence[RefusedEntry]


@requires(Right.RECORD_DELIVERY)
@transaction.atomic
def record_deliveries(
    *,
    entries: Sequence[DeliveryEntry],
    on: date,
    actor: Actor,
    at: datetime,
    dry_run: bool = False,
) -> DeliveryReport:
    """Record what is said of many messages; a bad entry stops no good one.

    The same entries again change nothing. ``on`` is today: nothing can have happened later. A
    dry run reports what would be recorded.
    """
    places, ids_of_references = _lock_places(entries, actor)
    accepted: dict[int, list[DeliveryEntry]] = defaultdict(list)
    refused: list[RefusedEntry] = []
    unchanged = 0
    for entry in entries:
        named = _named(entry.key, places, ids_of_references)
        if len(named) > 1:
            refused.append(RefusedEntry(entry.line, "ambiguous_message", {"message": entry.key}))
            continue
        place = places[named.pop()] if named else None
        verdict = judge_entry(entry, place, on)
        if verdict.reason:
            refused.append(RefusedEntry(entry.line, verdict.reason, verdict.values))
        elif place is None or verdict.unchanged:
            unchanged += 1
        else:
            accepted[place.message_id].append(entry)
            places[place.message_id] = place.after(entry)
            if entry.reference:  # a later line may use the number that this one gives
                ids_of_references.setdefault(entry.reference, place.message_id)
    counts = dict.fromkeys(_MOVES, 0)
    for entries_of_one in accepted.values():
        for entry in entries_of_one:
            counts[entry.status] += 1
    if not dry_run:
        _record(accepted, on, actor, at)
    return DeliveryReport(
        counts[MessageStatus.HANDED_OVER],
        counts[MessageStatus.DELIVERED],
        counts[MessageStatus.RETURNED],
        unchanged,
        refused,
    )


@requires(Right.RECORD_DELIVERY)
def record_delivery(
    *,
    message_id: int,
    status: MessageStatus,
    happened_on: date,
    on: date,
    actor: Actor,
    at: datetime,
) -> Message:
    """The same for one message. Raises MessageNotFound, DeliveryRefused."""
    entry = DeliveryEntry(1, f"id:{message_id}", status, happened_on)
    report = record_deliveries(entries=[entry], on=on, actor=actor, at=at)
    for refusal in report.refused:
        if refusal.reason == "unknown_message":
            raise MessageNotFound(message_id=message_id)
        raise DeliveryRefused(message_id=message_id, reason=refusal.reason, **refusal.values)
    return Message.objects.get(pk=message_id)


def _lock_places(
    entries: Sequence[DeliveryEntry], actor: Actor
) -> tuple[dict[int, Place], dict[str, int]]:
    """Where each named message stands, by id, and the ids of the post's numbers.

    The cases are locked first.
    """
    names = [names_of(key) for key in {entry.key for entry in entries}]
    ids = [name.message_id for name in names if name.message_id is not None]
    references = [name.reference for name in names if name.reference is not None]
    found = Message.objects.filter(Q(pk__in=ids) | Q(post_reference__in=references))
    if actor.team_id is not None:
        found = found.filter(case__team_id=actor.team_id)
    lock_cases(case_ids=found.values_list("case_id", flat=True))
    places: dict[int, Place] = {}
    ids_of_references: dict[str, int] = {}
    for row in (
        found.select_for_update(of=("self",), no_key=True)
        .order_by("pk")
        .values_list(
            "id",
            "status",
            "queued_on",
            "handed_over_on",
            "delivered_on",
            "returned_on",
            "post_reference",
        )
    ):
        places[row[0]] = Place(row[0], MessageStatus(row[1]), *row[2:6])
        if row[6]:
            ids_of_references[row[6]] = row[0]
    return places, ids_of_references


def _named(key: str, places: Mapping[int, Place], ids_of_references: Mapping[str, int]) -> set[int]:
    """The ids of the messages that a key may mean: none, one, or two that it cannot tell apart."""
    names = names_of(key)
    ids: set[int] = set()
    if names.message_id is not None and names.message_id in places:
        ids.add(names.message_id)
    if names.reference is not None and names.reference in ids_of_references:
        ids.add(ids_of_references[names.reference])
    return ids


def _record(
    accepted: Mapping[int, Sequence[DeliveryEntry]], on: date, actor: Actor, at: datetime
) -> None:
    """Several entries about one message are made in the order of its life."""
    ids = list(accepted)
    rows = {
        pk: (case_id, template, channel)
        for pk, case_id, template, channel in Message.objects.filter(pk__in=ids).values_list(
            "id", "case_id", "template", "channel"
        )
    }
    for status, (move, column) in _MOVES.items():
        by_day: dict[date, list[int]] = defaultdict(list)
        for pk, entries in accepted.items():
            for entry in entries:
                if entry.status is status:
                    by_day[entry.happened_on].append(pk)
        for happened_on, moving in sorted(by_day.items()):
            move_statuses(
                model=Message,
                ids=moving,
                lifecycle=MESSAGE_LIFECYCLE,
                move=move,
                subject_of=lambda pk: Subject("case", rows[pk][0]),
                payload_of=lambda pk: {"template": rows[pk][1], "channel": rows[pk][2]},
                changes={column: happened_on},
                effective_on=happened_on,
                actor=actor,
                at=at,
            )
            if status is MessageStatus.RETURNED:
                _after_return(moving, on, actor, at)
            if status is MessageStatus.DELIVERED:
                _after_delivery(moving, happened_on, actor, at)
    _keep_references(accepted)
    touch_cases(case_ids=[case_id for case_id, _, _ in rows.values()], at=at)


def _keep_references(accepted: Mapping[int, Sequence[DeliveryEntry]]) -> None:
    named = {pk: e.reference for pk, group in accepted.items() for e in group if e.reference}
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE contacts_message m SET post_reference = n.reference"
            " FROM unnest(%s::bigint[], %s::text[]) AS n (id, reference)"
            " WHERE m.id = n.id AND m.post_reference IS NULL AND NOT EXISTS"
            " (SELECT 1 FROM contacts_message o WHERE o.post_reference = n.reference)",
            [list(named), list(named.values())],
        )


def _after_return(message_ids: Sequence[int], on: date, actor: Actor, at: datetime) -> None:
    """The address or mailbox does not work: nobody writes there again, and a person finds one."""
    messages = list(Message.objects.filter(pk__in=message_ids))
    letters = [m for m in messages if m.channel == MessageChannel.LETTER]
    others = [m for m in messages if m.channel != MessageChannel.LETTER]
    mark_addresses_unusable(
        address_ids=[m.recipient["address_id"] for m in letters if "address_id" in m.recipient],
        reason="letter_returned",
        actor=actor,
        at=at,
    )
    mark_contact_points_unusable(
        contact_point_ids=[
            m.recipient["contact_point_id"] for m in others if "contact_point_id" in m.recipient
        ],
        reason="message_returned",
        actor=actor,
        at=at,
    )
    open_work_items(
        items=[
            NewWorkItem(
                message.case_id,
                WorkKind.LETTER_RETURNED if message in letters else WorkKind.FIND_PHONE,
                POLAND.next_working_day(on),
                None,
                {"code": "returned", "message_id": message.pk, "template": message.template},
            )
            for message in messages
        ],
        actor=actor,
        at=at,
    )


def _after_delivery(
    message_ids: Sequence[int], happened_on: date, actor: Actor, at: datetime
) -> None:
    """The statement of termination arrived: its notice period runs."""
    ends = list(
        Termination.objects.filter(
            statement_id__in=message_ids,
            statement__template=Template.TERMINATION,
            effective_on__isnull=True,
        ).values_list("id", "case_id")
    )
    effective_on = termination_effective_on(happened_on)
    Termination.objects.filter(pk__in=[pk for pk, _ in ends]).update(effective_on=effective_on)
    record_events(
        events=[
            NewEvent(
                TERMINATION_DELIVERED,
                Subject("case", case_id),
                {"termination_id": pk, "effective_on": effective_on},
                happened_on,
            )
            for pk, case_id in ends
        ],
        actor=actor,
        at=at,
    )

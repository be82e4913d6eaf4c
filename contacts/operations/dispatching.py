"""Handing over what is queued: the guard is asked at the moment it would go out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction

from cases.lifecycle import WorkKind
from cases.locking import keep_switches_still, lock_cases
from cases.operations import NewWorkItem, open_work_items, touch_cases
from cases.queries import get_switches_off
from cases.switches import Off
from contacts.guard import Refused, Rule
from contacts.lifecycle import MESSAGE_LIFECYCLE, MessageChannel, MessageStatus
from contacts.models import Message
from contacts.operations.recalling import lapse_statements
from contacts.queries.dispatch import QueuedMessage, list_dispatch, list_verdicts
from contacts.queries.keeping_back import count_kept_back
from journal.operations import Subject
from journal.status import move_statuses
from kernel.actor import Actor
from kernel.authority import requires
from kernel.calendar import POLAND
from kernel.clock import legal_day
from staff.rights import Right


@dataclass(frozen=True, slots=True)
class Dispatched:
    """Ids of messages. ``waiting`` may not go out now and stay queued; so do all those of the
    channel that a red switch keeps back, which are only counted."""

    handed_over: Sequence[int]
    skipped: Sequence[int]
    waiting: Sequence[int]
    kept_back: int


@requires(Right.RECORD_DELIVERY)
@transaction.atomic
def dispatch_messages(
    *,
    channel: MessageChannel,
    actor: Actor,
    at: datetime,
    after_id: int = 0,
    limit: int = 200,
) -> Dispatched:
    """Hand over the next queued messages of a channel.

    Allowed ones are handed over. One that can never go out any more (paid meanwhile, time-barred,
    an address that does not work) is skipped with the reason; one that may not go out now stays.
    What a red switch keeps back is passed over, so that the rest of the queue comes to its turn; no
    switch is turned meanwhile.
    """
    keep_switches_still()
    off = get_switches_off()
    listed = list_dispatch(
        actor=actor, at=at, channel=channel, after_id=after_id, limit=limit, leaving_out=off
    )
    lock_cases(case_ids=[queued.message.case_id for queued in listed])
    still = Message.objects.filter(
        pk__in=[queued.message.pk for queued in listed], status=MessageStatus.QUEUED
    )
    verdicts = list_verdicts(messages=list(still.order_by("id")), at=at)
    going = [q.message for q in verdicts if not isinstance(q.verdict, Refused)]
    never = [q for q in verdicts if isinstance(q.verdict, Refused) and q.verdict.is_final]
    handed_over = _hand_over(going, actor, at)
    _skip(never, actor, at)
    touch_cases(case_ids=[m.case_id for m in [*going, *(q.message for q in never)]], at=at)
    skipped = [q.message.pk for q in never]
    done = {*handed_over, *skipped}
    return Dispatched(
        handed_over,
        skipped,
        [q.message.pk for q in verdicts if q.message.pk not in done],
        _count_kept_back(channel, off, actor),
    )


def _count_kept_back(channel: MessageChannel, off: Off, actor: Actor) -> int:
    if not off:
        return 0
    return count_kept_back(off=off, channel=channel, team_id=actor.team_id)


def _hand_over(messages: Sequence[Message], actor: Actor, at: datetime) -> list[int]:
    on = legal_day(at)
    found = {message.pk: message for message in messages}
    return move_statuses(
        model=Message,
        ids=list(found),
        lifecycle=MESSAGE_LIFECYCLE,
        move="hand_over",
        subject_of=lambda pk: Subject("case", found[pk].case_id),
        payload_of=lambda pk: {"template": found[pk].template, "channel": found[pk].channel},
        changes={"handed_over_on": on},
        effective_on=on,
        actor=actor,
        at=at,
    )


def _skip(queued: Sequence[QueuedMessage], actor: Actor, at: datetime) -> None:
    refusals = {
        q.message.pk: (q.message, q.verdict) for q in queued if isinstance(q.verdict, Refused)
    }
    move_statuses(
        model=Message,
        ids=list(refusals),
        lifecycle=MESSAGE_LIFECYCLE,
        move="skip",
        subject_of=lambda pk: Subject("case", refusals[pk][0].case_id),
        payload_of=lambda pk: {
            "template": refusals[pk][0].template,
            "channel": refusals[pk][0].channel,
            "rule": refusals[pk][1].rule,
            "values": dict(refusals[pk][1].values),
        },
        actor=actor,
        at=at,
    )
    _keep_reasons({pk: verdict for pk, (_, verdict) in refusals.items()})
    lapse_statements(
        reasons={pk: refused.rule for pk, (_, refused) in refusals.items()}, actor=actor, at=at
    )
    unreachable = [m for m, v in refusals.values() if v.rule is Rule.NO_CONTACT_POINT]
    open_work_items(
        items=[
            NewWorkItem(
                message.case_id,
                WorkKind.FIND_ADDRESS
                if message.channel == MessageChannel.LETTER
                else WorkKind.FIND_PHONE,
                POLAND.next_working_day(legal_day(at)),
                None,
                {"code": "unreachable", "message_id": message.pk, "template": message.template},
            )
            for message in unreachable
        ],
        actor=actor,
        at=at,
    )


def _keep_reasons(reasons: dict[int, Refused]) -> None:
    texts = [
        json.dumps({"rule": refused.rule, "values": dict(refused.values)}, cls=DjangoJSONEncoder)
        for refused in reasons.values()
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE contacts_message m SET skip_reason = n.reason::jsonb"
            " FROM unnest(%s::bigint[], %s::text[]) AS n (id, reason) WHERE m.id = n.id",
            [list(reasons), texts],
        )

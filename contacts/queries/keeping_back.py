"""Queued messages that a red switch keeps back."""

from __future__ import annotations

from datetime import date
from functools import reduce
from operator import or_
from typing import NamedTuple

from django.db.models import Count, Min, Q

from cases.lifecycle import SwitchKind
from cases.switches import Off, Switch
from contacts.keeping_back import SEND_LETTER, SEND_MESSAGE, STEP_CAUSE
from contacts.lifecycle import MessageChannel, MessageStatus
from contacts.models import Message

_NONE = Q(pk__in=[])


def get_kept_back(*, off: Off) -> Q:
    """The condition on messages that any of the switches keeps back."""
    return reduce(or_, (_condition(switch) for switch in sorted(off)), _NONE)


def _condition(switch: Switch) -> Q:
    match switch.kind:
        case SwitchKind.CHANNEL:
            return Q(channel=switch.key)
        case SwitchKind.TEMPLATE:
            return Q(template=switch.key)
        case SwitchKind.TEAM:
            return Q(case__team_id=int(switch.key))
    action, _, template = switch.key.partition(".")
    made = Q(template=template, cause__startswith=STEP_CAUSE)
    if action == SEND_LETTER:
        return made & Q(channel=MessageChannel.LETTER)
    return made & ~Q(channel=MessageChannel.LETTER) if action == SEND_MESSAGE else _NONE


def count_kept_back(
    *,
    off: Off,
    channel: MessageChannel | None = None,
    team_id: int | None = None,
    not_by: Off = frozenset(),
) -> int:
    """Queued messages that the switches keep back, or would: by a channel, of a team, and those
    alone that no switch of ``not_by`` keeps back as well."""
    queued = Message.objects.filter(get_kept_back(off=off), status=MessageStatus.QUEUED)
    if channel is not None:
        queued = queued.filter(channel=channel)
    if team_id is not None:
        queued = queued.filter(case__team_id=team_id)
    if not_by:
        queued = queued.exclude(get_kept_back(off=not_by))
    return queued.count()


class QueueLength(NamedTuple):
    """Messages of one channel that wait to be handed over."""

    channel: MessageChannel
    messages: int
    oldest_on: date | None


def list_queue_lengths() -> list[QueueLength]:
    """Every channel, also an empty one."""
    rows = (
        Message.objects.filter(status=MessageStatus.QUEUED)
        .order_by()
        .values_list("channel")
        .annotate(messages=Count("id"), oldest_on=Min("queued_on"))
    )
    found = {channel: (messages, oldest_on) for channel, messages, oldest_on in rows}
    return [QueueLength(channel, *found.get(channel, (0, None))) for channel in MessageChannel]

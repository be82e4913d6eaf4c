"""The post, and the providers of messages: most arrives, some comes back, some is lost."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from collections_app.demo.world import World
from contacts.deliveries import DeliveryEntry
from contacts.lifecycle import MessageChannel, MessageStatus
from contacts.models import Message
from contacts.operations import dispatch_messages, record_deliveries
from kernel.calendar import POLAND

_RETURNED_AFTER_DAYS = 21


def hand_over(world: World, at: datetime) -> None:
    """Everything that is queued goes out, or is skipped by the guard."""
    for channel in MessageChannel:
        after = 0
        while True:
            done = dispatch_messages(
                channel=channel, actor=world.managers[0], at=at, after_id=after
            )
            seen = [*done.handed_over, *done.skipped, *done.waiting]
            if not seen:
                break
            after = max(seen)


def deliver(world: World, on: date, at: datetime) -> None:
    """Record what arrived or came back today."""
    under_way = Message.objects.filter(status=MessageStatus.HANDED_OVER).values_list(
        "id", "channel", "handed_over_on"
    )
    entries: list[DeliveryEntry] = []
    for message_id, channel, handed_over_on in under_way:
        fate = _fate(world, message_id, channel, handed_over_on or on)
        if fate is not None and fate[1] <= on:
            status, happened_on = fate
            entries.append(DeliveryEntry(len(entries) + 1, str(message_id), status, happened_on))
    if entries:
        record_deliveries(entries=entries, on=on, actor=world.managers[0], at=at)


def _fate(
    world: World, message_id: int, channel: str, handed_over_on: date
) -> tuple[MessageStatus, date] | None:
    """What becomes of a message and when; None for one of which nothing is ever heard."""
    dice = world.dice("post", message_id)
    draw = dice.random()
    if channel != MessageChannel.LETTER:
        arrived = draw < 0.97
        return (MessageStatus.DELIVERED if arrived else MessageStatus.RETURNED), handed_over_on
    if draw < 0.91:
        days = dice.randint(2, 7)
        return MessageStatus.DELIVERED, POLAND.add_working_days(handed_over_on, days)
    if draw < 0.97:
        return MessageStatus.RETURNED, handed_over_on + timedelta(days=_RETURNED_AFTER_DAYS)
    return None

"""What is queued, with what the guard says of it now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from django.db import connection

from cases.models import Case
from cases.queries import get_switches_off
from cases.switches import Off, Switch, first_off, teams_off
from contacts.guard import Purpose, Verdict, may_contact
from contacts.keeping_back import switches_of_message
from contacts.lifecycle import MessageChannel, Template
from contacts.models import Message
from contacts.policy import policy_on
from contacts.queries.guarding import get_person_facts
from contacts.queries.keeping_back import get_kept_back
from debtors.lifecycle import Channel
from kernel.actor import Actor
from kernel.calendar import POLAND
from kernel.clock import legal_day


@dataclass(frozen=True, slots=True)
class QueuedMessage:
    message: Message
    verdict: Verdict


_CHANNELS: Final = {
    MessageChannel.SMS: Channel.SMS,
    MessageChannel.EMAIL: Channel.EMAIL,
    MessageChannel.LETTER: Channel.LETTER,
}


def list_dispatch(
    *,
    actor: Actor,
    at: datetime,
    channel: MessageChannel | None = None,
    after_id: int = 0,
    limit: int = 200,
    leaving_out: Off = frozenset(),
) -> list[QueuedMessage]:
    """The next queued messages of the actor's team, each with the guard's answer now.

    ``leaving_out``: none that one of these red switches keeps back.
    """
    queued = Message.objects.filter(status="queued", pk__gt=after_id)
    if leaving_out:
        queued = queued.exclude(get_kept_back(off=leaving_out))
    if channel is not None:
        queued = queued.filter(channel=channel)
    if actor.team_id is not None:
        queued = queued.filter(case__team_id=actor.team_id)
    queued = queued.select_related("case", "case__debtor")
    return list_verdicts(messages=list(queued.order_by("id")[:limit]), at=at)


def list_verdicts(*, messages: Sequence[Message], at: datetime) -> list[QueuedMessage]:
    """The guard's answer to each message, were it to go out now."""
    on = legal_day(at)
    facts = get_person_facts(case_ids=[message.case_id for message in messages], on=on)
    unusable = _list_unreachable([message.pk for message in messages])
    keeping = _list_keeping_switches(messages)
    policy = policy_on(on)
    return [
        QueuedMessage(
            message,
            may_contact(
                facts=replace(
                    facts[message.case_id],
                    reachable=message.pk not in unusable,
                    queued_on=message.queued_on,
                    switched_off=keeping.get(message.pk),
                ),
                channel=_CHANNELS[MessageChannel(message.channel)],
                at=at,
                purpose=_purpose(message),
                policy=policy,
                calendar=POLAND,
            ),
        )
        for message in messages
    ]


def _list_keeping_switches(messages: Sequence[Message]) -> dict[int, Switch]:
    """By message: the switch that keeps it back. The teams are read only where one is off."""
    off = get_switches_off()
    if not off:
        return {}
    team_of: dict[int, int | None] = {}
    if teams_off(off):
        cases = Case.objects.filter(pk__in={message.case_id for message in messages})
        team_of = dict(cases.values_list("pk", "team_id"))
    found = {
        message.pk: first_off(
            switches_of_message(
                channel=message.channel,
                template=message.template,
                cause=message.cause,
                team_id=team_of.get(message.case_id),
            ),
            off,
        )
        for message in messages
    }
    return {pk: switch for pk, switch in found.items() if switch is not None}


def _purpose(message: Message) -> Purpose:
    if message.template == Template.TERMINATION:
        return Purpose.TERMINATE
    return Purpose.DEMAND


def _list_unreachable(message_ids: Sequence[int]) -> set[int]:
    """Messages whose address, number or mailbox has been found not to work since."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT m.id FROM contacts_message m
            LEFT JOIN debtors_address a ON a.id = (m.recipient ->> 'address_id')::bigint
            LEFT JOIN debtors_contactpoint p
                ON p.id = (m.recipient ->> 'contact_point_id')::bigint
            WHERE m.id = ANY(%s) AND (a.is_usable IS false OR p.is_usable IS false)
            """,
            [list(message_ids)],
        )
        return {int(row[0]) for row in cursor.fetchall()}

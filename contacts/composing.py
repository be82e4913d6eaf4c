"""What a message says, as it is fixed when it is queued: recipient and figures. Pure.

Both are written as JSON by hand, because a night makes tens of thousands of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from json.encoder import encode_basestring as quoted
from typing import Final, NamedTuple

from contacts.lifecycle import MessageChannel, Template

#: Templates about a termination that is to come name no debt that is terminated already.
_BEFORE_TERMINATION: Final = frozenset({Template.NOTICE_75C, Template.TERMINATION})


class NewMessage(NamedTuple):
    """``channel`` None: SMS or e-mail, by what the debtor prefers and has.

    ``debt_ids`` None: every debt of the case on which something is due and may be demanded.
    ``extra`` are further figures that the template names.
    """

    case_id: int
    channel: MessageChannel | None
    template: Template
    cause: str
    debt_ids: tuple[int, ...] | None = None
    extra: Mapping[str, str] = {}


class Reader(NamedTuple):
    """The debtor of a case, to whom its messages go."""

    case_id: int
    case_number: str
    debtor_id: int
    name: str
    kind: str
    language: str
    preferred_channel: str


class DueDebt(NamedTuple):
    """A debt on which something is due. Days are ISO texts, the rate is a decimal one.

    ``due`` and ``owed`` are JSON objects: minor units by component, without zeros.
    """

    debtor_id: int
    debt_id: int
    account_id: int
    product: str
    contract_no: str
    contract_on: str | None
    contract_rate: str | None
    is_consumer: bool
    terminated_on: str | None
    currency: str
    due_minor: int
    outstanding_minor: int
    due_since: str
    pay_to: str
    due: str
    owed: str


@dataclass(frozen=True, slots=True)
class Sources:
    """What the messages of a batch are made from.

    ``places`` are where a message can go, by debtor and channel, each as the fields of a JSON
    object. ``debts`` are those that may be demanded, by debtor, the one due longest first.
    """

    readers: Mapping[int, Reader]
    places: Mapping[tuple[int, str], str]
    debts: Mapping[int, Sequence[DueDebt]]


class Composed(NamedTuple):
    """``recipient`` and ``figures`` are JSON. The one is None where the debtor cannot be reached
    by the channel, the other where nothing may be demanded: then the message is not queued."""

    message: NewMessage
    debtor_id: int
    language: str
    channel: MessageChannel
    recipient: str | None
    figures: str | None


def compose(message: NewMessage, sources: Sources, on: date) -> Composed:
    """The message with everything it says, as of the legal day ``on``."""
    reader = sources.readers[message.case_id]
    channel = message.channel or _channel(reader, sources.places)
    place = sources.places.get((reader.debtor_id, channel))
    debts = _debts(message, sources.debts.get(reader.debtor_id, ()))
    return Composed(
        message,
        reader.debtor_id,
        reader.language,
        channel,
        None if place is None else _recipient(reader, place),
        _figures(message, reader, debts, on) if debts else None,
    )


def point_text(channel: str, point_id: int, value: str) -> str:
    """A phone number or a mailbox as a place."""
    name = "email" if channel == MessageChannel.EMAIL else "phone"
    return f'"contact_point_id":{point_id},"{name}":{quoted(value)}'


def address_text(address_id: int, street: str, postal_code: str, city: str, country: str) -> str:
    """A postal address as a place."""
    return (
        f'"address_id":{address_id},"street":{quoted(street)},'
        f'"postal_code":{quoted(postal_code)},"city":{quoted(city)},"country":{quoted(country)}'
    )


def channel_of_message(*, prefers_email: bool, has_email: bool, has_mobile: bool) -> MessageChannel:
    """By which of the two a short message goes, where the strategy leaves it open."""
    if prefers_email and has_email:
        return MessageChannel.EMAIL
    return MessageChannel.SMS if has_mobile else MessageChannel.EMAIL


def _channel(reader: Reader, places: Mapping[tuple[int, str], str]) -> MessageChannel:
    return channel_of_message(
        prefers_email=reader.preferred_channel == MessageChannel.EMAIL,
        has_email=(reader.debtor_id, MessageChannel.EMAIL) in places,
        has_mobile=(reader.debtor_id, MessageChannel.SMS) in places,
    )


def _recipient(reader: Reader, place: str) -> str:
    return (
        f'{{{place},"debtor_id":{reader.debtor_id},"name":{quoted(reader.name)},'
        f'"kind":"{reader.kind}"}}'
    )


def _debts(message: NewMessage, debts: Sequence[DueDebt]) -> Sequence[DueDebt]:
    if message.debt_ids is not None:
        debts = [debt for debt in debts if debt.debt_id in message.debt_ids]
    if message.template in _BEFORE_TERMINATION:
        debts = [debt for debt in debts if debt.terminated_on is None]
    return debts


def _figures(message: NewMessage, reader: Reader, debts: Iterable[DueDebt], on: date) -> str:
    extra = "".join([f",{quoted(name)}:{quoted(value)}" for name, value in message.extra.items()])
    return (
        f'{{"as_of":"{on.isoformat()}","case_number":{quoted(reader.case_number)},'
        f'"debts":[{",".join([_debt(debt) for debt in debts])}]{extra}}}'
    )


def _debt(debt: DueDebt) -> str:
    return (
        f'{{"debt_id":{debt.debt_id},"account_id":{debt.account_id},"product":"{debt.product}",'
        f'"contract_no":{quoted(debt.contract_no)},"contract_on":{_or_null(debt.contract_on)},'
        f'"contract_rate":{_or_null(debt.contract_rate)},'
        f'"is_consumer":{"true" if debt.is_consumer else "false"},'
        f'"terminated_on":{_or_null(debt.terminated_on)},"currency":"{debt.currency}",'
        f'"due_minor":{debt.due_minor},"outstanding_minor":{debt.outstanding_minor},'
        f'"due_since":"{debt.due_since}","pay_to":{quoted(debt.pay_to)},'
        f'"due":{debt.due},"owed":{debt.owed}}}'
    )


def _or_null(value: str | None) -> str:
    return "null" if value is None else f'"{value}"'

"""Who answers for the debts, what each may be told, and how the debtor is reached."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from contacts.lifecycle import Direction, MessageChannel, MessageStatus
from contacts.models import Message
from contacts.wording import message_status_name
from debtors.lifecycle import (
    AddressKind,
    Channel,
    ContactPointKind,
    DebtorKind,
    PartyRole,
)
from debtors.models import ContactPoint, DebtParty
from debtors.wording import (
    address_name,
    channel_name,
    contact_point_name,
    debtor_kind_name,
    role_name,
)
from desk.best_time import Call as PastCall
from desk.best_time import best_time
from desk.queries.allowed import Act, CaseVerdicts
from desk.queries.case_page import CaseFile
from desk.telling import may_be_contacted, told_of
from desk.views.case.callers import Caller, answering
from desk.views.case.identity import (
    Call,
    identifiers_of,
    shown_address,
    shown_point,
)
from desk.views.case.situation import phone_hours_end
from desk.wording.guard import ContactStatus, contact_status
from desk.wording.people import (
    best_time_text,
    not_valid_text,
    nothing_to_tell_text,
    result_text,
    told_text,
)
from kernel.clock import WARSAW
from staff.figures import format_day


@dataclass(frozen=True, slots=True)
class Person:
    id: int
    name: str
    kind: str
    roles: str
    told: str
    contact: ContactStatus


@dataclass(frozen=True, slots=True)
class Way:
    """A number, mailbox or address as it may be shown; ``result`` and ``result_on`` are the last
    that came of it."""

    value: str
    kind: str
    preferred: bool
    by_hand: bool
    result: str
    result_on: str
    use: ContactStatus


def people_context(
    file: CaseFile,
    verdicts: CaseVerdicts,
    call: Call | None,
    caller: Caller | None,
    *,
    sees_identifiers: bool,
) -> dict[str, Any]:
    """The details of whoever is on the telephone are shown in full, nobody else's."""
    own_call = call if call and call.person_id == file.case.debtor_id else None
    calls = [
        PastCall(attempt.happened_at.astimezone(WARSAW).hour, attempt.is_conversation)
        for attempt in file.attempts
        if attempt.channel is Channel.PHONE and attempt.direction is Direction.OUT
    ]
    preferred = file.case.debtor.preferred_channel
    return {
        "people": _people(file, verdicts),
        "caller": _other_caller(file, call, caller, sees_identifiers=sees_identifiers),
        "ways": [*_points(file, verdicts, own_call), *_addresses(file, verdicts, own_call)],
        "preferred": channel_name(Channel(preferred)) if preferred else "",
        "best_time": best_time_text(best_time(calls), tried=len(calls)),
    }


def _other_caller(
    file: CaseFile, call: Call | None, caller: Caller | None, *, sees_identifiers: bool
) -> dict[str, Any] | None:
    """Who is on the telephone, if it is not the debtor of the case: their details."""
    if caller is None or caller.debtor.pk == file.case.debtor_id:
        return None
    return {
        "id": caller.debtor.pk,
        "name": caller.debtor.display_name,
        "role": caller.role_name,
        "details": [
            *(
                f"{name} {value}"
                for name, value in identifiers_of(caller.debtor, in_full=sees_identifiers)
            ),
            *(shown_point(point, call=call) for point in caller.contact_points),
            *(", ".join(shown_address(address, call=call)) for address in caller.addresses),
        ],
    }


def reachable_channels(file: CaseFile) -> set[Channel]:
    """Channels for which the debtor has something that can be used."""
    usable = {point.kind for point in file.contact_points if point.is_usable}
    channels = set()
    if usable & {ContactPointKind.MOBILE, ContactPointKind.LANDLINE}:
        channels.add(Channel.PHONE)
    if ContactPointKind.MOBILE in usable:
        channels.add(Channel.SMS)
    if ContactPointKind.EMAIL in usable:
        channels.add(Channel.EMAIL)
    if any(address.is_usable for address in file.addresses):
        channels |= {Channel.LETTER, Channel.VISIT}
    return channels


def _people(file: CaseFile, verdicts: CaseVerdicts) -> list[Person]:
    """Each person once, the main debtor first."""
    of_person: dict[int, list[DebtParty]] = {}
    for party in file.parties:
        of_person.setdefault(party.debtor_id, []).append(party)
    return [_person(parties, file, verdicts) for parties in of_person.values()]


def _person(parties: Sequence[DebtParty], file: CaseFile, verdicts: CaseVerdicts) -> Person:
    debtor = parties[0].debtor
    told = told_of(answering(parties, file))
    roles = dict.fromkeys(str(role_name(PartyRole(party.role))) for party in parties)
    return Person(
        debtor.pk,
        debtor.display_name,
        str(debtor_kind_name(DebtorKind(debtor.kind))),
        ", ".join(roles),
        told_text(told),
        _contact(debtor.pk, file, verdicts)
        if may_be_contacted(told)
        else ContactStatus("no", nothing_to_tell_text(), ""),
    )


def _contact(debtor_id: int, file: CaseFile, verdicts: CaseVerdicts) -> ContactStatus:
    """The debtor of the case by the telephone; of others it is known that they can be reached."""
    if debtor_id == file.case.debtor_id:
        verdict = verdicts.of(Act.PHONE)
        assert not isinstance(verdict, Exception)
    else:
        verdict = verdicts.by_phone(reachable=debtor_id in file.reachable_ids)
    return contact_status(verdict, at=verdicts.at, until=phone_hours_end(verdicts.at))


def _points(file: CaseFile, verdicts: CaseVerdicts, call: Call | None) -> list[Way]:
    return [_point(point, file, verdicts, call) for point in file.contact_points]


def _point(point: ContactPoint, file: CaseFile, verdicts: CaseVerdicts, call: Call | None) -> Way:
    is_email = point.kind == ContactPointKind.EMAIL
    attempts = [each for each in file.attempts if each.contact_point_id == point.pk]
    result, result_on = "", ""
    if attempts:
        result, result_on = result_text(attempts), format_day(attempts[0].happened_on)
    elif is_email:
        result, result_on = _sent(_last_message(file, MessageChannel.EMAIL))
    act = Act.EMAIL if is_email else Act.PHONE
    return Way(
        shown_point(point, call=call),
        str(contact_point_name(ContactPointKind(point.kind))),
        _is_preferred(point, file),
        point.source != "feed",
        result,
        result_on,
        _use(act, verdicts, usable=point.is_usable),
    )


def _is_preferred(point: ContactPoint, file: CaseFile) -> bool:
    if not point.is_usable:
        return False
    channels = {
        ContactPointKind.MOBILE: (Channel.PHONE, Channel.SMS),
        ContactPointKind.LANDLINE: (Channel.PHONE,),
        ContactPointKind.EMAIL: (Channel.EMAIL,),
    }
    return file.case.debtor.preferred_channel in channels[ContactPointKind(point.kind)]


def _addresses(file: CaseFile, verdicts: CaseVerdicts, call: Call | None) -> list[Way]:
    result, result_on = _sent(_last_message(file, MessageChannel.LETTER))
    ways = []
    for address in file.addresses:
        street, town = shown_address(address, call=call)
        of_letters = address == _letters_go_to(file)
        ways.append(
            Way(
                value=f"{street}, {town}",
                kind=str(address_name(AddressKind(address.kind))),
                preferred=of_letters and file.case.debtor.preferred_channel == Channel.LETTER,
                by_hand=False,
                result=result if of_letters else "",
                result_on=result_on if of_letters else "",
                use=_use(Act.LETTER, verdicts, usable=address.is_usable),
            )
        )
    return ways


def _letters_go_to(file: CaseFile) -> Any:
    """The address for correspondence where there is a usable one, otherwise the registered."""
    usable = [address for address in file.addresses if address.is_usable]
    return min(usable, key=lambda a: a.kind != AddressKind.CORRESPONDENCE, default=None)


_NEVER_SENT: Final = (MessageStatus.SKIPPED, MessageStatus.RECALLED)


def _last_message(file: CaseFile, channel: MessageChannel) -> Message | None:
    return next(
        (
            message
            for message in file.messages
            if message.channel == channel and message.status not in _NEVER_SENT
        ),
        None,
    )


def _sent(message: Message | None) -> tuple[str, str]:
    """What became of a message, and when."""
    if message is None:
        return "", ""
    on = message.returned_on or message.delivered_on or message.handed_over_on or message.queued_on
    return str(message_status_name(MessageStatus(message.status))), format_day(on)


def _use(act: Act, verdicts: CaseVerdicts, *, usable: bool) -> ContactStatus:
    if not usable:
        return ContactStatus("no", not_valid_text(), "")
    verdict = verdicts.of(act)
    assert not isinstance(verdict, Exception)
    return contact_status(verdict, at=verdicts.at)

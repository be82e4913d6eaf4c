"""Kinds of timeline entries by which a reader filters. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Final


class TimelineKind(StrEnum):
    #: What people said, sent and paid, without what the machine did about it.
    PEOPLE = "people"
    CONTACTS = "contacts"
    PAYMENTS = "payments"
    PROMISES = "promises"
    LETTERS = "letters"
    MESSAGES = "messages"
    DECISIONS = "decisions"
    HOLDS = "holds"
    APPROVALS = "approvals"
    WORK = "work"
    DATA = "data"


#: By the part of an event's kind before the dot.
_GROUPS: Final[dict[str, TimelineKind]] = {
    "contact": TimelineKind.CONTACTS,
    "note": TimelineKind.CONTACTS,
    "promise": TimelineKind.PROMISES,
    "agreement": TimelineKind.PROMISES,
    "restructuring_request": TimelineKind.PROMISES,
    "message": TimelineKind.MESSAGES,
    "payment": TimelineKind.PAYMENTS,
    "balance": TimelineKind.PAYMENTS,
    "write_off": TimelineKind.PAYMENTS,
    "posting": TimelineKind.PAYMENTS,
    "charge": TimelineKind.PAYMENTS,
    "debt": TimelineKind.PAYMENTS,
    "escalation": TimelineKind.DECISIONS,
    "hold": TimelineKind.HOLDS,
    "termination": TimelineKind.APPROVALS,
    "placement": TimelineKind.APPROVALS,
    "referral": TimelineKind.APPROVALS,
    "case": TimelineKind.WORK,
    "work_item": TimelineKind.WORK,
    "in_hand": TimelineKind.WORK,
    "debtor": TimelineKind.DATA,
}
_BY_MACHINE: Final = frozenset({TimelineKind.DECISIONS, TimelineKind.WORK, TimelineKind.DATA})
_CHANNELS: Final[dict[TimelineKind, tuple[str, ...]]] = {
    TimelineKind.LETTERS: ("letter",),
    TimelineKind.MESSAGES: ("sms", "email"),
}


def group_of(event_kind: str) -> TimelineKind:
    """Of a letter too this is MESSAGES: which it is stands in the event. Unknown ones are money:
    whatever a ledger records is best seen among the payments."""
    return _GROUPS.get(event_kind.partition(".")[0], TimelineKind.PAYMENTS)


def event_kinds_of(chosen: TimelineKind, event_kinds: Iterable[str]) -> list[str]:
    """Those of ``event_kinds`` that are shown under the choice."""
    if chosen is TimelineKind.PEOPLE:
        return [kind for kind in event_kinds if group_of(kind) not in _BY_MACHINE]
    group = TimelineKind.MESSAGES if chosen is TimelineKind.LETTERS else chosen
    return [kind for kind in event_kinds if group_of(kind) is group]


def channels_of(chosen: TimelineKind) -> tuple[str, ...]:
    """The channels that the payload must name; none where the kind of event is enough."""
    return _CHANNELS.get(chosen, ())


def shows_decisions(chosen: TimelineKind | None) -> bool:
    """Whether decisions that only waited are shown."""
    return chosen in (None, TimelineKind.DECISIONS)

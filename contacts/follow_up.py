"""What follows a contact, and when. Pure.

The form names it before anything is saved; what is saved then makes it so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from cases.lifecycle import WorkKind
from contacts.lifecycle import AttemptResult
from contacts.policy import ContactPolicy
from kernel.calendar import WorkingCalendar
from kernel.clock import legal_day

#: Work that an outgoing call does, and work that only a conversation does.
DONE_BY_CALL: Final = (WorkKind.CALL,)
DONE_BY_CONVERSATION: Final = (
    WorkKind.CALL,
    WorkKind.BROKEN_PROMISE,
    WorkKind.BROKEN_AGREEMENT,
)


class FollowUpKind(StrEnum):
    CHECK_PROMISE = "check_promise"
    CALL_BACK = "call_back"
    WORK_OUT_INSTALMENTS = "work_out_instalments"
    ANSWER_DISPUTE = "answer_dispute"
    FIND_PHONE = "find_phone"
    #: The strategy looks again.
    STRATEGY = "strategy"
    #: Nothing is planned: the case is on no strategy.
    NOTHING = "nothing"


class FollowUp(NamedTuple):
    """``on`` is its day and ``at`` its moment, each where one is known."""

    kind: FollowUpKind
    on: date | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is chosen on the form so far."""

    result: AttemptResult
    today: date
    due_on: date | None = None
    call_back_at: datetime | None = None
    holds_dispute: bool = False
    loses_last_phone: bool = False
    next_look_on: date | None = None


def follow_up(chosen: Chosen, *, policy: ContactPolicy, calendar: WorkingCalendar) -> FollowUp:
    """What happens next with the case."""
    find = _FINDERS.get(chosen.result)
    found = find(chosen, policy, calendar) if find else None
    if found is not None:
        return found
    if chosen.next_look_on is None:
        return FollowUp(FollowUpKind.NOTHING)
    return FollowUp(FollowUpKind.STRATEGY, max(chosen.next_look_on, chosen.today))


def _promise(chosen: Chosen, policy: ContactPolicy, calendar: WorkingCalendar) -> FollowUp | None:
    on = calendar.next_working_day(chosen.due_on) if chosen.due_on else None
    return FollowUp(FollowUpKind.CHECK_PROMISE, on)


def _call_back(chosen: Chosen, policy: ContactPolicy, calendar: WorkingCalendar) -> FollowUp | None:
    on = legal_day(chosen.call_back_at) if chosen.call_back_at else None
    return FollowUp(FollowUpKind.CALL_BACK, on, chosen.call_back_at)


def _instalments(
    chosen: Chosen, policy: ContactPolicy, calendar: WorkingCalendar
) -> FollowUp | None:
    return FollowUp(FollowUpKind.WORK_OUT_INSTALMENTS)


def _dispute(chosen: Chosen, policy: ContactPolicy, calendar: WorkingCalendar) -> FollowUp | None:
    if not chosen.holds_dispute:
        return None
    day = chosen.today + timedelta(days=policy.dispute_answer_days)
    return FollowUp(FollowUpKind.ANSWER_DISPUTE, calendar.on_or_after(day))


def _wrong_person(
    chosen: Chosen, policy: ContactPolicy, calendar: WorkingCalendar
) -> FollowUp | None:
    if not chosen.loses_last_phone:
        return None
    return FollowUp(FollowUpKind.FIND_PHONE, calendar.next_working_day(chosen.today))


_FINDERS: Final[
    dict[AttemptResult, Callable[[Chosen, ContactPolicy, WorkingCalendar], FollowUp | None]]
] = {
    AttemptResult.PROMISED: _promise,
    AttemptResult.CALL_BACK: _call_back,
    AttemptResult.WANTS_INSTALMENTS: _instalments,
    AttemptResult.DISPUTES: _dispute,
    AttemptResult.WRONG_PERSON: _wrong_person,
}

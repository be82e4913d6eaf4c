"""May somebody be promised a call at a moment? Pure."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from contacts.policy import ContactPolicy
from kernel.calendar import WorkingCalendar
from kernel.clock import WARSAW, legal_day


class CallBackFault(NamedTuple):
    """The hours of that day, None where there are none, and the latest day of all."""

    from_at: time | None
    until_at: time | None
    latest: date


def find_call_back_fault(
    moment: datetime, *, at: datetime, policy: ContactPolicy, calendar: WorkingCalendar
) -> CallBackFault | None:
    """It must lie ahead, within the hours of contact, and no further than a promise may."""
    hours = policy.hours_on(legal_day(moment), calendar)
    local = moment.astimezone(WARSAW).time()
    latest = legal_day(at) + timedelta(days=policy.max_promise_days)
    within = hours is not None and hours.start <= local < hours.end
    if moment > at and legal_day(moment) <= latest and within:
        return None
    return CallBackFault(hours.start if hours else None, hours.end if hours else None, latest)

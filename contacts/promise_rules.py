"""Which promises may be taken from a debtor today. Pure.

One answer for the form as one types and for the operation that records.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from contacts.policy import ContactPolicy
from kernel.calendar import WorkingCalendar


class PromiseFault(StrEnum):
    OPEN_ALREADY = "open_already"
    #: Too many were broken in a row.
    TURNS_USED = "turns_used"
    DAY_PAST = "day_past"
    DAY_TOO_LATE = "day_too_late"
    NOTHING_OWED = "nothing_owed"
    AMOUNT_TOO_LARGE = "amount_too_large"


@dataclass(frozen=True, slots=True)
class PromiseLimits:
    """What one person may agree to on one case and day. Minor units by currency.

    ``last_on`` is the latest day for this person, ``latest_on`` for anybody. ``broken`` promises
    came one after the other, with none kept since.
    """

    today: date
    last_on: date
    latest_on: date
    due_minor: Mapping[str, int]
    owed_minor: Mapping[str, int]
    broken: int
    max_broken: int
    working_days: int
    has_open: bool
    may_extend: bool

    @property
    def turns_used(self) -> bool:
        return self.broken >= self.max_broken and not self.may_extend


def limits_on(
    *,
    today: date,
    policy: ContactPolicy,
    calendar: WorkingCalendar,
    due_minor: Mapping[str, int],
    owed_minor: Mapping[str, int],
    broken: int,
    has_open: bool,
    may_extend: bool,
) -> PromiseLimits:
    """The limits that the policy of the day sets."""
    latest_on = today + timedelta(days=policy.max_promise_days)
    working = calendar.add_working_days(today, policy.max_promise_working_days)
    return PromiseLimits(
        today=today,
        last_on=latest_on if may_extend else min(working, latest_on),
        latest_on=latest_on,
        due_minor=due_minor,
        owed_minor=owed_minor,
        broken=broken,
        max_broken=policy.max_broken_promises,
        working_days=policy.max_promise_working_days,
        has_open=has_open,
        may_extend=may_extend,
    )


def find_turn_fault(limits: PromiseLimits) -> PromiseFault | None:
    """What stands against any promise at all."""
    if limits.has_open:
        return PromiseFault.OPEN_ALREADY
    return PromiseFault.TURNS_USED if limits.turns_used else None


def find_day_fault(limits: PromiseLimits, due_on: date) -> PromiseFault | None:
    if due_on < limits.today:
        return PromiseFault.DAY_PAST
    return PromiseFault.DAY_TOO_LATE if due_on > limits.last_on else None


def find_amount_fault(
    limits: PromiseLimits, amount_minor: int, currency: str
) -> PromiseFault | None:
    """Above zero, and no more than is owed in the currency; overdue or not."""
    owed = limits.owed_minor.get(currency, 0)
    if owed <= 0:
        return PromiseFault.NOTHING_OWED
    return None if 0 < amount_minor <= owed else PromiseFault.AMOUNT_TOO_LARGE

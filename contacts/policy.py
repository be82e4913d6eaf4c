"""The contact policy in force on a day, from dated data. Pure."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from functools import cache
from pathlib import Path
from typing import Any, Final

from debtors.lifecycle import Channel
from kernel.calendar import SATURDAY, WorkingCalendar

SHIPPED: Final = Path(__file__).with_name("policies") / "pl.toml"


class PolicyInvalid(ValueError):
    """The file names an unknown field or channel, or hours and numbers that cannot be."""


@dataclass(frozen=True, slots=True)
class Hours:
    """From the first instant to the last, which is not part of it; local time in Warsaw."""

    start: time
    end: time


@dataclass(frozen=True, slots=True)
class ContactPolicy:
    in_force_from: date
    source: str
    weekdays: Hours
    saturdays: Hours
    counted_channels: frozenset[Channel]
    max_conversations_a_day: int
    max_attempts_a_day: int
    max_attempts_in_window: int
    window_days: int
    max_days_queued: int
    min_announced_percent: int
    max_promise_working_days: int
    max_promise_days: int
    max_broken_promises: int
    dispute_answer_days: int

    def hours_on(self, on: date, calendar: WorkingCalendar) -> Hours | None:
        """When a person may be reached on a day; None on Sundays and public holidays."""
        if calendar.is_holiday(on) or on.weekday() > SATURDAY:
            return None
        return self.saturdays if on.weekday() == SATURDAY else self.weekdays


@cache
def load_policies(path: Path = SHIPPED) -> tuple[ContactPolicy, ...]:
    """Every policy of the file, the oldest first. Raises PolicyInvalid."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    policies = [_policy(entry, path) for entry in data.get("policy", [])]
    if not policies:
        raise PolicyInvalid(f"{path}: no policy")
    days = [policy.in_force_from for policy in policies]
    if len(set(days)) != len(days):
        raise PolicyInvalid(f"{path}: two policies from one day")
    return tuple(sorted(policies, key=lambda policy: policy.in_force_from))


def policy_on(on: date, path: Path = SHIPPED) -> ContactPolicy:
    """The policy in force on a day; raises PolicyInvalid before the first one."""
    in_force = [policy for policy in load_policies(path) if policy.in_force_from <= on]
    if not in_force:
        raise PolicyInvalid(f"{path}: no policy on {on}")
    return in_force[-1]


def _policy(entry: Mapping[str, Any], path: Path) -> ContactPolicy:
    try:
        values = {
            **entry,
            "weekdays": Hours(entry["weekdays"]["from"], entry["weekdays"]["to"]),
            "saturdays": Hours(entry["saturdays"]["from"], entry["saturdays"]["to"]),
            "counted_channels": frozenset(map(Channel, entry["counted_channels"])),
        }
        policy = ContactPolicy(**values)
    except (KeyError, TypeError, ValueError) as error:
        raise PolicyInvalid(f"{path}: {error}") from error
    numbers = (
        policy.max_conversations_a_day,
        policy.max_attempts_a_day,
        policy.max_attempts_in_window,
        policy.window_days,
        policy.max_days_queued,
        policy.min_announced_percent,
        policy.max_promise_working_days,
        policy.max_promise_days,
        policy.max_broken_promises,
        policy.dispute_answer_days,
    )
    if min(numbers) < 1:
        raise PolicyInvalid(f"{path}: every number must be at least 1")
    if any(hours.start >= hours.end for hours in (policy.weekdays, policy.saturdays)):
        raise PolicyInvalid(f"{path}: hours must begin before they end")
    return policy

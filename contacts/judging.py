"""Was a promise kept? Pure."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import NamedTuple


class PromiseOutcome(StrEnum):
    KEPT = "kept"
    BROKEN = "broken"
    OPEN = "open"


class PaidPromise(NamedTuple):
    """``paid_minor`` came between the day of the promise and ``due_on``, both included."""

    id: int
    case_id: int
    amount_minor: int
    currency: str
    due_on: date
    paid_minor: int
    nothing_due: bool


def judge(promise: PaidPromise, through: date) -> PromiseOutcome:
    """The outcome once the day ``through`` has passed.

    Kept when the whole amount came in time, or when nothing is due any more; less than the whole
    is broken, as is what came after the day.
    """
    if promise.paid_minor >= promise.amount_minor or promise.nothing_due:
        return PromiseOutcome.KEPT
    return PromiseOutcome.BROKEN if promise.due_on <= through else PromiseOutcome.OPEN

"""What an entry can mean, and what can be wrong with it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple


class Fault(StrEnum):
    """Why an entry is no promise yet; ``values`` of the problem are typed."""

    #: ``words``: what was not understood.
    NOT_UNDERSTOOD = "not_understood"
    AMOUNT_MISSING = "amount_missing"
    DAY_MISSING = "day_missing"
    TIME_MISSING = "time_missing"
    #: ``amounts``: minor units.
    TWO_AMOUNTS = "two_amounts"
    #: ``days``
    TWO_DAYS = "two_days"
    #: ``on``, ``today``
    DAY_PAST = "day_past"
    #: ``day``, ``month``: the calendar has no such day.
    NO_SUCH_DAY = "no_such_day"
    #: ``on``, ``weekday``: the day is another weekday (0 is Monday).
    OTHER_WEEKDAY = "other_weekday"
    #: ``options``: every way to read it.
    AMBIGUOUS = "ambiguous"
    #: Half or all of nothing.
    NOTHING_DUE = "nothing_due"
    AMOUNT_ZERO = "amount_zero"
    #: ``currency``: finer than its smallest coin.
    TOO_FINE = "too_fine"
    TOO_LARGE = "too_large"
    #: ``currency``: nothing is owed in it.
    CURRENCY_NOT_OWED = "currency_not_owed"
    #: ``limit``: characters.
    TOO_LONG = "too_long"


class Option(NamedTuple):
    """One way to read an entry. Minor units of ``currency``."""

    amount_minor: int | None
    currency: str
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Problem:
    fault: Fault
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Owed:
    """What is overdue by currency, in minor units; the first one is meant where none is named."""

    due_minor: Mapping[str, int]

    @property
    def currency(self) -> str:
        return next(iter(self.due_minor), "PLN")


@dataclass(frozen=True, slots=True)
class Entry:
    """What was understood. Complete when it names an amount and a day and nothing is wrong."""

    amount_minor: int | None
    currency: str
    due_on: date | None
    problems: tuple[Problem, ...] = ()

    @property
    def is_complete(self) -> bool:
        return self.amount_minor is not None and self.due_on is not None and not self.problems


@dataclass(frozen=True, slots=True)
class Amount:
    minor: int | None
    currency: str
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """``weekday`` where only a weekday was said: it may stand beside its own date."""

    on: date | None
    weekday: int | None = None
    problem: Problem | None = None


class Filler(NamedTuple):
    """A word that changes nothing."""

    word: str


Meaning = Amount | Day | Filler

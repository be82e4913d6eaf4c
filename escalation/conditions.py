"""What a strategy may demand of a fact or of the calendar: two closed vocabularies.

A ``Condition`` tests a fact (``overdue = { at_least = { PLN = 500 } }``), a ``Wait`` names
the first day on which a step may be taken (``days_after_previous_step = 7``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Final

from escalation.facts import (
    ANSWERED_LETTER_STATES,
    Amounts,
    Fact,
    Facts,
    FactType,
    Value,
    delivered_on,
)
from kernel.calendar import WorkingCalendar
from kernel.money import Money, Rounding

#: In major units by currency; ``other`` stands for every currency that is not named.
Thresholds = Mapping[str, Decimal]
Wanted = bool | int | str | frozenset[str] | Thresholds

OTHER_CURRENCY: Final = "other"
NOTHING: Final = "nothing"


class Comparison(StrEnum):
    IS = "is"
    IS_NOT = "is_not"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    ONE_OF = "one_of"
    NONE_OF = "none_of"
    ANY_OF = "any_of"


#: Which tests fit which facts.
TESTS: Final[dict[FactType, tuple[Comparison, ...]]] = {
    FactType.FLAG: (Comparison.IS,),
    FactType.NUMBER: (Comparison.IS, Comparison.AT_LEAST, Comparison.AT_MOST),
    FactType.AMOUNT: (Comparison.IS, Comparison.IS_NOT, Comparison.AT_LEAST, Comparison.AT_MOST),
    FactType.WORD: (Comparison.IS, Comparison.IS_NOT, Comparison.ONE_OF, Comparison.NONE_OF),
    FactType.WORDS: (Comparison.ANY_OF, Comparison.NONE_OF),
}

Check = Callable[[Value], bool]


@dataclass(frozen=True, slots=True)
class Condition:
    """``place`` names it in the record of a decision: ``demand.when.postal_address``."""

    place: str
    fact: Fact
    test: Comparison
    wanted: Wanted
    line: int = field(compare=False, default=0)
    check: Check = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "check", _check(self.fact.type, self.test, self.wanted))

    def becomes_true_on(self, facts: Facts) -> date | None:
        """The day on which the passing of time alone fulfils it; None when it does not."""
        if self.fact.since is None or self.test is not Comparison.AT_LEAST:
            return None
        first = self.fact.since(facts)
        if first is None or not isinstance(self.wanted, int):
            return None
        return first + timedelta(days=self.wanted)

    def becomes_false_on(self, facts: Facts) -> date | None:
        """The day on which the passing of time alone ends it; None when it does not."""
        if self.fact.since is None or self.test is not Comparison.AT_MOST:
            return None
        first = self.fact.since(facts)
        if first is None or not isinstance(self.wanted, int):
            return None
        return first + timedelta(days=self.wanted + 1)


def _check(fact_type: FactType, test: Comparison, wanted: Wanted) -> Check:
    if fact_type is FactType.AMOUNT:
        return _amount_check(test, wanted)
    return _plain_check(test, wanted)


def _plain_check(test: Comparison, wanted: Wanted) -> Check:
    match test:
        case Comparison.IS:
            return lambda value: value == wanted
        case Comparison.IS_NOT:
            return lambda value: value != wanted
        case Comparison.AT_LEAST if isinstance(wanted, int):
            return lambda value: value is not None and value >= wanted  # type: ignore[operator]
        case Comparison.AT_MOST if isinstance(wanted, int):
            return lambda value: value is not None and value <= wanted  # type: ignore[operator]
        case Comparison.ONE_OF if isinstance(wanted, frozenset):
            return lambda value: value in wanted
        case Comparison.ANY_OF if isinstance(wanted, frozenset):
            return lambda value: isinstance(value, frozenset) and not wanted.isdisjoint(value)
        case Comparison.NONE_OF if isinstance(wanted, frozenset):
            return lambda value: (
                wanted.isdisjoint(value) if isinstance(value, frozenset) else value not in wanted
            )
    raise TypeError(test, wanted)


def _amount_check(test: Comparison, wanted: Wanted) -> Check:
    """Amounts of different currencies are never added: each is held against its own
    threshold. ``at_least`` is enough in one currency, ``at_most`` must hold in all."""
    if wanted == NOTHING:
        return (lambda value: not value) if test is Comparison.IS else bool
    if not isinstance(wanted, Mapping):
        raise TypeError(test, wanted)
    limits: dict[str, int] = {}

    def limit(currency: str) -> int | None:
        if currency not in limits:
            major = wanted.get(currency, wanted.get(OTHER_CURRENCY))
            if major is None:
                return None
            minor = Money.from_decimal(major, currency, rounding=Rounding.CEILING).minor
            limits[currency] = minor
        return limits[currency]

    def at_least(value: Value) -> bool:
        assert isinstance(value, tuple)
        return any(
            (least := limit(currency)) is not None and minor >= least for currency, minor in value
        )

    def at_most(value: Value) -> bool:
        assert isinstance(value, tuple)
        return all(
            (most := limit(currency)) is not None and minor <= most for currency, minor in value
        )

    return at_least if test is Comparison.AT_LEAST else at_most


def thresholds_missing(wanted: Wanted, amounts: Amounts) -> list[str]:
    """Currencies of ``amounts`` for which a threshold names nothing."""
    if not isinstance(wanted, Mapping) or OTHER_CURRENCY in wanted:
        return []
    return [currency for currency, _ in amounts if currency not in wanted]


class WaitName(StrEnum):
    DAYS_PAST_DUE = "days_past_due"
    DAYS_AFTER_PREVIOUS_STEP = "days_after_previous_step"
    WORKING_DAYS_AFTER_PREVIOUS_STEP = "working_days_after_previous_step"
    DAYS_AFTER_DELIVERY_OF = "days_after_delivery_of"
    WORKING_DAYS_AFTER_DELIVERY_OF = "working_days_after_delivery_of"
    ANSWER_OF_THE_POST_FOR = "answer_of_the_post_for"


#: From the facts, the day of the previous step and the calendar.
FirstDay = Callable[[Facts, date, WorkingCalendar], date | None]
_ONE_DAY: Final = timedelta(days=1)

#: Waits that name a letter: ``{ notice_75c = 14 }``.
LETTER_WAITS: Final = (WaitName.DAYS_AFTER_DELIVERY_OF, WaitName.WORKING_DAYS_AFTER_DELIVERY_OF)


@dataclass(frozen=True, slots=True)
class Wait:
    """``first_day(facts, previous_on, calendar)`` is the first day on which the step may be
    taken, or None while that cannot be known, such as before a letter is delivered."""

    place: str
    name: WaitName
    days: int
    letter: str = ""
    line: int = field(compare=False, default=0)
    first_day: FirstDay = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "first_day", _first_day(self.name, self.days, self.letter))


def _first_day(name: WaitName, days: int, letter: str) -> FirstDay:
    later = timedelta(days=days)
    match name:
        case WaitName.DAYS_PAST_DUE:
            return lambda facts, _previous_on, _calendar: _after(facts.due_since, later)
        case WaitName.DAYS_AFTER_PREVIOUS_STEP:
            return lambda _facts, previous_on, _calendar: previous_on + later
        case WaitName.WORKING_DAYS_AFTER_PREVIOUS_STEP:
            return lambda _facts, previous_on, calendar: _working_days_after(
                calendar, previous_on, days
            )
        case WaitName.DAYS_AFTER_DELIVERY_OF:
            # The term ends with its last day; the step comes after it.
            return lambda facts, _previous_on, _calendar: _after(
                delivered_on(facts, letter), later + _ONE_DAY
            )
        case WaitName.WORKING_DAYS_AFTER_DELIVERY_OF:
            return lambda facts, _previous_on, calendar: _after_term(
                calendar, delivered_on(facts, letter), days
            )
        case WaitName.ANSWER_OF_THE_POST_FOR:
            return lambda facts, previous_on, _calendar: (
                previous_on if getattr(facts, letter) in ANSWERED_LETTER_STATES else None
            )


def _after(first: date | None, later: timedelta) -> date | None:
    return None if first is None else first + later


def _after_term(calendar: WorkingCalendar, first: date | None, days: int) -> date | None:
    return None if first is None else _working_days_after(calendar, first, days) + _ONE_DAY


@lru_cache(maxsize=4096)
def _working_days_after(calendar: WorkingCalendar, first: date, days: int) -> date:
    return calendar.add_working_days(first, days)

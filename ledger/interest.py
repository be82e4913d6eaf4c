"""Interest on a debt: every segment of one rate and one base, and their sum. Pure.

Conventions: a year has 365 days, leap years too; the first day is the one after the effective due
day, and the day of payment counts; the due day is moved as art. 115 of the Civil Code moves a
term; a segment ends where the rate or the base changes; each segment is rounded half up to the
minor unit, then the segments are added. Amounts are minor units, rates are Decimal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from enum import StrEnum
from typing import Final, NamedTuple

from kernel.calendar import WorkingCalendar
from kernel.errors import InvalidInput
from ledger.rates import ARTICLES, RateKind, Rates, Tariff

YEAR_DAYS: Final = 365
_PERCENT_DAYS: Final = Decimal(100 * YEAR_DAYS)
_DAY: Final = timedelta(days=1)
#: Wide enough that no quotient of an amount is rounded before it is rounded to the minor unit.
_EXACT: Final = Context(prec=60)


class PaidMoreThanOwed(InvalidInput):
    """The part payments are more than what bears interest: ``on`` that day."""

    code = "paid_more_than_owed"


class InterestTooEarly(InvalidInput):
    """Interest that itself bears interest must have been overdue by then."""

    code = "interest_too_early"


class Ground(StrEnum):
    """Why overdue interest bears interest itself; without one it never does (art. 482)."""

    LAWSUIT = "lawsuit"
    LATER_AGREEMENT = "later_agreement"


ANATOCISM_ARTICLE: Final = "KC 482 § 1"


class PartPayment(NamedTuple):
    """Of the base, on a day; that day still bears interest on what was paid."""

    paid_on: date
    amount_minor: int


class Capitalised(NamedTuple):
    """Overdue interest that bears interest from ``on``, that day included."""

    on: date
    amount_minor: int
    ground: Ground


class BaseStep(NamedTuple):
    """What bears interest from ``since`` until the next step."""

    since: date
    base_minor: int


class Segment(NamedTuple):
    """Days with one rate and one base, both days included; ``percent`` a year."""

    first_on: date
    last_on: date
    days: int
    percent: Decimal
    base_minor: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Interest:
    """``unconfirmed_from`` is the first day for which the rates are not known to be complete."""

    segments: tuple[Segment, ...]
    confirmed_until: date
    articles: tuple[str, ...]

    @property
    def total_minor(self) -> int:
        return sum(segment.amount_minor for segment in self.segments)

    @property
    def days(self) -> int:
        return sum(segment.days for segment in self.segments)

    @property
    def unconfirmed_from(self) -> date | None:
        if not self.segments or self.segments[-1].last_on <= self.confirmed_until:
            return None
        return max(self.segments[0].first_on, self.confirmed_until + _DAY)


@dataclass(frozen=True, slots=True)
class DelayInterest:
    """``effective_due_on`` is the due day as art. 115 of the Civil Code moves it."""

    effective_due_on: date
    interest: Interest


def interest_for_delay(
    *,
    principal_minor: int,
    due_on: date,
    paid_on: date,
    tariff: Tariff,
    rates: Rates,
    calendar: WorkingCalendar,
    payments: Sequence[PartPayment] = (),
    capitalised: Sequence[Capitalised] = (),
) -> DelayInterest:
    """From the day after the effective due day through the day of payment; none before.

    Raises PaidMoreThanOwed, InterestTooEarly, NoRateOnDay.
    """
    effective_due_on = calendar.end_of_term(due_on)
    first_on = effective_due_on + _DAY
    if early := [part.on for part in capitalised if part.on < first_on]:
        raise InterestTooEarly(on=min(early), first_on=first_on)
    bases = base_steps(principal_minor, first_on, payments, capitalised)
    interest = interest_between(
        bases=bases, first_on=first_on, last_on=paid_on, tariff=tariff, rates=rates
    )
    if any(part.on <= paid_on for part in capitalised):
        articles = (*interest.articles, ANATOCISM_ARTICLE)
        interest = Interest(interest.segments, interest.confirmed_until, articles)
    return DelayInterest(effective_due_on, interest)


def interest_between(
    *,
    bases: Sequence[BaseStep],
    first_on: date,
    last_on: date,
    tariff: Tariff,
    rates: Rates,
) -> Interest:
    """Interest of the days between, both included, on a base that may change.

    ``bases`` rise by day; before the first one nothing bears interest. Raises NoRateOnDay.
    """
    segments = tuple(_segments(bases, first_on, last_on, tariff, rates))
    return Interest(segments, rates.confirmed_until, _articles(tariff))


def accrual_minor(*, interest: Interest, posted_minor: int) -> int:
    """What is still to be posted of interest computed from its first day.

    Negative where a payment of an earlier day has lowered the base since. What is posted never
    depends on how often it was posted.
    """
    return interest.total_minor - posted_minor


def base_steps(
    principal_minor: int,
    since: date,
    payments: Iterable[PartPayment] = (),
    capitalised: Iterable[Capitalised] = (),
) -> list[BaseStep]:
    """How the base develops. Raises PaidMoreThanOwed."""
    changes: dict[date, int] = {since: principal_minor}
    for paid_on, amount in payments:
        day = max(paid_on + _DAY, since)
        changes[day] = changes.get(day, 0) - amount
    for on, amount, _ in capitalised:
        day = max(on, since)
        changes[day] = changes.get(day, 0) + amount
    steps, base = [], 0
    for day in sorted(changes):
        base += changes[day]
        if base < 0:
            raise PaidMoreThanOwed(on=day - _DAY, over_minor=-base)
        steps.append(BaseStep(day, base))
    return steps


def round_interest(base_minor: int, percent: Decimal, days: int) -> int:
    """``base × percent × days / 36500`` in minor units, half up."""
    exact = _EXACT.divide(_EXACT.multiply(Decimal(base_minor * days), percent), _PERCENT_DAYS)
    return int(exact.to_integral_value(rounding=ROUND_HALF_UP))


def _segments(
    bases: Sequence[BaseStep], first_on: date, last_on: date, tariff: Tariff, rates: Rates
) -> Iterator[Segment]:
    for since, until, base in _base_periods(bases, first_on, last_on):
        for period in rates.periods(tariff, since, until):
            days = (period.last_on - period.first_on).days + 1
            yield Segment(
                period.first_on,
                period.last_on,
                days,
                period.percent,
                base,
                round_interest(base, period.percent, days),
            )


def _base_periods(
    bases: Sequence[BaseStep], first_on: date, last_on: date
) -> Iterator[tuple[date, date, int]]:
    """The days with something that bears interest; equal neighbours are one."""
    since: date | None = None
    held = 0
    for step in bases:
        if step.base_minor == held:
            continue
        if since is not None and held and (until := min(step.since - _DAY, last_on)) >= since:
            yield since, until, held
        since, held = max(step.since, first_on), step.base_minor
    if since is not None and held and since <= last_on:
        yield since, last_on, held


def _articles(tariff: Tariff) -> tuple[str, ...]:
    articles = [ARTICLES[tariff.kind]]
    if tariff.statutory_before_2016:
        articles.insert(0, ARTICLES[RateKind.STATUTORY_DELAY])
    if tariff.kind is RateKind.STATUTORY_DELAY and tariff.contract_percent is not None:
        articles.append(ARTICLES[RateKind.MAXIMUM_DELAY])
    return tuple(articles)

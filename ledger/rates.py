"""Rates of interest as dated data: which percent a year holds on which day. Pure.

Rates that the law derives from another one are derived here and written down nowhere: capital,
delay and commercial interest from the reference rate of the National Bank of Poland (NBP), the
maxima from those. One ``Rates`` is loaded by the caller and handed to whatever computes.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final, NamedTuple

from kernel.errors import InvalidInput

_DAY: Final = timedelta(days=1)
#: Commercial rates follow the reference rate of these days only: (month, day).
_HALF_YEARS: Final = ((1, 1), (7, 1))


class NoRateOnDay(InvalidInput):
    """``series`` has no value ``on`` that day; ``first_on`` is its first day, or None."""

    code = "no_rate_on_day"


class Series(StrEnum):
    """What is published or laid down, in percent or percentage points; multiples as numbers."""

    NBP_REFERENCE = "nbp_reference"
    NBP_LOMBARD = "nbp_lombard"
    STATUTORY_BEFORE_2016 = "statutory_before_2016"
    CAPITAL_MARGIN = "capital_margin"
    DELAY_MARGIN = "delay_margin"
    MAXIMUM_MULTIPLE = "maximum_multiple"
    LOMBARD_MULTIPLE = "lombard_multiple"
    COMMERCIAL_MARGIN = "commercial_margin"
    PUBLIC_HEALTH_MARGIN = "public_health_margin"


class RateKind(StrEnum):
    """What a debt may bear. Before 2016 there was one statutory rate for capital and delay;
    ``STATUTORY_THEN_COMMERCIAL`` is that rate until then and the commercial one since."""

    STATUTORY_CAPITAL = "statutory_capital"
    MAXIMUM_CAPITAL = "maximum_capital"
    STATUTORY_DELAY = "statutory_delay"
    MAXIMUM_DELAY = "maximum_delay"
    COMMERCIAL = "commercial"
    COMMERCIAL_PUBLIC_HEALTH = "commercial_public_health"
    STATUTORY_THEN_COMMERCIAL = "statutory_then_commercial"
    CONTRACT_CAPITAL = "contract_capital"
    CONTRACT_DELAY = "contract_delay"


#: Where each rate is laid down.
ARTICLES: Final[Mapping[RateKind, str]] = {
    RateKind.STATUTORY_CAPITAL: "KC 359 § 2",
    RateKind.MAXIMUM_CAPITAL: "KC 359 § 2¹",
    RateKind.STATUTORY_DELAY: "KC 481 § 2",
    RateKind.MAXIMUM_DELAY: "KC 481 § 2¹",
    RateKind.COMMERCIAL: "UNOTH 11b",
    RateKind.COMMERCIAL_PUBLIC_HEALTH: "UNOTH 11b",
    RateKind.STATUTORY_THEN_COMMERCIAL: "UNOTH 11b",
    RateKind.CONTRACT_CAPITAL: "KC 359 § 2¹–2²",
    RateKind.CONTRACT_DELAY: "KC 481 § 2¹–2²",
}
_COMMERCIAL: Final[Mapping[RateKind, Series]] = {
    RateKind.COMMERCIAL: Series.COMMERCIAL_MARGIN,
    RateKind.COMMERCIAL_PUBLIC_HEALTH: Series.PUBLIC_HEALTH_MARGIN,
    RateKind.STATUTORY_THEN_COMMERCIAL: Series.COMMERCIAL_MARGIN,
}
_CONTRACT: Final = frozenset({RateKind.CONTRACT_CAPITAL, RateKind.CONTRACT_DELAY})


@dataclass(frozen=True, slots=True)
class Step:
    """``value`` holds from ``since`` until the next step, or through ``until``."""

    since: date
    value: Decimal
    source: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Tariff:
    """The rate that a debt bears.

    ``contract_percent`` is the contract's own rate, cut to the maximum for each day; beside
    ``STATUTORY_DELAY`` it is the rate of the capital, which counts where it is the higher one
    (art. 481 § 2, second sentence, of the Civil Code). ``statutory_before_2016``: until then the
    one statutory rate, whatever the kind.
    """

    kind: RateKind
    contract_percent: Decimal | None = None
    statutory_before_2016: bool = False

    def __post_init__(self) -> None:
        if self.kind in _CONTRACT and self.contract_percent is None:
            raise TariffInvalid(kind=self.kind)


class TariffInvalid(InvalidInput):
    """A contract's rate without its percent."""

    code = "tariff_invalid"


class Period(NamedTuple):
    """Days with one rate, both included."""

    first_on: date
    last_on: date
    percent: Decimal


@dataclass(frozen=True, slots=True)
class Rates:
    """Every series with its steps in rising order, and the last day known to be complete."""

    steps: Mapping[Series, tuple[Step, ...]]
    confirmed_until: date

    def find(self, series: Series, on: date) -> Decimal | None:
        """The value on a day; None before the first and after the last step."""
        steps = self.steps.get(series, ())
        place = bisect_right(steps, on, key=lambda step: step.since)
        if not place:
            return None
        step = steps[place - 1]
        return None if step.until is not None and on > step.until else step.value

    def value(self, series: Series, on: date) -> Decimal:
        """Raises NoRateOnDay."""
        value = self.find(series, on)
        if value is None:
            steps = self.steps.get(series, ())
            raise NoRateOnDay(series=series, on=on, first_on=steps[0].since if steps else None)
        return value

    def source(self, tariff: Tariff, on: date) -> str:
        """Where the published rate was read from which the percent of a day follows."""
        margin = self.find(Series.DELAY_MARGIN, on)
        published = Series.NBP_REFERENCE
        if margin is None and tariff.kind not in _COMMERCIAL:
            published = Series.STATUTORY_BEFORE_2016
        day = _half_year(on) if tariff.kind in _COMMERCIAL else on
        begun = [step for step in self.steps.get(published, ()) if step.since <= day]
        return begun[-1].source if begun else ""

    def percent(self, tariff: Tariff, on: date) -> Decimal:
        """Percent a year on a day. Raises NoRateOnDay."""
        kind, contract = tariff.kind, tariff.contract_percent
        if tariff.statutory_before_2016:
            before = self.find(Series.STATUTORY_BEFORE_2016, on)
            if before is not None:
                return before
        if kind in _COMMERCIAL:
            return self._commercial(kind, on)
        if kind is RateKind.STATUTORY_CAPITAL:
            return self._statutory(Series.CAPITAL_MARGIN, on)
        if kind is RateKind.MAXIMUM_CAPITAL:
            return self._maximum(Series.CAPITAL_MARGIN, on)
        if kind is RateKind.MAXIMUM_DELAY:
            return self._maximum(Series.DELAY_MARGIN, on)
        if kind is RateKind.STATUTORY_DELAY:
            statutory = self._statutory(Series.DELAY_MARGIN, on)
            if contract is None or contract <= statutory:
                return statutory
            return max(statutory, min(contract, self._maximum(Series.DELAY_MARGIN, on)))
        assert contract is not None
        capital = kind is RateKind.CONTRACT_CAPITAL
        return min(
            contract, self._maximum(Series.CAPITAL_MARGIN if capital else Series.DELAY_MARGIN, on)
        )

    def periods(self, tariff: Tariff, first_on: date, last_on: date) -> Iterator[Period]:
        """The days between, cut wherever the percent changes. Raises NoRateOnDay."""
        if last_on < first_on:
            return
        since, percent = first_on, self.percent(tariff, first_on)
        for on in self._changes(tariff, first_on, last_on):
            changed = self.percent(tariff, on)
            if changed != percent:
                yield Period(since, on - _DAY, percent)
                since, percent = on, changed
        yield Period(since, last_on, percent)

    def _commercial(self, kind: RateKind, on: date) -> Decimal:
        if kind is RateKind.STATUTORY_THEN_COMMERCIAL:
            before = self.find(Series.STATUTORY_BEFORE_2016, on)
            if before is not None:
                return before
        return self.value(_COMMERCIAL[kind], on) + self.value(Series.NBP_REFERENCE, _half_year(on))

    def _statutory(self, margin: Series, on: date) -> Decimal:
        points = self.find(margin, on)
        if points is None:
            return self.value(Series.STATUTORY_BEFORE_2016, on)
        return self.value(Series.NBP_REFERENCE, on) + points

    def _maximum(self, margin: Series, on: date) -> Decimal:
        multiple = self.find(Series.MAXIMUM_MULTIPLE, on)
        if multiple is None:
            return self.value(Series.LOMBARD_MULTIPLE, on) * self.value(Series.NBP_LOMBARD, on)
        return self._statutory(margin, on) * multiple

    def _changes(self, tariff: Tariff, first_on: date, last_on: date) -> list[date]:
        """Every day after the first on which the rate may be another."""
        days = {
            day
            for steps in self.steps.values()
            for step in steps
            for day in (step.since, step.until and step.until + _DAY)
            if day is not None
        }
        if tariff.kind in _COMMERCIAL:
            days |= {
                date(year, *half)
                for year in range(first_on.year, last_on.year + 1)
                for half in _HALF_YEARS
            }
        return sorted(day for day in days if first_on < day <= last_on)


def with_step(steps: Sequence[Step], added: Step) -> tuple[Step, ...]:
    """The steps with one more; it takes the place of one of the same day."""
    others = [step for step in steps if step.since != added.since]
    return tuple(sorted([*others, added], key=lambda step: step.since))


def _half_year(on: date) -> date:
    return date(on.year, *max(half for half in _HALF_YEARS if half <= (on.month, on.day)))

"""Thresholds of default, forbearance and IFRS 9 stages: when arrears are material. Pure.

Polish thresholds of Dz.U. 2019/1960: both must be exceeded, the absolute one and the share of the
exposure. A currency without thresholds of its own has no absolute one, so that nothing that is
material goes unseen.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

from kernel.dated_tables import RuleBook, rule_book
from kernel.money import currency_exponent

DATA: Final = Path(__file__).parent / "data" / "regulatory.csv"
_HUNDRED: Final = Decimal(100)


class Segment(StrEnum):
    """Retail exposures are judged debt by debt, all others over the whole debtor."""

    RETAIL = "retail"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Each must be exceeded, for more than ``days`` days in a row."""

    absolute_minor: int
    relative_percent: Decimal
    days: int

    def is_material(self, *, overdue_minor: int, exposure_minor: int) -> bool:
        above_absolute = overdue_minor > self.absolute_minor
        above_relative = overdue_minor * _HUNDRED > self.relative_percent * exposure_minor
        return above_absolute and above_relative

    def is_default(self, *, overdue_minor: int, exposure_minor: int, days_above: int) -> bool:
        """Whether arrears that have been material for so many days in a row are a default."""
        material = self.is_material(overdue_minor=overdue_minor, exposure_minor=exposure_minor)
        return material and days_above > self.days


@dataclass(frozen=True, slots=True)
class Clocks:
    """How long each status lasts at least, and what ends it early.

    ``relapse_days``: more days of material arrears while on probation after a default make the
    exposure non-performing again. ``stage_2_days``: more days past due presume a significant
    increase of risk (IFRS 9 5.5.11), ``stage_3_days`` a default (B5.5.37).
    """

    cure_months: int
    cure_restructuring_years: int
    forborne_cure_years: int
    forborne_probation_years: int
    relapse_days: int
    stage_2_days: int
    stage_3_days: int
    npv_loss_percent: Decimal


def thresholds(*, segment: Segment, currency: str, on: date) -> Thresholds:
    """Those of a day; earlier than 2020-12-31 the first ones, by which what was open then is
    judged."""
    return _thresholds(segment, currency, _last_change(on))


def clocks(*, on: date) -> Clocks:
    """Those of a day; earlier than 2020-12-31 the first ones."""
    return _clocks(_last_change(on))


@cache
def _thresholds(segment: Segment, currency: str, on: date) -> Thresholds:
    absolute = _book().find(f"default_absolute_{segment}_{currency.lower()}", on)
    minor = int(absolute.value.scaleb(currency_exponent(currency))) if absolute else 0
    relative = _book().value("default_relative", on)
    return Thresholds(minor, relative, int(_book().value("default_days", on)))


@cache
def _clocks(on: date) -> Clocks:
    def number(code: str) -> int:
        return int(_book().value(code, on))

    return Clocks(
        number("cure_months"),
        number("cure_restructuring_years"),
        number("forborne_cure_years"),
        number("forborne_probation_years"),
        number("forborne_relapse_days"),
        number("stage_2_days"),
        number("stage_3_days"),
        _book().value("default_npv_loss", on),
    )


def _last_change(on: date) -> date:
    """The last day up to ``on`` from which a rule changed: all days until the next are alike."""
    days = _changes()
    return days[max(bisect_right(days, on) - 1, 0)]


@cache
def _changes() -> tuple[date, ...]:
    """From the first day on which every rule holds."""
    rules = _book().rules
    first = max(min(r.valid.since for r in rules if r.code == code) for code in
                {rule.code for rule in rules})  # fmt: skip
    days = {rule.valid.since for rule in rules}
    days |= {rule.valid.until + timedelta(days=1) for rule in rules if rule.valid.until}
    return tuple(sorted({first, *(day for day in days if day > first)}))


def _book() -> RuleBook:
    return rule_book(DATA)

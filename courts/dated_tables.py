"""Court fees, counsel's rates and terms as dated tables, read from ``courts/data``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Final

from kernel.dated_tables import NoRuleOnDay, RuleBook, Validity, read_rows, rule_book

__all__ = ["Band", "NoRuleOnDay", "court_fee_bands", "find_rule", "representation_bands", "rule"]

DATA: Final = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Band:
    """Values from ``low`` to ``high`` (both included, PLN); a fixed amount or percent with cap."""

    valid: Validity
    procedure: str
    low: Decimal
    high: Decimal | None
    fixed: Decimal | None
    percent: Decimal | None
    cap: Decimal | None

    def holds(self, value: Decimal, on: date) -> bool:
        return (
            self.valid.covers(on)
            and self.low <= value
            and (self.high is None or value <= self.high)
        )


@cache
def court_fee_bands() -> tuple[Band, ...]:
    return tuple(
        Band(
            row.validity(),
            row.cells["procedure"],
            row.required("value_from"),
            row.number("value_to"),
            row.number("fixed_fee"),
            row.number("rate_percent"),
            row.number("cap"),
        )
        for row in read_rows(DATA / "court_fees.csv")
    )


@cache
def representation_bands() -> tuple[Band, ...]:
    return tuple(
        Band(
            row.validity(),
            row.cells["procedure"],
            row.required("value_from"),
            row.number("value_to"),
            row.required("fee"),
            None,
            None,
        )
        for row in read_rows(DATA / "representation_costs.csv")
    )


def _rules() -> RuleBook:
    return rule_book(DATA / "court_rules.csv", DATA / "bailiff_fees.csv")


def find_rule(code: str, on: date) -> Decimal | None:
    """The value of a rule on a day; None where it does not hold then."""
    found = _rules().find(code, on)
    return found.value if found else None


def rule(code: str, on: date) -> Decimal:
    """The value of a rule on a day. Raises NoRuleOnDay."""
    return _rules().value(code, on)

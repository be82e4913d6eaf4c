"""Fees and terms as dated tables, read once from ``courts/data`` and checked when read.

A row holds from ``valid_from`` to ``valid_to``, both included; an empty end is open.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Final

from kernel.errors import InvalidInput

DATA: Final = Path(__file__).parent / "data"


class NoRuleOnDay(InvalidInput):
    """The tables hold no rule for that day: it lies before the first one."""

    code = "no_rule_on_day"


class BrokenTable(Exception):
    """A shipped table has a cell that cannot be read; the message names file, line, column."""


@dataclass(frozen=True, slots=True)
class Validity:
    since: date
    until: date | None

    def covers(self, on: date) -> bool:
        return self.since <= on and (self.until is None or on <= self.until)


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


@dataclass(frozen=True, slots=True)
class Rule:
    code: str
    valid: Validity
    value: Decimal


class _Row:
    def __init__(self, file: str, line: int, cells: dict[str, str]) -> None:
        self.file, self.line, self.cells = file, line, cells

    def number(self, column: str) -> Decimal | None:
        text = self.cells[column]
        if not text:
            return None
        try:
            return Decimal(text)
        except InvalidOperation:
            raise self._broken(column) from None

    def required(self, column: str) -> Decimal:
        number = self.number(column)
        if number is None:
            raise self._broken(column)
        return number

    def validity(self) -> Validity:
        until = self.cells["valid_to"]
        try:
            return Validity(
                date.fromisoformat(self.cells["valid_from"]),
                date.fromisoformat(until) if until else None,
            )
        except ValueError:
            raise self._broken("valid_from") from None

    def _broken(self, column: str) -> BrokenTable:
        return BrokenTable(f"{self.file}:{self.line}: {column}={self.cells.get(column)!r}")


def _rows(name: str) -> Iterator[_Row]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        for line, cells in enumerate(csv.DictReader(file), start=2):
            yield _Row(name, line, cells)


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
        for row in _rows("court_fees.csv")
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
        for row in _rows("representation_costs.csv")
    )


@cache
def _rules() -> tuple[Rule, ...]:
    return tuple(
        Rule(row.cells["code"], row.validity(), row.required("value"))
        for name in ("court_rules.csv", "bailiff_fees.csv")
        for row in _rows(name)
    )


def find_rule(code: str, on: date) -> Decimal | None:
    """The value of a rule on a day; None where it does not hold then."""
    return next((r.value for r in _rules() if r.code == code and r.valid.covers(on)), None)


def rule(code: str, on: date) -> Decimal:
    """The value of a rule on a day. Raises NoRuleOnDay."""
    value = find_rule(code, on)
    if value is None:
        raise NoRuleOnDay(code=code, on=on)
    return value

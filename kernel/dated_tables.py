"""Rules as dated tables: CSV files that an app ships, read once and checked when read.

A row holds from ``valid_from`` to ``valid_to``, both included; an empty end is open.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path

from kernel.errors import InvalidInput


class NoRuleOnDay(InvalidInput):
    """The tables hold no rule for that day: it lies before the first one, or after the last."""

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
class Rule:
    """One value of one rule, with the article it comes from."""

    code: str
    valid: Validity
    value: Decimal
    article: str


class Row:
    """A line of a table, whose cells are read by type. Raises BrokenTable."""

    def __init__(self, file: str, line: int, cells: dict[str, str]) -> None:
        self.file, self.line, self.cells = file, line, cells

    def number(self, column: str) -> Decimal | None:
        text = self.cells[column]
        if not text:
            return None
        try:
            return Decimal(text)
        except InvalidOperation:
            raise self.broken(column) from None

    def required(self, column: str) -> Decimal:
        number = self.number(column)
        if number is None:
            raise self.broken(column)
        return number

    def day(self, column: str) -> date | None:
        text = self.cells[column]
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            raise self.broken(column) from None

    def validity(self) -> Validity:
        since, until = self.day("valid_from"), self.day("valid_to")
        if since is None or (until is not None and until < since):
            raise self.broken("valid_from")
        return Validity(since, until)

    def broken(self, column: str) -> BrokenTable:
        return BrokenTable(f"{self.file}:{self.line}: {column}={self.cells.get(column)!r}")


def read_rows(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        for line, cells in enumerate(csv.DictReader(file), start=2):
            yield Row(path.name, line, cells)


@dataclass(frozen=True, slots=True)
class RuleBook:
    """The rules of one or more files, by code and day."""

    rules: Sequence[Rule]

    def find(self, code: str, on: date) -> Rule | None:
        """The rule on a day; None where it does not hold then."""
        return next((r for r in self.rules if r.code == code and r.valid.covers(on)), None)

    def get(self, code: str, on: date) -> Rule:
        """The rule on a day. Raises NoRuleOnDay."""
        rule = self.find(code, on)
        if rule is None:
            raise NoRuleOnDay(code=code, on=on)
        return rule

    def value(self, code: str, on: date) -> Decimal:
        """Raises NoRuleOnDay."""
        return self.get(code, on).value


@cache
def rule_book(*paths: Path) -> RuleBook:
    """Read files with the columns code, valid_from, valid_to, value, article."""
    return RuleBook(
        tuple(
            Rule(row.cells["code"], row.validity(), row.required("value"), row.cells["article"])
            for path in paths
            for row in read_rows(path)
        )
    )

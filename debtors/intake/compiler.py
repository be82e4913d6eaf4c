"""Compiles the expressions of a profile into closures over column positions.

Each is compiled once per sheet, so that a row costs a few calls. The closed set of functions
is in ``functions``, that of tests in ``conditions``.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from debtors.intake import cells
from debtors.intake.cells import Cell
from debtors.intake.limits import MAX_EXPRESSION_DEPTH

Row = Sequence[Cell]
#: (cells of the row, as-of day) → value
Getter = Callable[[Row, date], Any]
Test = Callable[[Row, date], bool]
Builder = Callable[["Compiler", dict[str, Any]], Getter]


class ExpressionInvalid(ValueError):
    """What is wrong (a code), with the word at fault and the words that would be right."""

    def __init__(self, code: str, word: str, allowed: Sequence[str] = ()) -> None:
        super().__init__(f"{code}: {word}")
        self.code, self.word, self.allowed = code, word, allowed


def column_name(cell: object) -> str:
    """As columns are compared: composed letters, single spaces, no line breaks."""
    text = "" if cell is None else str(cell)
    return " ".join(unicodedata.normalize("NFC", text).split())


@dataclass(slots=True)
class Compiler:
    """Compiles the expressions of one sheet; ``positions`` are its columns by name."""

    positions: Mapping[str, int]
    functions: Mapping[str, tuple[Builder, frozenset[str]]]
    decimal: str = "."
    thousands: str = " "
    dates: Sequence[str] = ("YYYY-MM-DD",)
    empty: frozenset[str] = frozenset()
    #: Columns that were named, so that missing ones are reported together.
    used: set[str] = field(default_factory=set)
    _depth: int = 0

    def compile(self, spec: object) -> Getter:
        """Raises ExpressionInvalid."""
        self._depth += 1
        if self._depth > MAX_EXPRESSION_DEPTH:
            raise ExpressionInvalid("nested_too_deeply", str(spec)[:80])
        try:
            if isinstance(spec, str):
                return self.column(spec)
            if not isinstance(spec, dict) or not spec:
                raise ExpressionInvalid("not_an_expression", str(spec)[:80])
            return self._function(spec)
        finally:
            self._depth -= 1

    def _function(self, spec: dict[str, Any]) -> Getter:
        names = [name for name in spec if name in self.functions]
        if len(names) != 1:
            word = next((name for name in spec if name not in self.words), " ".join(spec))
            code = "two_functions" if len(names) > 1 else "unknown_function"
            raise ExpressionInvalid(code, word, sorted(self.functions))
        name = names[0]
        build, options = self.functions[name]
        for word in spec:
            if word != name and word not in options:
                raise ExpressionInvalid("unknown_option", word, sorted(options))
        return build(self, spec)

    @property
    def words(self) -> frozenset[str]:
        return frozenset(self.functions).union(*(words for _, words in self.functions.values()))

    def column(self, name: str) -> Getter:
        position = self.position(name)
        empty = self.empty

        def get(row: Row, as_of: date) -> Any:
            value = row[position]
            if isinstance(value, str):
                value = value.strip()
                return None if not value or value in empty else value
            return value

        return get

    def position(self, name: str) -> int:
        plain = column_name(name)
        self.used.add(plain)
        return self.positions.get(plain, -1)

    def text(self, spec: object) -> Getter:
        get = self.compile(spec)
        return lambda row, as_of: cells.to_text(get(row, as_of))

    def number(self, spec: object) -> Callable[[Row, date], Decimal | None]:
        get, decimal, thousands = self.compile(spec), self.decimal, self.thousands
        return lambda row, as_of: cells.to_decimal(get(row, as_of), decimal, thousands)

    def whole(self, spec: object) -> Callable[[Row, date], int | None]:
        get, decimal, thousands = self.compile(spec), self.decimal, self.thousands
        return lambda row, as_of: cells.to_whole(get(row, as_of), decimal, thousands)

    def day(self, spec: object) -> Callable[[Row, date], date | None]:
        get, formats = self.compile(spec), tuple(self.dates)
        return lambda row, as_of: cells.to_date(get(row, as_of), formats)

    def many(self, specs: object) -> list[Getter]:
        return [self.compile(spec) for spec in listed(specs)]


def listed(specs: object) -> list[object]:
    if not isinstance(specs, list) or not specs:
        raise ExpressionInvalid("not_a_list", str(specs)[:80])
    return specs


def string_option(spec: dict[str, Any], name: str, default: str | None = None) -> str:
    value = spec.get(name, default)
    if not isinstance(value, str):
        raise ExpressionInvalid("not_a_text", name)
    return value


def integer_option(spec: dict[str, Any], name: str, default: int | None = None) -> int:
    value = spec.get(name, default)
    if type(value) is not int:
        raise ExpressionInvalid("not_a_whole_number", name)
    return value

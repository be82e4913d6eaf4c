"""The closed set of tests a profile may put to a row: in its filter and after ``when``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, Final

from stdnum import iban
from stdnum.pl import nip, pesel

from debtors.intake import cells
from debtors.intake.compiler import Compiler, ExpressionInvalid, Row, Test, listed
from debtors.intake.findings import CellRefused

_TEXT: Final[dict[str, Callable[[str, str], bool]]] = {
    "equals": lambda text, operand: text == operand,
    "not_equals": lambda text, operand: text != operand,
    "starts_with": lambda text, operand: text.startswith(operand),
    "ends_with": lambda text, operand: text.endswith(operand),
    "contains": lambda text, operand: operand in text,
}
_NUMBER: Final[dict[str, Callable[[Decimal, Decimal], bool]]] = {
    "at_least": lambda number, operand: number >= operand,
    "more_than": lambda number, operand: number > operand,
    "at_most": lambda number, operand: number <= operand,
    "less_than": lambda number, operand: number < operand,
}
_DAY: Final[dict[str, Callable[[date, date], bool]]] = {
    "before": lambda day, operand: day < operand,
    "on_or_before": lambda day, operand: day <= operand,
    "after": lambda day, operand: day > operand,
    "on_or_after": lambda day, operand: day >= operand,
}
_SHAPE: Final[dict[str, Callable[[str], bool]]] = {
    "is_empty": lambda text: not text,
    "is_iban": lambda text: iban.is_valid(text if text[:2].isalpha() else f"PL{text}"),
    "is_pesel": lambda text: bool(pesel.is_valid(text)),
    "is_nip": lambda text: bool(nip.is_valid(text)),
}
_MEMBER: Final = ("in", "not_in")
OPERATORS: Final = frozenset(_TEXT) | set(_NUMBER) | set(_DAY) | set(_SHAPE) | set(_MEMBER)


def compile_test(compiler: Compiler, spec: object) -> Test:
    """Raises ExpressionInvalid."""
    if not isinstance(spec, dict):
        raise ExpressionInvalid("not_a_test", str(spec)[:80])
    words = set(spec)
    if words == {"all"}:
        tests = [compile_test(compiler, part) for part in listed(spec["all"])]
        return lambda row, as_of: all(test(row, as_of) for test in tests)
    if words == {"any"}:
        tests = [compile_test(compiler, part) for part in listed(spec["any"])]
        return lambda row, as_of: any(test(row, as_of) for test in tests)
    if words == {"not"}:
        inner = compile_test(compiler, spec["not"])
        return lambda row, as_of: not inner(row, as_of)
    operators = words - {"value"}
    if "value" not in words or len(operators) != 1:
        unknown = sorted(operators - OPERATORS) or sorted(words)
        raise ExpressionInvalid("not_a_test", " ".join(unknown), sorted(OPERATORS))
    return _comparison(compiler, spec["value"], operators.pop(), spec)


def _comparison(compiler: Compiler, value: object, operator: str, spec: dict[str, Any]) -> Test:
    operand = spec[operator]
    if operator in _NUMBER:
        return _number_test(compiler, value, operator, operand)
    if operator in _DAY:
        return _day_test(compiler, value, operator, operand)
    text = compiler.text(value)
    if operator in _SHAPE:
        if not isinstance(operand, bool):
            raise ExpressionInvalid("must_be_true_or_false", operator)
        fits = _SHAPE[operator]
        return lambda row, as_of: fits(text(row, as_of)) is operand
    if operator in _MEMBER:
        members = frozenset(str(member).casefold() for member in listed(operand))
        wanted = operator == "in"
        return lambda row, as_of: (text(row, as_of).casefold() in members) is wanted
    if operator in _TEXT:
        compare, other = _TEXT[operator], str(operand).casefold()
        return lambda row, as_of: compare(text(row, as_of).casefold(), other)
    raise ExpressionInvalid("unknown_test", operator, sorted(OPERATORS))


def _number_test(compiler: Compiler, value: object, operator: str, operand: object) -> Test:
    number, compare = compiler.number(value), _NUMBER[operator]
    try:
        other = cells.to_decimal(operand) if isinstance(operand, int | Decimal | str) else None
    except CellRefused:
        other = None
    if other is None:
        raise ExpressionInvalid("not_a_number", str(operand)[:80])
    limit = other

    def test(row: Row, as_of: date) -> bool:
        found = number(row, as_of)
        return found is not None and compare(found, limit)

    return test


def _day_test(compiler: Compiler, value: object, operator: str, operand: object) -> Test:
    day, compare = compiler.day(value), _DAY[operator]
    limit: date | None = None
    if operand != "as_of":
        try:
            limit = cells.to_date(
                operand if isinstance(operand, str | date) else "", ["YYYY-MM-DD"]
            )
        except CellRefused:
            limit = None
        if limit is None:
            raise ExpressionInvalid("not_a_date", str(operand)[:80])

    def test(row: Row, as_of: date) -> bool:
        found = day(row, as_of)
        return found is not None and compare(found, limit or as_of)

    return test

"""The closed set of functions by which a profile derives a canonical value from a row.

``docs/intake.md`` describes the same set for people; a test keeps both in step.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from debtors.intake import cells
from debtors.intake.cells import Value
from debtors.intake.compiler import (
    Builder,
    Compiler,
    ExpressionInvalid,
    Getter,
    Row,
    integer_option,
    listed,
    string_option,
)
from debtors.intake.conditions import compile_test
from debtors.intake.findings import CellRefused

_PLACEHOLDER: Final = re.compile(r"\{([^{}]+)\}")


def _column(compiler: Compiler, spec: dict[str, Any]) -> Getter:
    return compiler.column(string_option(spec, "column"))


def _constant(compiler: Compiler, spec: dict[str, Any]) -> Getter:
    value = spec["constant"]
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal | date):
        raise ExpressionInvalid("not_a_text", "constant")
    return lambda _row, _as_of: value


def _as_of(compiler: Compiler, spec: dict[str, Any]) -> Getter:
    if spec["as_of"] is not True:
        raise ExpressionInvalid("must_be_true", "as_of")
    return lambda _row, as_of: as_of


def _template(compiler: Compiler, spec: dict[str, Any]) -> Getter:
    template = string_option(spec, "template")
    pieces = _PLACEHOLDER.split(template)
    if "{" in "".join(pieces[::2]) or "}" in "".join(pieces[::2]):
        raise ExpressionInvalid("unbalanced_braces", template)
    literals = pieces[::2]
    getters = [compiler.text(name.strip()) for name in pieces[1::2]]

    def get(row: Row, as_of: date) -> Value:
        parts = [literals[0]]
        for getter, literal in zip(getters, literals[1:], strict=True):
            value = getter(row, as_of)
            if not value:
                return None
            parts += (value, literal)
        return "".join(parts)

    return get


def _concat(compiler: Compiler, spec: dict[str, Any]) -> Getter:
    getters = [compiler.text(part) for part in listed(spec["concat"])]
    separator = string_option(spec, "separator", " ")

    def get(row: Row, as_of: date) -> Value:
        parts = [value for getter in getters if (value := getter(row, as_of))]
        return separator.join(parts) or None

    return get


def _first_of(compiler: Compiler, spec: dict[str, Any]) -> Getter:
    getters = compiler.many(spec["first_of"])

    def get(row: Row, as_of: date) -> Any:
        for getter in getters:
            value = getter(row, as_of)
            if value not in (None, "", []):
                return value
        return None

    return get


def _sum(compiler: Compiler, spec: dict[str, Any]) -> Getter:
    getters = [compiler.number(part) for part in listed(spec["sum"])]

    def get(row: Row, as_of: date) -> Value:
        amounts = [a for getter in getters if (a := getter(row, as_of)) is not None]
        return sum(amounts, Decimal(0)) if amounts else None

    return get


def _subtract(compiler: Compiler, spec: dict[str, Any]) -> Getter:
    first, *others = (compiler.number(part) for part in listed(spec["subtract"]))

    def get(row: Row, as_of: date) -> Value:
        amount = first(row, as_of)
        if amount is None:
            return None
        for other in others:
            amount -= other(row, as_of) or Decimal(0)
        return amount

    return get


def _scale(compiler: Compiler, spec: dict[str, Any]) -> Getter:
    number = compiler.number(spec["scale"])
    try:
        factor = cells.to_decimal(spec.get("by"))
    except CellRefused:
        factor = None
    if factor is None:
        raise ExpressionInvalid("not_a_number", "by")

    def get(row: Row, as_of: date) -> Value:
        amount = number(row, as_of)
        return None if amount is None else amount * factor

    return get


def _amount(compiler: Compiler, spec: dict[str, Any]) -> Getter:
    get = compiler.compile(spec["amount"])
    decimal = string_option(spec, "decimal", compiler.decimal)
    thousands = string_option(spec, "thousands", compiler.thousands)
    return lambda row, as_of: cells.to_decimal(get(row, as_of), decimal, thousands)


def _date(compiler: Compiler, spec: dict[str, Any]) -> Getter:
    get = compiler.compile(spec["date"])
    formats = tuple(str(f) for f in listed(spec.get("formats")))
    check_formats(formats)
    return lambda row, as_of: cells.to_date(get(row, as_of), formats)


def check_formats(formats: Sequence[str]) -> None:
    """Raises ExpressionInvalid(``unknown_date_format``)."""
    for format_ in formats:
        try:
            cells.check_date_format(format_)
        except cells.UnknownDateFormat:
            raise ExpressionInvalid("unknown_date_format", format_) from None


def _map(compiler: Compiler, spec: dict[str, Any]) -> Getter:
    source = compiler.text(spec["map"])
    values = spec.get("values")
    if not isinstance(values, dict) or not values:
        raise ExpressionInvalid("not_a_table", "values")
    table = {str(key).casefold(): str(value) for key, value in values.items()}
    otherwise = compiler.compile(spec["otherwise"]) if "otherwise" in spec else None

    def get(row: Row, as_of: date) -> Any:
        text = source(row, as_of)
        known = table.get(text.casefold())
        if known is not None:
            return known or None
        if otherwise is not None:
            return otherwise(row, as_of)
        if not text:
            return None
        raise CellRefused("value_not_mapped", text)

    return get


def _split(compiler: Compiler, spec: dict[str, Any]) -> Getter:
    source = compiler.text(spec["split"])
    separators = string_option(spec, "separators", ",;")
    if not separators:
        raise ExpressionInvalid("not_a_text", "separators")
    pattern = re.compile(f"[{re.escape(separators)}]")

    def get(row: Row, as_of: date) -> Value:
        return [part for piece in pattern.split(source(row, as_of)) if (part := piece.strip())]

    return get


def _list(compiler: Compiler, spec: dict[str, Any]) -> Getter:
    getters = compiler.many(spec["list"])

    def get(row: Row, as_of: date) -> Value:
        found: list[str] = []
        for getter in getters:
            value = getter(row, as_of)
            found += (
                value
                if isinstance(value, list)
                else [text]
                if (text := cells.to_text(value))
                else []
            )
        return found

    return get


def _months_before(compiler: Compiler, spec: dict[str, Any]) -> Getter:
    day, months = compiler.day(spec["months_before"]), compiler.whole(spec.get("months"))

    def get(row: Row, as_of: date) -> Value:
        on, count = day(row, as_of), months(row, as_of)
        return None if on is None or count is None else cells.months_before(on, count)

    return get


def _days_before(compiler: Compiler, spec: dict[str, Any]) -> Getter:
    day, days = compiler.day(spec["days_before"]), compiler.whole(spec.get("days"))

    def get(row: Row, as_of: date) -> Value:
        on, count = day(row, as_of), days(row, as_of)
        return None if on is None or count is None else cells.days_before(on, count)

    return get


def _when(compiler: Compiler, spec: dict[str, Any]) -> Getter:
    test = compile_test(compiler, spec["when"])
    then = compiler.compile(spec["then"]) if "then" in spec else None
    other = compiler.compile(spec["else"]) if "else" in spec else None
    if then is None:
        raise ExpressionInvalid("option_missing", "then")

    def get(row: Row, as_of: date) -> Any:
        if test(row, as_of):
            return then(row, as_of)
        return other(row, as_of) if other else None

    return get


def _highest(compiler: Compiler, spec: dict[str, Any]) -> Getter:
    return _extreme(compiler, spec["highest"], max)


def _lowest(compiler: Compiler, spec: dict[str, Any]) -> Getter:
    return _extreme(compiler, spec["lowest"], min)


def _extreme(compiler: Compiler, parts: object, choose: Callable[..., Decimal]) -> Getter:
    getters = [compiler.number(part) for part in listed(parts)]

    def get(row: Row, as_of: date) -> Value:
        amounts = [a for getter in getters if (a := getter(row, as_of)) is not None]
        return choose(amounts) if amounts else None

    return get


def _without(compiler: Compiler, spec: dict[str, Any]) -> Getter:
    source = compiler.text(spec["without"])
    taken_out = str.maketrans("", "", string_option(spec, "characters"))
    return lambda row, as_of: source(row, as_of).translate(taken_out).strip() or None


def _digits(compiler: Compiler, spec: dict[str, Any]) -> Getter:
    source = compiler.text(spec["digits"])
    return lambda row, as_of: "".join(c for c in source(row, as_of) if c in "0123456789") or None


def _upper(compiler: Compiler, spec: dict[str, Any]) -> Getter:
    source = compiler.text(spec["upper"])
    return lambda row, as_of: source(row, as_of).upper() or None


def _lower(compiler: Compiler, spec: dict[str, Any]) -> Getter:
    source = compiler.text(spec["lower"])
    return lambda row, as_of: source(row, as_of).lower() or None


def _part(compiler: Compiler, spec: dict[str, Any]) -> Getter:
    source, first = compiler.text(spec["part"]), integer_option(spec, "from")
    length = integer_option(spec, "length", 1000)
    if first < 1 or length < 1:
        raise ExpressionInvalid("must_be_positive", "from")
    return lambda row, as_of: source(row, as_of)[first - 1 : first - 1 + length].strip() or None


def _word(compiler: Compiler, spec: dict[str, Any]) -> Getter:
    source, number = compiler.text(spec["word"]), integer_option(spec, "number")
    if number == 0:
        raise ExpressionInvalid("must_be_positive", "number")
    index = number - 1 if number > 0 else number

    def get(row: Row, as_of: date) -> Value:
        words = source(row, as_of).split()
        return words[index] if -len(words) <= index < len(words) else None

    return get


def _words_from(compiler: Compiler, spec: dict[str, Any]) -> Getter:
    source, number = compiler.text(spec["words_from"]), integer_option(spec, "number")
    if number < 1:
        raise ExpressionInvalid("must_be_positive", "number")
    return lambda row, as_of: " ".join(source(row, as_of).split()[number - 1 :]) or None


#: name → (how to build it, which further words it takes)
FUNCTIONS: Final[dict[str, tuple[Builder, frozenset[str]]]] = {
    "column": (_column, frozenset()),
    "constant": (_constant, frozenset()),
    "as_of": (_as_of, frozenset()),
    "template": (_template, frozenset()),
    "concat": (_concat, frozenset({"separator"})),
    "first_of": (_first_of, frozenset()),
    "sum": (_sum, frozenset()),
    "subtract": (_subtract, frozenset()),
    "scale": (_scale, frozenset({"by"})),
    "amount": (_amount, frozenset({"decimal", "thousands"})),
    "date": (_date, frozenset({"formats"})),
    "map": (_map, frozenset({"values", "otherwise"})),
    "split": (_split, frozenset({"separators"})),
    "list": (_list, frozenset()),
    "months_before": (_months_before, frozenset({"months"})),
    "days_before": (_days_before, frozenset({"days"})),
    "when": (_when, frozenset({"then", "else"})),
    "highest": (_highest, frozenset()),
    "lowest": (_lowest, frozenset()),
    "without": (_without, frozenset({"characters"})),
    "digits": (_digits, frozenset()),
    "upper": (_upper, frozenset()),
    "lower": (_lower, frozenset()),
    "part": (_part, frozenset({"from", "length"})),
    "word": (_word, frozenset({"number"})),
    "words_from": (_words_from, frozenset({"number"})),
}

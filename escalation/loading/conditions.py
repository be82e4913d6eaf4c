"""Conditions and waits as they are written in a strategy file."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from escalation.conditions import (
    LETTER_WAITS,
    NOTHING,
    OTHER_CURRENCY,
    TESTS,
    Comparison,
    Condition,
    Thresholds,
    Wait,
    WaitName,
    Wanted,
)
from escalation.facts import FACTS, LETTERS, Fact, FactType
from escalation.loading.problems import ProblemCode
from escalation.loading.reader import Reader, Table
from escalation.toml_lines import Path
from kernel.errors import InvalidInput
from kernel.money import currency_exponent

MOST_DAYS = 3650
MOST_COUNT = 100_000
#: In major units of a currency.
MOST_MAJOR = 1_000_000_000_000


def read_conditions(
    reader: Reader, table: Table, path: Path, *, place: str
) -> tuple[Condition, ...]:
    """``overdue = "nothing"`` or ``days_past_due = { at_least = 30, at_most = 90 }``."""
    found: list[Condition] = []
    for key, written in table.items():
        here = (*path, key)
        fact = FACTS.get(key)
        if fact is None:
            reader.refuse(here, ProblemCode.UNKNOWN_WORD, found=key, allowed=FACTS)
            continue
        found += _tests(reader, fact, written, here, place=f"{place}.{key}")
    return tuple(found)


def _tests(reader: Reader, fact: Fact, written: Any, path: Path, *, place: str) -> list[Condition]:
    allowed = TESTS[fact.type]
    if not isinstance(written, dict):
        written = {allowed[0].value: written}
    conditions: list[Condition] = []
    for name, wanted in written.items():
        if name not in [test.value for test in allowed]:
            reader.refuse((*path, name), ProblemCode.UNKNOWN_WORD, found=name, allowed=allowed)
            continue
        before = len(reader.problems)
        value = _wanted(reader, fact, Comparison(name), wanted, (*path, name))
        if len(reader.problems) == before:
            full = place if len(written) == 1 else f"{place}.{name}"
            conditions.append(Condition(full, fact, Comparison(name), value, reader.line(path)))
    return conditions


def _wanted(reader: Reader, fact: Fact, test: Comparison, value: Any, path: Path) -> Wanted:
    match fact.type:
        case FactType.FLAG:
            if not isinstance(value, bool):
                reader.refuse(path, ProblemCode.WRONG_TYPE, found=value, allowed=("true", "false"))
            return bool(value)
        case FactType.NUMBER:
            return reader.number(value, path, least=0, most=MOST_COUNT)
        case FactType.AMOUNT:
            return _amount(reader, test, value, path)
        case FactType.WORD | FactType.WORDS:
            return _words(reader, fact, test, value, path)


def _words(reader: Reader, fact: Fact, test: Comparison, value: Any, path: Path) -> Wanted:
    if test in (Comparison.IS, Comparison.IS_NOT):
        _one_word(reader, fact, value, path)
        return str(value)
    if not isinstance(value, list) or not value:
        reader.refuse(path, ProblemCode.WRONG_TYPE, found=value, allowed=("list",))
        return frozenset()
    for i, word in enumerate(value):
        _one_word(reader, fact, word, (*path, i))
    return frozenset(str(word) for word in value)


def _one_word(reader: Reader, fact: Fact, value: Any, path: Path) -> None:
    if fact.key == "currency":
        _currency(reader, value, path)
    else:
        reader.check_word(value, path, fact.words)


def _currency(reader: Reader, value: Any, path: Path) -> None:
    try:
        currency_exponent(str(value))
    except InvalidInput:
        reader.refuse(path, ProblemCode.NOT_A_CURRENCY, found=value, allowed=("PLN", "EUR"))


def _amount(reader: Reader, test: Comparison, value: Any, path: Path) -> Wanted:
    if test in (Comparison.IS, Comparison.IS_NOT):
        return reader.check_word(value, path, (NOTHING,))
    if not isinstance(value, dict) or not value:
        reader.refuse(
            path, ProblemCode.WRONG_TYPE, found=value, allowed=("{ PLN = 500, EUR = 120 }",)
        )
        return {}
    return _thresholds(reader, value, path)


def _thresholds(reader: Reader, value: Table, path: Path) -> Thresholds:
    thresholds: dict[str, Decimal] = {}
    for currency, major in value.items():
        if currency != OTHER_CURRENCY:
            _currency(reader, currency, (*path, currency))
        here = (*path, currency)
        if isinstance(major, bool) or not isinstance(major, (int, Decimal)) or not _is_sum(major):
            reader.refuse(here, ProblemCode.WRONG_TYPE, found=major, allowed=("500", "499.99"))
        elif major > MOST_MAJOR:
            allowed = ("0", str(MOST_MAJOR))
            reader.refuse(here, ProblemCode.OUT_OF_RANGE, found=major, allowed=allowed)
        else:
            thresholds[currency] = Decimal(major)
    return thresholds


def _is_sum(major: int | Decimal) -> bool:
    """Neither below zero, nor infinite, nor no number at all."""
    return (isinstance(major, int) or major.is_finite()) and major >= 0


def read_waits(reader: Reader, table: Table, path: Path, *, place: str) -> tuple[Wait, ...]:
    """``days_past_due = 30``, ``working_days_after_delivery_of = { notice_75c = 14 }``."""
    waits: list[Wait] = []
    names = tuple(WaitName)
    for key, written in table.items():
        here = (*path, key)
        if key not in names:
            reader.refuse(here, ProblemCode.UNKNOWN_WORD, found=key, allowed=names)
            continue
        name = WaitName(key)
        full, line = f"{place}.{key}", reader.line(here)
        if name is WaitName.ANSWER_OF_THE_POST_FOR:
            letter = reader.check_word(written, here, LETTERS)
            waits.append(Wait(full, name, 0, letter, line))
        elif name in LETTER_WAITS:
            waits += _letter_waits(reader, name, written, here, place=full)
        else:
            days = reader.number(written, here, least=0, most=MOST_DAYS)
            waits.append(Wait(full, name, days, "", line))
    return tuple(waits)


def _letter_waits(
    reader: Reader, name: WaitName, written: Any, path: Path, *, place: str
) -> list[Wait]:
    if not isinstance(written, dict) or not written:
        reader.refuse(path, ProblemCode.WRONG_TYPE, found=written, allowed=("{ notice_75c = 14 }",))
        return []
    waits: list[Wait] = []
    for letter, days in written.items():
        here = (*path, letter)
        known = reader.check_word(letter, here, LETTERS)
        count = reader.number(days, here, least=0, most=MOST_DAYS)
        waits.append(Wait(f"{place}.{letter}", name, count, known, reader.line(here)))
    return waits

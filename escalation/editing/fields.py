"""What of a step can be changed in a form: every value by its kind, with what it may be.

A field is named by its path inside the step: ``wait.days_past_due``,
``when.outstanding.at_least.PLN``. Only what stands in the text is listed, and the few keys that
a step may or may not have.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from escalation.actions import ACTIONS, ActionName
from escalation.conditions import LETTER_WAITS, Comparison, WaitName
from escalation.facts import FACTS, LETTERS, STAGES, FactType
from escalation.loading.conditions import MOST_COUNT, MOST_DAYS, MOST_MAJOR
from escalation.loading.strategy import LANGUAGES, MOST_ROUNDS
from escalation.strategy import AfterRefusal, InFlight, Otherwise
from kernel.errors import InvalidInput

Value = bool | int | str | Decimal | tuple[str, ...] | None

#: Waits that a step may have or not; the others are there or are written in the text.
_OPTIONAL_WAITS: Final = (WaitName.DAYS_PAST_DUE, WaitName.DAYS_AFTER_PREVIOUS_STEP)
MOST_TITLE: Final = 120
REFUSED: Final = "if_refused"
AGAIN_AFTER: Final = "propose_again_after_days"


class FieldKind(StrEnum):
    """``WORD`` is one of ``choices``, ``WORDS`` at least one of them."""

    TEXT = "text"
    NUMBER = "number"
    SUM = "sum"
    FLAG = "flag"
    WORD = "word"
    WORDS = "words"


class FieldWrong(InvalidInput):
    """``field`` cannot be ``found``."""

    code = "field_wrong"


@dataclass(frozen=True, slots=True)
class Field:
    """``value`` is None where an ``optional`` one is not there. ``least`` and ``most`` bound a
    number or a sum (in major units) and the length of a text."""

    path: tuple[str, ...]
    kind: FieldKind
    value: Value
    choices: tuple[str, ...] = ()
    least: int = 0
    most: int = 0
    optional: bool = False

    @property
    def name(self) -> str:
        return ".".join(self.path)

    def check(self, value: Value) -> Value:
        """The value, if the field may have it; raises FieldWrong otherwise."""
        if value is None and self.optional:
            return None
        if not self._fits(value):
            raise FieldWrong(field=self.name, found=str(value))
        return value

    def _fits(self, value: Any) -> bool:
        match self.kind:
            case FieldKind.TEXT:
                return self._is_text(value)
            case FieldKind.NUMBER:
                return type(value) is int and self.least <= value <= self.most
            case FieldKind.SUM:
                return self._is_sum(value)
            case FieldKind.FLAG:
                return isinstance(value, bool)
            case FieldKind.WORD:
                return value in self.choices
            case FieldKind.WORDS:
                return isinstance(value, tuple) and bool(value) and set(value) <= set(self.choices)

    def _is_text(self, value: Any) -> bool:
        return (
            isinstance(value, str)
            and value.isprintable()
            and bool(value.strip())
            and len(value) <= self.most
        )

    def _is_sum(self, value: Any) -> bool:
        is_number = isinstance(value, (int, Decimal)) and not isinstance(value, bool)
        return is_number and Decimal(value).is_finite() and self.least <= value <= self.most


def list_fields(text: str, key: str) -> list[Field]:
    """The fields of the step ``key`` of a text that can be loaded, in the order of a form."""
    step = raw_steps(text)[key]
    return [
        *(_text(("title", language), step["title"][language]) for language in LANGUAGES),
        Field(("stage",), FieldKind.WORD, step["stage"], STAGES),
        *_waits(step.get("wait", {})),
        *_conditions("skip_when", step.get("skip_when", {})),
        *_conditions("when", step.get("when", {})),
        *_otherwise(step),
        *(_action(name, what) for name, what in step["do"].items()),
        *_rounds(step),
        *_refusal(step),
    ]


def list_header_fields(text: str) -> list[Field]:
    """The names of the strategy, and what becomes of cases in flight."""
    header = tomllib.loads(text, parse_float=Decimal)
    return [
        *(_text(("title", language), header["title"][language]) for language in LANGUAGES),
        Field(("in_flight",), FieldKind.WORD, header["in_flight"], tuple(InFlight)),
    ]


def raw_steps(text: str) -> dict[str, dict[str, Any]]:
    """Each step as it is written, by its key, in the order of the text."""
    return {step["key"]: step for step in tomllib.loads(text, parse_float=Decimal)["step"]}


def _text(path: tuple[str, ...], value: str) -> Field:
    return Field(path, FieldKind.TEXT, value, most=MOST_TITLE)


def _days(path: tuple[str, ...], value: int | None, *, optional: bool = False) -> Field:
    return Field(path, FieldKind.NUMBER, value, most=MOST_DAYS, optional=optional)


def _waits(waits: Mapping[str, Any]) -> Iterator[Field]:
    for wait in WaitName:
        written = waits.get(wait.value)
        path = ("wait", wait.value)
        if wait in _OPTIONAL_WAITS:
            yield _days(path, written, optional=True)
        elif written is None:
            continue
        elif wait is WaitName.ANSWER_OF_THE_POST_FOR:
            yield Field(path, FieldKind.WORD, written, LETTERS)
        elif wait in LETTER_WAITS:
            for letter, days in written.items():
                yield _days((*path, letter), days)
        else:
            yield _days(path, written, optional=True)


def _conditions(part: str, table: Mapping[str, Any]) -> Iterator[Field]:
    for key, written in table.items():
        fact = FACTS[key]
        path = (part, key)
        if not isinstance(written, dict):
            yield from _test(path, fact.type, fact.words, Comparison.IS, written)
            continue
        for test, wanted in written.items():
            yield from _test((*path, test), fact.type, fact.words, Comparison(test), wanted)


def _test(
    path: tuple[str, ...], kind: FactType, words: tuple[str, ...], test: Comparison, wanted: Any
) -> Iterator[Field]:
    match kind:
        case FactType.FLAG:
            yield Field(path, FieldKind.FLAG, wanted)
        case FactType.NUMBER:
            yield Field(path, FieldKind.NUMBER, wanted, most=MOST_COUNT)
        case FactType.AMOUNT if isinstance(wanted, dict):
            for currency, major in wanted.items():
                yield Field((*path, currency), FieldKind.SUM, Decimal(major), most=MOST_MAJOR)
        case FactType.WORD | FactType.WORDS if words:
            if test in (Comparison.IS, Comparison.IS_NOT):
                yield Field(path, FieldKind.WORD, wanted, words)
            else:
                yield Field(path, FieldKind.WORDS, tuple(wanted), words)


def _otherwise(step: Mapping[str, Any]) -> Iterator[Field]:
    if "otherwise" in step:
        yield Field(("otherwise",), FieldKind.WORD, step["otherwise"], tuple(Otherwise))


def _action(name: str, what: str) -> Field:
    return Field(("do", name), FieldKind.WORD, what, ACTIONS[ActionName(name)])


def _rounds(step: Mapping[str, Any]) -> Iterator[Field]:
    if ActionName.PROPOSE not in step["do"]:
        yield Field(
            ("repeat",), FieldKind.NUMBER, step.get("repeat"), least=1, most=MOST_ROUNDS,
            optional=True,
        )  # fmt: skip


def _refusal(step: Mapping[str, Any]) -> Iterator[Field]:
    """What follows a refusal, and the days after which it is proposed again."""
    written = step.get(REFUSED)
    if written is None:
        return
    again = isinstance(written, dict)
    then = AfterRefusal.PROPOSE_AGAIN.value if again else written
    yield Field((REFUSED,), FieldKind.WORD, then, tuple(AfterRefusal))
    days = written[AGAIN_AFTER] if isinstance(written, dict) else None
    yield Field(
        (REFUSED, AGAIN_AFTER), FieldKind.NUMBER, days, least=1, most=MOST_DAYS, optional=True
    )

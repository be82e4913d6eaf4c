"""What a topic asks for, as data: the reader, the form and the documentation follow it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from calculations.values import (
    WrongValue,
    printable,
    read_day,
    read_flag,
    read_minor,
    read_minor_above_zero,
    read_percent,
    read_text,
    read_whole,
    words_of,
)
from kernel.errors import InvalidInput

#: More rows of a list are not read.
MOST_ROWS: Final = 1000


class BadInputs(InvalidInput):
    """``errors`` names every key that cannot be taken, with a code of what is wrong."""

    code = "bad_inputs"

    def __init__(self, errors: Sequence[tuple[str, str]]) -> None:
        super().__init__(errors=[list(error) for error in errors])
        self.errors = tuple(errors)

    def __str__(self) -> str:
        return "; ".join(f"{key}: {why}" for key, why in self.errors)


class FieldKind(StrEnum):
    AMOUNT = "amount"
    PERCENT = "percent"
    DAY = "day"
    WHOLE = "whole"
    FLAG = "flag"
    TEXT = "text"
    WORD = "word"
    ROWS = "rows"


@dataclass(frozen=True, slots=True)
class Field:
    """One key. ``aliases`` are other names under which it is taken; ``words`` what a word may be
    (shown to people), ``columns`` the fields of a row of a list. A ``quiet`` one is taken, but no
    form asks for it: it changes nothing, or the label of another one says it already."""

    name: str
    kind: FieldKind
    read: Callable[[Any], Any]
    required: bool = True
    default: Any = None
    aliases: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    columns: tuple[Field, ...] = ()
    quiet: bool = False

    @property
    def default_word(self) -> str:
        """The word that stands for the default; empty where there is none."""
        if self.default is None:
            return ""
        return next((word for word in self.words if self.read(word) == self.default), "")


_READERS: Final[Mapping[FieldKind, Callable[[Any], Any]]] = {
    FieldKind.AMOUNT: read_minor,
    FieldKind.PERCENT: read_percent,
    FieldKind.DAY: read_day,
    FieldKind.WHOLE: read_whole,
    FieldKind.FLAG: read_flag,
    FieldKind.TEXT: read_text,
}


def needed(name: str, kind: FieldKind, *aliases: str) -> Field:
    return Field(name, kind, _READERS[kind], aliases=aliases)


def optional(name: str, kind: FieldKind, *aliases: str, default: Any = None) -> Field:
    return Field(name, kind, _READERS[kind], required=False, default=default, aliases=aliases)


def needed_above_zero(name: str, *aliases: str) -> Field:
    return Field(name, FieldKind.AMOUNT, read_minor_above_zero, aliases=aliases)


def optional_above_zero(name: str, *aliases: str) -> Field:
    return replace(needed_above_zero(name, *aliases), required=False)


def word(
    name: str,
    words: Mapping[str, Any],
    *aliases: str,
    required: bool = True,
    default: Any = None,
    shown: Sequence[str] = (),
) -> Field:
    """One of ``words``, however it is spelt; the value is what stands behind the word."""
    spelt = {" ".join(words_of(text)): value for text, value in words.items()}

    def read(value: Any) -> Any:
        try:
            return spelt[" ".join(words_of(value))]
        except KeyError:
            raise WrongValue("not_one_of") from None

    return Field(name, FieldKind.WORD, read, required, default, aliases, tuple(shown or words))


def rows(
    name: str, *columns: Field, aliases: tuple[str, ...] = (), required: bool = False
) -> Field:
    """A list of objects with the fields ``columns``; or of lists in their order."""

    def read(value: Any) -> tuple[dict[str, Any], ...]:
        return _read_rows(value, columns)[0]

    return Field(name, FieldKind.ROWS, read, required, (), aliases, (), columns)


def read_inputs(
    inputs: Mapping[str, Any], fields: Sequence[Field]
) -> tuple[dict[str, Any], list[str]]:
    """The values by the names of the fields, and the keys that nobody asked for.

    One of a row is named with its list: ``debts.pryncipal``. Raises BadInputs naming every key
    that is missing, given twice under other names, or cannot be read.
    """
    values: dict[str, Any] = {}
    errors: list[tuple[str, str]] = []
    known = {name for field in fields for name in (field.name, *field.aliases)}
    unknown = {str(key) for key in inputs if key not in known}
    for field in fields:
        values[field.name] = field.default
        given = _keys_given(inputs, field)
        if not given:
            errors += [(field.name, "missing")] if field.required else []
            continue
        key = given[0]
        if any(str(inputs[other]) != str(inputs[key]) for other in given[1:]):
            errors.append((", ".join(given), "given_twice"))
            continue
        try:
            if field.columns:
                values[field.name], odd = _read_rows(inputs[key], field.columns)
                unknown |= {f"{key}.{name}" for name in odd}
            else:
                values[field.name] = field.read(inputs[key])
        except BadInputs as bad:
            errors += [(f"{key}.{inner}", why) for inner, why in bad.errors]
        except WrongValue as wrong:
            errors.append((key, str(wrong)))
    errors += [(printable(key), "not_a_text") for key in sorted(unknown) if key != printable(key)]
    if errors:
        raise BadInputs(errors)
    return values, sorted(unknown)


def _keys_given(inputs: Mapping[str, Any], field: Field) -> list[str]:
    """The names under which a field is given; one that is empty is as good as left out."""
    return [
        name
        for name in (field.name, *field.aliases)
        if inputs.get(name) is not None and inputs[name] != ""
    ]


def _read_rows(value: Any, columns: Sequence[Field]) -> tuple[tuple[dict[str, Any], ...], set[str]]:
    """The rows, and the keys in them that nobody asked for."""
    if not isinstance(value, list | tuple):
        raise WrongValue("not_a_list")
    if len(value) > MOST_ROWS:
        raise WrongValue("too_many")
    read = [_read_row(row, columns) for row in value]
    return tuple(values for values, _ in read), {name for _, odd in read for name in odd}


def _read_row(row: Any, columns: Sequence[Field]) -> tuple[dict[str, Any], list[str]]:
    if isinstance(row, list | tuple) and len(row) <= len(columns):
        row = dict(zip((column.name for column in columns), row, strict=False))
    if not isinstance(row, Mapping):
        raise WrongValue("not_an_object")
    return read_inputs(row, columns)

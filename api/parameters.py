"""Query parameters: read strictly, so that a misspelling is an error and not the whole book."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final, NamedTuple, TypeVar

from django.http import QueryDict
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from api.problems import InvalidParameters

Word = TypeVar("Word", bound=StrEnum)

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_FLAGS: Final = {"true": True, "false": False}
_DIGITS: Final = re.compile(r"[0-9]{1,18}")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})"
)


class Parameter(NamedTuple):
    """One that an endpoint takes: how it is read, and how it is shown in the documentation.

    ``read`` raises ValueError for what it does not take.
    """

    name: str
    read: Callable[[str], Any]
    code: str
    shown: OpenApiParameter


def read_parameters(query: QueryDict, known: Mapping[str, Parameter]) -> dict[str, Any]:
    """The values that were given. Raises InvalidParameters naming every one that is wrong."""
    values: dict[str, Any] = {}
    errors: list[tuple[str, str]] = []
    for name, texts in query.lists():
        parameter = known.get(name)
        if parameter is None:
            errors.append((name, "unknown"))
        elif len(texts) > 1:
            errors.append((name, "given_twice"))
        else:
            try:
                values[name] = parameter.read(texts[0])
            except (ValueError, OverflowError):
                errors.append((name, parameter.code))
    if errors:
        raise InvalidParameters(errors)
    return values


def whole_number(name: str, *, least: int, most: int, description: str) -> Parameter:
    def read(text: str) -> int:
        if not _DIGITS.fullmatch(text) or not least <= int(text) <= most:
            raise ValueError(text)
        return int(text)

    schema = {"type": "integer", "minimum": least, "maximum": most}
    shown = OpenApiParameter(name, schema, description=description)
    return Parameter(name, read, "not_in_range", shown)


def one_of(name: str, words: type[Word], *, description: str) -> Parameter:
    shown = OpenApiParameter(
        name, OpenApiTypes.STR, enum=[word.value for word in words], description=description
    )
    return Parameter(name, words, "not_one_of", shown)


def flag(name: str, *, description: str) -> Parameter:
    def read(text: str) -> bool:
        if text not in _FLAGS:
            raise ValueError(text)
        return _FLAGS[text]

    shown = OpenApiParameter(name, OpenApiTypes.BOOL, description=description)
    return Parameter(name, read, "no_flag", shown)


def code(name: str, *, pattern: str, description: str) -> Parameter:
    def read(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(text)
        return text

    shown = OpenApiParameter(
        name, {"type": "string", "pattern": f"^{pattern}$"}, description=description
    )
    return Parameter(name, read, "no_code", shown)


def instant(name: str, *, description: str) -> Parameter:
    """RFC 3339 with an offset: an instant that means the same everywhere."""

    def read(text: str) -> datetime:
        if not _INSTANT.fullmatch(text):
            raise ValueError(text)
        return datetime.fromisoformat(text).astimezone(UTC)

    schema = {"type": "string", "format": "date-time", "example": "2026-11-23T08:00:00Z"}
    shown = OpenApiParameter(name, schema, description=description)
    return Parameter(name, read, "no_instant", shown)


def day(name: str, *, description: str) -> Parameter:
    """A calendar day."""

    def read(text: str) -> date:
        if not _DAY.fullmatch(text):
            raise ValueError(text)
        return date.fromisoformat(text)

    schema = {"type": "string", "format": "date", "example": "2026-11-23"}
    shown = OpenApiParameter(name, schema, description=description)
    return Parameter(name, read, "no_day", shown)


def cursor(name: str, *, pattern: str, read: Callable[[str], Any]) -> Parameter:
    def checked(text: str) -> Any:
        if not re.fullmatch(pattern, text):
            raise ValueError(text)
        return read(text)

    schema = {"type": "string", "pattern": f"^{pattern}$"}
    shown = OpenApiParameter(
        name, schema, description="`next_cursor` of the page before, unchanged."
    )
    return Parameter(name, checked, "no_cursor", shown)


def microseconds_of(at: datetime) -> int:
    """Since 1970; what a cursor can carry without a loss."""
    return (at - _EPOCH) // timedelta(microseconds=1)


def instant_of(microseconds: int) -> datetime:
    return _EPOCH + timedelta(microseconds=microseconds)

"""What lists have in common: reading the address, and writing it again with a change."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import NamedTuple, TypeVar

from django.http import HttpRequest
from django.utils.http import urlencode

Choice = TypeVar("Choice", bound=StrEnum)


class Chip(NamedTuple):
    """A filter that is on; ``off`` is the address without it."""

    name: str
    value: str
    off: str


class Option(NamedTuple):
    """A filter that could be put on."""

    value: str
    label: str
    chosen: bool


def chosen(request: HttpRequest, name: str, kind: type[Choice]) -> Choice | None:
    """The value of a closed vocabulary in the address; an unknown word is as none."""
    return word_in(request.GET.get(name), kind)


def word_in(text: str | None, kind: type[Choice]) -> Choice | None:
    try:
        return kind(text or "")
    except ValueError:
        return None


def day_in(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def address(request: HttpRequest, **changes: str | None) -> str:
    """This page with a changed query; a filter starts at the first page again."""
    query = {**request.GET.dict(), "after": "", **changes}
    kept = {name: value for name, value in query.items() if value}
    return f"{request.path}?{urlencode(kept)}" if kept else request.path

"""Reading what an address asks for; what cannot be is as none."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TypeVar

from django.http import HttpRequest

Choice = TypeVar("Choice", bound=StrEnum)


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

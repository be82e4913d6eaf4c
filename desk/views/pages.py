"""Reading what an address asks for; what cannot be is as none."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

from django.http import HttpRequest

from kernel.typed import word_in

Choice = TypeVar("Choice", bound=StrEnum)


def chosen(request: HttpRequest, name: str, kind: type[Choice]) -> Choice | None:
    """The value of a closed vocabulary in the address; an unknown word is as none."""
    return word_in(request.GET.get(name), kind)

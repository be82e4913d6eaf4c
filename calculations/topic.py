"""What a topic is: its fields, an example, and the function that computes the answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from calculations.fields import Field
from ledger.rates import Rates

Values = Mapping[str, Any]
Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Setting:
    """The rates that hold, and the day on which is asked."""

    rates: Rates
    on: date


@dataclass(frozen=True, slots=True)
class Topic:
    """``answers`` names what the answer holds at least; ``group`` is where people look for it."""

    name: str
    group: str
    fields: tuple[Field, ...]
    compute: Callable[[Values, Setting], Answer]
    example: Mapping[str, Any]
    answers: tuple[str, ...]
    aliases: tuple[str, ...] = ()


def warning(code: str, **values: Any) -> dict[str, Any]:
    """Something that the reader must know of a figure, by code."""
    return {"code": code, **values}

"""The ways in which a contact can come about, as the panel offers them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from contacts.lifecycle import Direction
from debtors.lifecycle import Channel


@dataclass(frozen=True, slots=True)
class Way:
    channel: Channel
    direction: Direction

    @property
    def code(self) -> str:
        """``phone.out``"""
        return f"{self.channel}.{self.direction}"


#: The ways that are offered with a key, and those behind them.
WAYS: Final[tuple[Way, ...]] = (
    Way(Channel.PHONE, Direction.OUT),
    Way(Channel.PHONE, Direction.IN),
    Way(Channel.EMAIL, Direction.IN),
    Way(Channel.VISIT, Direction.OUT),
)
MORE_WAYS: Final[tuple[Way, ...]] = (
    Way(Channel.VISIT, Direction.IN),
    Way(Channel.LETTER, Direction.IN),
    Way(Channel.SMS, Direction.IN),
    Way(Channel.EMAIL, Direction.OUT),
    Way(Channel.SMS, Direction.OUT),
    Way(Channel.LETTER, Direction.OUT),
)


def way_of(code: str) -> Way:
    """Of an unknown code: the first way."""
    return next((way for way in WAYS + MORE_WAYS if way.code == code), WAYS[0])

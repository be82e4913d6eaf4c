"""A table of moves: which status may follow which, by which named move."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from kernel.errors import Conflict

Status = TypeVar("Status", bound=StrEnum)


class MoveNotAllowed(Conflict):
    """The lifecycle has no such move from the status the thing is in."""

    code = "move_not_allowed"


@dataclass(frozen=True, slots=True)
class Move(Generic[Status]):
    """``event`` is the kind recorded in the journal when the move is made."""

    sources: frozenset[Status]
    target: Status
    event: str


@dataclass(frozen=True, slots=True)
class Lifecycle(Generic[Status]):
    subject: str
    statuses: type[Status]
    moves: Mapping[str, Move[Status]]

    def move(self, name: str) -> Move[Status]:
        return self.moves[name]

    def check(self, name: str, status: Status) -> Move[Status]:
        """The move, if it may be made from ``status``; raises MoveNotAllowed otherwise."""
        move = self.moves[name]
        if status not in move.sources:
            raise MoveNotAllowed(subject=self.subject, move=name, status=str(status))
        return move

    def allowed(self, status: Status) -> list[str]:
        return [name for name, move in self.moves.items() if status in move.sources]

    def unreachable(self, initial: Status) -> set[Status]:
        """Statuses that no sequence of moves reaches; empty for a sound table."""
        reached = {initial}
        while True:
            more = {m.target for m in self.moves.values() if m.sources & reached} - reached
            if not more:
                return set(self.statuses) - reached
            reached |= more


def move(sources: Iterable[Status], target: Status, event: str) -> Move[Status]:
    return Move(frozenset(sources), target, event)

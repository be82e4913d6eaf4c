"""Who acts: a kind and an id, with the rights that were found at the border."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class ActorKind(StrEnum):
    USER = "user"
    CLIENT = "client"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """``rights`` are codes of ``staff.rights.Right``; a system actor needs none.

    ``team_id`` limits what the actor may see and touch; None means every team.
    """

    kind: ActorKind
    id: str
    rights: frozenset[str] = field(default_factory=frozenset)
    team_id: int | None = None

    def has(self, right: str) -> bool:
        return self.kind is ActorKind.SYSTEM or right in self.rights

    @property
    def user_id(self) -> int | None:
        return int(self.id) if self.kind is ActorKind.USER else None


def system_actor(name: str) -> Actor:
    """The machine itself, under the name of what runs: ``day_close``, ``intake``."""
    return Actor(ActorKind.SYSTEM, name)

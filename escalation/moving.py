"""Which cases in flight can go on under another version of their strategy. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from escalation.strategy import Strategy


class Standing(NamedTuple):
    """Where a case stands: the step that comes next, and whether it has asked a person already."""

    step: str
    asked: bool


def keeps_place(old: Strategy, new: Strategy, standing: Standing) -> bool:
    """Whether a case at this place of the old version stands at the step of the same key.

    A case that waits for an answer keeps its place only where the step still asks for the same:
    nothing else could be done with the answer.
    """
    if standing.step not in old.place_of or standing.step not in new.place_of:
        return False
    before, after = old.step(standing.step), new.step(standing.step)
    return not standing.asked or (after.proposes is not None and after.proposes == before.proposes)


def kept_places(old: Strategy, new: Strategy) -> Iterator[Standing]:
    """Every place of the old version that a case keeps under the new one."""
    for step in old.steps:
        for asked in (False, True):
            standing = Standing(step.key, asked)
            if keeps_place(old, new, standing):
                yield standing

"""A strategy as data: which cases it is for, when it ends or pauses, and its steps in order.

It comes from a TOML file (``loading.py``), is checked by ``lint.py`` and walked by
``decide.py``. A published version never changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from escalation.actions import Action, ActionName
from escalation.conditions import Condition, Wait
from escalation.facts import Facts


class Otherwise(StrEnum):
    """What happens to a step whose time has come but whose ``when`` does not hold."""

    SKIP = "skip"
    WAIT = "wait"


class InFlight(StrEnum):
    """What happens to cases on an older version when this one comes into force."""

    FINISH = "finish"
    MOVE = "move"


class AfterRefusal(StrEnum):
    """What follows when a person refuses what a step proposed."""

    STOP = "stop"
    GO_ON = "go_on"
    PROPOSE_AGAIN = "propose_again"


@dataclass(frozen=True, slots=True)
class IfRefused:
    then: AfterRefusal
    #: Days after the refusal before it is proposed again.
    after_days: int = 0


@dataclass(frozen=True, slots=True)
class Segment:
    """Cases for which all conditions hold. Segments are tried by ``order``, smallest first;
    the one strategy ``for_everything_else`` takes what no other does."""

    order: int
    conditions: tuple[Condition, ...]
    for_everything_else: bool = False

    def fits(self, facts: Facts, on: date) -> bool:
        return all(c.check(c.fact.read(facts, on)) for c in self.conditions)


@dataclass(frozen=True, slots=True)
class Step:
    key: str
    stage: str
    title: Mapping[str, str]
    #: One of these is enough to pass the step over at once.
    skip_when: tuple[Condition, ...]
    #: All of these must have come before the step is looked at.
    wait: tuple[Wait, ...]
    #: All of these must hold for it to be taken.
    when: tuple[Condition, ...]
    otherwise: Otherwise
    do: tuple[Action, ...]
    repeat: int = 1
    if_refused: IfRefused = IfRefused(AfterRefusal.STOP)
    line: int = field(compare=False, default=0)

    @property
    def proposes(self) -> str | None:
        """What the step asks a person to decide: ``termination``, ``placement`` …"""
        return next((a.what for a in self.do if a.name is ActionName.PROPOSE), None)


@dataclass(frozen=True, slots=True)
class Strategy:
    key: str
    title: Mapping[str, str]
    in_flight: InFlight
    segment: Segment
    #: One of these is enough.
    exit_when: tuple[Condition, ...]
    #: One of these is enough.
    hold_when: tuple[Condition, ...]
    steps: tuple[Step, ...]
    #: Where a case starts anew: after a broken agreement, after new arrears.
    after_breach: str
    after_reopening: str
    #: Steps that are written down but switched off: no case ever comes to them.
    off: tuple[Step, ...] = ()
    place_of: Mapping[str, int] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "place_of", {s.key: i for i, s in enumerate(self.steps)})

    def step(self, key: str) -> Step:
        return self.steps[self.place_of[key]]

    def key_after(self, key: str) -> str:
        """The key of the following step; empty after the last."""
        following = self.place_of[key] + 1
        return self.steps[following].key if following < len(self.steps) else ""

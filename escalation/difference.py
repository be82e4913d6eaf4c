"""What changed between two versions of a strategy, as typed data for a page or a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from escalation.conditions import Condition, Wait
from escalation.record import wanted_of
from escalation.strategy import Step, Strategy


class ChangeKind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """``where`` is a step's key or a part of the header, ``field`` what changed there."""

    kind: ChangeKind
    where: str
    field: str = ""
    before: Any = None
    after: Any = None


def difference(before: Strategy, after: Strategy) -> list[Change]:
    """Header first, then the steps in the order of ``after``, removed ones last."""
    changes = list(_fields("", _header(before), _header(after)))
    old, new = before.place_of, after.place_of
    kept = [step.key for step in before.steps if step.key in new]
    kept_now = [step.key for step in after.steps if step.key in old]
    for step in after.steps:
        if step.key not in old:
            changes.append(Change(ChangeKind.ADDED, step.key, after=_described(step)))
            continue
        if kept.index(step.key) != kept_now.index(step.key):
            changes.append(
                Change(ChangeKind.MOVED, step.key, "", old[step.key] + 1, new[step.key] + 1)
            )
        changes += _fields(step.key, _described(before.step(step.key)), _described(step))
    changes += [
        Change(ChangeKind.REMOVED, step.key, before=_described(step))
        for step in before.steps
        if step.key not in new
    ]
    return changes


def _fields(where: str, before: dict[str, Any], after: dict[str, Any]) -> Iterator[Change]:
    for name in dict.fromkeys((*before, *after)):
        if before.get(name) != after.get(name):
            yield Change(ChangeKind.CHANGED, where, name, before.get(name), after.get(name))


def _header(strategy: Strategy) -> dict[str, Any]:
    segment = strategy.segment
    return {
        "title": dict(strategy.title),
        "in_flight": strategy.in_flight.value,
        "segment.order": segment.order,
        "segment.for_everything_else": segment.for_everything_else,
        **{c.place: wanted_of(c) for c in segment.conditions},
        **{c.place: wanted_of(c) for c in (*strategy.exit_when, *strategy.hold_when)},
        "return.after_breach": strategy.after_breach,
        "return.after_reopening": strategy.after_reopening,
    }


def _described(step: Step) -> dict[str, Any]:
    prefix = f"{step.key}."
    conditions: tuple[Condition | Wait, ...] = (*step.skip_when, *step.when, *step.wait)
    return {
        "title": dict(step.title),
        "stage": step.stage,
        **{what.place.removeprefix(prefix): wanted_of(what) for what in conditions},
        "otherwise": step.otherwise.value,
        "do": {action.name.value: action.what for action in step.do},
        "repeat": step.repeat,
        "if_refused": {"then": step.if_refused.then.value, "days": step.if_refused.after_days},
    }

"""The earliest day on which each step of a strategy can be taken, from its waits alone. Pure.

Days are days past due: on day 0 the oldest arrears fell due. A step that is passed over where its
``when`` does not hold counts as passed over if that is earlier; one with a ``skip_when`` counts as
taken, because what it names is out of the ordinary. Other cases come to a step later.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from escalation.actions import ActionName
from escalation.conditions import LETTER_WAITS, Comparison, Wait, WaitName
from escalation.facts import PROPOSALS
from escalation.strategy import AfterRefusal, Otherwise, Step, Strategy

_WORKING_DAYS_OF_A_WEEK: Final = 5
_FREE_DAYS_OF_A_WEEK: Final = 2


class Depends(StrEnum):
    """What nobody can foresee: when the post delivers a letter, when a person decides, when a
    termination takes effect."""

    DELIVERY = "delivery"
    DECISION = "decision"
    EFFECT = "effect"


@dataclass(frozen=True, slots=True)
class Earliest:
    """``day``: not before. It moves later by what ``depends`` names, where that takes time."""

    day: int
    depends: frozenset[Depends] = frozenset()


def earliest_days(strategy: Strategy) -> Mapping[str, Earliest]:
    """By the key of the step."""
    days: dict[str, Earliest] = {}
    sent: dict[str, int] = {}
    before = Earliest(0)
    for step in strategy.steps:
        here = _of_step(step, before, sent)
        days[step.key] = here
        for action in step.do:
            if action.name is ActionName.SEND_LETTER:
                sent[action.what] = here.day
            elif action.name is ActionName.PROPOSE and action.what == "termination":
                sent["termination_notice"] = here.day
        before = _after(step, here, before)
    return days


def _of_step(step: Step, before: Earliest, sent: Mapping[str, int]) -> Earliest:
    day, depends = before.day, set(before.depends)
    for wait in step.wait:
        day = max(day, _first_day(wait, before.day, sent))
        if wait.name in LETTER_WAITS or wait.name is WaitName.ANSWER_OF_THE_POST_FOR:
            depends.add(Depends.DELIVERY)
    for condition in step.when:
        if condition.fact.key in PROPOSALS and condition.test is Comparison.IS:
            depends.add(Depends.EFFECT if condition.wanted == "in_effect" else Depends.DECISION)
    return Earliest(day, frozenset(depends))


def _first_day(wait: Wait, before: int, sent: Mapping[str, int]) -> int:
    """A letter can be delivered on the day on which it is sent, though it never is."""
    match wait.name:
        case WaitName.DAYS_PAST_DUE:
            return wait.days
        case WaitName.DAYS_AFTER_PREVIOUS_STEP:
            return before + wait.days
        case WaitName.WORKING_DAYS_AFTER_PREVIOUS_STEP:
            return before + _least_days(wait.days)
        case WaitName.DAYS_AFTER_DELIVERY_OF:
            return sent.get(wait.letter, before) + wait.days + 1
        case WaitName.WORKING_DAYS_AFTER_DELIVERY_OF:
            return sent.get(wait.letter, before) + _least_days(wait.days) + 1
        case WaitName.ANSWER_OF_THE_POST_FOR:
            return before


def _least_days(working: int) -> int:
    """The fewest calendar days that hold so many working days: counted from a Sunday."""
    weeks = max(working - 1, 0) // _WORKING_DAYS_OF_A_WEEK
    return working + weeks * _FREE_DAYS_OF_A_WEEK


def _after(step: Step, here: Earliest, before: Earliest) -> Earliest:
    """From when the next step counts: from the last round of this one, or from the step before
    where this one may be passed over."""
    if step.when and step.otherwise is Otherwise.SKIP and not step.skip_when:
        return before
    if step.proposes:
        goes_on = step.if_refused.then is AfterRefusal.GO_ON
        return Earliest(here.day, here.depends | ({Depends.DECISION} if not goes_on else set()))
    between = max((_between(wait) for wait in step.wait), default=0)
    return Earliest(here.day + (step.repeat - 1) * between, here.depends)


def _between(wait: Wait) -> int:
    """The least days between two rounds of a step."""
    if wait.name is WaitName.DAYS_AFTER_PREVIOUS_STEP:
        return wait.days
    if wait.name is WaitName.WORKING_DAYS_AFTER_PREVIOUS_STEP:
        return _least_days(wait.days)
    return 0

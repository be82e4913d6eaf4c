"""What happens to a case now: one pure function from a strategy, facts and a position.

The answer is exactly one of ``Exit``, ``Hold``, ``WaitUntil``, ``Perform``, ``Finished``.
Each carries everything that was looked at, in the order of looking, so that a person can be
told why this, why now, and why not more.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final, NamedTuple

from escalation.conditions import Condition, Wait
from escalation.facts import PROPOSALS, REFUSED_STATES, Facts, Value
from escalation.stopping import Stops
from escalation.strategy import AfterRefusal, Otherwise, Step, Strategy
from kernel.calendar import WorkingCalendar

#: A live case is looked at again after so many days at the latest: a lost wake-up heals.
MOST_DAYS_AHEAD: Final = 30
_MOST_AHEAD: Final = timedelta(days=MOST_DAYS_AHEAD)
_ONE_DAY: Final = timedelta(days=1)


class Position(NamedTuple):
    """Where a case stands: the step that comes next, and which round of it.

    ``previous_on`` is the day of the step performed last, of the answer to it, or of the
    enrolment. ``asked``: the step has proposed something and a person has not settled it yet.
    ``step`` is empty past the last one.
    """

    step: str
    round: int
    previous_on: date
    stage: str
    asked: bool = False


class Answer(NamedTuple):
    """A proposal as it was looked at: its state, and whether the case may go on."""

    place: str
    proposal: str


class Thrown(NamedTuple):
    """A red switch that is off and bears on the step: ``switch.channel.sms``."""

    place: str
    kind: str
    key: str


#: What was looked at, the value it had, and whether it held. A wait's value is the first day
#: on which it holds. A plain tuple: a night makes tens of millions of them.
Look = tuple[Condition | Wait | Answer | Thrown, Value, bool]
Looked = tuple[Look, ...]


class Exit(NamedTuple):
    """The strategy is over for this case: ``because`` is fulfilled."""

    position: Position
    looked: Looked
    because: Condition


class Hold(NamedTuple):
    """Nothing may be done while ``because`` holds, until a person has answered, or until they
    have turned a switch on again."""

    position: Position
    looked: Looked
    because: Condition | Answer | Thrown
    look_again_on: date


class WaitUntil(NamedTuple):
    """The time of ``step`` has not come; ``day_known`` is False when nobody can say when."""

    position: Position
    looked: Looked
    look_again_on: date
    day_known: bool


class Perform(NamedTuple):
    """Take ``step`` now. ``position`` is where the case stands afterwards."""

    position: Position
    looked: Looked
    step: Step
    round: int
    look_again_on: date


class Finished(NamedTuple):
    """Every step is behind the case."""

    position: Position
    looked: Looked


Decision = Exit | Hold | WaitUntil | Perform | Finished


def decide(
    strategy: Strategy,
    facts: Facts,
    position: Position,
    on: date,
    calendar: WorkingCalendar,
    *,
    may_perform: bool = True,
    stops: Stops | None = None,
) -> Decision:
    """Decide about one case on the legal day ``on``.

    With ``may_perform`` False, for a decision that an event caused, a step whose time has come
    is left to the close of the day. A step that is passed over is passed over for good. One that
    a red switch stops is neither taken nor passed over: it is looked at again the next day.
    """
    looked: list[Look] = []
    because = _first_held(strategy.exit_when, facts, on, looked)
    if because:
        return Exit(position, tuple(looked), because)
    unsettled: Decision | None = None
    if position.asked:
        position, unsettled = _settle(strategy, facts, position, on, looked)
    because = _first_held(strategy.hold_when, facts, on, looked)
    if because:
        return Hold(position, tuple(looked), because, _after_hold(because, facts, on))
    if unsettled is not None:
        return unsettled._replace(looked=tuple(looked))
    decision = _next_step(strategy, facts, position, on, calendar, looked)
    if isinstance(decision, Perform) and not may_perform:
        before = _before(decision, position)
        return WaitUntil(before, decision.looked, on, day_known=True)
    if stops is not None and isinstance(decision, Perform):
        return _unless_stopped(decision, stops, facts, position, on)
    return decision


def start(strategy: Strategy, *, at_step: str, on: date, stage: str) -> Position:
    """Where an enrolment begins; ``at_step`` is empty for the first step."""
    return Position(at_step or strategy.steps[0].key, 1, on, stage)


def _first_held(
    conditions: Iterable[Condition], facts: Facts, on: date, looked: list[Look]
) -> Condition | None:
    for condition in conditions:
        value = condition.fact.read(facts, on)
        held = condition.check(value)
        looked.append((condition, value, held))
        if held:
            return condition
    return None


def _all_hold(conditions: Iterable[Condition], facts: Facts, on: date, looked: list[Look]) -> bool:
    """Looks at every one, so that the record names all that stand in the way."""
    result = True
    for condition in conditions:
        value = condition.fact.read(facts, on)
        held = condition.check(value)
        looked.append((condition, value, held))
        result = result and held
    return result


def _after_hold(because: Condition, facts: Facts, on: date) -> date:
    """The first day on which the reason may be gone."""
    ends = because.becomes_false_on(facts)
    if because.fact.key in ("on_hold", "holds") and facts.held_until is not None:
        ends = facts.held_until + _ONE_DAY
    return _within_reach(ends, on)


def _within_reach(day: date | None, on: date) -> date:
    latest = on + _MOST_AHEAD
    return latest if day is None else min(max(day, on + _ONE_DAY), latest)


def _settle(
    strategy: Strategy, facts: Facts, position: Position, on: date, looked: list[Look]
) -> tuple[Position, Decision | None]:
    """What a person answered to the proposal that the case waits for.

    Carried out, the case enters the stage of the step that asked. Until then, and when it is
    refused, there is a decision already, unless the strategy says to go on or to ask anew.
    """
    step = strategy.step(position.step)
    kind = step.proposes or ""
    proposal = PROPOSALS[kind]
    state = proposal.state(facts)
    answer = Answer(f"{step.key}.{kind}", kind)
    is_settled, is_refused = state in proposal.settled, state in REFUSED_STATES
    looked.append((answer, state, is_settled))
    if state == "none":
        return _without_proposal(position, on, answer)
    stops = is_refused and step.if_refused.then is AfterRefusal.STOP
    if stops or not (is_settled or is_refused):
        return position, Hold(position, (), answer, _within_reach(None, on))
    answered_on = proposal.decided_on(facts) or position.previous_on
    if is_refused and step.if_refused.then is AfterRefusal.PROPOSE_AGAIN:
        again_on = answered_on + timedelta(days=step.if_refused.after_days)
        if again_on > on:
            return position, Hold(position, (), answer, _within_reach(again_on, on))
        return position._replace(asked=False), None
    stage = position.stage if is_refused else step.stage
    return Position(strategy.key_after(step.key), 1, answered_on, stage), None


def _without_proposal(
    position: Position, on: date, answer: Answer
) -> tuple[Position, Decision | None]:
    """The law stood in the way when it should have been proposed: the step is tried again."""
    again_on = position.previous_on + _MOST_AHEAD
    if again_on > on:
        return position, Hold(position, (), answer, _within_reach(again_on, on))
    return position._replace(asked=False), None


def _next_step(
    strategy: Strategy,
    facts: Facts,
    position: Position,
    on: date,
    calendar: WorkingCalendar,
    looked: list[Look],
) -> Decision:
    steps = strategy.steps
    place = strategy.place_of[position.step] if position.step else len(steps)
    while place < len(steps):
        step = steps[place]
        if step.key != position.step:
            position = position._replace(step=step.key, round=1)
        if _first_held(step.skip_when, facts, on, looked) or _is_over(step, position):
            place += 1
            continue
        day, known = _first_day(step.wait, facts, position.previous_on, on, calendar, looked)
        if not known or day > on:
            look = _within_reach(day if known else None, on)
            return WaitUntil(position, tuple(looked), look, known)
        if _all_hold(step.when, facts, on, looked):
            return _perform(strategy, place, facts, position, on, calendar, looked)
        if step.otherwise is Otherwise.WAIT:
            may_hold = _may_hold_on(step.when, facts, on)
            look = _within_reach(may_hold, on)
            return WaitUntil(position, tuple(looked), look, may_hold is not None)
        place += 1
    return Finished(position._replace(step="", round=1), tuple(looked))


class StepLook(NamedTuple):
    """One step by itself: ``first_on`` is the first day on which time alone allows it, None
    where something else has to happen first; ``skipped`` where it would be passed over."""

    looked: Looked
    first_on: date | None
    skipped: bool


def look_at_step(
    step: Step, facts: Facts, previous_on: date, on: date, calendar: WorkingCalendar
) -> StepLook:
    """Everything that the step asks for, whatever else may stop the strategy now."""
    looked: list[Look] = []
    skipped = _first_held(step.skip_when, facts, on, looked) is not None
    day, known = _first_day(step.wait, facts, previous_on, on, calendar, looked)
    _all_hold(step.when, facts, on, looked)
    may_hold = _may_hold_on(step.when, facts, on)
    first_on = max(day, may_hold, on) if known and may_hold is not None else None
    return StepLook(tuple(looked), first_on, skipped)


def _is_over(step: Step, position: Position) -> bool:
    """A version that the case came onto asks for fewer rounds than it has behind it."""
    return not step.proposes and position.round > step.repeat


def _first_day(
    waits: tuple[Wait, ...],
    facts: Facts,
    previous_on: date,
    on: date,
    calendar: WorkingCalendar,
    looked: list[Look],
) -> tuple[date, bool]:
    """The first day on which all waits hold, and whether it is known."""
    latest, known = date.min, True
    for wait in waits:
        day = wait.first_day(facts, previous_on, calendar)
        looked.append((wait, day, day is not None and day <= on))
        if day is None:
            known = False
        elif day > latest:
            latest = day
    return latest, known


def _may_hold_on(conditions: Iterable[Condition], facts: Facts, on: date) -> date | None:
    """The day on which time alone will have fulfilled all of them; None when it cannot."""
    latest = on
    for condition in conditions:
        if condition.check(condition.fact.read(facts, on)):
            continue
        day = condition.becomes_true_on(facts)
        if day is None:
            return None
        latest = max(latest, day)
    return latest


def _before(decision: Perform, position: Position) -> Position:
    """Where the case stands when the step that could be taken now is not taken."""
    return position._replace(step=decision.step.key, round=decision.round)


def _unless_stopped(
    decision: Perform, stops: Stops, facts: Facts, position: Position, on: date
) -> Perform | Hold:
    """The record names every switch, so that nobody turns one and waits in vain."""
    thrown = [
        Thrown(f"switch.{kind}.{key}", kind, key)
        for kind, key in stops.of_step(decision.step, facts)
    ]
    if not thrown:
        return decision
    looked = (*decision.looked, *((one, one.key, True) for one in thrown))
    return Hold(_before(decision, position), looked, thrown[0], on + _ONE_DAY)


def _perform(
    strategy: Strategy,
    place: int,
    facts: Facts,
    position: Position,
    on: date,
    calendar: WorkingCalendar,
    looked: list[Look],
) -> Perform:
    step = strategy.steps[place]
    this_round = position.round
    if step.proposes:
        after = Position(step.key, this_round + 1, on, position.stage, asked=True)
        return Perform(after, tuple(looked), step, this_round, _within_reach(None, on))
    if this_round < step.repeat:
        after = Position(step.key, this_round + 1, on, step.stage)
    else:
        after = Position(strategy.key_after(step.key), 1, on, step.stage)
    look_again = _earliest(strategy, after, facts, on, calendar)
    return Perform(after, tuple(looked), step, this_round, look_again)


def _earliest(
    strategy: Strategy, position: Position, facts: Facts, on: date, calendar: WorkingCalendar
) -> date:
    """The first day after ``on`` on which the next step is worth a look."""
    if not position.step or strategy.step(position.step).skip_when:
        return on + _ONE_DAY
    waits = strategy.step(position.step).wait
    day, known = _first_day(waits, facts, on, on, calendar, [])
    return _within_reach(day if known else None, on)

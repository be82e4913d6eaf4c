"""Why this, why now, and why not more: for the case page and the API, as typed data.

The stored record of the last decision says why the last thing was done; what stands in the way
of the next one is computed on reading, by the same ``decide``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from cases.lifecycle import SwitchKind
from escalation.conditions import Condition, Wait
from escalation.decide import (
    Decision,
    Exit,
    Hold,
    Look,
    Perform,
    Position,
    WaitUntil,
    decide,
    look_at_step,
)
from escalation.facts import Facts
from escalation.lifecycle import EnrolmentStatus
from escalation.models import Decision as DecisionRow
from escalation.models import Enrolment, PerformedStep
from escalation.queries.facts import get_facts
from escalation.queries.stopping import get_stops
from escalation.queries.versions import get_strategy
from escalation.record import outcome_of, plain, read_record, wanted_of
from escalation.strategy import Strategy
from kernel.calendar import POLAND


@dataclass(frozen=True, slots=True)
class Looked:
    """One condition that was looked at. ``part`` is ``exit_when``, ``hold_when`` or a step's
    key; ``role`` is ``exit``, ``hold``, ``skip``, ``wait``, ``when`` or ``answer``; of a red switch
    both are ``switch``, ``what`` is its kind and the value its key.

    ``value`` and ``wanted`` are plain JSON (see ``record.py``). ``changes_on`` is the day on
    which time alone changes the answer, where there is one.
    """

    place: str
    part: str
    role: str
    what: str
    held: bool
    value: Any
    wanted: Any
    changes_on: date | None = None


@dataclass(frozen=True, slots=True)
class StoredDecision:
    """A decision as it was made; ``cause`` is ``close:2026-05-12`` or ``event:123``."""

    on: date
    at: datetime
    cause: str
    outcome: str
    step: str
    round: int
    look_again_on: date | None
    looked: Sequence[Looked]


@dataclass(frozen=True, slots=True)
class StepAhead:
    """The step that comes next, looked at by itself: also while something holds the strategy.

    ``first_on`` is None where nobody can say when; ``round`` counts how often it has come.
    """

    key: str
    round: int
    looked: Sequence[Looked]
    first_on: date | None
    skipped: bool


@dataclass(frozen=True, slots=True)
class CurrentDecision:
    """What would be decided now; ``blockers`` is what would have to change for the next step.

    ``ahead`` is the step that comes next: the one that is waited for, or the one after that
    which is due now; None behind the last one.
    """

    outcome: str
    step: str
    round: int
    look_again_on: date | None
    day_known: bool
    looked: Sequence[Looked]
    blockers: Sequence[Looked]
    ahead: StepAhead | None


class StepState(StrEnum):
    TAKEN = "taken"
    PASSED_OVER = "passed_over"
    NEXT = "next"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class PathStep:
    key: str
    title: Mapping[str, str]
    stage: str
    state: StepState
    #: The days on which it was taken, oldest first.
    taken_on: Sequence[date]
    rounds: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """``now`` is None when the enrolment has ended; ``taken`` is the decision by which the latest
    step was taken."""

    case_id: int
    enrolment_id: int
    strategy: str
    title: Mapping[str, str]
    version: int
    status: str
    entered_on: date
    end_reason: str
    next_due_on: date | None
    path: Sequence[PathStep]
    last: StoredDecision | None
    taken: StoredDecision | None
    now: CurrentDecision | None


def get_explanation(*, case_id: int, on: date) -> Explanation | None:
    """For the latest enrolment of the case; None when it never was on a strategy."""
    enrolment = (
        Enrolment.objects.filter(case_id=case_id)
        .select_related("version__strategy", "case")
        .order_by("-id")
        .first()
    )
    if enrolment is None:
        return None
    strategy = get_strategy(version_id=enrolment.version_id)
    return Explanation(
        case_id=case_id,
        enrolment_id=enrolment.pk,
        strategy=strategy.key,
        title=strategy.title,
        version=enrolment.version.number,
        status=enrolment.status,
        entered_on=enrolment.entered_on,
        end_reason=enrolment.end_reason,
        next_due_on=enrolment.next_due_on,
        path=_path(enrolment, strategy),
        last=_last(enrolment, strategy),
        taken=_last(enrolment, strategy, outcome="perform"),
        now=_now(enrolment, strategy, on),
    )


def list_decisions(*, case_id: int, limit: int = 50) -> list[StoredDecision]:
    """The newest first, over all enrolments of the case."""
    rows = DecisionRow.objects.filter(enrolment__case_id=case_id).order_by("-id")[:limit]
    return [_stored(row, get_strategy(version_id=row.version_id)) for row in rows]


def _path(enrolment: Enrolment, strategy: Strategy) -> list[PathStep]:
    taken: dict[str, list[date]] = {}
    rows = PerformedStep.objects.filter(enrolment=enrolment).order_by("performed_on", "round")
    for key, day in rows.values_list("step_key", "performed_on"):
        taken.setdefault(key, []).append(day)
    is_active = enrolment.status == EnrolmentStatus.ACTIVE
    here = strategy.place_of.get(enrolment.step_key, len(strategy.steps))
    return [
        PathStep(
            step.key,
            step.title,
            step.stage,
            _state(place, here, was_taken=step.key in taken, is_active=is_active),
            taken.get(step.key, []),
            step.repeat,
        )
        for place, step in enumerate(strategy.steps)
    ]


def _state(place: int, here: int, *, was_taken: bool, is_active: bool) -> StepState:
    if place == here and is_active:
        return StepState.NEXT
    if was_taken:
        return StepState.TAKEN
    return StepState.PASSED_OVER if place < here else StepState.AHEAD


def _last(enrolment: Enrolment, strategy: Strategy, *, outcome: str = "") -> StoredDecision | None:
    rows = DecisionRow.objects.filter(enrolment=enrolment)
    if outcome:
        rows = rows.filter(outcome=outcome)
    row = rows.order_by("-id").first()
    if row is None:
        return None
    of_row = row.version_id == enrolment.version_id
    return _stored(row, strategy if of_row else get_strategy(version_id=row.version_id))


def _stored(row: DecisionRow, strategy: Strategy) -> StoredDecision:
    return StoredDecision(
        row.decided_on,
        row.decided_at,
        row.cause,
        row.outcome,
        row.step_key,
        row.round,
        row.look_again_on,
        [
            _looked(look.place, look.condition, held=look.held, value=look.value)
            for look in read_record(row.record, strategy)
        ],
    )


def _now(enrolment: Enrolment, strategy: Strategy, on: date) -> CurrentDecision | None:
    if enrolment.status != EnrolmentStatus.ACTIVE:
        return None
    facts = get_facts(case_ids=[enrolment.case_id], counts_from=[enrolment.counts_from_on], on=on)[
        enrolment.case_id
    ]
    position = Position(
        enrolment.step_key, enrolment.round, enrolment.previous_on, facts.stage, enrolment.asked
    )
    decision = decide(strategy, facts, position, on, POLAND)
    if isinstance(decision, Perform):
        stops = get_stops(case_ids=[enrolment.case_id]).get(enrolment.case_id)
        decision = decide(strategy, facts, position, on, POLAND, stops=stops)
    looked = [_looked_now(look, facts) for look in decision.looked]
    step = decision.step.key if isinstance(decision, Perform) else decision.position.step
    return CurrentDecision(
        outcome=outcome_of(decision),
        step=step,
        round=decision.round if isinstance(decision, Perform) else decision.position.round,
        look_again_on=getattr(decision, "look_again_on", None),
        day_known=getattr(decision, "day_known", True),
        looked=looked,
        blockers=_blockers(decision, looked, step),
        ahead=_ahead(decision, strategy, facts, on),
    )


def _ahead(decision: Decision, strategy: Strategy, facts: Facts, on: date) -> StepAhead | None:
    """A step whose proposal is not settled is behind the case: the one after it is ahead."""
    position = decision.position
    key = strategy.key_after(position.step) if position.asked else position.step
    if not key:
        return None
    previous_on = on if position.asked else position.previous_on
    number = 1 if position.asked else position.round
    look = look_at_step(strategy.step(key), facts, previous_on, on, POLAND)
    looked = [_looked_now(each, facts) for each in look.looked]
    first_on = None if position.asked else look.first_on
    return StepAhead(key, number, looked, first_on, look.skipped)


def _blockers(decision: Decision, looked: Sequence[Looked], step: str) -> list[Looked]:
    """What stands in the way of the next step, and nothing else."""
    match decision:
        case Hold(because=because) | Exit(because=because):
            return [look for look in looked if look.place == because.place]
        case WaitUntil():
            return [look for look in looked if look.part == step and _stands_in_the_way(look)]
        case _:
            return []


def _stands_in_the_way(look: Looked) -> bool:
    return look.role in ("wait", "when", "answer") and not look.held


#: The part and the role of a red switch.
SWITCH: Final = "switch"
_ROLES = {"exit_when": "exit", "hold_when": "hold", "skip_when": "skip"}


def _looked_now(look: Look, facts: Facts) -> Looked:
    what, value, held = look
    changes_on: date | None = None
    if isinstance(what, Condition):
        changes_on = what.becomes_false_on(facts) if held else what.becomes_true_on(facts)
    elif isinstance(what, Wait) and isinstance(value, date) and not held:
        changes_on = value
    condition = what if isinstance(what, (Condition, Wait)) else None
    looked = _looked(what.place, condition, held=held, value=plain(value), changes_on=changes_on)
    return _naming_holds(looked, facts) if looked.what == "on_hold" and held else looked


def _naming_holds(looked: Looked, facts: Facts) -> Looked:
    """Which holds they are, and when the last of them ends by itself."""
    ends = facts.held_until
    changes_on = None if ends is None else ends + timedelta(days=1)
    return replace(looked, what="holds", value=sorted(facts.holds), changes_on=changes_on)


def _looked(
    place: str,
    condition: Condition | Wait | None,
    *,
    held: bool,
    value: Any,
    changes_on: date | None = None,
) -> Looked:
    part, _, rest = place.partition(".")
    kind, _, key = rest.partition(".")
    if part == SWITCH and condition is None and kind in set(SwitchKind):
        return Looked(place, part, SWITCH, kind, held, value, {"switch": kind, "key": key})
    if part in _ROLES:
        role, what = _ROLES[part], rest
    elif condition is None:
        role, what = "answer", rest
    else:
        group, _, what = rest.partition(".")
        role = _ROLES.get(group, group)
    if isinstance(condition, Condition):
        what = condition.fact.key
    elif isinstance(condition, Wait):
        what = condition.name.value
    wanted = wanted_of(condition) if condition is not None else {"answer": what}
    return Looked(place, part, role, what, held, value, wanted, changes_on)

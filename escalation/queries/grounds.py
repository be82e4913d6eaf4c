"""A proposal of a strategy after it was made: its conditions as they are now, and what follows a
refusal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from cases.lifecycle import HoldKind
from escalation.conditions import Condition
from escalation.lifecycle import EnrolmentStatus
from escalation.models import Enrolment
from escalation.queries.explanation import Looked
from escalation.queries.facts import get_facts
from escalation.queries.versions import get_strategies
from escalation.record import plain, wanted_of
from escalation.strategy import AfterRefusal, Step, Strategy


@dataclass(frozen=True, slots=True)
class NextAfterRefusal:
    """What the strategy does when a person refuses: with ``again_on`` it is proposed once more
    from that day on; ``next_step`` is the title of the step that it goes on to, empty behind the
    last one."""

    then: AfterRefusal
    again_on: date | None = None
    next_step: Mapping[str, str] | None = None


def get_conditions_now(*, case_id: int, step: str, on: date) -> Sequence[Looked]:
    """What the strategy asks before it proposes ``step``, with the values of the day ``on``.

    Waits are left out, because time does not take back what has passed; the proposal itself and
    its hold are not seen. Empty where the case is on no strategy with that step any more.
    """
    enrolment = _enrolment(case_id)
    strategy = _strategy_with(enrolment, step)
    if enrolment is None or strategy is None:
        return []
    found = get_facts(case_ids=[case_id], counts_from=[enrolment.counts_from_on], on=on)
    facts = found[case_id]
    facts = facts._replace(holds=facts.holds - {str(HoldKind.APPROVAL)})
    asked = strategy.step(step)
    looked = []
    for role, conditions in (
        ("exit", strategy.exit_when),
        ("hold", strategy.hold_when),
        ("skip", asked.skip_when),
        ("when", asked.when),
    ):
        for condition in conditions:
            if condition.fact.key != asked.proposes:
                value = condition.fact.read(facts, on)
                looked.append(
                    _looked(role, condition, held=condition.check(value), value=plain(value))
                )
    return looked


def get_next_after_refusal(*, case_id: int, step: str, refused_on: date) -> NextAfterRefusal | None:
    """What follows when the proposal of ``step`` is refused on that day, as the version says on
    which the case is; None where no strategy asks any more."""
    strategy = _strategy_with(_enrolment(case_id), step)
    if strategy is None:
        return None
    asked = strategy.step(step)
    if asked.if_refused.then is AfterRefusal.PROPOSE_AGAIN:
        again_on = refused_on + timedelta(days=asked.if_refused.after_days)
        return NextAfterRefusal(asked.if_refused.then, again_on=again_on)
    if asked.if_refused.then is AfterRefusal.GO_ON:
        following = _following(strategy, asked)
        return NextAfterRefusal(
            asked.if_refused.then, next_step=following.title if following else None
        )
    return NextAfterRefusal(asked.if_refused.then)


def list_proposing_steps(*, strategies: Sequence[Strategy]) -> list[tuple[str, str]]:
    """Strategy and step of each that asks a person to decide, in the order of the strategies."""
    return [(one.key, step.key) for one in strategies for step in one.steps if step.proposes]


def _following(strategy: Strategy, step: Step) -> Step | None:
    key = strategy.key_after(step.key)
    return strategy.step(key) if key else None


def _enrolment(case_id: int) -> Enrolment | None:
    active = Enrolment.objects.filter(case_id=case_id, status=EnrolmentStatus.ACTIVE)
    return active.order_by("-id").first()


def _strategy_with(enrolment: Enrolment | None, step: str) -> Strategy | None:
    if enrolment is None:
        return None
    strategy = get_strategies(version_ids=[enrolment.version_id])[enrolment.version_id]
    return strategy if step in strategy.place_of else None


def _looked(role: str, condition: Condition, *, held: bool, value: object) -> Looked:
    part, _dot, _rest = condition.place.partition(".")
    return Looked(
        condition.place, part, role, condition.fact.key, held, value, wanted_of(condition)
    )

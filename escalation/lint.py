"""What is wrong with a strategy that can be read: things that can never happen, that never end,
or that the law forbids. Pure; an error stops publication, a warning does not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from cases.lifecycle import Stage
from contacts.lifecycle import Template
from escalation.actions import ActionName
from escalation.conditions import OTHER_CURRENCY, Comparison, Condition, Thresholds, WaitName
from escalation.facts import FactType
from escalation.strategy import Otherwise, Segment, Step, Strategy

#: Art. 75c sec. 1 of the Banking Act: at least 14 working days to pay.
NOTICE_WORKING_DAYS: Final = 14
_AFTER_PREVIOUS: Final = (
    WaitName.DAYS_AFTER_PREVIOUS_STEP,
    WaitName.WORKING_DAYS_AFTER_PREVIOUS_STEP,
)
_DELIVERY: Final = (
    WaitName.DAYS_AFTER_DELIVERY_OF,
    WaitName.WORKING_DAYS_AFTER_DELIVERY_OF,
    WaitName.ANSWER_OF_THE_POST_FOR,
)


class FindingCode(StrEnum):
    NO_EXIT = "no_exit"
    IGNORES_HOLDS = "ignores_holds"
    IGNORES_HANDLER = "ignores_handler"
    IGNORES_LIMITATION = "ignores_limitation"
    UNREACHABLE = "unreachable"
    TWO_STEPS_ON_ONE_DAY = "two_steps_on_one_day"
    STAGE_GOES_BACK = "stage_goes_back"
    NO_NOTICE_BEFORE_TERMINATION = "no_notice_before_termination"
    NO_TERMINATION_BEFORE = "no_termination_before"
    CURRENCY_WITHOUT_THRESHOLD = "currency_without_threshold"
    REPEATED_PROPOSAL = "repeated_proposal"
    NOTHING_FOR_EVERYTHING_ELSE = "nothing_for_everything_else"
    TWO_FOR_EVERYTHING_ELSE = "two_for_everything_else"
    SEGMENTS_OVERLAP = "segments_overlap"


@dataclass(frozen=True, slots=True)
class Finding:
    """``step`` is the step's key, ``other`` what it collides with or lacks."""

    line: int
    code: FindingCode
    is_error: bool
    step: str = ""
    other: str = ""


def lint(strategy: Strategy) -> list[Finding]:
    """Everything wrong with one strategy, in order of its lines."""
    found = [
        *_ways_out(strategy),
        *_unreachable_steps(strategy),
        *_steps_on_one_day(strategy),
        *_stages(strategy),
        *_statute(strategy),
        *_thresholds(strategy),
        *_proposals(strategy),
    ]
    return sorted(found, key=lambda finding: (finding.line, finding.code))


def lint_segments(strategies: Sequence[Strategy]) -> list[Finding]:
    """What is wrong with several strategies in force together."""
    found: list[Finding] = []
    defaults = [s for s in strategies if s.segment.for_everything_else]
    if not defaults:
        found.append(Finding(1, FindingCode.NOTHING_FOR_EVERYTHING_ELSE, is_error=True))
    for extra in defaults[1:]:
        code = FindingCode.TWO_FOR_EVERYTHING_ELSE
        found.append(Finding(1, code, is_error=True, step=extra.key, other=defaults[0].key))
    others = [s for s in strategies if not s.segment.for_everything_else]
    for i, one in enumerate(others):
        for another in others[i + 1 :]:
            same = one.segment.order == another.segment.order
            if same and not _disjoint(one.segment, another.segment):
                code = FindingCode.SEGMENTS_OVERLAP
                found.append(Finding(1, code, is_error=True, step=one.key, other=another.key))
    return found


def _ways_out(strategy: Strategy) -> Iterator[Finding]:
    """A paid case always exits; a held case, and one in other hands, is never acted on."""
    wanted = {
        FindingCode.NO_EXIT: (strategy.exit_when, "overdue", Comparison.IS, "nothing"),
        FindingCode.IGNORES_HOLDS: (strategy.hold_when, "on_hold", Comparison.IS, True),
        FindingCode.IGNORES_HANDLER: (strategy.hold_when, "handled_by", Comparison.IS_NOT, "house"),
        FindingCode.IGNORES_LIMITATION: (
            strategy.hold_when, "consumer_debt_time_barred", Comparison.IS, True,
        ),
    }  # fmt: skip
    for code, (conditions, fact, test, value) in wanted.items():
        if not any((c.fact.key, c.test, c.wanted) == (fact, test, value) for c in conditions):
            yield Finding(1, code, is_error=True, other=fact)


def _unreachable_steps(strategy: Strategy) -> Iterator[Finding]:
    sent: set[str] = set()
    for place, step in enumerate(strategy.steps):
        for wait in step.wait:
            if wait.name in _DELIVERY and wait.letter not in sent:
                yield Finding(
                    wait.line, FindingCode.UNREACHABLE, is_error=True, step=step.key,
                    other=wait.letter,
                )  # fmt: skip
        for one, other in _contradictions((*strategy.segment.conditions, *step.when)):
            yield Finding(
                other.line, FindingCode.UNREACHABLE, is_error=True, step=step.key, other=one.place
            )
        for skip in (*step.skip_when, *strategy.hold_when, *strategy.exit_when):
            if any(_same(skip, condition) for condition in step.when):
                yield Finding(
                    skip.line, FindingCode.UNREACHABLE, is_error=True, step=step.key,
                    other=skip.place,
                )  # fmt: skip
        sent |= {_letter_fact(a.what) for a in step.do if a.name is ActionName.SEND_LETTER}
        if any(a.what == "termination" for a in step.do):
            sent.add("termination_notice")
        yield from _blocked_by_waiting(strategy, place)


def _blocked_by_waiting(strategy: Strategy, place: int) -> Iterator[Finding]:
    """A step that waits for a state of things which only a later step brings about."""
    step = strategy.steps[place]
    if step.otherwise is not Otherwise.WAIT:
        return
    proposed = {s.proposes for s in strategy.steps[:place]}
    for condition in step.when:
        kind = condition.fact.key
        needs_it = condition.test is Comparison.IS and condition.wanted != "none"
        if kind in ("placement", "referral") and kind not in proposed and needs_it:
            yield Finding(
                condition.line, FindingCode.UNREACHABLE, is_error=True, step=step.key, other=kind
            )


def _letter_fact(template: str) -> str:
    return "termination_notice" if template == Template.TERMINATION else template


def _same(one: Condition, other: Condition) -> bool:
    return (one.fact.key, one.test, one.wanted) == (other.fact.key, other.test, other.wanted)


def _contradictions(conditions: Sequence[Condition]) -> Iterator[tuple[Condition, Condition]]:
    for i, one in enumerate(conditions):
        for other in conditions[i + 1 :]:
            if one.fact is other.fact and _exclude(one, other):
                yield one, other


def _exclude(one: Condition, other: Condition) -> bool:
    """Whether two conditions on the same fact can never hold together."""
    if one.fact.type is FactType.WORDS:
        return False
    if one.fact.type in (FactType.NUMBER, FactType.AMOUNT):
        return _ranges_exclude(one, other)
    allowed, also = _allowed(one), _allowed(other)
    if allowed is not None and also is not None:
        return not allowed & also
    for inside, outside in ((one, other), (other, one)):
        words = _allowed(inside)
        if words is not None and _allowed(outside) is None and words <= _forbidden(outside):
            return True
    return False


def _allowed(condition: Condition) -> frozenset[object] | None:
    if condition.test is Comparison.IS:
        return frozenset({condition.wanted})
    if condition.test is Comparison.ONE_OF and isinstance(condition.wanted, frozenset):
        return frozenset(condition.wanted)
    return None


def _forbidden(condition: Condition) -> frozenset[object]:
    wanted = condition.wanted
    return frozenset(wanted) if isinstance(wanted, frozenset) else frozenset({wanted})


def _ranges_exclude(one: Condition, other: Condition) -> bool:
    for low, high in ((one, other), (other, one)):
        if low.test is not Comparison.AT_LEAST or high.test is not Comparison.AT_MOST:
            continue
        if isinstance(low.wanted, int) and isinstance(high.wanted, int):
            return low.wanted > high.wanted
        if isinstance(low.wanted, dict) and isinstance(high.wanted, dict):
            shared = low.wanted.keys() & high.wanted.keys()
            return bool(shared) and all(low.wanted[c] > high.wanted[c] for c in shared)
    return False


def _steps_on_one_day(strategy: Strategy) -> Iterator[Finding]:
    """Every step but the first must leave a day to the one before it."""
    for before, step in zip(strategy.steps, strategy.steps[1:], strict=False):
        if not _leaves_a_day(step):
            yield Finding(
                step.line, FindingCode.TWO_STEPS_ON_ONE_DAY, is_error=True, step=step.key,
                other=before.key,
            )  # fmt: skip
    for step in strategy.steps:
        if step.repeat > 1 and not _leaves_a_day(step):
            yield Finding(
                step.line, FindingCode.TWO_STEPS_ON_ONE_DAY, is_error=True, step=step.key,
                other=step.key,
            )  # fmt: skip


def _leaves_a_day(step: Step) -> bool:
    return any(
        (wait.name in _AFTER_PREVIOUS and wait.days >= 1)
        or wait.name is WaitName.DAYS_AFTER_DELIVERY_OF
        or (wait.name is WaitName.WORKING_DAYS_AFTER_DELIVERY_OF and wait.days >= 1)
        for wait in step.wait
    )


def _stages(strategy: Strategy) -> Iterator[Finding]:
    order = list(Stage)
    for before, step in zip(strategy.steps, strategy.steps[1:], strict=False):
        if order.index(Stage(step.stage)) < order.index(Stage(before.stage)):
            yield Finding(
                step.line, FindingCode.STAGE_GOES_BACK, is_error=True, step=step.key,
                other=before.key,
            )  # fmt: skip


def _statute(strategy: Strategy) -> Iterator[Finding]:
    """Art. 75c of the Banking Act and art. 21a of the Consumer Credit Act: a delivered notice
    and 14 working days before termination; and agency and court only after termination."""
    sends_notice = False
    for step in strategy.steps:
        if step.proposes == "termination" and not (sends_notice and _waits_for_notice(step)):
            yield Finding(
                step.line, FindingCode.NO_NOTICE_BEFORE_TERMINATION, is_error=True, step=step.key,
                other=Template.NOTICE_75C,
            )  # fmt: skip
        if step.proposes in ("placement", "referral") and not _needs_termination(step):
            yield Finding(
                step.line, FindingCode.NO_TERMINATION_BEFORE, is_error=True, step=step.key,
                other="termination",
            )  # fmt: skip
        sends_notice = sends_notice or any(a.what == Template.NOTICE_75C for a in step.do)


def _waits_for_notice(step: Step) -> bool:
    return any(
        wait.name is WaitName.WORKING_DAYS_AFTER_DELIVERY_OF
        and wait.letter == Template.NOTICE_75C
        and wait.days >= NOTICE_WORKING_DAYS
        for wait in step.wait
    )


def _needs_termination(step: Step) -> bool:
    return any(
        condition.fact.key == "termination" and _allowed(condition) == frozenset({"in_effect"})
        for condition in step.when
    )


def _thresholds(strategy: Strategy) -> Iterator[Finding]:
    """A strategy that takes every currency must say what holds for those it does not name."""
    currencies: frozenset[object] = frozenset({OTHER_CURRENCY})
    for condition in strategy.segment.conditions:
        if condition.fact.key == "currency":
            currencies = _allowed(condition) or currencies
    for step in strategy.steps:
        for condition in (*step.skip_when, *step.when):
            if condition.fact.type is FactType.AMOUNT and isinstance(condition.wanted, dict):
                named: Thresholds = condition.wanted
                missing = sorted(map(str, currencies - set(named)))
                if missing and OTHER_CURRENCY not in named:
                    yield Finding(
                        condition.line, FindingCode.CURRENCY_WITHOUT_THRESHOLD,
                        is_error=currencies == {OTHER_CURRENCY}, step=step.key,
                        other=", ".join(missing),
                    )  # fmt: skip


def _proposals(strategy: Strategy) -> Iterator[Finding]:
    """A proposal is asked again only after a refusal, never by ``repeat``."""
    for step in strategy.steps:
        if step.proposes and step.repeat > 1:
            yield Finding(step.line, FindingCode.REPEATED_PROPOSAL, is_error=True, step=step.key)


def _disjoint(one: Segment, other: Segment) -> bool:
    """Whether no case can fit both segments."""
    return any(
        a.fact is b.fact and _exclude(a, b) for a in one.conditions for b in other.conditions
    )

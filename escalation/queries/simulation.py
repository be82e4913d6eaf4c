"""What a draft would do to the live book, by the same ``decide``, without writing anything."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from django.db import connection

from contacts.lifecycle import Template
from escalation.actions import ActionName
from escalation.decide import Decision, Finished, Hold, Perform, Position, WaitUntil, decide, start
from escalation.facts import Facts
from escalation.queries.facts import get_facts
from escalation.queries.versions import (
    VersionInForce,
    get_fitting_version,
    get_strategies,
    list_versions_in_force,
)
from escalation.record import outcome_of
from escalation.strategy import Strategy
from kernel.calendar import POLAND

#: Assumptions of a simulation, in calendar days.
DELIVERY_DAYS: Final = 4
GRANT_DAYS: Final = 2
NOTICE_PERIOD_DAYS: Final = 30
_BATCH_CASES: Final = 20_000
#: Changed next steps that are listed one by one.
MOST_EXAMPLES: Final = 200


class NextStep(NamedTuple):
    """What comes next for a case: the outcome, and the step taken or waited for."""

    outcome: str
    step: str


class ChangedCase(NamedTuple):
    case_id: int
    number: str
    today: NextStep
    draft: NextStep


@dataclass(frozen=True, slots=True)
class Simulation:
    """``steps`` counts per day and step; ``changed`` holds at most ``MOST_EXAMPLES`` cases."""

    strategy: str
    on: date
    days: int
    #: Codes of what was assumed; ``wording`` says them.
    assumptions: Sequence[str]
    cases: int
    cases_changed: int
    changed: Sequence[ChangedCase]
    steps: Mapping[date, Mapping[str, int]]
    #: Cases with every step behind them.
    finished: int


class _Case(NamedTuple):
    case_id: int
    number: str
    version_id: int
    counts_from_on: date
    position: Position


def get_simulation(*, draft: Strategy, on: date, days: int, grants_all: bool) -> Simulation:
    """Play ``days`` days from ``on`` for every enrolled case that the draft would take.

    A case stands at the step of the same key, or at the draft's first step where it has none.
    Nobody pays, nobody talks, letters arrive after ``DELIVERY_DAYS``; proposals stay open, or
    with ``grants_all`` are granted after ``GRANT_DAYS``.
    """
    tally = _Tally()
    versions = _with_draft(draft)
    for batch in _batches():
        facts_of = get_facts(
            case_ids=[case.case_id for case in batch],
            counts_from=[case.counts_from_on for case in batch],
            on=on,
        )
        in_force = get_strategies(version_ids={case.version_id for case in batch})
        for case in batch:
            facts = facts_of[case.case_id]
            version = get_fitting_version(versions=versions, facts=facts, on=on)
            if version.strategy is not draft:
                continue
            position = _placed(draft, case, facts, on)
            here = case.position._replace(stage=facts.stage)
            today = _next(in_force[case.version_id], facts, here, on)
            tally.count(case, today, _next(draft, facts, position, on))
            life = _Life(draft, position, facts, grants_all=grants_all)
            for day, key in life.live(on, days):
                tally.steps[day][key] += 1
            tally.finished += life.is_finished
    return Simulation(
        strategy=draft.key,
        on=on,
        days=days,
        assumptions=(
            *("no_payments", "no_contacts", "letters_delivered"),
            *(["approvals_granted", "handlers_keep"] if grants_all else ["approvals_pending"]),
        ),
        cases=tally.cases,
        cases_changed=tally.cases_changed,
        changed=tally.changed,
        steps={day: dict(tally.steps[day]) for day in sorted(tally.steps)},
        finished=tally.finished,
    )


@dataclass(slots=True)
class _Tally:
    cases: int = 0
    cases_changed: int = 0
    finished: int = 0
    changed: list[ChangedCase] = field(default_factory=list)
    steps: dict[date, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def count(self, case: _Case, today: NextStep, draft: NextStep) -> None:
        self.cases += 1
        if draft == today:
            return
        self.cases_changed += 1
        if len(self.changed) < MOST_EXAMPLES:
            self.changed.append(ChangedCase(case.case_id, case.number, today, draft))


def _with_draft(draft: Strategy) -> list[VersionInForce]:
    """The versions in force with the draft in the place of its own."""
    others = [v for v in list_versions_in_force() if v.strategy.key != draft.key]
    versions = [*others, VersionInForce(0, 0, draft)]
    return sorted(
        versions,
        key=lambda v: (v.strategy.segment.for_everything_else, v.strategy.segment.order),
    )


def _batches() -> Iterator[list[_Case]]:
    last = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT e.case_id, c.number, e.version_id, e.counts_from_on, e.step_key, e.round,
                       e.previous_on, c.stage, e.asked
                FROM escalation_enrolment e JOIN cases_case c ON c.id = e.case_id
                WHERE e.status = 'active' AND e.case_id > %s ORDER BY e.case_id LIMIT %s
                """,
                [last, _BATCH_CASES],
            )
            batch = [_Case._make((*row[:4], Position(*row[4:]))) for row in cursor.fetchall()]
        if not batch:
            return
        yield batch
        last = batch[-1].case_id


def _placed(draft: Strategy, case: _Case, facts: Facts, on: date) -> Position:
    if case.position.step in draft.place_of:
        return case.position._replace(stage=facts.stage)
    return start(draft, at_step="", on=on, stage=facts.stage)


def _next(strategy: Strategy, facts: Facts, position: Position, on: date) -> NextStep:
    decision = decide(strategy, facts, position, on, POLAND)
    step = decision.step.key if isinstance(decision, Perform) else decision.position.step
    return NextStep(outcome_of(decision), step)


class _Life:
    """One case from day to day, with the assumed changes of its facts."""

    def __init__(
        self, strategy: Strategy, position: Position, facts: Facts, *, grants_all: bool
    ) -> None:
        self.strategy = strategy
        self.position = position
        self.facts = facts
        self.grants_all = grants_all
        self.is_finished = False
        self.to_come: list[tuple[date, dict[str, Any]]] = []

    def live(self, on: date, days: int) -> Iterator[tuple[date, str]]:
        """The days and keys of the steps taken in ``days`` days from ``on``."""
        due, last = on, on + timedelta(days=days - 1)
        while due <= last:
            self._change(due)
            decision = decide(self.strategy, self.facts, self.position, due, POLAND)
            self.position = decision.position
            if isinstance(decision, Perform):
                yield due, decision.step.key
                self._perform(decision, due)
            following = self._following(decision, due)
            if following is None:
                self.is_finished = isinstance(decision, Finished)
                return
            due = following

    def _following(self, decision: Decision, on: date) -> date | None:
        if not isinstance(decision, (Perform, Hold, WaitUntil)):
            return None
        wakes = [day for day, _ in self.to_come if day > on]
        return min([decision.look_again_on, *wakes])

    def _change(self, on: date) -> None:
        for _, change in (item for item in self.to_come if item[0] <= on):
            self._learn(change)
        self.to_come = [item for item in self.to_come if item[0] > on]
        if self.facts.held_until is not None and self.facts.held_until < on:
            self.facts = self.facts._replace(holds=frozenset(), held_until=None)

    def _learn(self, change: Mapping[str, Any]) -> None:
        self.facts = self.facts._replace(**change)

    def _perform(self, decision: Perform, on: date) -> None:
        for action in decision.step.do:
            if action.name is ActionName.SEND_LETTER and action.what != Template.PRECOURT_DEMAND:
                self._learn({action.what: "queued"})
                arrives = on + timedelta(days=DELIVERY_DAYS)
                change = {action.what: "delivered", f"{action.what}_delivered_on": arrives}
                self.to_come.append((arrives, change))
            elif action.name is ActionName.PROPOSE:
                self._propose(action.what, on)

    def _propose(self, kind: str, on: date) -> None:
        self._learn({kind: "proposed", f"{kind}_decided_on": None})
        if not self.grants_all:
            return
        granted = on + timedelta(days=GRANT_DAYS)
        done = {"termination": "granted", "placement": "active", "referral": "filed"}[kind]
        change: dict[str, Any] = {kind: done, f"{kind}_decided_on": granted}
        if kind in ("placement", "referral"):
            change["handled_by"] = "agency" if kind == "placement" else "court"
        else:
            over = granted + timedelta(days=DELIVERY_DAYS + NOTICE_PERIOD_DAYS)
            self.to_come.append((over, {"termination": "in_effect", "terminated_on": over}))
        self.to_come.append((granted, change))

"""What a draft would do to the live book, by the same ``decide``, without writing anything."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, NamedTuple

from django.db import connection

from escalation.decide import Perform, Position, decide, start
from escalation.facts import Facts
from escalation.life import Life
from escalation.moving import Standing, keeps_place
from escalation.products import Made, made_by
from escalation.queries.facts import get_facts
from escalation.queries.versions import (
    VersionInForce,
    get_fitting_version,
    get_strategies,
    list_versions_in_force,
)
from escalation.record import outcome_of
from escalation.simulated import Batch, ChangedCase, NextStep, Simulation
from escalation.strategy import InFlight, Step, Strategy
from kernel.calendar import POLAND

_BATCH_CASES: Final = 5_000
#: Changed next steps that are kept in the answer; ``on_batch`` gets all of them.
MOST_EXAMPLES: Final = 200


class _Case(NamedTuple):
    case_id: int
    number: str
    version_id: int
    counts_from_on: date
    position: Position


def get_simulation(
    *,
    draft: Strategy,
    on: date,
    days: int,
    grants_all: bool,
    on_batch: Callable[[Batch], None] | None = None,
) -> Simulation:
    """Play the closes of ``days`` days from ``on`` for the cases that stand on the strategy.

    They go on at the step of the same key; those that cannot (see ``moving.py``) stay on the
    version they are on. For a strategy that no case is on yet, the cases that its segment
    would take start at its first step. ``on_batch`` is called with each batch.
    """
    is_new = not _count_cases(draft.key)
    key = None if is_new else draft.key
    tally = _Tally(grants_all=grants_all, on=on, days=days)
    versions, total, done = _with_draft(draft), _count_cases(key), 0
    for batch in _batches(key):
        facts_of = get_facts(
            case_ids=[case.case_id for case in batch],
            counts_from=[case.counts_from_on for case in batch],
            on=on,
        )
        in_force = get_strategies(version_ids={case.version_id for case in batch})
        for case in batch:
            facts = facts_of[case.case_id]
            fits = get_fitting_version(versions=versions, facts=facts, on=on).strategy is draft
            if fits or not is_new:
                tally.cases_outside += not fits
                tally.play(case, in_force[case.version_id], draft, facts, starts_anew=is_new)
        done += len(batch)
        if on_batch is not None:
            on_batch(Batch(done, total, tally.take_changed()))
    return tally.result(draft, _assumptions(draft, grants_all=grants_all, is_new=is_new))


def _assumptions(draft: Strategy, *, grants_all: bool, is_new: bool) -> list[str]:
    codes = ["no_payments", "no_contacts", "letters_delivered"]
    codes += ["approvals_granted", "handlers_keep"] if grants_all else ["approvals_pending"]
    if is_new:
        codes.append("cases_start_anew")
    elif draft.in_flight is InFlight.FINISH:
        codes.append("as_if_all_moved")
    return codes


@dataclass(slots=True)
class _Tally:
    grants_all: bool
    on: date
    days: int
    cases: int = 0
    cases_changed: int = 0
    cases_without_step: int = 0
    cases_outside: int = 0
    finished: int = 0
    examples: list[ChangedCase] = field(default_factory=list)
    changed: list[ChangedCase] = field(default_factory=list)
    standing: Counter[str] = field(default_factory=Counter)
    steps: dict[date, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    work: dict[Made, Counter[date]] = field(default_factory=lambda: defaultdict(Counter))
    today_work: dict[Made, Counter[date]] = field(default_factory=lambda: defaultdict(Counter))

    def play(
        self, case: _Case, today: Strategy, draft: Strategy, facts: Facts, *, starts_anew: bool
    ) -> None:
        here = case.position._replace(stage=facts.stage)
        then, position = draft, here
        if starts_anew:
            position = start(draft, at_step="", on=self.on, stage=facts.stage)
        elif not keeps_place(today, draft, Standing(here.step, here.asked)):
            then = today
            self.cases_without_step += 1
        self._compare(
            case, _next(today, facts, here, self.on), _next(then, facts, position, self.on)
        )
        life = Life(then, position, facts, grants_all=self.grants_all)
        for day, step in life.live(self.on, self.days):
            self.steps[day][step.key] += 1
            _add(self.work, day, step)
        self.finished += life.is_finished
        for day, step in Life(today, here, facts, grants_all=self.grants_all).live(
            self.on, self.days
        ):
            _add(self.today_work, day, step)

    def _compare(self, case: _Case, today: NextStep, draft: NextStep) -> None:
        self.cases += 1
        self.standing[draft.step] += 1
        if draft == today:
            return
        self.cases_changed += 1
        changed = ChangedCase(case.case_id, case.number, today, draft, case.position.previous_on)
        self.changed.append(changed)
        if len(self.examples) < MOST_EXAMPLES:
            self.examples.append(changed)

    def take_changed(self) -> list[ChangedCase]:
        """Those since the last call."""
        taken, self.changed = self.changed, []
        return taken

    def result(self, draft: Strategy, assumptions: Sequence[str]) -> Simulation:
        return Simulation(
            strategy=draft.key,
            on=self.on,
            days=self.days,
            assumptions=assumptions,
            cases=self.cases,
            cases_changed=self.cases_changed,
            cases_without_step=self.cases_without_step,
            cases_outside=self.cases_outside,
            changed=self.examples,
            steps={day: dict(self.steps[day]) for day in sorted(self.steps)},
            finished=self.finished,
            standing=dict(self.standing),
            work=self.work,
            today_work=self.today_work,
        )


def _add(work: Mapping[Made, Counter[date]], closed_on: date, step: Step) -> None:
    due_on = POLAND.next_working_day(closed_on)
    for made in made_by(step):
        work[made][due_on] += 1


def _with_draft(draft: Strategy) -> list[VersionInForce]:
    """The versions in force with the draft in the place of its own."""
    others = [v for v in list_versions_in_force() if v.strategy.key != draft.key]
    versions = [*others, VersionInForce(0, 0, draft)]
    return sorted(
        versions,
        key=lambda v: (v.strategy.segment.for_everything_else, v.strategy.segment.order),
    )


_ON_STRATEGY: Final = """
    AND e.version_id IN (
        SELECT v.id FROM escalation_strategyversion v
        JOIN escalation_strategy s ON s.id = v.strategy_id WHERE s.key = %(key)s
    )
"""


def _count_cases(key: str | None) -> int:
    """Active enrolments on the strategy; on every one without a key."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM escalation_enrolment e WHERE e.status = 'active'"
            f" {_ON_STRATEGY if key else ''}",
            {"key": key},
        )
        return int(cursor.fetchone()[0])


def _batches(key: str | None) -> Iterator[list[_Case]]:
    last = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                f"""
                SELECT e.case_id, c.number, e.version_id, e.counts_from_on, e.step_key, e.round,
                       e.previous_on, c.stage, e.asked
                FROM escalation_enrolment e JOIN cases_case c ON c.id = e.case_id
                WHERE e.status = 'active' AND e.case_id > %(last)s {_ON_STRATEGY if key else ""}
                ORDER BY e.case_id LIMIT %(limit)s
                """,
                {"last": last, "limit": _BATCH_CASES, "key": key},
            )
            batch = [_Case._make((*row[:4], Position(*row[4:]))) for row in cursor.fetchall()]
        if not batch:
            return
        yield batch
        last = batch[-1].case_id


def _next(strategy: Strategy, facts: Facts, position: Position, on: date) -> NextStep:
    decision = decide(strategy, facts, position, on, POLAND)
    step = decision.step.key if isinstance(decision, Perform) else decision.position.step
    return NextStep(outcome_of(decision), step)

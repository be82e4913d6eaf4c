"""The due runner: claims due enrolments in batches and decides them.

A batch is one transaction: killed at any point it leaves nothing half done. Any number of
workers on any number of machines may take batches side by side. A batch waits for no row once
it has claimed its own: everything it writes belongs to those.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import partial
from itertools import repeat
from threading import Lock
from typing import Final

from django.conf import settings
from django.db import connection, transaction

from escalation.decide import decide
from escalation.operations.lanes import NextStage, TakeBatch, take_in_two_lanes
from escalation.operations.performing import carry_out, plan_work
from escalation.operations.writing import Claim, Decided, decision_rows, write_decisions
from escalation.queries.facts import get_facts
from escalation.queries.stopping import get_stops
from escalation.queries.versions import get_strategies
from escalation.record import outcome_of
from journal.business_days import report_progress
from kernel.actor import Actor
from kernel.authority import by_machine
from kernel.calendar import POLAND
from kernel.cycles import no_search_for_cycles

logger: Final = logging.getLogger(__name__)

#: Cases of one batch. Larger ones save little, smaller ones cost up to a half of the speed.
BATCH_CASES: Final = 20_000

#: For the transaction of a batch: people's short patience for locks is not the night's, nor is
#: a lane idle while it waits for the other; sorts of thousands of rows stay in memory, and
#: nothing is compiled for a statement that runs once.
_SETTINGS: Final = (
    "SELECT set_config('lock_timeout', '10min', true),"
    " set_config('idle_in_transaction_session_timeout', '10min', true),"
    " set_config('work_mem', '64MB', true), set_config('jit', 'off', true)"
)
_CLAIM_COLUMNS: Final = (
    "e.id, e.case_id, e.version_id, e.counts_from_on, e.step_key, e.round, e.asked, e.previous_on"
)
_DUE: Final = f"""
    SELECT {_CLAIM_COLUMNS}
    FROM escalation_enrolment e JOIN cases_case c ON c.id = e.case_id
    WHERE e.status = 'active' AND e.next_due_on <= %(on)s
      AND (e.closed_through_on IS NULL OR e.closed_through_on < %(on)s)
    {{order}} LIMIT %(limit)s
    FOR NO KEY UPDATE OF c, e {{locked}}
"""


@by_machine
@no_search_for_cycles()
def decide_due(
    *, on: date, at: datetime, actor: Actor, batch_cases: int | None = None
) -> Mapping[str, int]:
    """Decide every enrolment due on the business day ``on``, once; counts by outcome.

    Passes over rows that others hold locked, and in the end waits for those. Inside of a
    transaction of the caller, whose rows no other connection sees, one batch comes after the
    other; otherwise two lanes take them.
    """
    limit = batch_cases or int(getattr(settings, "DECIDE_BATCH_CASES", BATCH_CASES))
    counts: Counter[str] = Counter()
    counting = Lock()

    def take_batch(next_stage: NextStage, *, waits: bool = False) -> bool:
        batch = _decide_batch(on, at, actor, limit, waits=waits, next_stage=next_stage)
        if batch:
            with counting:
                counts.update(batch)
                logger.info("decided: day=%s counts=%s", on, dict(counts))
                report_progress(on=on, progress={"decided": sum(counts.values()), **counts})
        return bool(batch)

    if not connection.in_atomic_block and _has_more_than_one_batch(on, limit):
        take_in_two_lanes(take_batch)
    else:
        _take_all(take_batch)
    _take_all(partial(take_batch, waits=True))
    return dict(counts)


@by_machine
@no_search_for_cycles()
def decide_batch(*, on: date, at: datetime, actor: Actor, limit: int, waits: bool) -> Counter[str]:
    """Decide at most ``limit`` due enrolments; empty when there are none to be had.

    ``waits``: wait for rows that others hold locked instead of passing them over.
    """
    return _decide_batch(on, at, actor, limit, waits=waits, next_stage=_at_once)


def _take_all(take_batch: TakeBatch) -> None:
    while take_batch(_at_once):
        pass


def _at_once() -> None:
    """There is no other lane to wait for."""


@transaction.atomic
def _decide_batch(
    on: date, at: datetime, actor: Actor, limit: int, *, waits: bool, next_stage: NextStage
) -> Counter[str]:
    claims = _claim(on, limit, waits=waits)
    if not claims:
        return Counter()
    decided = decide_claims(claims, on, may_perform=True)
    causes = repeat(f"close:{on}", len(decided))
    write_decisions(rows=decision_rows(decided, causes, on, at), closed_on=on)
    work = plan_work(decided, on)
    next_stage()
    carry_out(work=work, on=on, at=at, actor=actor)
    next_stage()
    return Counter(outcome_of(one.decision) for one in decided)


def _has_more_than_one_batch(on: date, limit: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM escalation_enrolment WHERE status = 'active'"
            " AND next_due_on <= %s OFFSET %s)",
            [on, limit],
        )
        return bool(cursor.fetchone()[0])


def _claim(on: date, limit: int, *, waits: bool) -> list[Claim]:
    """Lock the rows of the cases and enrolments, so that a hold placed meanwhile comes after.

    Waiting, in order of the cases, as everybody else who locks several.
    """
    statement = _DUE.format(
        order="ORDER BY e.case_id" if waits else "",
        locked="" if waits else "SKIP LOCKED",
    )
    with connection.cursor() as cursor:
        cursor.execute(_SETTINGS)
        cursor.execute(statement, {"on": on, "limit": limit})
        return [Claim(*row) for row in cursor.fetchall()]


def claim_cases(case_ids: Sequence[int]) -> list[Claim]:
    """The active enrolments of these cases, locked after their cases, in order."""
    with connection.cursor() as cursor:
        cursor.execute(_SETTINGS)
        cursor.execute(
            f"""
            SELECT {_CLAIM_COLUMNS}
            FROM escalation_enrolment e JOIN cases_case c ON c.id = e.case_id
            WHERE e.status = 'active' AND e.case_id = ANY(%s)
            ORDER BY e.case_id FOR NO KEY UPDATE OF c, e
            """,
            [list(case_ids)],
        )
        return [Claim(*row) for row in cursor.fetchall()]


def decide_claims(claims: Sequence[Claim], on: date, *, may_perform: bool) -> list[Decided]:
    """Read the facts of locked enrolments in one statement and decide each.

    Red switches are read once for all of them: one that is turned meanwhile counts from the next
    batch on.
    """
    case_ids = [claim.case_id for claim in claims]
    stops_of = get_stops(case_ids=case_ids) if may_perform else {}
    facts_of = get_facts(
        case_ids=case_ids,
        counts_from=[claim.counts_from_on for claim in claims],
        on=on,
    )
    strategies = get_strategies(version_ids={claim.version_id for claim in claims})
    result: list[Decided] = []
    for claim in claims:
        facts, strategy = facts_of[claim.case_id], strategies[claim.version_id]
        position = claim.position(facts.stage)
        decision = decide(
            strategy,
            facts,
            position,
            on,
            POLAND,
            may_perform=may_perform,
            stops=stops_of.get(claim.case_id),
        )
        result.append(Decided(claim, strategy, facts, decision))
    return result

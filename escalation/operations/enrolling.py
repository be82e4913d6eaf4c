"""Putting cases on the strategy whose segment they fit, and starting them anew."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Final, NamedTuple

from django.db import connection, transaction

from cases.locking import lock_cases
from escalation.events import CASE_ENROLLED
from escalation.lifecycle import EndReason
from escalation.queries.facts import get_facts_since_ever
from escalation.queries.versions import (
    VersionInForce,
    get_fitting_version,
    list_versions_in_force,
)
from escalation.strategy import Strategy
from journal.operations import NewEvent, Subject, record_events
from journal.statistics import look_at_tables
from kernel.actor import Actor
from kernel.authority import by_machine


class _Place(NamedTuple):
    case_id: int
    version: VersionInForce
    step: str
    counts_from_on: date


_INSERT: Final = """
INSERT INTO escalation_enrolment (case_id, version_id, status, step_key, previous_on,
                                  counts_from_on, entered_on, next_due_on)
SELECT n.case_id, n.version_id, 'active', n.step, %(on)s, n.counts_from_on, %(on)s, %(on)s
FROM unnest(%(cases)s::bigint[], %(versions)s::bigint[], %(steps)s::text[],
            %(counts_from)s::date[]) AS n (case_id, version_id, step, counts_from_on)
JOIN cases_case c ON c.id = n.case_id AND c.status = 'open'
ORDER BY n.case_id
ON CONFLICT (case_id) WHERE status = 'active' DO NOTHING
RETURNING id, case_id
"""


@by_machine
@transaction.atomic
def enrol_cases(
    *, case_ids: Sequence[int], returning: bool, on: date, at: datetime, actor: Actor
) -> list[int]:
    """Enrol those of the open cases that are on no strategy; returns their ids.

    They are due on ``on``. ``returning`` after new arrears, they start where the strategy says.
    What was sent and proposed before ``on`` does not count for them.
    """
    locked = lock_cases(case_ids=case_ids)
    places = [
        _Place(case_id, version, version.strategy.after_reopening if returning else "", on)
        for case_id, version in _choose(locked, on)
    ]
    reason = EndReason.CASE_REOPENED if returning else ""
    return _insert(places, reason, on, at, actor)


@by_machine
@transaction.atomic
def start_cases_anew(*, case_ids: Sequence[int], on: date, at: datetime, actor: Actor) -> list[int]:
    """After a broken agreement: end the enrolment and begin one where the strategy says.

    The arrears are the same, so what was sent before still counts. Returns the case ids.
    """
    locked = lock_cases(case_ids=case_ids)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE escalation_enrolment
            SET status = 'replaced', ended_on = %s, end_reason = %s, next_due_on = NULL
            WHERE status = 'active' AND case_id = ANY(%s)
            RETURNING case_id, counts_from_on
            """,
            [on, EndReason.AGREEMENT_BROKEN, locked],
        )
        counts_from: dict[int, date] = dict(cursor.fetchall())
    places = [
        _Place(case_id, version, version.strategy.after_breach, counts_from.get(case_id, on))
        for case_id, version in _choose(locked, on)
    ]
    return _insert(places, EndReason.AGREEMENT_BROKEN, on, at, actor)


@by_machine
@transaction.atomic
def end_enrolments(*, case_ids: Sequence[int], on: date) -> list[int]:
    """End the active enrolments of closed cases; returns the ids of those cases."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE escalation_enrolment e
            SET status = 'exited', ended_on = %s, end_reason = %s, next_due_on = NULL
            FROM cases_case c
            WHERE c.id = e.case_id AND c.status = 'closed' AND e.status = 'active'
              AND e.case_id = ANY(%s)
            RETURNING e.case_id
            """,
            [on, EndReason.CASE_CLOSED, list(case_ids)],
        )
        return sorted(int(row[0]) for row in cursor.fetchall())


def _choose(case_ids: Sequence[int], on: date) -> list[tuple[int, VersionInForce]]:
    versions = list_versions_in_force()
    facts = get_facts_since_ever(case_ids=case_ids, on=on)
    return [
        (case_id, get_fitting_version(versions=versions, facts=facts[case_id], on=on))
        for case_id in case_ids
    ]


def _first_step(strategy: Strategy, wanted: str) -> str:
    return wanted or strategy.steps[0].key


def _insert(
    places: Sequence[_Place], reason: str, on: date, at: datetime, actor: Actor
) -> list[int]:
    if not places:
        return []
    by_case = {place.case_id: place for place in places}
    steps = {p.case_id: _first_step(p.version.strategy, p.step) for p in places}
    with connection.cursor() as cursor:
        cursor.execute(
            _INSERT,
            {
                "cases": list(by_case),
                "versions": [place.version.version_id for place in by_case.values()],
                "steps": [steps[case_id] for case_id in by_case],
                "counts_from": [place.counts_from_on for place in by_case.values()],
                "on": on,
            },
        )
        enrolled = sorted(cursor.fetchall(), key=lambda row: row[1])
    look_at_tables(tables=["escalation_enrolment"], new_rows=len(enrolled))
    record_events(
        events=[
            NewEvent(
                CASE_ENROLLED,
                Subject("case", case_id),
                json.dumps(
                    {
                        "enrolment_id": enrolment_id,
                        "strategy": by_case[case_id].version.strategy.key,
                        "version": by_case[case_id].version.number,
                        "step": steps[case_id],
                        "reason": str(reason),
                    }
                ),
                on,
            )
            for enrolment_id, case_id in enrolled
        ],
        actor=actor,
        at=at,
    )
    return [case_id for _, case_id in enrolled]

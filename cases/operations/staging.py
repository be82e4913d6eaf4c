"""How far a case has come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import connection, transaction

from cases.events import STAGE_CHANGED
from cases.lifecycle import Stage
from journal.operations import NewEvent, Subject, record_events
from kernel.actor import Actor
from kernel.authority import by_machine

_MOVE = """
    WITH locked AS MATERIALIZED (
        SELECT id, stage, updated_at FROM cases_case
        WHERE id = ANY(%(cases)s) AND stage <> %(stage)s
        ORDER BY id FOR NO KEY UPDATE
    )
    UPDATE cases_case c
    SET stage = %(stage)s, updated_at = greatest(c.updated_at, %(at)s)
    FROM locked WHERE c.id = locked.id
    RETURNING c.id, locked.stage
"""


@by_machine
@transaction.atomic
def move_cases_to_stage(
    *, case_ids: Sequence[int], stage: Stage, on: date, at: datetime, actor: Actor
) -> list[int]:
    """Move those that stand elsewhere; returns their ids."""
    with connection.cursor() as cursor:
        cursor.execute(_MOVE, {"cases": list(case_ids), "stage": str(stage), "at": at})
        moved = sorted(cursor.fetchall())
    record_events(
        events=[
            NewEvent(STAGE_CHANGED, Subject("case", case_id), {"from": before, "to": stage}, on)
            for case_id, before in moved
        ],
        at=at,
        actor=actor,
    )
    return [case_id for case_id, _ in moved]

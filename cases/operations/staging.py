"""How far a case has come."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from django.db import connection, transaction

from cases.events import STAGE_CHANGED
from journal.operations import NewEvent, Subject, record_events
from kernel.actor import Actor
from kernel.authority import by_machine
from kernel.sql_text import array_text

_ENTER: Final = """
    WITH locked AS MATERIALIZED (
        SELECT c.id, c.stage AS before, n.stage
        FROM unnest(%(cases)s::bigint[], %(stages)s::text[]) AS n (case_id, stage)
        JOIN cases_case c ON c.id = n.case_id
        WHERE c.stage <> n.stage OR c.updated_at < %(at)s
        ORDER BY c.id FOR NO KEY UPDATE OF c
    ), stepped AS (
        UPDATE cases_case c
        SET stage = locked.stage, updated_at = greatest(c.updated_at, %(at)s)
        FROM locked WHERE c.id = locked.id
        RETURNING c.id, locked.before, locked.stage
    )
    SELECT id, before, stage FROM stepped WHERE before <> stage ORDER BY id
"""


@by_machine
@transaction.atomic
def enter_stages(*, stages: Mapping[int, str], on: date, at: datetime, actor: Actor) -> list[int]:
    """A step was taken on each of these cases, which leaves it in the given stage.

    All of them have changed by that; returns the ids of those that stood elsewhere before.
    """
    if not stages:
        return []
    values: dict[str, Any] = {
        "cases": array_text(stages),
        "stages": array_text(stages.values()),
        "at": at,
    }
    with connection.cursor() as cursor:
        cursor.execute(_ENTER, values)
        moved = cursor.fetchall()
    record_events(
        events=[
            NewEvent(
                STAGE_CHANGED, Subject("case", case_id), f'{{"from":"{before}","to":"{stage}"}}', on
            )
            for case_id, before, stage in moved
        ],
        at=at,
        actor=actor,
    )
    return [case_id for case_id, _, _ in moved]

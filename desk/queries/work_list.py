"""The work of a person or a team, in the order in which it should be done."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from django.db import connection

from cases.lifecycle import Stage, WorkKind
from kernel.actor import Actor


class Whose(StrEnum):
    MINE = "mine"
    TEAM = "team"


@dataclass(frozen=True, slots=True)
class WorkFilter:
    whose: Whose
    kind: WorkKind | None = None
    stage: Stage | None = None


class WorkKey(NamedTuple):
    """The place of a row in the order of the list."""

    due_on: date
    priority: int
    id: int


class WorkRow(NamedTuple):
    id: int
    kind: str
    due_on: date
    priority: int
    reason: dict[str, Any]
    case_id: int
    case_number: str
    stage: str
    debtor_name: str
    owner_name: str | None

    @property
    def key(self) -> WorkKey:
        return WorkKey(self.due_on, self.priority, self.id)


class WorkCounts(NamedTuple):
    """Counted to a cap of 1,000 each."""

    overdue: int
    today: int
    later: int


_LIST = """
    SELECT w.id, w.kind, w.due_on, w.priority, w.reason::text, c.id, c.number, c.stage,
           d.display_name, o.full_name
    FROM (
        SELECT w.* FROM cases_workitem w {join}
        WHERE w.status = 'open' {where} {after}
        ORDER BY w.due_on, w.priority, w.id
        LIMIT %(limit)s
    ) w
    JOIN cases_case c ON c.id = w.case_id
    JOIN debtors_debtor d ON d.id = c.debtor_id
    LEFT JOIN staff_user o ON o.id = w.owner_id
    ORDER BY w.due_on, w.priority, w.id
"""

_COUNT = """
    SELECT {parts}
"""
_COUNT_PART = """
    (SELECT count(*) FROM (
        SELECT 1 FROM cases_workitem w {join}
        WHERE w.status = 'open' {where} AND w.due_on {range} LIMIT 1000
    ) part)
"""


def list_work(
    *, actor: Actor, chosen: WorkFilter, after: WorkKey | None = None, limit: int = 50
) -> list[WorkRow]:
    """Open work, soonest first; page on with the key of the last row."""
    join, where, values = _scope(actor, chosen)
    sql = _LIST.format(
        join=join,
        where=where,
        after="AND (w.due_on, w.priority, w.id) > (%(due_on)s, %(priority)s, %(id)s)"
        if after
        else "",
    )
    if after:
        values |= after._asdict()
    with connection.cursor() as cursor:
        cursor.execute(sql, {**values, "limit": limit})
        return [
            WorkRow._make([*row[:4], json.loads(row[4]), *row[5:]]) for row in cursor.fetchall()
        ]


def count_work(*, actor: Actor, chosen: WorkFilter, on: date) -> WorkCounts:
    """How much is late, due on the day, and due later."""
    join, where, values = _scope(actor, chosen)
    parts = ", ".join(
        _COUNT_PART.format(join=join, where=where, range=f"{comparison} %(on)s")
        for comparison in ("<", "=", ">")
    )
    with connection.cursor() as cursor:
        cursor.execute(_COUNT.format(parts=parts), {**values, "on": on})
        return WorkCounts(*cursor.fetchone())


def _scope(actor: Actor, chosen: WorkFilter) -> tuple[str, str, dict[str, Any]]:
    """What the actor may see, and of that what was chosen."""
    where = ""
    values: dict[str, Any] = {}
    if chosen.whose is Whose.MINE:
        where += " AND w.owner_id = %(owner_id)s"
        values["owner_id"] = actor.user_id
    if actor.team_id is not None:
        where += " AND w.team_id = %(team_id)s"
        values["team_id"] = actor.team_id
    if chosen.kind is not None:
        where += " AND w.kind = %(kind)s"
        values["kind"] = chosen.kind.value
    join = ""
    if chosen.stage is not None:
        join = "JOIN cases_case sc ON sc.id = w.case_id AND sc.stage = %(stage)s"
        values["stage"] = chosen.stage.value
    return join, where, values

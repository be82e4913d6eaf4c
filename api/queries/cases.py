"""A page of cases: two statements, however many cases it has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection

from api.case_rows import CASES, OWED, case_summary
from escalation.case_filter import CaseFilter, where_of
from kernel.actor import Actor


class Place(NamedTuple):
    """Where a page begins: after this case; ``updated_at`` where changes are followed."""

    updated_at: datetime | None
    case_id: int


@dataclass(frozen=True, slots=True)
class CasePage:
    cases: list[dict[str, Any]]
    next_place: Place | None


def list_cases(
    *, chosen: CaseFilter, after: Place | None, limit: int, actor: Actor, on: date
) -> CasePage:
    """The cases that the actor may see, by id, or by their last change where that is asked for."""
    by_change = chosen.updated_since is not None or (after is not None and after.updated_at)
    where, values = where_of(chosen, on=on, within_team=actor.team_id)
    if after is not None:
        values |= {"after_id": after.case_id}
        if by_change:
            values["after_at"] = after.updated_at or chosen.updated_since
            where += " AND (c.updated_at, c.id) > (%(after_at)s, %(after_id)s)"
        else:
            where += " AND c.id > %(after_id)s"
    statement = CASES.format(where=where, order="c.updated_at, c.id" if by_change else "c.id")
    with connection.cursor() as cursor:
        cursor.execute(statement, {**values, "limit": limit + 1})
        rows = cursor.fetchall()
        shown = rows[:limit]
        owed = _owed(cursor, [row[8] for row in shown])
    last = shown[-1] if len(rows) > limit else None
    return CasePage(
        cases=[case_summary(row, owed.get(row[8], ()), on) for row in shown],
        next_place=Place(last[7] if by_change else None, last[0]) if last else None,
    )


def _owed(cursor: Any, debtor_ids: Sequence[int]) -> dict[int, list[Any]]:
    owed: dict[int, list[Any]] = {}
    if debtor_ids:
        cursor.execute(OWED, [list(debtor_ids)])
        for debtor_id, *rest in cursor.fetchall():
            owed.setdefault(debtor_id, []).append(rest)
    return owed

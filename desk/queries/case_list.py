"""Cases by the one filter vocabulary, in the order of their opening."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from django.db import connection

from desk.queries.scope import MOST_COUNTED
from escalation.case_filter import CaseFilter, where_of
from kernel.actor import Actor


class CaseRow(NamedTuple):
    case_id: int
    number: str
    debtor_name: str
    stage: str
    status: str
    opened_on: date
    team_name: str | None
    owner_name: str | None
    debtor_id: int


_LIST = """
    SELECT c.id, c.number, d.display_name, c.stage, c.status, c.opened_on, t.name, o.full_name,
           c.debtor_id
    FROM (
        SELECT c.* FROM cases_case c WHERE {where} {after} ORDER BY c.id LIMIT %(limit)s
    ) c
    JOIN debtors_debtor d ON d.id = c.debtor_id
    LEFT JOIN staff_team t ON t.id = c.team_id
    LEFT JOIN staff_user o ON o.id = c.owner_id
    ORDER BY c.id
"""


def list_cases(
    *, actor: Actor, chosen: CaseFilter, on: date, after_id: int | None = None, limit: int = 50
) -> list[CaseRow]:
    """The cases that the actor may see; page on with the id of the last one."""
    where = where_of(chosen, on=on, within_team=actor.team_id)
    sql = _LIST.format(
        where=where.sql, after="AND c.id > %(after_id)s" if after_id is not None else ""
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, {**where.values, "after_id": after_id, "limit": limit})
        return [CaseRow(*row) for row in cursor.fetchall()]


def count_cases(*, actor: Actor, chosen: CaseFilter, on: date) -> int:
    """How many the actor may see, counted to a cap of 1,000."""
    where = where_of(chosen, on=on, within_team=actor.team_id)
    sql = f"SELECT count(*) FROM (SELECT 1 FROM cases_case c WHERE {where.sql} LIMIT %(most)s) c"
    with connection.cursor() as cursor:
        cursor.execute(sql, {**where.values, "most": MOST_COUNTED})
        return int(cursor.fetchone()[0])

"""The work of a person or a team, in the order in which it should be done."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from enum import IntEnum
from typing import Any, Final, NamedTuple

from django.db import connection

from cases.lifecycle import Tray
from desk.queries.scope import MOST_COUNTED, DeskFilter, get_work_in_scope
from kernel.actor import Actor


class Urgency(IntEnum):
    """What is late comes first, then what is due on the day, then the rest by its day."""

    LATE = 0
    TODAY = 1
    LATER = 2


class WorkKey(NamedTuple):
    """The place of a row in the order of the list."""

    urgency: int
    due_on: date
    priority: int
    rank: int
    id: int


class WorkRow(NamedTuple):
    """``put_aside_reason`` is empty where nobody put it aside."""

    urgency: int
    id: int
    kind: str
    due_on: date
    priority: int
    rank: int
    overdue_minor: int | None
    currency: str
    due_since: date | None
    answer: str
    chance: int | None
    expected_minor: int | None
    put_aside_reason: str
    reason: Mapping[str, Any]
    case_id: int
    case_number: str
    stage: str
    debtor_name: str
    owner_name: str | None

    @property
    def key(self) -> WorkKey:
        return WorkKey(self.urgency, self.due_on, self.priority, self.rank, self.id)


class WorkCounts(NamedTuple):
    """Counted to a cap of 1,000 each."""

    late: int
    today: int
    later: int


#: How each part of the list is bounded and ordered; the index of the queue gives the order.
_PARTS: Final = {
    Urgency.LATE: ("w.due_on < %(on)s", "w.priority, w.rank, w.id"),
    Urgency.TODAY: ("w.due_on = %(on)s", "w.due_on, w.priority, w.rank, w.id"),
    Urgency.LATER: ("w.due_on > %(on)s", "w.due_on, w.priority, w.rank, w.id"),
}
_AFTER: Final = {
    Urgency.LATE: "(w.priority, w.rank, w.id) > (%(priority)s, %(rank)s, %(id)s)",
    Urgency.TODAY: "(w.priority, w.rank, w.id) > (%(priority)s, %(rank)s, %(id)s)",
    Urgency.LATER: "(w.due_on, w.priority, w.rank, w.id)"
    " > (%(due_on)s, %(priority)s, %(rank)s, %(id)s)",
}
_PART: Final = """
    (SELECT {urgency} AS urgency, w.* FROM cases_workitem w {join}
     WHERE w.status = 'open' AND w.tray = %(tray)s AND {due} AND {where} {after}
     ORDER BY {order} LIMIT %(limit)s)
"""
_LIST: Final = """
    SELECT w.urgency, w.id, w.kind, w.due_on, w.priority, w.rank, w.overdue_minor, w.currency,
           w.due_since, w.answer, w.chance, w.expected_minor, w.put_aside_reason, w.reason::text,
           c.id, c.number, c.stage, d.display_name, o.full_name
    FROM (
        SELECT * FROM ({parts}) w ORDER BY {order} LIMIT %(limit)s
    ) w
    JOIN cases_case c ON c.id = w.case_id
    JOIN debtors_debtor d ON d.id = c.debtor_id
    LEFT JOIN staff_user o ON o.id = w.owner_id
    ORDER BY {order}
"""
#: Of the parts together; inside the part of what is late the day does not count.
_ORDER: Final = "w.urgency, CASE WHEN w.urgency = 2 THEN w.due_on END, w.priority, w.rank, w.id"
_COUNT_PART: Final = """
    (SELECT count(*) FROM (
        SELECT 1 FROM cases_workitem w {join}
        WHERE w.status = 'open' AND w.tray = %(tray)s AND {due} AND {where} LIMIT %(most)s
    ) part)
"""
_JOIN: Final = "JOIN cases_case c ON c.id = w.case_id"


def list_work(
    *,
    actor: Actor,
    chosen: DeskFilter,
    tray: Tray,
    on: date,
    after: WorkKey | None = None,
    limit: int = 50,
) -> list[WorkRow]:
    """Open work of one tray as it stands on a day; page on with the key of the last row."""
    where = get_work_in_scope(actor=actor, chosen=chosen, on=on)
    first = Urgency(after.urgency) if after else Urgency.LATE
    parts = [
        _PART.format(
            urgency=int(urgency),
            join=_JOIN if where.of_case else "",
            due=due,
            where=where.sql,
            after=f"AND {_AFTER[urgency]}" if after and urgency is first else "",
            order=order,
        )
        for urgency, (due, order) in _PARTS.items()
        if urgency >= first
    ]
    values = {**where.values, "tray": str(tray), "on": on, "limit": limit}
    if after:
        values |= after._asdict()
    sql = where.head + _LIST.format(parts=" UNION ALL ".join(parts), order=_ORDER)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [
            WorkRow._make([*row[:13], json.loads(row[13]), *row[14:]]) for row in cursor.fetchall()
        ]


def count_work(*, actor: Actor, chosen: DeskFilter, tray: Tray, on: date) -> WorkCounts:
    """How much is late, due on the day, and due later."""
    where = get_work_in_scope(actor=actor, chosen=chosen, on=on)
    join = _JOIN if where.of_case else ""
    parts = ", ".join(
        _COUNT_PART.format(join=join, due=due, where=where.sql) for due, _ in _PARTS.values()
    )
    values = {**where.values, "tray": str(tray), "on": on, "most": MOST_COUNTED}
    with connection.cursor() as cursor:
        cursor.execute(f"{where.head} SELECT {parts}", values)
        return WorkCounts(*cursor.fetchone())

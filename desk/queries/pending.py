"""What waits for the decision of a person, and what was sent back to be put right."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final, NamedTuple

from django.db import connection

from desk.queries.scope import MOST_COUNTED, DeskFilter, get_cases_in_scope
from kernel.actor import Actor
from staff.approvals import approval_tables

#: What was sent back comes first: it waits for us, not for a decision.
_STATUSES: Final = ("sent_back", "proposed")


class PendingKey(NamedTuple):
    """``status`` is a place in ``_STATUSES``."""

    status: int
    proposed_at: datetime
    kind: str
    id: int


class PendingRow(NamedTuple):
    status: int
    proposed_at: datetime
    kind: str
    id: int
    amount_minor: int
    currency: str
    proposed_by_id: int | None
    proposed_by: str | None
    decision_reason: str
    case_id: int
    case_number: str
    stage: str
    debtor_name: str
    owner_name: str | None

    @property
    def key(self) -> PendingKey:
        return PendingKey(self.status, self.proposed_at, self.kind, self.id)

    @property
    def is_sent_back(self) -> bool:
        return _STATUSES[self.status] == "sent_back"


class PendingCounts(NamedTuple):
    """Counted to a cap of 1,000 each."""

    sent_back: int
    proposed: int


_FROM: Final = """
    FROM {table} p JOIN cases_case c ON c.id = p.case_id
    WHERE p.status = '{status}' AND {where}
"""
_PART: Final = f"""
    (SELECT {{place}} AS status, p.proposed_at, '{{kind}}' AS kind, p.id, p.amount_minor,
            p.currency, p.proposed_by_id, p.decision_reason, p.case_id
     {_FROM} {{more}} ORDER BY p.proposed_at, p.id LIMIT %(limit)s)
"""
_LIST: Final = """
    SELECT p.status, p.proposed_at, p.kind, p.id, p.amount_minor, p.currency, p.proposed_by_id,
           u.full_name, p.decision_reason, c.id, c.number, c.stage, d.display_name, o.full_name
    FROM (
        SELECT * FROM ({parts}) p ORDER BY status, proposed_at, kind, id LIMIT %(limit)s
    ) p
    JOIN cases_case c ON c.id = p.case_id
    JOIN debtors_debtor d ON d.id = c.debtor_id
    LEFT JOIN staff_user o ON o.id = c.owner_id
    LEFT JOIN staff_user u ON u.id = p.proposed_by_id
    ORDER BY p.status, p.proposed_at, p.kind, p.id
"""
_COUNT: Final = """
    SELECT {counts} FROM ({parts}) s (case_id, status)
    JOIN cases_case c ON c.id = s.case_id WHERE {where}
"""
_COUNT_PART: Final = "SELECT p.case_id, p.status FROM {table} p WHERE p.status IN {statuses}"
_COUNT_TO_CAP: Final = "(SELECT count(*) FROM (SELECT 1 FROM ({parts}) s LIMIT %(most)s) s)"
_COUNT_PART_TO_CAP: Final = f"(SELECT 1 {_FROM} LIMIT %(most)s)"


def list_pending(
    *, actor: Actor, chosen: DeskFilter, on: date, after: PendingKey | None = None, limit: int = 50
) -> list[PendingRow]:
    """Proposals that nobody has decided, the oldest first; page on with the last row's key."""
    where = get_cases_in_scope(actor=actor, chosen=chosen, on=on)
    values: dict[str, Any] = {**where.values, "limit": limit}
    if after is not None:
        values |= after._asdict()
    parts = [
        _PART.format(
            place=place,
            status=status,
            kind=kind,
            table=table,
            where=where.sql,
            more=_after(place, kind, after),
        )
        for place, status in enumerate(_STATUSES)
        for kind, table in _listed(chosen)
        if after is None or place >= after.status
    ]
    with connection.cursor() as cursor:
        cursor.execute(where.head + _LIST.format(parts=" UNION ALL ".join(parts)), values)
        return [PendingRow(*row) for row in cursor.fetchall()]


def count_pending(*, actor: Actor, chosen: DeskFilter, on: date) -> PendingCounts:
    """How many were sent back, and how many wait for a decision."""
    where = get_cases_in_scope(actor=actor, chosen=chosen, on=on)
    count = _count_to_cap if chosen.is_whole_book else _count_at_once
    with connection.cursor() as cursor:
        sql = where.head + count(chosen, where.sql)
        cursor.execute(sql, {**where.values, "most": MOST_COUNTED})
        return PendingCounts(*(min(found, MOST_COUNTED) for found in cursor.fetchone()))


def _count_at_once(chosen: DeskFilter, where: str) -> str:
    """Every kind is read once, beside the cases in scope."""
    parts = " UNION ALL ".join(
        _COUNT_PART.format(table=table, statuses=_STATUSES) for _, table in _listed(chosen)
    )
    counts = ", ".join(f"count(*) FILTER (WHERE s.status = '{status}')" for status in _STATUSES)
    return _COUNT.format(counts=counts, parts=parts, where=where)


def _count_to_cap(chosen: DeskFilter, where: str) -> str:
    """Of the whole book: each part stops at the cap."""
    counts = [
        _COUNT_TO_CAP.format(
            parts=" UNION ALL ".join(
                _COUNT_PART_TO_CAP.format(table=table, status=status, where=where)
                for _, table in _listed(chosen)
            )
        )
        for status in _STATUSES
    ]
    return f"SELECT {', '.join(counts)}"


def _listed(chosen: DeskFilter) -> list[tuple[str, str]]:
    return [(kind, table) for kind, table in approval_tables().items() if chosen.kind in ("", kind)]


def _after(place: int, kind: str, after: PendingKey | None) -> str:
    """Rows of one kind and status that come after a row of any."""
    if after is None or place != after.status:
        return ""
    if kind == after.kind:
        return "AND (p.proposed_at, p.id) > (%(proposed_at)s, %(id)s)"
    return f"AND p.proposed_at {'>=' if kind > after.kind else '>'} %(proposed_at)s"

"""What is on hold for a reason that a person gave, the soonest to end first."""

from __future__ import annotations

from datetime import date
from enum import IntEnum
from typing import Any, Final, NamedTuple

from django.db import connection

from cases.lifecycle import HoldKind
from desk.queries.scope import MOST_COUNTED, DeskFilter, get_cases_in_scope
from kernel.actor import Actor

#: Holds that other tabs are about, or that somebody outside has in hand.
ELSEWHERE: Final = frozenset(
    {
        HoldKind.PROMISE,
        HoldKind.AGREEMENT,
        HoldKind.APPROVAL,
        HoldKind.DATA_PROBLEM,
        HoldKind.AGENCY,
        HoldKind.COURT,
    }
)
LISTED: Final = tuple(kind for kind in HoldKind if kind not in ELSEWHERE)


class Ending(IntEnum):
    """When a hold ends by itself, if it does."""

    SOON = 0
    LATER = 1
    UNTIL_ENDED = 2


class HeldKey(NamedTuple):
    """``until_on`` is None for a hold that somebody must end."""

    until_on: date | None
    id: int


class HeldRow(NamedTuple):
    id: int
    kind: str
    reason: str
    from_on: date
    until_on: date | None
    case_id: int
    case_number: str
    stage: str
    debtor_name: str
    owner_name: str | None

    @property
    def key(self) -> HeldKey:
        return HeldKey(self.until_on, self.id)


class HeldCounts(NamedTuple):
    """Counted to a cap of 1,000 each."""

    soon: int
    later: int
    until_ended: int


_FROM: Final = """
    FROM cases_hold h JOIN cases_case c ON c.id = h.case_id
    WHERE h.ended_on IS NULL AND h.kind = ANY(%(kinds)s) AND {where}
"""
_PART: Final = f"(SELECT h.* {_FROM} {{more}} ORDER BY {{order}} LIMIT %(limit)s)"
_LIST: Final = """
    SELECT h.id, h.kind, h.reason, h.from_on, h.until_on, c.id, c.number, c.stage,
           d.display_name, o.full_name
    FROM (SELECT * FROM ({parts}) h ORDER BY h.until_on, h.id LIMIT %(limit)s) h
    JOIN cases_case c ON c.id = h.case_id
    JOIN debtors_debtor d ON d.id = c.debtor_id
    LEFT JOIN staff_user o ON o.id = c.owner_id
    ORDER BY h.until_on, h.id
"""
_COUNT: Final = """
    SELECT {counts} FROM cases_hold h JOIN cases_case c ON c.id = h.case_id
    WHERE h.ended_on IS NULL AND h.kind = ANY(%(kinds)s) AND {where}
"""
_COUNT_TO_CAP: Final = f"(SELECT count(*) FROM (SELECT 1 {_FROM} AND {{part}} LIMIT %(most)s) s)"
_ENDING: Final = {
    Ending.SOON: "h.until_on <= %(soon)s",
    Ending.LATER: "h.until_on > %(soon)s",
    Ending.UNTIL_ENDED: "h.until_on IS NULL",
}


def list_held(
    *, actor: Actor, chosen: DeskFilter, on: date, after: HeldKey | None = None, limit: int = 50
) -> list[HeldRow]:
    """Open holds that a person placed; those without an end come last."""
    where = get_cases_in_scope(actor=actor, chosen=chosen, on=on)
    dated, undated = "AND h.until_on IS NOT NULL", "AND h.until_on IS NULL"
    if after is not None and after.until_on is not None:
        dated = "AND (h.until_on, h.id) > (%(until_on)s, %(id)s)"
    elif after is not None:
        undated += " AND h.id > %(id)s"
    parts = [_PART.format(where=where.sql, more=undated, order="h.id")]
    if after is None or after.until_on is not None:
        parts.insert(0, _PART.format(where=where.sql, more=dated, order="h.until_on, h.id"))
    values: dict[str, Any] = {**where.values, "kinds": _kinds(chosen), "limit": limit}
    if after is not None:
        values |= after._asdict()
    with connection.cursor() as cursor:
        cursor.execute(where.head + _LIST.format(parts=" UNION ALL ".join(parts)), values)
        return [HeldRow(*row) for row in cursor.fetchall()]


def count_held(*, actor: Actor, chosen: DeskFilter, on: date, soon: date) -> HeldCounts:
    """How many end by ``soon``, later, and only when somebody ends them."""
    where = get_cases_in_scope(actor=actor, chosen=chosen, on=on)
    if chosen.is_whole_book:
        counts = [_COUNT_TO_CAP.format(where=where.sql, part=part) for part in _ENDING.values()]
        sql = f"SELECT {', '.join(counts)}"
    else:
        counts = [f"count(*) FILTER (WHERE {part})" for part in _ENDING.values()]
        sql = _COUNT.format(counts=", ".join(counts), where=where.sql)
    values = {**where.values, "kinds": _kinds(chosen), "soon": soon, "most": MOST_COUNTED}
    with connection.cursor() as cursor:
        cursor.execute(where.head + sql, values)
        return HeldCounts(*(min(found, MOST_COUNTED) for found in cursor.fetchone()))


def _kinds(chosen: DeskFilter) -> list[str]:
    return [str(kind) for kind in LISTED if chosen.kind in ("", kind)]

"""A page of cases: two statements, however many cases it has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

from django.db import connection

from api.case_rows import CASES, OWED, case_summary
from cases.lifecycle import CaseStatus, Stage
from debtors.lifecycle import Product
from kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What a client may ask for. Days past due are counted on the day of the question."""

    stage: Stage | None = None
    status: CaseStatus | None = None
    days_past_due_min: int | None = None
    days_past_due_max: int | None = None
    team: int | None = None
    product: Product | None = None
    updated_since: datetime | None = None


class Place(NamedTuple):
    """Where a page begins: after this case; ``updated_at`` where changes are followed."""

    updated_at: datetime | None
    case_id: int


@dataclass(frozen=True, slots=True)
class CasePage:
    cases: list[dict[str, Any]]
    next_place: Place | None


_DEBTS_OF_CASE: Final = """
    SELECT 1 FROM debtors_debtparty p
    JOIN debtors_debt b ON b.id = p.debt_id
    JOIN ledger_account a ON a.id = b.account_id
    WHERE p.debtor_id = c.debtor_id AND p.role = 'main_debtor'
"""


def list_cases(
    *, chosen: CaseFilter, after: Place | None, limit: int, actor: Actor, on: date
) -> CasePage:
    """The cases that the actor may see, by id, or by their last change where that is asked for."""
    by_change = chosen.updated_since is not None or (after is not None and after.updated_at)
    conditions, values = _conditions(chosen, actor, on)
    if after is not None:
        values |= {"after_id": after.case_id}
        if by_change:
            values["after_at"] = after.updated_at or chosen.updated_since
            conditions.append("(c.updated_at, c.id) > (%(after_at)s, %(after_id)s)")
        else:
            conditions.append("c.id > %(after_id)s")
    statement = CASES.format(
        where=" AND ".join(conditions) or "TRUE",
        order="c.updated_at, c.id" if by_change else "c.id",
    )
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


def _conditions(chosen: CaseFilter, actor: Actor, on: date) -> tuple[list[str], dict[str, Any]]:
    values: dict[str, Any] = {}
    conditions = []

    def demand(condition: str, name: str, value: Any) -> None:
        if value is not None:
            conditions.append(condition)
            values[name] = value

    demand("c.team_id = %(own_team)s", "own_team", actor.team_id)
    demand("c.team_id = %(team)s", "team", chosen.team)
    demand("c.status = %(status)s", "status", chosen.status)
    demand("c.stage = %(stage)s", "stage", chosen.stage)
    demand("c.updated_at >= %(since)s", "since", chosen.updated_since)
    demand(f"EXISTS ({_DEBTS_OF_CASE} AND b.product = %(product)s)", "product", chosen.product)
    if chosen.days_past_due_min:
        oldest = on - timedelta(days=chosen.days_past_due_min)
        demand(f"EXISTS ({_DEBTS_OF_CASE} AND a.due_since <= %(dpd_min)s)", "dpd_min", oldest)
    if chosen.days_past_due_max is not None:
        newest = on - timedelta(days=chosen.days_past_due_max)
        demand(f"NOT EXISTS ({_DEBTS_OF_CASE} AND a.due_since < %(dpd_max)s)", "dpd_max", newest)
    return conditions, values


def _owed(cursor: Any, debtor_ids: Sequence[int]) -> dict[int, list[Any]]:
    owed: dict[int, list[Any]] = {}
    if debtor_ids:
        cursor.execute(OWED, [list(debtor_ids)])
        for debtor_id, *rest in cursor.fetchall():
            owed.setdefault(debtor_id, []).append(rest)
    return owed

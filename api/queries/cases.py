"""A page of cases: two statements, however many cases it has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

from django.db import connection

from api.decimals import decimal_string
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


CASES: Final = """
    SELECT c.id, c.number, c.status, c.stage, c.handled_by, c.opened_on, c.closed_on,
           c.updated_at, c.debtor_id, d.external_id, d.kind, d.display_name,
           t.id, t.name, o.username, o.full_name
    FROM cases_case c
    JOIN debtors_debtor d ON d.id = c.debtor_id
    LEFT JOIN staff_team t ON t.id = c.team_id
    LEFT JOIN staff_user o ON o.id = c.owner_id
    WHERE {where}
    ORDER BY {order}
    LIMIT %(limit)s
"""
OWED: Final = """
    SELECT p.debtor_id, a.currency, sum(greatest(a.due_minor, 0))::bigint,
           sum(a.outstanding_minor)::bigint, min(a.due_since), array_agg(DISTINCT b.product)
    FROM debtors_debtparty p
    JOIN debtors_debt b ON b.id = p.debt_id
    JOIN ledger_account a ON a.id = b.account_id
    WHERE p.debtor_id = ANY(%s) AND p.role = 'main_debtor'
    GROUP BY p.debtor_id, a.currency
    ORDER BY p.debtor_id, a.currency
"""
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


def case_summary(row: Sequence[Any], owed: Sequence[Any], on: date) -> dict[str, Any]:
    """A row of ``CASES`` and its rows of ``OWED`` as a client sees them."""
    due_since = min((part[3] for part in owed if part[3] is not None), default=None)
    return {
        "number": row[1],
        "status": row[2],
        "stage": row[3],
        "handled_by": row[4],
        "opened_on": row[5].isoformat(),
        "closed_on": row[6].isoformat() if row[6] else None,
        "updated_at": row[7].isoformat(),
        "debtor": {"external_id": row[9], "kind": row[10], "name": row[11]},
        "team": {"id": row[12], "name": row[13]} if row[12] else None,
        "owner": {"username": row[14], "name": row[15]} if row[14] else None,
        "products": sorted({product for part in owed for product in part[4]}),
        "owed": [
            {
                "currency": currency,
                "due": decimal_string(due, currency),
                "outstanding": decimal_string(outstanding, currency),
            }
            for currency, due, outstanding, _, _ in owed
        ],
        "due_since": due_since.isoformat() if due_since else None,
        "days_past_due": max((on - due_since).days, 0) if due_since else 0,
    }

"""Cases by the filters of the address, in the order of their opening."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db import connection

from cases.lifecycle import CaseStatus, Stage
from kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """``first_day`` and ``last_day`` are days past due, both included."""

    status: CaseStatus | None = CaseStatus.OPEN
    stage: Stage | None = None
    first_day: int | None = None
    last_day: int | None = None
    strategy: str = ""
    step: str = ""


class CaseRow(NamedTuple):
    case_id: int
    number: str
    debtor_name: str
    stage: str
    status: str
    opened_on: date
    team_name: str | None
    owner_name: str | None


_LIST = """
    SELECT c.id, c.number, d.display_name, c.stage, c.status, c.opened_on, t.name, o.full_name
    FROM cases_case c
    JOIN debtors_debtor d ON d.id = c.debtor_id
    LEFT JOIN staff_team t ON t.id = c.team_id
    LEFT JOIN staff_user o ON o.id = c.owner_id
    {join}
    WHERE TRUE {where}
    ORDER BY c.id
    LIMIT %(limit)s
"""

#: The oldest due day of the case decides, as on the board.
_DUE = """
    CROSS JOIN LATERAL (
        SELECT min(a.due_since) AS since
        FROM debtors_debtparty p
        JOIN debtors_debt b ON b.id = p.debt_id
        JOIN ledger_account a ON a.id = b.account_id
        WHERE p.debtor_id = c.debtor_id AND p.role = 'main_debtor'
    ) due
"""

_STANDS = """
    JOIN escalation_enrolment e ON e.case_id = c.id AND e.status = 'active'
    JOIN escalation_strategyversion v ON v.id = e.version_id
    JOIN escalation_strategy s ON s.id = v.strategy_id
"""


def list_cases(
    *, actor: Actor, chosen: CaseFilter, on: date, after_id: int | None = None, limit: int = 50
) -> list[CaseRow]:
    """The cases that the actor may see; page on with the id of the last one."""
    where: list[str] = []
    join = ""
    values: dict[str, Any] = {"limit": limit}

    def add(condition: str, **named: Any) -> None:
        where.append(condition)
        values.update(named)

    if actor.team_id is not None:
        add("c.team_id = %(team_id)s", team_id=actor.team_id)
    if chosen.status is not None:
        add("c.status = %(status)s", status=chosen.status.value)
    if chosen.stage is not None:
        add("c.stage = %(stage)s", stage=chosen.stage.value)
    if chosen.first_day is not None or chosen.last_day is not None:
        join += _DUE
        if chosen.first_day:
            add("due.since <= %(latest)s", latest=on - timedelta(days=chosen.first_day))
        if chosen.last_day is not None:
            add(
                "COALESCE(due.since, %(on)s) >= %(earliest)s",
                on=on,
                earliest=on - timedelta(days=chosen.last_day),
            )
    if chosen.strategy:
        join += _STANDS
        add("s.key = %(strategy)s", strategy=chosen.strategy)
        if chosen.step:
            add("e.step_key = %(step)s", step=chosen.step)
    if after_id is not None:
        add("c.id > %(after_id)s", after_id=after_id)
    sql = _LIST.format(join=join, where="".join(f" AND {part}" for part in where))
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [CaseRow(*row) for row in cursor.fetchall()]

"""Whose cases a list shows, and which of them: one filter for every tab of the desk.

What is overdue, since when and on which products is kept with the case and with its work, so that
a list of a whole team reads no accounts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final, NamedTuple

from escalation.case_filter import CaseFilter, where_of
from kernel.actor import Actor
from kernel.whole_units import at_least

NO_FILTER: Final = CaseFilter()
#: No list counts further than this.
MOST_COUNTED: Final = 1_000


class Whose(StrEnum):
    """``all`` needs the right to see all teams."""

    MINE = "mine"
    TEAM = "team"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class DeskFilter:
    """``kind`` is a word of the tab: a kind of work, of waiting, of hold, of proposal; empty
    for all. ``team_id`` is the reader's own team. ``aside``: only what a person put aside.

    ``case.overdue_min`` is of the currency in which most is overdue.
    """

    whose: Whose
    team_id: int | None = None
    case: CaseFilter = NO_FILTER
    kind: str = ""
    aside: bool = False

    @property
    def is_whole_book(self) -> bool:
        """Nothing narrows it: counting stops early, and is not worth gathering the cases first."""
        return self.whose is Whose.ALL and self.case == NO_FILTER


class Scope(NamedTuple):
    """``sql`` for ``WHERE``; ``head`` stands before the whole statement. ``of_case``: it speaks
    of the case ``c``, not only of its work."""

    head: str
    sql: str
    values: dict[str, Any]
    of_case: bool


def get_cases_in_scope(*, actor: Actor, chosen: DeskFilter, on: date) -> Scope:
    """Conditions on ``cases_case c``: open cases in the scope that fit the filter."""
    where = _scope("c", actor, chosen)
    where.parts.insert(0, "c.status = 'open'")
    _add_figures("c", "c.overdue_currency", chosen.case, on, where)
    _add_strategy("c.id", chosen.case, where)
    _add_rest(chosen.case, on, where)
    return where.as_scope(of_case=True)


def get_work_in_scope(*, actor: Actor, chosen: DeskFilter, on: date) -> Scope:
    """Conditions on ``cases_workitem w``, and on its case ``c`` only where it must be."""
    where = _scope("w", actor, chosen)
    _add_figures("w", "w.currency", chosen.case, on, where)
    _add_strategy("w.case_id", chosen.case, where)
    if chosen.kind:
        where.add("w.kind = %(kind)s", kind=chosen.kind)
    if chosen.aside:
        where.add("w.put_aside_by_id IS NOT NULL")
    return where.as_scope(of_case=_add_rest(chosen.case, on, where))


class _Parts:
    def __init__(self) -> None:
        self.head = ""
        self.parts: list[str] = []
        self.values: dict[str, Any] = {}

    def add(self, part: str, **values: Any) -> None:
        self.parts.append(part)
        self.values |= values

    def as_scope(self, *, of_case: bool) -> Scope:
        return Scope(self.head, " AND ".join(self.parts) or "TRUE", self.values, of_case)


def _scope(row: str, actor: Actor, chosen: DeskFilter) -> _Parts:
    """What the actor may see, and of that whose was chosen."""
    where = _Parts()
    if actor.team_id is not None:
        where.add(f"{row}.team_id = %(scope_team)s", scope_team=actor.team_id)
    elif chosen.whose is Whose.TEAM:
        where.add(f"{row}.team_id = %(scope_team)s", scope_team=chosen.team_id)
    if chosen.case.team is not None:
        where.add(f"{row}.team_id = %(chosen_team)s", chosen_team=chosen.case.team)
    if chosen.whose is Whose.MINE:
        where.add(f"{row}.owner_id = %(scope_owner)s", scope_owner=actor.user_id)
    return where


def _add_figures(row: str, currency: str, case: CaseFilter, on: date, where: _Parts) -> None:
    if case.days_past_due_min:
        late_since = on - timedelta(days=case.days_past_due_min)
        where.add(f"{row}.due_since <= %(late_since)s", late_since=late_since)
    if case.days_past_due_max is not None:
        not_since = on - timedelta(days=case.days_past_due_max)
        where.add(
            f"({row}.due_since IS NULL OR {row}.due_since >= %(not_since)s)", not_since=not_since
        )
    if case.overdue_min is not None:
        overdue = f"{row}.overdue_minor"
        where.add(at_least(overdue, currency, case.overdue_min, where.values))


def _add_rest(case: CaseFilter, on: date, where: _Parts) -> bool:
    """Whatever else is asked of a case; False where nothing is."""
    rest = replace(
        case,
        team=None,
        days_past_due_min=None,
        days_past_due_max=None,
        overdue_min=None,
        product=None,
        segment=None,
        step=None,
    )
    fits = where_of(rest, on=on)
    if case.product is not None:
        where.add("c.products @> ARRAY[%(product)s]::varchar(16)[]", product=str(case.product))
    if fits.sql != "TRUE":
        where.add(fits.sql, **fits.values)
    return case.product is not None or fits.sql != "TRUE"


#: The cases that stand at a step are gathered once. Looked up row by row, a step at which few
#: stand would cost a look at every row of the list.
_ON_STRATEGY: Final = """
    WITH on_strategy AS MATERIALIZED (
        SELECT e.case_id FROM escalation_enrolment e
        JOIN escalation_strategyversion v ON v.id = e.version_id
        JOIN escalation_strategy s ON s.id = v.strategy_id
        WHERE e.status = 'active' AND s.key = %(segment)s
          AND (%(step)s::text IS NULL OR e.step_key = %(step)s)
    )
"""


def _add_strategy(case_id: str, case: CaseFilter, where: _Parts) -> None:
    if case.segment is not None:
        where.head = _ON_STRATEGY
        where.add(
            f"EXISTS (SELECT 1 FROM on_strategy WHERE on_strategy.case_id = {case_id})",
            segment=case.segment,
            step=case.step,
        )

"""The approvals inbox: what waits for a decision over all kinds of proposals, a page at a time.

Every kind has a table of its own with the same columns and indexes. Each gives its first rows in
the order asked for, and the first of those are the page: nothing is read that is not shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final, NamedTuple

from django.db import connection

from kernel.actor import Actor
from kernel.whole_units import at_least
from staff.approvals import approval_tables
from staff.authority import Authority, Holder
from staff.lifecycle import ApprovalKind

#: No list counts further than this.
MOST_COUNTED: Final = 1_000


class Order(StrEnum):
    """``oldest`` first; the nearest ``deadline`` first and what has none last; the largest
    ``amount`` first, each currency by itself."""

    OLDEST = "oldest"
    DEADLINE = "deadline"
    AMOUNT = "amount"


class Proposer(StrEnum):
    """Whose proposals, where no person is named by their id."""

    STRATEGY = "strategy"
    PEOPLE = "people"


@dataclass(frozen=True, slots=True)
class ApprovalsFilter:
    """Empty and None ask for nothing. ``step`` is ``strategy.step``; ``amount_min`` is in whole
    units of the proposal's own currency; ``proposer`` is a word of ``Proposer`` or the id of a
    person; ``within`` leaves what this authority decides."""

    kind: str = ""
    team: int | None = None
    step: str = ""
    amount_min: int | None = None
    proposer: str = ""
    sent_back: bool = False
    within: Authority | None = None


class ApprovalKey(NamedTuple):
    """The place of a row: ``main`` is its deadline or its amount, by the order."""

    main: date | tuple[str, int] | None
    proposed_at: datetime
    kind: str
    id: int


class ApprovalRow(NamedTuple):
    kind: str
    id: int
    status: str
    amount_minor: int
    currency: str
    deadline_on: date | None
    step: str
    proposed_by_id: int | None
    proposed_by: str | None
    proposed_at: datetime
    decision_reason: str
    case_id: int
    case_number: str
    team_id: int | None
    debtor_name: str

    def key(self, order: Order) -> ApprovalKey:
        main: date | tuple[str, int] | None = None
        if order is Order.DEADLINE:
            main = self.deadline_on
        elif order is Order.AMOUNT:
            main = (self.currency, self.amount_minor)
        return ApprovalKey(main, self.proposed_at, self.kind, self.id)


class ApprovalCounts(NamedTuple):
    """Counted to a cap of 1,000 each: by kind, and in all of those that wait and those that were
    sent back."""

    kinds: Mapping[str, int]
    waiting: int
    sent_back: int


#: What the order needs, and what stands in its index beside the case: the rest of a row, which
#: is long, is read for the page alone.
_KEYS: Final = {
    Order.OLDEST: "p.id, p.proposed_at",
    Order.DEADLINE: "p.id, p.proposed_at, p.deadline_on",
    Order.AMOUNT: "p.id, p.proposed_at, p.currency, p.amount_minor",
}
_ORDER_BY: Final = {
    Order.OLDEST: "p.proposed_at, {kind}p.id",
    Order.DEADLINE: "p.deadline_on, p.proposed_at, {kind}p.id",
    Order.AMOUNT: "p.currency DESC, p.amount_minor DESC, p.proposed_at DESC, {kind}p.id DESC",
}
_KIND_OF: Final = {
    Order.OLDEST: "p.kind, ",
    Order.DEADLINE: "p.kind, ",
    Order.AMOUNT: "p.kind DESC, ",
}
_PART: Final = """
    (SELECT '{kind}' AS kind, {keys} FROM {table} p WHERE {where} ORDER BY {order} LIMIT %(limit)s)
"""
_ROW: Final = """
    SELECT r.status, r.amount_minor, r.currency, r.deadline_on, r.step, r.proposed_by_id,
           r.proposed_at, r.decision_reason, r.case_id
    FROM {table} r WHERE p.kind = '{kind}' AND r.id = p.id
"""
_PAGE: Final = """
    {head}
    SELECT p.kind, p.id, r.status, r.amount_minor, r.currency, r.deadline_on, r.step,
           r.proposed_by_id, u.full_name, r.proposed_at, r.decision_reason,
           c.id, c.number, c.team_id, d.display_name
    FROM (SELECT * FROM ({parts}) p ORDER BY {order} LIMIT %(limit)s) p
    JOIN LATERAL ({rows}) r ON true
    JOIN cases_case c ON c.id = r.case_id
    JOIN debtors_debtor d ON d.id = c.debtor_id
    LEFT JOIN staff_user u ON u.id = r.proposed_by_id
    ORDER BY {order}
"""
#: The cases of a team are gathered once. Looked up one by one, a team of which little waits would
#: cost a look at every proposal.
_OF_TEAM: Final = """
    WITH of_team AS MATERIALIZED (
        SELECT c.id FROM cases_case c WHERE c.status = 'open' AND {teams}
    )
"""
_COUNT: Final = """
    (SELECT count(*) FROM (SELECT 1 FROM {table} p WHERE {where} LIMIT {most}) s)
"""
_CHOSEN: Final = """
    (SELECT '{kind}' AS kind, p.id, p.proposed_at
     FROM {table} p JOIN cases_case c ON c.id = p.case_id
     WHERE p.id = ANY(%(ids)s) AND {team})
"""


def list_approvals(
    *,
    actor: Actor,
    chosen: ApprovalsFilter,
    order: Order = Order.OLDEST,
    after: ApprovalKey | None = None,
    limit: int = 50,
) -> list[ApprovalRow]:
    """Open proposals about the actor's cases; page on with the last row's key."""
    values: dict[str, Any] = {"limit": limit}
    parts: list[str] = []
    for kind, table in _tables(chosen):
        where = _where(actor, chosen, kind)
        if where is None:
            continue
        values |= where.values
        for number, more in enumerate(_segments(order, kind, after, values)):
            parts.append(
                _PART.format(
                    kind=kind,
                    keys=_KEYS[order],
                    table=table,
                    where=" AND ".join([where.sql, *more]),
                    order=_part_order(order, number),
                )
            )
    if not parts:
        return []
    ordered = _ORDER_BY[order].format(kind=_KIND_OF[order])
    with connection.cursor() as cursor:
        cursor.execute(_page(_head(actor, chosen, values), parts, ordered), values)
        return [ApprovalRow(*row) for row in cursor.fetchall()]


def list_chosen_approvals(*, actor: Actor, kind: str, ids: Sequence[int]) -> list[ApprovalRow]:
    """Those of one kind, whatever their status, as far as the actor may see them; by age."""
    table = approval_tables().get(kind)
    if table is None or not ids:
        return []
    team = "TRUE" if actor.team_id is None else "c.team_id = %(team)s"
    part = _CHOSEN.format(kind=kind, table=table, team=team)
    with connection.cursor() as cursor:
        cursor.execute(
            _page("", [part], "p.proposed_at, p.id"),
            {"ids": list(ids), "team": actor.team_id, "limit": len(ids)},
        )
        return [ApprovalRow(*row) for row in cursor.fetchall()]


def count_approvals(*, actor: Actor, chosen: ApprovalsFilter) -> ApprovalCounts:
    """In one statement: each kind as it is filtered, and both states."""
    values: dict[str, Any] = {}
    sums: list[str] = []
    places: list[tuple[bool, str]] = []
    for sent_back in (False, True):
        for kind, table in approval_tables().items():
            where = _where(actor, chosen, kind, sent_back=sent_back)
            if where is None:
                continue
            values |= where.values
            sums.append(_COUNT.format(table=table, where=where.sql, most=MOST_COUNTED))
            places.append((sent_back, kind))
    found: dict[tuple[bool, str], int] = {}
    if sums:
        with connection.cursor() as cursor:
            cursor.execute(f"{_head(actor, chosen, values)} SELECT {', '.join(sums)}", values)
            found = dict(zip(places, cursor.fetchone(), strict=True))
    return ApprovalCounts(
        {kind: found.get((chosen.sent_back, kind), 0) for kind in approval_tables()},
        _capped(found, chosen, sent_back=False),
        _capped(found, chosen, sent_back=True),
    )


def _capped(
    found: Mapping[tuple[bool, str], int], chosen: ApprovalsFilter, *, sent_back: bool
) -> int:
    counted = sum(
        count
        for (is_sent_back, kind), count in found.items()
        if is_sent_back is sent_back and chosen.kind in ("", kind)
    )
    return min(counted, MOST_COUNTED)


def _tables(chosen: ApprovalsFilter) -> list[tuple[str, str]]:
    return [(kind, table) for kind, table in approval_tables().items() if chosen.kind in ("", kind)]


def _page(head: str, parts: Sequence[str], order: str) -> str:
    rows = [_ROW.format(kind=kind, table=table) for kind, table in approval_tables().items()]
    return _PAGE.format(
        head=head, parts=" UNION ALL ".join(parts), rows=" UNION ALL ".join(rows), order=order
    )


def _teams(actor: Actor, chosen: ApprovalsFilter) -> dict[str, int]:
    teams = {"scope_team": actor.team_id, "team": chosen.team}
    return {name: team for name, team in teams.items() if team is not None}


def _head(actor: Actor, chosen: ApprovalsFilter, values: dict[str, Any]) -> str:
    teams = _teams(actor, chosen)
    values |= teams
    parts = [f"c.team_id = %({name})s" for name in teams]
    return _OF_TEAM.format(teams=" AND ".join(parts)) if parts else ""


class _Where(NamedTuple):
    sql: str
    values: dict[str, Any]


def _where(
    actor: Actor, chosen: ApprovalsFilter, kind: str, *, sent_back: bool | None = None
) -> _Where | None:
    """The conditions on one kind; None where none of it can be meant."""
    is_sent_back = chosen.sent_back if sent_back is None else sent_back
    sql = [f"p.status = '{'sent_back' if is_sent_back else 'proposed'}'"]
    values: dict[str, Any] = {}
    if _teams(actor, chosen):
        sql.append("p.case_id IN (SELECT id FROM of_team)")
    if chosen.step:
        sql.append("p.step = %(step)s AND p.step <> ''")
        values["step"] = chosen.step
    if chosen.amount_min is not None:
        sql.append(at_least("p.amount_minor", "p.currency", chosen.amount_min, values))
    if chosen.proposer == Proposer.STRATEGY:
        sql.append("p.proposed_by_id IS NULL")
    elif chosen.proposer == Proposer.PEOPLE:
        sql.append("p.proposed_by_id IS NOT NULL")
    elif chosen.proposer:
        sql.append("p.proposed_by_id = %(proposer)s")
        values["proposer"] = int(chosen.proposer)
    if chosen.within is not None:
        decidable = list(_decidable(chosen.within, ApprovalKind(kind), values))
        if not decidable:
            return None
        sql.append(f"p.proposed_by_id IS DISTINCT FROM %(decider)s AND ({' OR '.join(decidable)})")
        values["decider"] = chosen.within.own.user_id
    return _Where(" AND ".join(sql), values)


def _decidable(authority: Authority, kind: ApprovalKind, values: dict[str, Any]) -> Iterator[str]:
    """What each holder's authority is enough for, in the currency of the proposal."""
    for holder in (authority.own, *authority.lent):
        if kind not in holder.kinds:
            continue
        parts = [_within_limits(holder, kind, values)]
        if holder is not authority.own:
            name = f"holder_{holder.user_id}"
            values[name] = holder.user_id
            parts.append(f"p.proposed_by_id IS DISTINCT FROM %({name})s")
            if holder.team_id is not None:
                values[f"{name}_team"] = holder.team_id
                parts.append(
                    "p.case_id IN (SELECT c.id FROM cases_case c WHERE c.status = 'open'"
                    f" AND c.team_id = %({name}_team)s)"
                )
        yield f"({' AND '.join(parts)})"


def _within_limits(holder: Holder, kind: ApprovalKind, values: dict[str, Any]) -> str:
    limits = sorted((currency, top) for (of, currency), top in holder.limits.items() if of == kind)
    otherwise = "TRUE" if holder.is_unlimited else "FALSE"
    if not limits:
        return otherwise
    cases: list[str] = []
    for number, (currency, top) in enumerate(limits):
        name = f"{kind}_{holder.user_id}_{number}"
        values |= {f"{name}_currency": currency, f"{name}_top": top}
        cases.append(f"WHEN p.currency = %({name}_currency)s THEN p.amount_minor <= %({name}_top)s")
    return f"CASE {' '.join(cases)} ELSE {otherwise} END"


def _part_order(order: Order, segment: int) -> str:
    """Behind the dated ones stand those without a deadline, by age."""
    if order is Order.DEADLINE and segment == 1:
        return _ORDER_BY[Order.OLDEST].format(kind="")
    return _ORDER_BY[order].format(kind="")


def _segments(
    order: Order, kind: str, after: ApprovalKey | None, values: dict[str, Any]
) -> list[list[str]]:
    """The index ranges in which the rows of a kind that come after ``after`` stand, each with its
    conditions. By deadline there are two: those that have one, then the others."""
    if after is not None:
        values |= {"after_at": after.proposed_at, "after_id": after.id}
    match order:
        case Order.OLDEST:
            return [_after(kind, after, "p.proposed_at", "%(after_at)s")]
        case Order.AMOUNT:
            if after is not None and isinstance(after.main, tuple):
                values["after_currency"], values["after_amount"] = after.main
            return [
                _after(
                    kind,
                    after,
                    "p.currency, p.amount_minor, p.proposed_at",
                    "%(after_currency)s, %(after_amount)s, %(after_at)s",
                    falling=True,
                )
            ]
        case Order.DEADLINE:
            undated = ["p.deadline_on IS NULL"]
            if after is not None and after.main is None:
                past = _after(kind, after, "p.proposed_at", "%(after_at)s")
                return [["FALSE"], [*undated, *past]]
            values["after_day"] = after.main if after is not None else None
            dated = _after(
                kind, after, "p.deadline_on, p.proposed_at", "%(after_day)s, %(after_at)s"
            )
            return [["p.deadline_on IS NOT NULL", *dated], undated]


def _after(
    kind: str, after: ApprovalKey | None, columns: str, names: str, *, falling: bool = False
) -> list[str]:
    """Rows of one kind that come after a row of any; ties between kinds go by their names."""
    if after is None:
        return []
    sign = "<" if falling else ">"
    if kind == after.kind:
        return [f"({columns}, p.id) {sign} ({names}, %(after_id)s)"]
    comes_later = kind < after.kind if falling else kind > after.kind
    return [f"({columns}) {sign}{'=' if comes_later else ''} ({names})"]

"""The cases and lines behind a figure, as they stood, and what has changed since.

A figure counts cases that stood at a close, lines of days, or the cases of an earlier close by
where they went. Each is counted and listed by the same conditions, so that what is behind a
figure is exactly what it counts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, NamedTuple

from django.db import connection

from portfolio.entries import EntryKind
from portfolio.queries.rolls import ROLLED
from portfolio.queries.scope import Scope


class Totals(NamedTuple):
    """``rows`` is what the figure counts; a case may have several of them."""

    rows: int = 0
    cases: int = 0
    money_minor: int = 0
    due_minor: int = 0


class After(NamedTuple):
    """The last row of the page before, in the order of the list."""

    rank: int
    id: int


class Row(NamedTuple):
    """A row of any of the lists; what it does not tell of is None.

    ``rank`` and ``id`` are its place. The days, stage and money are those of the figure;
    ``later_*`` those of the later close, for cases that went somewhere. ``was_open`` is None
    where the rows per case of that close are no longer kept.
    """

    rank: int
    id: int
    number: str
    debtor_name: str
    currency: str
    stage: str
    days_past_due: int | None
    money_minor: int
    due_minor: int
    outstanding_minor: int | None
    taken_on: date
    kind: str
    code: str
    officer_name: str
    event_on: date | None
    outcome: int | None
    later_days: int | None
    later_due_minor: int | None
    was_open: bool | None
    stage_then: str | None
    due_then_minor: int | None
    stage_now: str
    status_now: str
    due_now_minor: int
    is_done: bool

    @property
    def has_changed(self) -> bool | None:
        """Against the close at which the figure was taken; None where that is not known."""
        if self.was_open is None:
            return None
        is_open = self.status_now == "open"
        if self.is_done or self.was_open is not is_open:
            return True
        return is_open and (
            self.stage_then != self.stage_now
            or (bool(self.currency) and self.due_then_minor != self.due_now_minor)
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """What a figure counts, whichever list it has; None asks for nothing.

    ``officer_id`` is who has the case, or did what the line tells of; 0 is nobody. Days past due
    are those of the figure, both ends included. ``in_default``: something was outstanding on a
    debt in default.
    """

    on: date
    scope: Scope
    currency: str | None = None
    stage: str | None = None
    days_min: int | None = None
    days_max: int | None = None
    officer_id: int | None = None
    in_default: bool | None = None

    def conditions(self, officer: str) -> str:
        """Conditions that begin with AND; ``officer`` is the column that names a person."""
        given = {
            "currency = %(currency)s": self.currency,
            "stage = %(stage)s": self.stage,
            "days_past_due >= %(days_min)s": self.days_min,
            "days_past_due <= %(days_max)s": self.days_max,
            f"COALESCE({officer}, 0) = %(officer_id)s": self.officer_id,
        }
        parts = [condition for condition, value in given.items() if value is not None]
        if self.in_default is not None:
            parts.append("default_minor > 0" if self.in_default else "default_minor = 0")
        return "".join(f" AND {part}" for part in parts) + self.scope.where()

    def values(self) -> dict[str, Any]:
        return {
            **self.scope.values(),
            "on": self.on,
            "currency": self.currency,
            "stage": self.stage,
            "days_min": self.days_min,
            "days_max": self.days_max,
            "officer_id": self.officer_id,
        }


_ROWS: Final = """
    SELECT x.rank, x.id, c.number, d.display_name, x.currency, x.stage, x.days_past_due,
           x.money_minor, x.due_minor, x.outstanding_minor, x.taken_on, x.kind, x.code,
           COALESCE(u.full_name, ''), x.event_on, x.outcome, x.later_days, x.later_due,
           CASE WHEN stood.stage IS NOT NULL THEN true WHEN t.is_kept THEN false END,
           stood.stage, stood.due_minor, c.stage, c.status, live.due,
           COALESCE(w.status <> 'open', false)
    FROM (
        SELECT * FROM ({rows}) x WHERE TRUE {after} ORDER BY rank DESC, id DESC LIMIT %(limit)s
    ) x
    JOIN cases_case c ON c.id = x.case_id
    JOIN debtors_debtor d ON d.id = c.debtor_id
    LEFT JOIN staff_user u ON u.id = x.officer_id
    LEFT JOIN cases_workitem w ON w.id = x.work_item_id
    CROSS JOIN (SELECT EXISTS (
        SELECT 1 FROM portfolio_casesnapshot WHERE taken_on = %(on)s) AS is_kept) t
    LEFT JOIN LATERAL (
        SELECT s.stage, s.due_minor FROM portfolio_casesnapshot s
        WHERE s.taken_on = %(on)s AND s.case_id = x.case_id
          AND (x.currency = '' OR s.currency = x.currency)
        LIMIT 1
    ) stood ON true
    CROSS JOIN LATERAL (
        SELECT COALESCE(sum(GREATEST(a.due_minor, 0)), 0)::bigint AS due
        FROM debtors_debtparty p
        JOIN debtors_debt b ON b.id = p.debt_id
        JOIN ledger_account a ON a.id = b.account_id
        WHERE p.debtor_id = c.debtor_id AND p.role = 'main_debtor' AND a.currency = x.currency
    ) live
    ORDER BY x.rank DESC, x.id DESC
"""
_TOTALS: Final = """
    SELECT count(*)::int, {cases}::int, COALESCE(sum(money_minor), 0)::bigint,
           COALESCE(sum(due_minor), 0)::bigint
    FROM ({rows}) x
"""

# A case in several currencies is listed once where no currency is asked for: in the one in
# which most is due.
_CASES: Final = """
    SELECT due_minor AS rank, case_id AS id, case_id, currency, stage, days_past_due,
           due_minor AS money_minor, due_minor, outstanding_minor, taken_on, '' AS kind,
           '' AS code, owner_id AS officer_id, NULL::date AS event_on, NULL::int AS outcome,
           NULL::int AS later_days, NULL::bigint AS later_due, NULL::bigint AS work_item_id
    FROM portfolio_casesnapshot s
    WHERE taken_on = %(on)s {conditions} {once}
"""
_ONCE: Final = """
    AND NOT EXISTS (
        SELECT 1 FROM portfolio_casesnapshot o
        WHERE o.taken_on = s.taken_on AND o.case_id = s.case_id
          AND (o.due_minor, o.currency) > (s.due_minor, s.currency))
"""

_LINES: Final = """
    SELECT {rank} AS rank, id, case_id, currency, stage, NULL::int AS days_past_due, money_minor,
           due_minor, NULL::bigint AS outstanding_minor, taken_on, kind, code, officer_id,
           event_on, NULL::int AS outcome, NULL::int AS later_days, NULL::bigint AS later_due,
           CASE WHEN kind IN ('work_due', 'work_late') THEN subject_id END AS work_item_id
    FROM portfolio_dayentry
    WHERE kind = ANY(%(kinds)s) AND taken_on > %(since)s AND taken_on <= %(on)s
      AND (%(code)s::text IS NULL OR code = %(code)s) {conditions}
"""
#: By what the reader looks for first: the soonest day, the newest line, the largest amount.
_BY_EVENT: Final = "DATE '2000-01-01' - event_on"
_BY_DAY: Final = "taken_on - DATE '2000-01-01'"
_BY_MONEY: Final = "money_minor"
_RANKS: Final = {
    EntryKind.WORK_DUE: _BY_EVENT,
    EntryKind.WORK_LATE: _BY_EVENT,
    EntryKind.APPROVAL: _BY_EVENT,
    EntryKind.DEADLINE: _BY_EVENT,
    EntryKind.ATTEMPT: _BY_DAY,
    EntryKind.TALK: _BY_DAY,
    EntryKind.WORK_OPENED: _BY_DAY,
    EntryKind.WORK_DONE: _BY_DAY,
    EntryKind.STOPPED_CONTACT: _BY_DAY,
    EntryKind.STOPPED_MESSAGE: _BY_DAY,
    EntryKind.OVERRIDDEN: _BY_DAY,
}

_ROLLED: Final = f"""
    SELECT r.due_minor AS rank, r.case_id AS id, r.case_id, r.currency, r.stage, r.days_past_due,
           r.due_minor AS money_minor, r.due_minor, NULL::bigint AS outstanding_minor,
           %(before)s::date AS taken_on, '' AS kind, '' AS code, NULL::bigint AS officer_id,
           NULL::date AS event_on, r.outcome, r.days_now AS later_days, r.due_now AS later_due,
           NULL::bigint AS work_item_id
    FROM ({ROLLED}) r
    WHERE (%(outcomes)s::int[] IS NULL OR r.outcome = ANY(%(outcomes)s)) {{conditions}}
"""


@dataclass(frozen=True, slots=True)
class Behind:
    """What is behind one figure: how many, and page by page."""

    sql: str
    values: dict[str, Any]
    #: No case stands in it twice.
    is_of_cases: bool = False

    def count(self) -> Totals:
        cases = "count(*)" if self.is_of_cases else "count(DISTINCT case_id)"
        with connection.cursor() as cursor:
            cursor.execute(_TOTALS.format(rows=self.sql, cases=cases), self.values)
            return Totals(*cursor.fetchone())

    def page(self, *, after: After | None, limit: int) -> list[Row]:
        sql = _ROWS.format(
            rows=self.sql, after="AND (rank, id) < (%(rank)s, %(id)s)" if after else ""
        )
        values = {**self.values, "limit": limit, **(after._asdict() if after else {})}
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return [Row(*row) for row in cursor.fetchall()]


def get_cases_behind(*, asked: Asked) -> Behind:
    """The open cases of the close ``asked.on``; of an officer, those in their hands."""
    once = _ONCE if asked.currency is None else ""
    sql = _CASES.format(conditions=asked.conditions("owner_id"), once=once)
    return Behind(sql, asked.values(), is_of_cases=True)


def get_lines_behind(
    *, asked: Asked, kinds: frozenset[EntryKind], since: date, code: str | None
) -> Behind:
    """The lines of the days after ``since``, through ``asked.on``; they know no days past due."""
    asked = replace(asked, days_min=None, days_max=None, in_default=None)
    rank = _RANKS.get(min(kinds, default=EntryKind.PAID), _BY_MONEY)
    return Behind(
        _LINES.format(rank=rank, conditions=asked.conditions("officer_id")),
        {**asked.values(), "kinds": sorted(kinds), "since": since, "code": code},
    )


def get_rolled_behind(*, asked: Asked, before: date, outcomes: list[int] | None) -> Behind:
    """The cases of the close ``before`` that stood in one of the outcomes at ``asked.on``."""
    asked = replace(asked, in_default=None)
    return Behind(
        _ROLLED.format(conditions=asked.conditions("NULL::bigint")),
        {**asked.values(), "before": before, "outcomes": outcomes},
    )

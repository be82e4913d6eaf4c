"""What came, went and was done over days: from the sums of each day and of each week."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, NamedTuple

from django.db import connection

from portfolio.entries import STOCKS, EntryKind
from portfolio.periods import Stretch
from portfolio.queries.scope import Scope


class FlowSum(NamedTuple):
    """Lines, and minor units of what they tell of; see ``portfolio.entries``."""

    entries: int = 0
    money_minor: int = 0
    due_minor: int = 0

    def plus(self, other: FlowSum) -> FlowSum:
        return FlowSum(
            self.entries + other.entries,
            self.money_minor + other.money_minor,
            self.due_minor + other.due_minor,
        )


@dataclass(frozen=True, slots=True)
class Flows:
    """The sums of a stretch of days in one currency; what tells of no money has none."""

    sums: Mapping[EntryKind, FlowSum] = field(default_factory=dict)

    def __getitem__(self, kind: EntryKind) -> FlowSum:
        return self.sums.get(kind, FlowSum())


_FLOWS: Final = """
    SELECT taken_on > %(parting)s, currency, kind, sum(entries)::int, sum(money_minor)::bigint,
           sum(due_minor)::bigint
    FROM portfolio_figuresum
    WHERE grain = 'desk' AND kind = ANY(%(kinds)s)
      AND (taken_on > %(after)s AND taken_on <= %(through)s
           OR taken_on > %(after_before)s AND taken_on <= %(through_before)s) {scope}
    GROUP BY 1, 2, 3
"""


def list_flows(
    *, stretch: Stretch, before: Stretch | None, scope: Scope
) -> tuple[dict[str, Flows], dict[str, Flows]]:
    """By currency: of the stretch, and of the one before, which ends no later than it begins."""
    before = before or Stretch(stretch.after, stretch.after)
    with connection.cursor() as cursor:
        cursor.execute(
            _FLOWS.format(scope=scope.where()),
            {
                **scope.values(),
                "kinds": sorted(kind for kind in EntryKind if kind not in STOCKS),
                "parting": max(stretch.after, before.through),
                "after": stretch.after,
                "through": stretch.through,
                "after_before": before.after,
                "through_before": before.through,
            },
        )
        found: dict[bool, dict[str, dict[EntryKind, FlowSum]]] = {True: {}, False: {}}
        for is_now, currency, kind, *sums in cursor.fetchall():
            of_currency = found[is_now].setdefault(currency, {})
            of_currency[EntryKind(kind)] = FlowSum(*sums)
    return _by_currency(found[True]), _by_currency(found[False])


def _by_currency(found: Mapping[str, Mapping[EntryKind, FlowSum]]) -> dict[str, Flows]:
    return {currency: Flows(sums) for currency, sums in found.items()}


_WEEKS: Final = """
    SELECT currency, taken_on, kind, sum(entries)::int, sum(money_minor)::bigint,
           sum(due_minor)::bigint
    FROM portfolio_figuresum
    WHERE grain = 'week' AND kind = ANY(%(kinds)s)
      AND taken_on >= %(first)s AND taken_on <= %(last)s {scope}
    GROUP BY currency, taken_on, kind
"""


def list_weeks(
    *, first: date, last: date, kinds: frozenset[EntryKind], scope: Scope
) -> dict[str, dict[date, Flows]]:
    """By currency and Monday, for the weeks that begin from ``first`` to ``last``."""
    with connection.cursor() as cursor:
        cursor.execute(
            _WEEKS.format(scope=scope.where()),
            {**scope.values(), "kinds": sorted(kinds), "first": first, "last": last},
        )
        found: dict[str, dict[date, dict[EntryKind, FlowSum]]] = {}
        for currency, monday, kind, *sums in cursor.fetchall():
            week = found.setdefault(currency, {}).setdefault(monday, {})
            week[EntryKind(kind)] = FlowSum(*sums)
    return {
        currency: {monday: Flows(sums) for monday, sums in weeks.items()}
        for currency, weeks in found.items()
    }


class Waiting(NamedTuple):
    """What waits at the close, of one kind and code. ``first_on`` is the soonest day it names."""

    kind: EntryKind
    code: str
    entries: int
    first_on: date | None
    late: int


_WAITING: Final = """
    SELECT kind, code, count(*), min(event_on), count(*) FILTER (WHERE event_on <= %(on)s)
    FROM portfolio_dayentry
    WHERE taken_on = %(on)s AND kind = ANY(%(kinds)s) {scope}
    GROUP BY kind, code
"""
_ON_THE_DAY: Final = sorted(
    (
        EntryKind.APPROVAL,
        EntryKind.DEADLINE,
        EntryKind.DATA_PROBLEM,
        EntryKind.STOPPED_CONTACT,
        EntryKind.STOPPED_MESSAGE,
        EntryKind.OVERRIDDEN,
    )
)


def list_of_day(*, on: date, scope: Scope) -> list[Waiting]:
    """Approvals, deadlines and problems at the close of the day, and what rules stopped on it."""
    with connection.cursor() as cursor:
        cursor.execute(
            _WAITING.format(scope=scope.where()),
            {**scope.values(), "on": on, "kinds": _ON_THE_DAY},
        )
        return [Waiting(EntryKind(row[0]), *row[1:]) for row in cursor.fetchall()]

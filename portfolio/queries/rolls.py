"""Where the money of an earlier close has gone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Final, NamedTuple

from django.db import connection

from portfolio.entries import OUTCOME_CLOSED, OUTCOME_WRITTEN_OFF
from portfolio.queries.scope import Scope


class Rolled(NamedTuple):
    """Cases, and what was due on them at the earlier close."""

    cases: int = 0
    due_minor: int = 0

    def plus(self, other: Rolled) -> Rolled:
        return Rolled(self.cases + other.cases, self.due_minor + other.due_minor)


@dataclass(frozen=True, slots=True)
class Roll:
    """By bucket at the earlier close and outcome at the later one."""

    cells: dict[tuple[int, int], Rolled] = field(default_factory=dict)

    def cell(self, bucket: int, outcome: int) -> Rolled:
        return self.cells.get((bucket, outcome), Rolled())

    def of_bucket(self, bucket: int) -> Rolled:
        return _total(cell for (begun, _), cell in self.cells.items() if begun == bucket)

    @property
    def late(self) -> Rolled:
        """All that was past due at the earlier close."""
        return _total(cell for (begun, _), cell in self.cells.items() if begun > 0)

    @property
    def cured(self) -> Rolled:
        """Of that, what is past due no more and was not written off."""
        return _total(
            cell
            for (begun, outcome), cell in self.cells.items()
            if begun > 0 and outcome in (0, OUTCOME_CLOSED)
        )


def _total(cells: Iterable[Rolled]) -> Rolled:
    total = Rolled()
    for cell in cells:
        total = total.plus(cell)
    return total


class Pair(NamedTuple):
    """The close ``before`` and the later one ``on``."""

    before: date
    on: date


#: Where each case of the close ``before`` had gone by ``on``: for the sums, and for their lists.
ROLLED: Final = f"""
    SELECT b.case_id, b.currency, b.stage, b.team_id, b.product, b.strategy_id, b.bucket,
           b.days_past_due, b.due_minor, n.days_past_due AS days_now, n.due_minor AS due_now,
           CASE WHEN n.case_id IS NOT NULL THEN n.bucket
                WHEN EXISTS (SELECT 1 FROM portfolio_dayentry w
                             WHERE w.kind = 'written_out' AND w.taken_on > b.taken_on
                               AND w.taken_on <= %(on)s AND w.case_id = b.case_id
                               AND w.currency = b.currency)
                THEN {OUTCOME_WRITTEN_OFF} ELSE {OUTCOME_CLOSED} END AS outcome
    FROM portfolio_casesnapshot b
    LEFT JOIN portfolio_casesnapshot n
         ON n.taken_on = %(on)s AND n.case_id = b.case_id AND n.currency = b.currency
    WHERE b.taken_on = %(before)s
"""

_ROLLS: Final = """
    SELECT from_on, taken_on, currency, bucket, outcome, sum(cases)::int, sum(due_minor)::bigint
    FROM portfolio_rollsum
    WHERE (taken_on, from_on) IN (SELECT * FROM unnest(%(on)s::date[], %(before)s::date[])) {scope}
    GROUP BY from_on, taken_on, currency, bucket, outcome
"""


def list_rolls(*, pairs: Iterable[Pair], scope: Scope) -> dict[Pair, dict[str, Roll]]:
    """By pair of closes and currency; empty for a pair that no close has summed."""
    found: dict[Pair, dict[str, Roll]] = {pair: {} for pair in pairs}
    with connection.cursor() as cursor:
        cursor.execute(
            _ROLLS.format(scope=scope.where()),
            {
                **scope.values(),
                "on": [pair.on for pair in found],
                "before": [pair.before for pair in found],
            },
        )
        for before, on, currency, bucket, outcome, *sums in cursor.fetchall():
            roll = found[Pair(before, on)].setdefault(currency, Roll())
            roll.cells[bucket, outcome] = Rolled(*sums)
    return found

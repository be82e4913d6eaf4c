"""Proof that the days of the board meet: what was there, what came and what went."""

from __future__ import annotations

from typing import Final

from django.db import connection

from journal.verification import Finding

#: More are not listed.
MAX_FINDINGS: Final = 100

_UNMET: Final = """
    WITH stock AS (
        SELECT taken_on, currency, sum(cases) AS cases, sum(due_minor) AS due,
               COALESCE(sum(cases) FILTER (WHERE bucket > 0), 0) AS late
        FROM portfolio_dailysummary GROUP BY taken_on, currency
    ), flow AS (
        SELECT taken_on, currency,
               sum(CASE kind WHEN 'opened' THEN entries WHEN 'closed' THEN -entries ELSE 0 END)
                   AS cases,
               sum(CASE WHEN kind IN ('opened', 'fell_due') THEN due_minor
                        WHEN kind IN ('paid', 'written_off', 'reduced') THEN -due_minor
                        ELSE 0 END) AS due,
               sum(CASE WHEN kind = 'new_arrears' THEN entries
                        WHEN kind IN ('cured', 'written_out') THEN -entries ELSE 0 END) AS late
        FROM portfolio_figuresum WHERE grain = 'desk' GROUP BY taken_on, currency
    )
    SELECT t.taken_on, c.currency, COALESCE(n.cases, 0), COALESCE(b.cases, 0),
           COALESCE(f.cases, 0), COALESCE(n.due, 0), COALESCE(b.due, 0), COALESCE(f.due, 0),
           COALESCE(n.late, 0), COALESCE(b.late, 0), COALESCE(f.late, 0)
    FROM portfolio_snapshot t
    CROSS JOIN (SELECT DISTINCT currency FROM portfolio_dailysummary) c
    LEFT JOIN stock n ON n.taken_on = t.taken_on AND n.currency = c.currency
    LEFT JOIN stock b ON b.taken_on = t.previous_on AND b.currency = c.currency
    LEFT JOIN flow f ON f.taken_on = t.taken_on AND f.currency = c.currency
    WHERE t.previous_on IS NOT NULL
      AND (COALESCE(n.cases, 0), COALESCE(n.due, 0), COALESCE(n.late, 0)) IS DISTINCT FROM
          (COALESCE(b.cases, 0) + COALESCE(f.cases, 0), COALESCE(b.due, 0) + COALESCE(f.due, 0),
           COALESCE(b.late, 0) + COALESCE(f.late, 0))
    ORDER BY t.taken_on, c.currency
    LIMIT %(most)s
"""
_NAMES: Final = (
    "taken_on", "currency", "cases", "cases_before", "cases_moved", "due_minor",
    "due_before_minor", "due_moved_minor", "late", "late_before", "late_moved",
)  # fmt: skip

# Each grain sums the lines of its day; lines that are no longer kept prove nothing.
_GRAINS: Final = """
    SELECT s.taken_on, s.kind, s.grain, s.entries, l.entries
    FROM (
        SELECT taken_on, kind, grain, sum(entries) AS entries, sum(money_minor) AS money,
               sum(due_minor) AS due
        FROM portfolio_figuresum WHERE grain <> 'week' AND kind <> 'owned'
        GROUP BY taken_on, kind, grain
    ) s
    JOIN (
        SELECT taken_on, kind, count(*) AS entries, sum(money_minor) AS money,
               sum(due_minor) AS due
        FROM portfolio_dayentry GROUP BY taken_on, kind
    ) l ON l.taken_on = s.taken_on AND l.kind = s.kind
    WHERE (s.entries, s.money, s.due) IS DISTINCT FROM (l.entries, l.money, l.due)
    ORDER BY s.taken_on, s.kind, s.grain
    LIMIT %(most)s
"""


def list_unmet_days() -> list[Finding]:
    """Days whose flows do not lead from one close to the next, and sums that are not those of
    their lines; empty when all meets."""
    with connection.cursor() as cursor:
        cursor.execute(_UNMET, {"most": MAX_FINDINGS})
        found = [
            Finding("board_does_not_meet", dict(zip(_NAMES, row, strict=True)))
            for row in cursor.fetchall()
        ]
        cursor.execute(_GRAINS, {"most": MAX_FINDINGS})
        names = ("taken_on", "kind", "grain", "summed", "lines")
        found += [
            Finding("board_sum_differs", dict(zip(names, row, strict=True)))
            for row in cursor.fetchall()
        ]
    return found

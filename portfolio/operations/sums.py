"""The sums that boards are read from: of a day's lines, of its week, and of where cases went."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from portfolio.entries import OF_PEOPLE, STOCKS
from portfolio.periods import week_of
from portfolio.queries import ROLLED

_SUM_DAY: Final = """
    INSERT INTO portfolio_figuresum
        (taken_on, grain, kind, code, currency, stage, bucket, team_id, product, strategy_id,
         officer_id, entries, money_minor, due_minor)
    SELECT %(on)s, g.grain, g.kind, COALESCE(g.code, ''), g.currency, COALESCE(g.stage, ''),
           g.bucket, g.team_id, COALESCE(g.product, ''), g.strategy_id, g.officer_id, g.entries,
           g.money, g.due
    FROM (
        SELECT CASE WHEN GROUPING(stage) = 0 THEN 'place'
                    WHEN GROUPING(officer_id) = 1 THEN 'desk'
                    WHEN GROUPING(product) = 1 THEN 'officer' ELSE 'part' END AS grain,
               kind, code, currency, stage, bucket, team_id, product, strategy_id, officer_id,
               count(*) AS entries, sum(money_minor) AS money, sum(due_minor) AS due
        FROM portfolio_dayentry
        WHERE taken_on = %(on)s
        GROUP BY GROUPING SETS (
            (kind, code, currency, team_id, product, strategy_id),
            (kind, currency, stage, bucket, team_id),
            (kind, currency, officer_id, team_id),
            (kind, currency, officer_id, team_id, product, strategy_id)
        )
    ) g
    WHERE g.grain NOT IN ('officer', 'part') OR g.kind = ANY(%(of_people)s)
    UNION ALL
    SELECT %(on)s, CASE WHEN GROUPING(product) = 1 THEN 'officer' ELSE 'part' END, 'owned', '', '',
           '', NULL, team_id, COALESCE(product, ''), strategy_id, owner_id,
           count(DISTINCT case_id), 0, 0
    FROM portfolio_casesnapshot
    WHERE taken_on = %(on)s
    GROUP BY GROUPING SETS ((owner_id, team_id), (owner_id, team_id, product, strategy_id))
"""

_SUM_WEEK: Final = """
    INSERT INTO portfolio_figuresum
        (taken_on, grain, kind, currency, team_id, product, strategy_id, entries, money_minor,
         due_minor)
    SELECT %(monday)s, 'week', kind, currency, team_id, product, strategy_id, sum(entries),
           sum(money_minor), sum(due_minor)
    FROM portfolio_figuresum
    WHERE grain = 'desk' AND taken_on BETWEEN %(monday)s AND %(monday)s + 6
      AND kind <> ALL(%(stocks)s)
    GROUP BY kind, currency, team_id, product, strategy_id
"""

_SUM_ROLL: Final = f"""
    INSERT INTO portfolio_rollsum
        (taken_on, from_on, currency, bucket, outcome, team_id, product, strategy_id, cases,
         due_minor)
    SELECT %(on)s, %(before)s, currency, bucket, outcome, team_id, product, strategy_id, count(*),
           sum(due_minor)
    FROM ({ROLLED}) r
    GROUP BY currency, bucket, outcome, team_id, product, strategy_id
"""


def sum_day(cursor: Any, on: date) -> None:
    """The sums of a day and of the week it lies in, made anew."""
    cursor.execute("DELETE FROM portfolio_figuresum WHERE taken_on = %s AND grain <> 'week'", [on])
    cursor.execute(_SUM_DAY, {"on": on, "of_people": sorted(OF_PEOPLE)})
    monday = week_of(on)
    cursor.execute(
        "DELETE FROM portfolio_figuresum WHERE taken_on = %s AND grain = 'week'", [monday]
    )
    cursor.execute(_SUM_WEEK, {"monday": monday, "stocks": sorted(STOCKS)})


def sum_rolls(cursor: Any, on: date, since: Iterable[date]) -> None:
    """Where the cases of earlier closes stand at the close of ``on``, made anew."""
    cursor.execute("DELETE FROM portfolio_rollsum WHERE taken_on = %s", [on])
    for before in sorted(set(since)):
        cursor.execute(_SUM_ROLL, {"on": on, "before": before})

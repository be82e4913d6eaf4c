"""The narrow row of every open case, and the sums of those rows."""

from __future__ import annotations

from typing import Any, Final

from portfolio.buckets import BUCKETS

_BUCKET: Final = (
    "CASE "
    + " ".join(
        f"WHEN days <= {bucket.last} THEN {place}"
        for place, bucket in enumerate(BUCKETS)
        if bucket.last is not None
    )
    + f" ELSE {len(BUCKETS) - 1} END"
)

# The product is that of the debt due longest: day, currency and product as one word of fixed
# places, of which the least is taken. An ordered aggregate would cost three times as much.
_CASES: Final = f"""
    WITH taken AS (
        INSERT INTO portfolio_casesnapshot
            (taken_on, case_id, currency, stage, team_id, owner_id, product, strategy_id, bucket,
             days_past_due, due_minor, outstanding_minor, default_minor)
        SELECT %(on)s, case_id, currency, stage, team_id, owner_id, product, strategy_id,
               {_BUCKET}, days, due, outstanding, in_default
        FROM (
            SELECT c.id AS case_id, a.currency, c.stage, c.team_id, c.owner_id, e.strategy_id,
                   COALESCE(GREATEST(%(on)s - min(min(a.due_since)) OVER per_case, 0), 0) AS days,
                   substr(min(min(
                       (COALESCE(a.due_since, '9999-12-31') || a.currency || d.product) COLLATE "C"
                   )) OVER per_case, 14) AS product,
                   sum(GREATEST(a.due_minor, 0)) AS due,
                   sum(a.outstanding_minor) AS outstanding,
                   COALESCE(sum(a.outstanding_minor) FILTER (WHERE s.id IS NOT NULL), 0)
                       AS in_default
            FROM cases_case c
            JOIN debtors_debtparty p ON p.debtor_id = c.debtor_id AND p.role = 'main_debtor'
            JOIN debtors_debt d ON d.id = p.debt_id
            JOIN ledger_account a ON a.id = d.account_id
            LEFT JOIN debtors_standing s ON s.debt_id = d.id AND s.replaced_at IS NULL
                AND s."default" <> '' AND s.from_on <= %(on)s
                AND (s.until_on IS NULL OR s.until_on >= %(on)s)
            LEFT JOIN (
                SELECT n.case_id, v.strategy_id FROM escalation_enrolment n
                JOIN escalation_strategyversion v ON v.id = n.version_id
                WHERE n.status = 'active'
            ) e ON e.case_id = c.id
            WHERE c.status = 'open'
            GROUP BY c.id, a.currency, c.stage, c.team_id, c.owner_id, e.strategy_id
            WINDOW per_case AS (PARTITION BY c.id)
        ) per_case
        RETURNING 1
    )
    SELECT (SELECT count(*) FROM taken), (SELECT COALESCE(max(id), 0) FROM ledger_transaction)
"""

_SUMS: Final = """
    INSERT INTO portfolio_dailysummary
        (taken_on, currency, stage, bucket, team_id, product, strategy_id, cases, due_minor,
         outstanding_minor, default_cases, default_minor)
    SELECT taken_on, currency, stage, bucket, team_id, product, strategy_id, count(*),
           sum(due_minor), sum(outstanding_minor), count(*) FILTER (WHERE default_minor > 0),
           sum(default_minor)
    FROM portfolio_casesnapshot
    WHERE taken_on = %(on)s
    GROUP BY taken_on, currency, stage, bucket, team_id, product, strategy_id
"""


def write_case_rows(cursor: Any, values: dict[str, Any]) -> tuple[int, int]:
    """How many rows there are, and the last posting that their balances hold.

    Both are of one statement, and so of one moment.
    """
    cursor.execute(_CASES, values)
    rows, through = cursor.fetchone()
    cursor.execute(_SUMS, values)
    return int(rows), int(through)

"""Taking the snapshot that the boards are read from."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from django.db import connection, transaction

from kernel.authority import by_machine
from portfolio.buckets import BUCKETS
from portfolio.models import Snapshot

#: Rows per case are kept for so long; the sums are kept for good.
CASES_KEPT_FOR: Final = timedelta(days=35)

#: The one lock of everybody who takes a snapshot.
_LOCK_KEY: Final = 0x75676F64

_BUCKET_SQL: Final = (
    "CASE "
    + " ".join(
        f"WHEN days <= {bucket.last} THEN {place}"
        for place, bucket in enumerate(BUCKETS)
        if bucket.last is not None
    )
    + f" ELSE {len(BUCKETS) - 1} END"
)

_TAKE_CASES = f"""
    INSERT INTO portfolio_casesnapshot
        (taken_on, case_id, currency, stage, team_id, bucket, days_past_due,
         due_minor, outstanding_minor)
    SELECT %(on)s, case_id, currency, stage, team_id, {_BUCKET_SQL}, days, due, outstanding
    FROM (
        SELECT c.id AS case_id, a.currency, c.stage, c.team_id,
               COALESCE(GREATEST(%(on)s - min(min(a.due_since)) OVER (PARTITION BY c.id), 0), 0)
                   AS days,
               sum(GREATEST(a.due_minor, 0)) AS due,
               sum(a.outstanding_minor) AS outstanding
        FROM cases_case c
        JOIN debtors_debtparty p ON p.debtor_id = c.debtor_id AND p.role = 'main_debtor'
        JOIN debtors_debt d ON d.id = p.debt_id
        JOIN ledger_account a ON a.id = d.account_id
        WHERE c.status = 'open'
        GROUP BY c.id, a.currency, c.stage, c.team_id
    ) per_case
"""

_TAKE_SUMS = """
    INSERT INTO portfolio_dailysummary
        (taken_on, currency, stage, bucket, team_id, cases, due_minor, outstanding_minor)
    SELECT taken_on, currency, stage, bucket, team_id, count(*), sum(due_minor),
           sum(outstanding_minor)
    FROM portfolio_casesnapshot
    WHERE taken_on = %(on)s
    GROUP BY taken_on, currency, stage, bucket, team_id
"""


@by_machine
@transaction.atomic
def take_snapshot(*, on: date, at: datetime) -> int:
    """Keep the book as it stands now as that of the close of ``on``; returns rows per case.

    Taken again, it replaces what was kept for that day.
    """
    values = {"on": on, "before": on - CASES_KEPT_FOR}
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK_KEY])
        cursor.execute("DELETE FROM portfolio_dailysummary WHERE taken_on = %(on)s", values)
        cursor.execute(
            "DELETE FROM portfolio_casesnapshot WHERE taken_on = %(on)s OR taken_on < %(before)s",
            values,
        )
        cursor.execute(_TAKE_CASES, values)
        rows = int(cursor.rowcount)
        cursor.execute(_TAKE_SUMS, values)
    Snapshot.objects.update_or_create(taken_on=on, defaults={"taken_at": at, "cases": rows})
    return rows

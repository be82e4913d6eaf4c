"""Whose figures hold for a debt: the core system's until its termination, ours from then on.

The days before the first of ours are covered by what the last extract brought; from it on we
compute the interest ourselves, so that no day bears it twice.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from django.db import connection
from django.db.models import Max

from debtors.models import Debt
from kernel.actor import Actor
from ledger.book_of_record import delay_tariff
from ledger.lifecycle import Keeper
from ledger.models import Transaction
from ledger.operations import NewBook, change_keepers

#: As which extracts post.
FEED: Final = "intake"
_DAY: Final = timedelta(days=1)
_REASON: Final = "termination"


def keep_book_after_termination(*, debt: Debt, at: datetime, actor: Actor) -> None:
    """From the day of termination, or the day after the last extract that brought amounts."""
    assert debt.terminated_on is not None
    brought = Transaction.objects.filter(account_id=debt.account_id, source=FEED)
    last_on: date | None = brought.aggregate(last=Max("effective_on"))["last"]
    from_on = max(debt.terminated_on, last_on + _DAY) if last_on else debt.terminated_on
    change_keepers(
        books=[
            NewBook(
                debt.account_id, Keeper.HOUSE, from_on, _REASON, delay_tariff(debt.contract_rate)
            )
        ],
        at=at,
        actor=actor,
    )


def find_our_books(*, as_of: date) -> None:
    """Leaves ``intake_ours`` (account_id, ref): whose book was ours on the day of the extract."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            CREATE TEMPORARY TABLE intake_ours ON COMMIT DROP AS
            SELECT n.account_id, n.ref
            FROM (SELECT DISTINCT ON (account_id) account_id, keeper FROM ledger_bookentry
                  WHERE from_on <= %s ORDER BY account_id, id DESC) b
            JOIN intake_debt n USING (account_id)
            WHERE b.keeper = 'house' AND NOT n.is_new
            """,
            [as_of],
        )


def list_kept_books(*, as_of: date) -> int:
    """Leaves ``intake_kept``: what an extract says otherwise of debts whose book is ours.

    Returns of how many debts. Needs ``intake_ours``.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            CREATE TEMPORARY TABLE intake_kept ON COMMIT DROP AS
            SELECT account_id, component, sum(feed)::bigint AS feed_minor,
                   sum(ours)::bigint AS ours_minor
            FROM (
                SELECT o.account_id, b.component, b.amount_minor AS feed, 0 AS ours
                FROM intake_bucket b JOIN intake_ours o ON o.ref = b.debt_ref
                UNION ALL
                SELECT t.account_id, p.leg, 0, p.amount_minor
                FROM intake_ours o JOIN ledger_transaction t USING (account_id)
                JOIN ledger_posting p ON p.transaction_id = t.id
                WHERE t.effective_on <= %s
                  AND p.leg IN ('principal', 'contractual_interest', 'default_interest', 'fees',
                                'costs')
            ) both_sides
            GROUP BY account_id, component HAVING sum(feed) <> sum(ours)
            """,
            [as_of],
        )
        cursor.execute("SELECT count(DISTINCT account_id) FROM intake_kept")
        return int(cursor.fetchone()[0])


def keep_terminated_books(*, as_of: date, may_change: bool, at: datetime, actor: Actor) -> None:
    """A debt that the extract calls terminated is ours from the day after the extract."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT d.account_id, GREATEST(d.terminated_on, %s::date), d.contract_rate
            FROM intake_debt n JOIN debtors_debt d USING (id)
            WHERE d.terminated_on IS NOT NULL AND (n.is_new OR %s)
              AND NOT EXISTS (SELECT 1 FROM ledger_bookentry b WHERE b.account_id = d.account_id)
            ORDER BY d.account_id
            """,
            [as_of + _DAY, may_change],
        )
        found = cursor.fetchall()
    if found:
        change_keepers(
            books=[
                NewBook(account_id, Keeper.HOUSE, from_on, _REASON, delay_tariff(rate))
                for account_id, from_on, rate in found
            ],
            at=at,
            actor=actor,
        )

"""Balances that are small enough to be written off together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

from django.db import connection

from bookkeeping.small_balances import SmallBalanceRule
from cases.lifecycle import holds_that_stop


class SmallBalance(NamedTuple):
    case_id: int
    account_id: int
    amount_minor: int


_FIND: Final = """
    WITH owed AS (
        SELECT p.debtor_id, sum(a.outstanding_minor) AS outstanding, min(a.due_since) AS since
        FROM ledger_account a
        JOIN debtors_debt d ON d.account_id = a.id
        JOIN debtors_debtparty p ON p.debt_id = d.id AND p.role = 'main_debtor'
        WHERE a.currency = %(currency)s AND a.outstanding_minor > 0
        GROUP BY p.debtor_id
        HAVING sum(a.outstanding_minor) <= %(at_most)s AND min(a.due_since) <= %(since)s
    )
    SELECT c.id, a.id, a.outstanding_minor
    FROM owed o
    JOIN cases_case c ON c.debtor_id = o.debtor_id
    JOIN debtors_debtparty p ON p.debtor_id = o.debtor_id AND p.role = 'main_debtor'
    JOIN debtors_debt d ON d.id = p.debt_id
    JOIN ledger_account a ON a.id = d.account_id
    WHERE a.currency = %(currency)s AND a.outstanding_minor > 0 AND c.handled_by = 'house'
      AND (%(team)s::bigint IS NULL OR c.team_id = %(team)s)
      AND NOT EXISTS (SELECT 1 FROM cases_hold h WHERE h.case_id = c.id AND h.ended_on IS NULL
                      AND h.kind = ANY(%(silent)s))
      AND NOT EXISTS (SELECT 1 FROM bookkeeping_writeoff w WHERE w.account_id = a.id
                      AND w.status IN ('proposed', 'sent_back'))
    ORDER BY o.since, c.id, a.id
    LIMIT %(limit)s
"""


def list_small_balances(
    *, rule: SmallBalanceRule, on: date, team_id: int | None
) -> list[SmallBalance]:
    """The longest due first, at most a batch of them; of one team where ``team_id`` is given.

    A debtor with whom nobody may speak, and a case in other hands, are left out.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _FIND,
            {
                "currency": rule.currency,
                "at_most": rule.at_most_minor,
                "since": on - timedelta(days=rule.after_days),
                "team": team_id,
                "silent": sorted(holds_that_stop("contact")),
                "limit": rule.most_in_batch,
            },
        )
        return [SmallBalance(*row) for row in cursor.fetchall()]


def list_case_ids(*, account_ids: Sequence[int]) -> dict[int, int]:
    """The case of the main debtor, by account; an account whose debtor has none is missing."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT d.account_id, c.id FROM debtors_debt d
            JOIN debtors_debtparty p ON p.debt_id = d.id AND p.role = 'main_debtor'
            JOIN cases_case c ON c.debtor_id = p.debtor_id
            WHERE d.account_id = ANY(%s)
            """,
            [list(account_ids)],
        )
        return {int(row[0]): int(row[1]) for row in cursor.fetchall()}

"""Interest of the debts of a case, posted before an amount is named to anybody."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import connection

from kernel.actor import Actor
from kernel.authority import by_machine
from kernel.clock import legal_day
from kernel.sql_text import array_text
from ledger.operations import accrue_interest

#: Most cases have no debt that bears interest of ours: one statement says so for a whole batch.
_BEARING = """
    SELECT s.account_id FROM cases_case c
    JOIN debtors_debtparty p ON p.debtor_id = c.debtor_id AND p.role = 'main_debtor'
    JOIN debtors_debt d ON d.id = p.debt_id
    JOIN ledger_intereststate s ON s.account_id = d.account_id
    WHERE c.id = ANY(%s::bigint[])
      AND (s.accrued_through IS NULL OR s.accrued_through < %s)
"""


@by_machine
def accrue_for_cases(*, case_ids: Iterable[int], on: date, at: datetime, actor: Actor) -> None:
    """A letter, a proposal or a claim of the day ``on`` names what is owed on it.

    The caller has locked the cases.
    """
    on = min(on, legal_day(at))
    with connection.cursor() as cursor:
        cursor.execute(_BEARING, [array_text(case_ids), on])
        account_ids = [int(row[0]) for row in cursor.fetchall()]
    if account_ids:
        accrue_interest(on=on, at=at, actor=actor, account_ids=account_ids)

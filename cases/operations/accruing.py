"""Interest of the debts of a case, posted before an amount is named to anybody."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

from django.db import connection

from kernel.actor import Actor
from kernel.authority import by_machine
from kernel.clock import legal_day
from kernel.sql_text import array_text
from ledger.operations import accrue_interest

# In three steps by arrays: on tables that were empty when they were last analysed, the planner
# would scan one for each row of another.
_ANY: Final = "SELECT EXISTS (SELECT 1 FROM ledger_intereststate)"
_ACCOUNTS: Final = """
    SELECT d.account_id FROM debtors_debtparty p JOIN debtors_debt d ON d.id = p.debt_id
    WHERE p.role = 'main_debtor' AND p.debtor_id = ANY(ARRAY(
        SELECT debtor_id FROM cases_case WHERE id = ANY(%s::bigint[])))
"""
_BEARING: Final = """
    SELECT account_id FROM ledger_intereststate
    WHERE account_id = ANY(%s::bigint[])
      AND (accrued_through IS NULL OR accrued_through < %s)
"""


@by_machine
def accrue_for_cases(*, case_ids: Iterable[int], on: date, at: datetime, actor: Actor) -> None:
    """A letter, a proposal or a claim of the day ``on`` names what is owed on it.

    The caller has locked the cases.
    """
    on = min(on, legal_day(at))
    with connection.cursor() as cursor:
        cursor.execute(_ANY)
        if not cursor.fetchone()[0]:
            return
        cursor.execute(_ACCOUNTS, [array_text(case_ids)])
        accounts = [int(row[0]) for row in cursor.fetchall()]
        cursor.execute(_BEARING, [array_text(accounts), on])
        account_ids = [int(row[0]) for row in cursor.fetchall()]
    if account_ids:
        accrue_interest(on=on, at=at, actor=actor, account_ids=account_ids)

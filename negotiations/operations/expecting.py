"""Telling the ledger which instalments are open, so that payments find them by their amount."""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection

from kernel.authority import by_machine
from ledger.operations import Expected, expect_payments

_OPEN = """
    SELECT 'agreement:' || g.id, d.account_id, i.due_on, i.amount_minor - i.paid_minor
    FROM negotiations_agreement g
    JOIN negotiations_instalment i ON i.agreement_id = g.id AND i.paid_minor < i.amount_minor
    JOIN cases_case c ON c.id = g.case_id
    JOIN debtors_debtparty p ON p.debtor_id = c.debtor_id AND p.role = 'main_debtor'
    JOIN debtors_debt d ON d.id = p.debt_id AND d.currency = g.currency
    WHERE g.id = ANY(%s) AND g.status = 'in_force'
"""


@by_machine
def expect_instalments(*, agreement_ids: Collection[int]) -> None:
    """What is open of agreements in force; of the others nothing is expected any more."""
    if not agreement_ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, [sorted(agreement_ids)])
        expected = [Expected(*row) for row in cursor.fetchall()]
    expect_payments(plans=[f"agreement:{pk}" for pk in agreement_ids], expected=expected)

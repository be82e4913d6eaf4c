"""What is owed on the debts of a case, by component, for people who write off, refund or charge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from kernel.errors import NotFound
from ledger.lifecycle import Component
from ledger.models import Balance


class DebtNotOfCase(NotFound):
    """The case's debtor is not the main debtor of such a debt."""

    code = "debt_not_of_case"


@dataclass(frozen=True, slots=True)
class CaseDebt:
    """One debt of a case; ``owed`` is what is outstanding by component, due or not.

    ``opened_on`` is the first day that is known of its account.
    """

    debt_id: int
    account_id: int
    product: str
    contract_no: str
    currency: str
    outstanding_minor: int
    due_minor: int
    due_since: date | None
    overpaid_minor: int
    opened_on: date
    owed: Mapping[Component, int]

    def owed_of(self, components: Sequence[Component]) -> int:
        """Of these components; of all where none is named."""
        if not components:
            return self.outstanding_minor
        return sum(self.owed.get(component, 0) for component in components)


_DEBTS = """
    SELECT d.id, a.id, d.product, d.contract_no, a.currency, a.outstanding_minor, a.due_minor,
           a.due_since, a.overpaid_minor, a.opened_on
    FROM cases_case c
    JOIN debtors_debtparty p ON p.debtor_id = c.debtor_id AND p.role = 'main_debtor'
    JOIN debtors_debt d ON d.id = p.debt_id
    JOIN ledger_account a ON a.id = d.account_id
    WHERE c.id = %s
    ORDER BY a.outstanding_minor <= 0, a.due_since NULLS LAST, d.id
"""


def list_case_debts(*, case_id: int) -> list[CaseDebt]:
    """In two statements, what is still owed first and there the longest due."""
    with connection.cursor() as cursor:
        cursor.execute(_DEBTS, [case_id])
        rows: list[Any] = cursor.fetchall()
    owed: dict[int, dict[Component, int]] = {row[1]: {} for row in rows}
    balances = Balance.objects.filter(account_id__in=list(owed))
    for account_id, component, minor in balances.values_list(
        "account_id", "component", "amount_minor"
    ):
        of_account = owed[account_id]
        known = Component(component)
        of_account[known] = of_account.get(known, 0) + minor
    return [CaseDebt(*(*row, owed[row[1]])) for row in rows]


def get_case_debt(*, case_id: int, account_id: int) -> CaseDebt:
    """Raises DebtNotOfCase."""
    for debt in list_case_debts(case_id=case_id):
        if debt.account_id == account_id:
            return debt
    raise DebtNotOfCase(account_id=account_id)

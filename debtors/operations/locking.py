"""Rows that an operation holds while it changes what hangs on them."""

from __future__ import annotations

from debtors.models import Debt, Debtor
from kernel.errors import NotFound


class DebtorNotFound(NotFound):
    code = "debtor_not_found"


class DebtNotFound(NotFound):
    code = "debt_not_found"


def lock_debtor(debtor_id: int) -> Debtor:
    """Raises DebtorNotFound."""
    debtor = Debtor.objects.select_for_update(no_key=True).filter(pk=debtor_id).first()
    if debtor is None:
        raise DebtorNotFound(debtor_id=debtor_id)
    return debtor


def lock_debt(debt_id: int) -> Debt:
    """Raises DebtNotFound."""
    debt = Debt.objects.select_for_update(no_key=True).filter(pk=debt_id).first()
    if debt is None:
        raise DebtNotFound(debt_id=debt_id)
    return debt

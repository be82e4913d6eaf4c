"""How the commands name a debt and an amount."""

from __future__ import annotations

from argparse import ArgumentTypeError
from decimal import Decimal, InvalidOperation

from django.core.management.base import CommandError

from bookkeeping.queries.debts import CaseDebt, list_case_debts
from cases.models import Case
from cases.queries import get_case
from kernel.actor import Actor


class AmountType:
    """``850.00``, above zero, in units of the debt's currency."""

    def __call__(self, text: str) -> Decimal:
        try:
            amount = Decimal(text)
        except InvalidOperation as error:
            raise ArgumentTypeError(f"{text!r} is no amount such as 850.00") from error
        if not amount.is_finite() or amount <= 0:
            raise ArgumentTypeError(f"{text!r} is not above zero")
        return amount

    def __repr__(self) -> str:
        return "amount"


def find_debt(number: str, contract_no: str, actor: Actor) -> tuple[Case, CaseDebt]:
    """Raises CaseNotFound, and CommandError for a contract that is none of the case's."""
    case = get_case(actor=actor, number=number)
    debts = list_case_debts(case_id=case.pk)
    for debt in debts:
        if debt.contract_no == contract_no:
            return case, debt
    known = ", ".join(debt.contract_no for debt in debts) or "none"
    raise CommandError(f"Case {number} has no contract {contract_no}; it has: {known}.")

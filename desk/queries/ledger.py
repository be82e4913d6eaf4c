"""The debts of a case on a day of the past, and the postings of one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cases.models import Case
from debtors.lifecycle import PartyRole
from debtors.models import Debt
from kernel.clock import end_of
from kernel.errors import NotFound
from ledger.queries import Standing, list_balances_as_of


class DebtNotInCase(NotFound):
    """The case has no such debt."""

    code = "debt_not_in_case"


@dataclass(frozen=True, slots=True)
class DebtOnDay:
    """``now`` is the day as it is known now, ``then`` as it was known when it ended."""

    debt: Debt
    now: Standing
    then: Standing


def list_debts_on_day(*, case: Case, on: date) -> list[DebtOnDay]:
    """Every debt of the case at the end of a day, the longest overdue now first."""
    debts = sorted(_debts_of(case), key=lambda debt: (debt.account.due_since or date.max, debt.pk))
    return _on_day(debts, on)


def get_debt_on_day(*, case: Case, debt_id: int, on: date) -> DebtOnDay:
    """Raises DebtNotInCase."""
    debts = [debt for debt in _debts_of(case) if debt.pk == debt_id]
    if not debts:
        raise DebtNotInCase(debt_id=debt_id)
    return _on_day(debts, on)[0]


def _debts_of(case: Case) -> list[Debt]:
    mine = {"parties__debtor_id": case.debtor_id, "parties__role": PartyRole.MAIN_DEBTOR}
    return list(Debt.objects.filter(**mine).select_related("account"))


def _on_day(debts: Sequence[Debt], on: date) -> list[DebtOnDay]:
    ids = [debt.account_id for debt in debts]
    now = list_balances_as_of(account_ids=ids, on=on)
    then = list_balances_as_of(account_ids=ids, on=on, known_at=end_of(on))
    return [DebtOnDay(debt, now[debt.account_id], then[debt.account_id]) for debt in debts]

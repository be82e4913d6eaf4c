"""By what a payment may name the debts of a case."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from django.db import connection


class NamedDebt(NamedTuple):
    account_id: int
    contract_no: str
    case_number: str
    debtor_name: str


def list_named_debts(*, debtor_ids: Sequence[int]) -> list[NamedDebt]:
    """The debts that these debtors mainly owe, with the contract's and the case's
    number and the debtor's name."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT d.account_id, d.contract_no, c.number, o.display_name
            FROM debtors_debtparty p
            JOIN debtors_debt d ON d.id = p.debt_id
            JOIN cases_case c ON c.debtor_id = p.debtor_id
            JOIN debtors_debtor o ON o.id = p.debtor_id
            WHERE p.role = 'main_debtor' AND p.debtor_id = ANY(%s)
            """,
            [list(debtor_ids)],
        )
        return [NamedDebt(*row) for row in cursor.fetchall()]

"""What is owed on a case, per currency: amounts of different currencies are never added."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection


@dataclass(frozen=True, slots=True)
class CurrencyFigures:
    """Minor units. ``due_since`` is the oldest day from which something unpaid is due."""

    currency: str
    due_minor: int
    outstanding_minor: int
    due_since: date | None
    debts: int

    def days_past_due(self, on: date) -> int:
        """Whole days since ``due_since``; 0 where nothing is due."""
        return 0 if self.due_since is None else max((on - self.due_since).days, 0)


def list_case_figures(*, case_ids: Sequence[int]) -> dict[int, list[CurrencyFigures]]:
    """The figures of each case, the currency in which most is owed first."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.id, a.currency, sum(greatest(a.due_minor, 0))::bigint,
                   sum(a.outstanding_minor)::bigint, min(a.due_since), count(*)
            FROM cases_case c
            JOIN debtors_debtparty p ON p.debtor_id = c.debtor_id AND p.role = 'main_debtor'
            JOIN debtors_debt d ON d.id = p.debt_id
            JOIN ledger_account a ON a.id = d.account_id
            WHERE c.id = ANY(%s)
            GROUP BY c.id, a.currency
            ORDER BY c.id, sum(a.outstanding_minor) DESC, a.currency
            """,
            [list(case_ids)],
        )
        rows = cursor.fetchall()
    figures: dict[int, list[CurrencyFigures]] = {case_id: [] for case_id in case_ids}
    for case_id, *values in rows:
        figures[case_id].append(CurrencyFigures(*values))
    return figures


def get_case_figures(*, case_id: int) -> list[CurrencyFigures]:
    """The same for one case."""
    return list_case_figures(case_ids=[case_id])[case_id]

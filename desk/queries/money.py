"""What cases owe, read for a page of them at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import connection

from debtors.lifecycle import Product


@dataclass(frozen=True, slots=True)
class CurrencyMoney:
    """What one case owes in one currency."""

    currency: str
    due_minor: int
    outstanding_minor: int


@dataclass(frozen=True, slots=True)
class CaseMoney:
    """``due_since`` is the oldest day from which anything is due, in any currency."""

    amounts: tuple[CurrencyMoney, ...]
    due_since: date | None
    products: tuple[Product, ...]

    def days_past_due(self, on: date) -> int:
        return max((on - self.due_since).days, 0) if self.due_since else 0


NOTHING_OWED = CaseMoney((), None, ())

_MONEY = """
    SELECT c.id, a.currency, sum(GREATEST(a.due_minor, 0)), sum(a.outstanding_minor),
           min(a.due_since), array_agg(DISTINCT d.product ORDER BY d.product)
    FROM cases_case c
    JOIN debtors_debtparty p ON p.debtor_id = c.debtor_id AND p.role = 'main_debtor'
    JOIN debtors_debt d ON d.id = p.debt_id
    JOIN ledger_account a ON a.id = d.account_id
    WHERE c.id = ANY(%s)
    GROUP BY c.id, a.currency
    ORDER BY c.id, sum(a.due_minor) DESC, a.currency
"""


def list_case_money(*, case_ids: Collection[int]) -> Mapping[int, CaseMoney]:
    """By case; a case without debts is missing."""
    with connection.cursor() as cursor:
        cursor.execute(_MONEY, [list(case_ids)])
        rows = cursor.fetchall()
    of_case: dict[int, list[tuple[CurrencyMoney, date | None, list[str]]]] = defaultdict(list)
    for case_id, currency, due, outstanding, since, products in rows:
        money = CurrencyMoney(currency, int(due), int(outstanding))
        of_case[case_id].append((money, since, products))
    return {
        case_id: CaseMoney(
            amounts=tuple(money for money, _, _ in parts),
            due_since=min((since for _, since, _ in parts if since), default=None),
            products=tuple(dict.fromkeys(Product(name) for _, _, names in parts for name in names)),
        )
        for case_id, parts in of_case.items()
    }

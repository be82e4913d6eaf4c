"""In which order payments are credited, by account."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.db import connection

from ledger.allocation import AccountOrders, OrderTerm


def get_account_orders(*, account_id: int) -> AccountOrders:
    return list_account_orders(account_ids=[account_id])[account_id]


def list_account_orders(*, account_ids: Sequence[int]) -> dict[int, AccountOrders]:
    """Of each of the accounts, in two statements; of one that is not there, everybody's."""
    terms: dict[int, list[OrderTerm]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT account_id, order_key, from_on, until_on FROM ledger_orderterm"
            " WHERE account_id = ANY(%s) ORDER BY from_on, id",
            [list(account_ids)],
        )
        for account_id, *term in cursor.fetchall():
            terms[account_id].append(OrderTerm(*term))
        cursor.execute(
            "SELECT id, product FROM ledger_account WHERE id = ANY(%s)", [list(account_ids)]
        )
        products = dict(cursor.fetchall())
    return {
        account_id: AccountOrders(products.get(account_id, ""), tuple(terms.get(account_id, ())))
        for account_id in account_ids
    }

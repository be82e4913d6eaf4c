"""In which order payments are credited, by account."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from ledger.allocation import AccountOrders, OrderTerm
from ledger.models import Account
from ledger.models import OrderTerm as OrderTermRow


def get_account_orders(*, account_id: int) -> AccountOrders:
    return list_account_orders(account_ids=[account_id])[account_id]


def list_account_orders(*, account_ids: Sequence[int]) -> dict[int, AccountOrders]:
    """Of each of the accounts, in two statements; of one that is not there, everybody's."""
    terms: dict[int, list[OrderTerm]] = defaultdict(list)
    rows = OrderTermRow.objects.filter(account_id__in=account_ids).order_by("from_on", "id")
    for account_id, key, from_on, until_on in rows.values_list(
        "account_id", "order_key", "from_on", "until_on"
    ):
        terms[account_id].append(OrderTerm(key, from_on, until_on))
    products = dict(Account.objects.filter(pk__in=account_ids).values_list("pk", "product"))
    return {
        account_id: AccountOrders(products.get(account_id, ""), tuple(terms[account_id]))
        for account_id in account_ids
    }

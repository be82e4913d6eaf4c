"""Registering what decides in which order an account's payments are credited."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import connection, transaction

from kernel.actor import Actor
from kernel.authority import by_machine
from ledger.allocation import named_order
from ledger.models import OrderTerm, Transaction
from ledger.operations.booking import replay_accounts


@by_machine
@transaction.atomic
def register_products(*, products: str, actor: Actor, at: datetime) -> int:
    """``products`` names a table (account_id bigint, product text); known ones stay as they are.

    What an account has been paid is replayed where another order follows. Returns how many changed.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH changed AS (
                SELECT a.id, n.product FROM ledger_account a JOIN {products} n
                ON n.account_id = a.id WHERE a.product <> n.product
                ORDER BY a.id FOR NO KEY UPDATE OF a
            )
            UPDATE ledger_account a SET product = c.product FROM changed c WHERE c.id = a.id
            RETURNING a.id
            """
        )
        changed = sorted(int(row[0]) for row in cursor.fetchall())
    _replay(changed, f":products:{at.isoformat()}", actor, at)
    return len(changed)


@by_machine
@transaction.atomic
def start_order(
    *,
    account_ids: Sequence[int],
    order_key: str,
    cause: str,
    from_on: date,
    actor: Actor,
    at: datetime,
) -> None:
    """From that day on the order of the name holds for these accounts; once for each cause.

    Raises AllocationOrderInvalid for an order that there is not.
    """
    named_order(order_key, from_on)
    rows = [
        OrderTerm(account_id=account_id, cause=cause, order_key=order_key, from_on=from_on)
        for account_id in sorted(account_ids)
    ]
    OrderTerm.objects.bulk_create(rows, ignore_conflicts=True)
    _replay(account_ids, f":{cause}:starts", actor, at)


@by_machine
@transaction.atomic
def end_order(*, cause: str, until_on: date, actor: Actor, at: datetime) -> None:
    """The last day on which the order of the cause holds; one that ended before stays as it was."""
    terms = OrderTerm.objects.filter(cause=cause, until_on__isnull=True)
    account_ids = sorted(terms.values_list("account_id", flat=True))
    terms.update(until_on=until_on)
    _replay(account_ids, f":{cause}:ends", actor, at)


def _replay(account_ids: Sequence[int], occasion: str, actor: Actor, at: datetime) -> None:
    """Each from its last transaction; those on which nothing was ever posted need none."""
    last = (
        Transaction.objects.filter(account_id__in=account_ids)
        .exclude(kind="opening")
        .order_by("account_id", "-id")
        .distinct("account_id")
        .values_list("account_id", "id")
    )
    replay_accounts(causes=dict(last), occasion=occasion, actor=actor, at=at)

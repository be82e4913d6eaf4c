"""Registering by what a payment may name an account."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from kernel.authority import by_machine
from ledger.lifecycle import NameKind
from ledger.payment_names import normal_key


@by_machine
def register_names(*, kind: NameKind, names: Iterable[tuple[int, str]]) -> None:
    """``names`` are account ids with the text as people write it; known ones stay as they are."""
    keys = {(account_id, normal_key(text)[:80]) for account_id, text in names}
    rows = sorted((account_id, key) for account_id, key in keys if key)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_paymentname (account_id, kind, key)"
            " SELECT n.account_id, %s, n.key FROM unnest(%s::bigint[], %s::text[])"
            " AS n (account_id, key) ON CONFLICT (key, kind, account_id) DO NOTHING",
            [kind, [row[0] for row in rows], [row[1] for row in rows]],
        )


@by_machine
def learn_sender(*, account_id: int, sender: str) -> None:
    """A person said that money from this account is for this debt."""
    key = normal_key(sender)[:80]
    if key:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO ledger_paymentname AS n (account_id, kind, key, confirmed)"
                " VALUES (%s, %s, %s, 1) ON CONFLICT (key, kind, account_id)"
                " DO UPDATE SET confirmed = n.confirmed + 1",
                [account_id, NameKind.SENDER, key],
            )

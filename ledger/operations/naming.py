"""Registering by what a payment may name an account."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection
from django.db.models import F

from kernel.authority import by_machine
from ledger.lifecycle import NameKind
from ledger.models import PaymentName
from ledger.payment_names import holder_key, normal_key


@by_machine
def register_names(*, kind: NameKind, names: Iterable[tuple[int, str]]) -> None:
    """``names`` are account ids with the text as people write it; known ones stay as they are."""
    key_of = holder_key if kind is NameKind.HOLDER else normal_key
    keys = {(account_id, key_of(text)[:80]) for account_id, text in names}
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


@by_machine
def unlearn_sender(*, account_id: int, sender: str) -> None:
    """One decision less says so; the last one takes the name away."""
    names = PaymentName.objects.filter(
        account_id=account_id, kind=NameKind.SENDER, key=normal_key(sender)[:80]
    )
    names.filter(confirmed__lte=1).delete()
    names.update(confirmed=F("confirmed") - 1)


@by_machine
def drop_sender(*, account_id: int, sender: str) -> bool:
    """The name goes, however often it was confirmed; False where there is none."""
    deleted, _ = PaymentName.objects.filter(
        account_id=account_id, kind=NameKind.SENDER, key=normal_key(sender)[:80]
    ).delete()
    return deleted > 0

"""One transaction of one account: postings, balances, totals and event together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import connection
from django.db.models import Q

from journal.operations import Subject, record_event
from kernel.actor import Actor
from kernel.errors import Conflict, InvalidInput, NotFound
from ledger.allocation import Bucket
from ledger.legs import Leg, net
from ledger.lifecycle import COMPONENTS, Book, TransactionKind
from ledger.models import Account, Balance, Posting, Transaction

MAX_AMOUNT_MINOR: Final = 10**15


class AccountNotFound(NotFound):
    code = "account_not_found"


class KeyReused(Conflict):
    """The idempotency key has been used for another posting."""

    code = "idempotency_key_reused"


class PostingInvalid(InvalidInput):
    """An amount that is zero, negative where it must not be, or too large."""

    code = "posting_invalid"


@dataclass(frozen=True, slots=True)
class Draft:
    kind: TransactionKind
    effective_on: date
    source: str
    idempotency_key: str
    legs: Sequence[Leg]
    reason: str = ""
    reverses_id: int | None = None
    corrects_id: int | None = None
    components: tuple[str, ...] = ()


def check_amount(amount_minor: int) -> None:
    """Raises PostingInvalid unless positive and within the limit."""
    if not 0 < amount_minor <= MAX_AMOUNT_MINOR:
        raise PostingInvalid(amount_minor=amount_minor)


def lock_account(account_id: int) -> Account:
    """Raises AccountNotFound."""
    account = Account.objects.select_for_update(no_key=True).filter(pk=account_id).first()
    if account is None:
        raise AccountNotFound(account_id=account_id)
    return account


def lock_accounts(account_ids: Iterable[int]) -> list[int]:
    """In order of their ids, with one statement; returns those that are there."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM ledger_account WHERE id = ANY(%s::bigint[])"
            " ORDER BY id FOR NO KEY UPDATE",
            [list(account_ids)],
        )
        return [int(row[0]) for row in cursor.fetchall()]


def next_transaction_ids(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval('ledger_transaction_id_seq') FROM generate_series(1, %s)", [count]
        )
        return [int(row[0]) for row in cursor.fetchall()]


def list_buckets(account_id: int) -> list[Bucket]:
    rows = Balance.objects.filter(account_id=account_id, amount_minor__gt=0)
    return [Bucket(*row) for row in rows.values_list("component", "due_on", "amount_minor")]


def find_posted(source: str, key: str, expected: Mapping[str, Any]) -> Transaction | None:
    """The transaction posted under this key. Raises KeyReused when it was for something else."""
    found = Transaction.objects.filter(source=source, idempotency_key=key).first()
    if found is None:
        return None
    differing = [name for name, value in expected.items() if getattr(found, name) != value]
    if differing:
        raise KeyReused(source=source, key=key, fields=differing)
    return found


def list_legs(transaction_id: int) -> list[Leg]:
    """What a transaction came to, its corrections included."""
    rows = Posting.objects.filter(
        Q(transaction_id=transaction_id) | Q(transaction__corrects_id=transaction_id)
    )
    return net(Leg(*row) for row in rows.values_list("leg", "due_on", "amount_minor"))


def counter_leg(book: Book, legs: Sequence[Leg]) -> list[Leg]:
    """The leg that balances the others; none when they balance by themselves."""
    total = sum(leg.amount_minor for leg in legs)
    return [Leg(book, None, -total)] if total else []


def write(
    *,
    account: Account,
    draft: Draft,
    event: str,
    payload: Mapping[str, Any],
    actor: Actor,
    at: datetime,
) -> Transaction:
    """Post a balanced draft to a locked account and tell of it."""
    made = insert(account=account, draft=draft, actor=actor, at=at)
    tell(account=account, made=made, event=event, payload=payload, actor=actor, at=at)
    return made


def insert(*, account: Account, draft: Draft, actor: Actor, at: datetime) -> Transaction:
    """The transaction and its legs, with the balances; the totals are refreshed by ``tell``."""
    made = Transaction.objects.create(
        account=account, kind=draft.kind, effective_on=draft.effective_on, recorded_at=at,
        source=draft.source, idempotency_key=draft.idempotency_key, reason=draft.reason,
        reverses_id=draft.reverses_id, corrects_id=draft.corrects_id,
        components=list(draft.components),
        actor_kind=actor.kind, actor_id=actor.id,
    )  # fmt: skip
    _insert_legs(made.pk, account.pk, draft.legs)
    return made


def tell(
    *,
    account: Account,
    made: Transaction,
    event: str,
    payload: Mapping[str, Any],
    actor: Actor,
    at: datetime,
) -> None:
    """Refresh the totals of the account and record how it stands."""
    refresh_totals([account.pk])
    account.refresh_from_db()
    record_event(
        kind=event,
        subject=Subject("account", account.pk),
        actor=actor,
        at=at,
        effective_on=made.effective_on,
        payload={
            **payload,
            "transaction_id": made.pk,
            "currency": account.currency,
            "outstanding_minor": account.outstanding_minor,
            "due_minor": account.due_minor,
            "due_since": account.due_since,
        },
    )


def _insert_legs(transaction_id: int, account_id: int, legs: Sequence[Leg]) -> None:
    arrays: list[Any] = [
        [str(leg.leg) for leg in legs],
        [leg.due_on for leg in legs],
        [leg.amount_minor for leg in legs],
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_posting (transaction_id, account_id, leg, due_on, amount_minor)"
            " SELECT %s, %s, * FROM unnest(%s::text[], %s::date[], %s::bigint[])",
            [transaction_id, account_id, *arrays],
        )
        cursor.execute(
            """
            INSERT INTO ledger_balance AS b (account_id, component, due_on, amount_minor)
            SELECT %s, leg, due_on, sum(amount)
            FROM unnest(%s::text[], %s::date[], %s::bigint[]) AS l (leg, due_on, amount)
            WHERE leg = ANY(%s) GROUP BY leg, due_on
            ON CONFLICT (account_id, component, due_on)
            DO UPDATE SET amount_minor = b.amount_minor + excluded.amount_minor
            """,
            [account_id, *arrays, sorted(COMPONENTS)],
        )
        overpaid = -sum(leg.amount_minor for leg in legs if leg.leg == Book.OVERPAYMENT)
        if overpaid:
            cursor.execute(
                "UPDATE ledger_account SET overpaid_minor = overpaid_minor + %s WHERE id = %s",
                [overpaid, account_id],
            )


def refresh_totals(account_ids: Sequence[int]) -> None:
    """Make the totals of the accounts the sums of their balances; empty balances go."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM ledger_balance WHERE account_id = ANY(%s) AND amount_minor = 0",
            [list(account_ids)],
        )
        cursor.execute(
            """
            UPDATE ledger_account a
            SET outstanding_minor = t.outstanding, due_minor = t.due,
                due_since = CASE WHEN t.due > 0 THEN t.since END
            FROM (
                SELECT i.id, COALESCE(sum(b.amount_minor), 0) AS outstanding,
                       COALESCE(sum(b.amount_minor) FILTER (WHERE b.due_on IS NOT NULL), 0) AS due,
                       min(b.due_on) FILTER (WHERE b.amount_minor > 0) AS since
                FROM unnest(%s::bigint[]) AS i (id)
                LEFT JOIN ledger_balance b ON b.account_id = i.id
                GROUP BY i.id
            ) t
            WHERE a.id = t.id
              AND (a.outstanding_minor, a.due_minor, a.due_since)
                  IS DISTINCT FROM (t.outstanding, t.due, CASE WHEN t.due > 0 THEN t.since END)
            """,
            [list(account_ids)],
        )

"""Transactions of many accounts at once, with a handful of statements."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from kernel.actor import Actor
from ledger.lifecycle import COMPONENTS, Book
from ledger.operations.posting import Draft, next_transaction_ids, refresh_totals


def insert_many(*, drafts: Sequence[tuple[int, Draft]], actor: Actor, at: datetime) -> list[int]:
    """Post balanced drafts to locked accounts, each with the account's id; returns their ids.

    Balances and totals are kept; the caller tells of them.
    """
    if not drafts:
        return []
    ids = next_transaction_ids(len(drafts))
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO ledger_transaction (id, account_id, kind, effective_on, recorded_at,
                                            source, idempotency_key, corrects_id, reason,
                                            actor_kind, actor_id)
            SELECT id, account_id, kind, effective_on, %s, source, key, corrects_id, reason, %s, %s
            FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::date[], %s::text[], %s::text[],
                        %s::bigint[], %s::text[])
                 AS t (id, account_id, kind, effective_on, source, key, corrects_id, reason)
            """,
            [at, actor.kind, actor.id, ids, *_columns(drafts)],
        )
        _insert_legs(cursor, ids, drafts)
    refresh_totals(sorted({account_id for account_id, _ in drafts}))
    return ids


def _columns(drafts: Sequence[tuple[int, Draft]]) -> list[list[Any]]:
    return [
        [account_id for account_id, _ in drafts],
        [draft.kind.value for _, draft in drafts],
        [draft.effective_on for _, draft in drafts],
        [draft.source for _, draft in drafts],
        [draft.idempotency_key for _, draft in drafts],
        [draft.corrects_id for _, draft in drafts],
        [draft.reason for _, draft in drafts],
    ]


def _insert_legs(cursor: Any, ids: Sequence[int], drafts: Sequence[tuple[int, Draft]]) -> None:
    rows = [
        (pk, account_id, str(leg.leg), leg.due_on, leg.amount_minor)
        for pk, (account_id, draft) in zip(ids, drafts, strict=True)
        for leg in draft.legs
    ]
    if not rows:
        return
    columns = [list(column) for column in zip(*rows, strict=True)]
    legs = (
        "unnest(%s::bigint[], %s::bigint[], %s::text[], %s::date[], %s::bigint[])"
        " AS l (transaction_id, account_id, leg, due_on, amount)"
    )
    cursor.execute(
        "INSERT INTO ledger_posting (transaction_id, account_id, leg, due_on, amount_minor)"
        f" SELECT * FROM {legs}",
        columns,
    )
    cursor.execute(
        f"""
        INSERT INTO ledger_balance AS b (account_id, component, due_on, amount_minor)
        SELECT account_id, leg, due_on, sum(amount) FROM {legs}
        WHERE leg = ANY(%s) GROUP BY account_id, leg, due_on HAVING sum(amount) <> 0
        ON CONFLICT (account_id, component, due_on)
        DO UPDATE SET amount_minor = b.amount_minor + excluded.amount_minor
        """,
        [*columns, sorted(COMPONENTS)],
    )
    cursor.execute(
        f"""
        UPDATE ledger_account a SET overpaid_minor = a.overpaid_minor - s.amount
        FROM (SELECT account_id, sum(amount) AS amount FROM {legs}
              WHERE leg = %s GROUP BY account_id HAVING sum(amount) <> 0) s
        WHERE a.id = s.account_id
        """,
        [*columns, Book.OVERPAYMENT],
    )

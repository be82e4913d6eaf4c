"""Opening and adjusting thousands of accounts with a handful of statements.

Callers stage rows in temporary tables of their own and name them; the columns are the contract.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.conf import settings
from django.db import connection

from journal.operations import NewEvent, Subject, record_events
from kernel.actor import Actor
from kernel.authority import by_machine
from ledger import events
from ledger.lifecycle import Book, TransactionKind
from ledger.operations.booking import replay_accounts
from ledger.operations.posting import refresh_totals
from ledger.virtual_accounts import own_number_sql

#: Accounts whose totals are refreshed, and events recorded, at once.
_CHUNK: Final = 20_000


@dataclass(frozen=True, slots=True)
class BulkPosting:
    """What every transaction of the batch shares. Keys are ``{key_prefix}:{account id}``."""

    source: str
    key_prefix: str
    effective_on: date
    reason: str
    actor: Actor
    at: datetime


@by_machine
def open_accounts(*, accounts: str, buckets: str, posting: BulkPosting) -> int:
    """Open accounts with what is owed on them; return how many.

    ``accounts`` names a temporary table (account_id bigint, currency text, virtual_account_no
    text, product text, opened_on date) with ids taken from ``ledger_account_id_seq``;
    ``buckets`` one of (account_id bigint, component text, due_on date, amount_minor bigint) with
    amounts above zero, each component and day of an account once. An account without a number
    for repayment gets one where the bank agreed on them and no other account has it. The caller
    records what was opened. Must run in the caller's transaction.
    """
    own = own_number_sql(
        account_id="a.account_id", currency="a.currency", beginnings=settings.REPAYMENT_ACCOUNTS
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO ledger_account (id, currency, virtual_account_no, product, opened_on,
                                        outstanding_minor, due_minor, due_since)
            SELECT a.account_id, a.currency,
                   COALESCE(a.virtual_account_no,
                            CASE WHEN num_nonnulls(taken.id, given.account_id) = 0
                                 THEN own.number END),
                   a.product, a.opened_on,
                   COALESCE(b.outstanding, 0), COALESCE(b.due, 0), b.since
            FROM {accounts} a
            CROSS JOIN LATERAL (SELECT {own} AS number) own
            LEFT JOIN ledger_account taken ON taken.virtual_account_no = own.number
            LEFT JOIN {accounts} given ON given.virtual_account_no = own.number
            LEFT JOIN (
                SELECT account_id, sum(amount_minor) AS outstanding,
                       sum(amount_minor) FILTER (WHERE due_on IS NOT NULL) AS due,
                       min(due_on) AS since
                FROM {buckets} GROUP BY account_id
            ) b ON b.account_id = a.account_id
            """
        )
        opened = int(cursor.rowcount)
        cursor.execute(
            f"""
            INSERT INTO ledger_balance (account_id, component, due_on, amount_minor)
            SELECT account_id, component, due_on, amount_minor FROM {buckets}
            """
        )
        _post(cursor, buckets, TransactionKind.OPENING, Book.OPENING, posting)
    return opened


@by_machine
def adjust_accounts(*, differences: str, posting: BulkPosting) -> int:
    """Post what an extract says differently; return how many accounts changed.

    ``differences`` names a temporary table with the columns of ``buckets`` above, where a
    negative amount takes away. Records ``balance.adjusted`` for each account. Must run in the
    caller's transaction; locks the accounts in order of their id.
    """
    account_ids = lock_accounts(named_in=differences)
    if not account_ids:
        return 0
    with connection.cursor() as cursor:
        _post(cursor, differences, TransactionKind.ADJUSTMENT, Book.ADJUSTMENT, posting)
        cursor.execute(
            f"""
            INSERT INTO ledger_balance AS b (account_id, component, due_on, amount_minor)
            SELECT account_id, component, due_on, sum(amount_minor) FROM {differences}
            GROUP BY account_id, component, due_on
            ON CONFLICT (account_id, component, due_on)
            DO UPDATE SET amount_minor = b.amount_minor + excluded.amount_minor
            """
        )
        for first in range(0, len(account_ids), _CHUNK):
            chunk = account_ids[first : first + _CHUNK]
            refresh_totals(chunk)
            _tell(cursor, differences, chunk, posting)
            _settle(cursor, chunk, posting)
    return len(account_ids)


@by_machine
def lock_accounts(*, named_in: str) -> list[int]:
    """The accounts that a temporary table names in ``account_id``, locked in order of their ids."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id FROM ledger_account WHERE id IN (SELECT account_id FROM {named_in})"
            " ORDER BY id FOR NO KEY UPDATE"
        )
        return [int(row[0]) for row in cursor.fetchall()]


def _post(cursor: Any, legs: str, kind: TransactionKind, book: Book, posting: BulkPosting) -> None:
    """One transaction per account: its legs, and one against the book where they do not balance."""
    cursor.execute(
        f"""
        CREATE TEMPORARY TABLE ledger_new_transaction ON COMMIT DROP AS
        SELECT account_id, nextval('ledger_transaction_id_seq') AS transaction_id
        FROM (SELECT DISTINCT account_id FROM {legs} ORDER BY account_id) a
        """
    )
    cursor.execute(
        """
        INSERT INTO ledger_transaction (id, account_id, kind, effective_on, recorded_at, source,
                                        idempotency_key, reason, actor_kind, actor_id)
        SELECT transaction_id, account_id, %s, %s, %s, %s, %s || ':' || account_id, %s, %s, %s
        FROM ledger_new_transaction
        """,
        [
            kind, posting.effective_on, posting.at, posting.source, posting.key_prefix,
            posting.reason, posting.actor.kind, posting.actor.id,
        ],
    )  # fmt: skip
    cursor.execute(
        f"""
        INSERT INTO ledger_posting (transaction_id, account_id, leg, due_on, amount_minor)
        SELECT t.transaction_id, l.account_id, l.component, l.due_on, l.amount_minor
        FROM {legs} l JOIN ledger_new_transaction t USING (account_id)
        UNION ALL
        SELECT t.transaction_id, t.account_id, %s, NULL, -sum(l.amount_minor)
        FROM {legs} l JOIN ledger_new_transaction t USING (account_id)
        GROUP BY t.transaction_id, t.account_id HAVING sum(l.amount_minor) <> 0
        """,
        [book],
    )
    cursor.execute("DROP TABLE ledger_new_transaction")


def _settle(cursor: Any, account_ids: Sequence[int], posting: BulkPosting) -> None:
    """Replay the accounts on which the extract is not simply the newest fact.

    A payment later than the extract may have paid a part that the extract now calls another, and
    an overpayment pays what has fallen due.
    """
    cursor.execute(
        """
        SELECT t.account_id, t.id
        FROM ledger_transaction t JOIN ledger_account a ON a.id = t.account_id
        WHERE t.source = %(source)s
          AND t.idempotency_key = %(prefix)s || ':' || t.account_id
          AND t.account_id = ANY(%(accounts)s)
          AND ((a.overpaid_minor > 0 AND a.due_minor > 0)
               OR EXISTS (SELECT 1 FROM ledger_balance b
                          WHERE b.account_id = a.id AND b.amount_minor < 0)
               OR EXISTS (SELECT 1 FROM ledger_transaction o
                          WHERE o.account_id = a.id AND o.effective_on > t.effective_on))
        """,
        {
            "source": posting.source,
            "prefix": posting.key_prefix,
            "accounts": list(account_ids),
        },
    )
    replay_accounts(causes=dict(cursor.fetchall()), actor=posting.actor, at=posting.at)


def _tell(cursor: Any, differences: str, account_ids: Sequence[int], posting: BulkPosting) -> None:
    cursor.execute(
        f"""
        SELECT a.id, jsonb_build_object(
                   'changes', c.changes, 'reason', %s::text, 'currency', a.currency,
                   'transaction_id', t.id, 'outstanding_minor', a.outstanding_minor,
                   'due_minor', a.due_minor, 'due_since', a.due_since)::text
        FROM ledger_account a
        JOIN (
            SELECT account_id, jsonb_object_agg(component, amount) AS changes
            FROM (SELECT account_id, component, sum(amount_minor) AS amount
                  FROM {differences} WHERE account_id = ANY(%s)
                  GROUP BY account_id, component) s
            GROUP BY account_id
        ) c ON c.account_id = a.id
        JOIN ledger_transaction t ON t.source = %s AND t.idempotency_key = %s || ':' || a.id
        ORDER BY a.id
        """,
        [posting.reason, list(account_ids), posting.source, posting.key_prefix],
    )
    told = [
        NewEvent(
            events.BALANCE_ADJUSTED, Subject("account", account_id), payload, posting.effective_on
        )
        for account_id, payload in cursor.fetchall()
    ]
    record_events(events=told, actor=posting.actor, at=posting.at)

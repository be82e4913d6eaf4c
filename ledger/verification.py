"""Proof that balances and totals are the sums of postings, and that every transaction balances."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from django.db import connection

from journal.verification import Finding
from ledger.legs import net
from ledger.queries.facts import AccountFacts, list_account_facts
from ledger.replay import replay_facts

#: More of one kind are not listed; the count says how many there are at least.
MAX_FINDINGS: Final = 100
_CHUNK_ACCOUNTS: Final = 2_000


_COMPONENTS: Final = "('principal', 'contractual_interest', 'default_interest', 'fees', 'costs')"

_CHECKS: Final[tuple[tuple[str, tuple[str, ...], str], ...]] = (
    (
        "transaction_unbalanced",
        ("transaction_id", "sum_minor"),
        """
        SELECT transaction_id, sum(amount_minor) FROM ledger_posting
        GROUP BY transaction_id HAVING sum(amount_minor) <> 0
        """,
    ),
    (
        "transaction_without_postings",
        ("transaction_id",),
        """
        SELECT t.id FROM ledger_transaction t
        WHERE t.kind <> 'interest'
          AND NOT EXISTS (SELECT 1 FROM ledger_posting p WHERE p.transaction_id = t.id)
        """,
    ),
    (
        "posting_on_another_account",
        ("posting_id", "transaction_id"),
        """
        SELECT p.id, p.transaction_id FROM ledger_posting p
        LEFT JOIN ledger_transaction t ON t.id = p.transaction_id
        WHERE t.account_id IS DISTINCT FROM p.account_id
        """,
    ),
    (
        "balance_differs",
        ("account_id", "component", "due_on", "balance_minor", "postings_minor"),
        f"""
        SELECT account_id, component, due_on, sum(balance), sum(posted)
        FROM (
            SELECT account_id, component, due_on, amount_minor AS balance, 0 AS posted
            FROM ledger_balance
            UNION ALL
            SELECT account_id, leg, due_on, 0, amount_minor
            FROM ledger_posting WHERE leg IN {_COMPONENTS}
        ) both_sides
        GROUP BY account_id, component, due_on HAVING sum(balance) <> sum(posted)
        """,
    ),
    (
        "account_total_differs",
        ("account_id", "outstanding_minor", "due_minor", "due_since"),
        """
        SELECT a.id, a.outstanding_minor, a.due_minor, a.due_since
        FROM ledger_account a
        LEFT JOIN (
            SELECT account_id, sum(amount_minor) AS outstanding,
                   COALESCE(sum(amount_minor) FILTER (WHERE due_on IS NOT NULL), 0) AS due,
                   min(due_on) FILTER (WHERE amount_minor > 0) AS since
            FROM ledger_balance GROUP BY account_id
        ) b ON b.account_id = a.id
        WHERE (a.outstanding_minor, a.due_minor, a.due_since) IS DISTINCT FROM
              (COALESCE(b.outstanding, 0), COALESCE(b.due, 0),
               CASE WHEN b.due > 0 THEN b.since END)
        """,
    ),
    (
        "account_overpayment_differs",
        ("account_id", "overpaid_minor", "postings_minor"),
        """
        SELECT a.id, a.overpaid_minor, -COALESCE(p.posted, 0)
        FROM ledger_account a
        LEFT JOIN (
            SELECT account_id, sum(amount_minor) AS posted
            FROM ledger_posting WHERE leg = 'overpayment' GROUP BY account_id
        ) p ON p.account_id = a.id
        WHERE a.overpaid_minor <> -COALESCE(p.posted, 0)
        """,
    ),
)


def verify_ledger() -> list[Finding]:
    """Everything that does not add up, with its place; an empty list when all does."""
    return list(_findings())


def verify_replay(account_ids: Sequence[int] | None = None) -> list[Finding]:
    """Accounts, of those given or of all, whose postings are not what their facts come to."""
    found = [
        Finding("replay_differs", {"account_id": account_id, "transaction_ids": wrong})
        for chunk in (_chunks() if account_ids is None else [account_ids])
        for account_id, known in list_account_facts(account_ids=chunk, as_posted=True).items()
        if (wrong := _differing(known))
    ]
    return found[:MAX_FINDINGS]


def _differing(known: AccountFacts) -> list[int]:
    wanted = replay_facts(known.facts, orders=known.orders, accrual=known.accrual)
    return sorted(pk for pk, legs in wanted.items() if net(legs) != net(known.posted[pk]))


def _chunks() -> Iterator[list[int]]:
    """The accounts on which anything came after their opening."""
    last = 0
    with connection.cursor() as cursor:
        while True:
            cursor.execute(
                "SELECT DISTINCT account_id FROM ledger_transaction"
                " WHERE account_id > %s AND kind <> 'opening' ORDER BY account_id LIMIT %s",
                [last, _CHUNK_ACCOUNTS],
            )
            account_ids = [int(row[0]) for row in cursor.fetchall()]
            if not account_ids:
                return
            yield account_ids
            last = account_ids[-1]


def _findings() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        for code, names, query in _CHECKS:
            cursor.execute(f"SELECT * FROM ({query}) wrong LIMIT {MAX_FINDINGS}")
            for row in cursor.fetchall():
                yield Finding(code, dict(zip(names, row, strict=True)))

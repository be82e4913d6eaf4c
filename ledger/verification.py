"""Proof that balances and totals are the sums of postings, and that every transaction balances."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.db import connection

from journal.verification import Finding

#: More of one kind are not listed; the count says how many there are at least.
MAX_FINDINGS: Final = 100


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
        WHERE NOT EXISTS (SELECT 1 FROM ledger_posting p WHERE p.transaction_id = t.id)
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
)


def verify_ledger() -> list[Finding]:
    """Everything that does not add up, with its place; an empty list when all does."""
    return list(_findings())


def _findings() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        for code, names, query in _CHECKS:
            cursor.execute(f"SELECT * FROM ({query}) wrong LIMIT {MAX_FINDINGS}")
            for row in cursor.fetchall():
                yield Finding(code, dict(zip(names, row, strict=True)))

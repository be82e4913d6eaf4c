"""The postings of an account in the order of their days, with the balance after each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import connection

from ledger.lifecycle import COMPONENTS, Book, Component, TransactionKind

#: An account with more postings than these is shown from its latest ones.
MOST_ROWS: Final = 5_000


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One transaction. ``changes`` and ``balances`` are minor units by component, the balances
    after it; ``credit_minor`` is what is paid ahead then.

    ``about_kind`` and ``about_on`` name the transaction that it corrects or reverses;
    ``is_reversed`` says that it was itself reversed since. A payment that a bank statement told of
    has the ``title`` of its transfer and the ``file_id`` of the statement.
    """

    transaction_id: int
    kind: TransactionKind
    on: date
    recorded_at: datetime
    reason: str
    about_kind: TransactionKind | None
    about_on: date | None
    changes: Mapping[Component, int]
    credit_change_minor: int
    balances: Mapping[Component, int]
    credit_minor: int
    source: str
    is_reversed: bool
    title: str
    file_id: int | None

    @property
    def change_minor(self) -> int:
        return sum(self.changes.values())

    @property
    def outstanding_minor(self) -> int:
        return sum(self.balances.values())


_ROWS = """
    SELECT t.id, t.kind, t.effective_on, t.recorded_at, t.reason, o.kind, o.effective_on,
           COALESCE(jsonb_object_agg(p.leg, p.amount) FILTER (WHERE p.leg IS NOT NULL), '{}')::text,
           t.source, EXISTS (SELECT 1 FROM ledger_transaction r WHERE r.reverses_id = t.id),
           COALESCE(e.title, ''), s.file_id
    FROM ledger_transaction t
    JOIN ledger_account a ON a.id = t.account_id AND a.opened_on <= %(on)s
    LEFT JOIN ledger_transaction o ON o.id = COALESCE(t.corrects_id, t.reverses_id)
    LEFT JOIN ledger_entryposting ep ON ep.transaction_id = t.id
    LEFT JOIN ledger_statemententry e ON e.id = ep.entry_id
    LEFT JOIN ledger_bankstatement s ON s.id = e.statement_id
    LEFT JOIN (
        SELECT transaction_id, leg, sum(amount_minor)::bigint AS amount FROM ledger_posting
        WHERE account_id = %(account)s GROUP BY transaction_id, leg HAVING sum(amount_minor) <> 0
    ) p ON p.transaction_id = t.id
    WHERE t.account_id = %(account)s AND t.effective_on <= %(on)s
      AND (%(known_at)s::timestamptz IS NULL OR t.recorded_at <= %(known_at)s)
    GROUP BY t.id, o.id, e.id, s.id
    ORDER BY t.kind <> 'opening', t.effective_on, t.id
"""


def list_ledger_rows(
    *, account_id: int, on: date, known_at: datetime | None = None
) -> list[LedgerRow]:
    """Through a day, oldest first, in one statement; as known at an instant, or as known now."""
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, {"account": account_id, "on": on, "known_at": known_at})
        return list(_running(cursor.fetchall()))[-MOST_ROWS:]


def _running(rows: Iterable[Sequence[Any]]) -> Iterable[LedgerRow]:
    balances = dict.fromkeys(Component, 0)
    credit = 0
    for pk, kind, on, recorded_at, reason, about_kind, about_on, legs_text, *told in rows:
        legs: dict[str, int] = json.loads(legs_text)
        changes = {Component(leg): minor for leg, minor in legs.items() if leg in COMPONENTS}
        ahead = -legs.get(Book.OVERPAYMENT, 0)
        for component, minor in changes.items():
            balances[component] += minor
        credit += ahead
        yield LedgerRow(
            pk,
            TransactionKind(kind),
            on,
            recorded_at,
            reason,
            TransactionKind(about_kind) if about_kind else None,
            about_on,
            changes,
            ahead,
            dict(balances),
            credit,
            *told,
        )

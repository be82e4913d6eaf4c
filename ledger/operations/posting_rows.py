"""Transactions, postings and balances of thousands of accounts, written by COPY and unnest."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final

from django.db import connection

from kernel.actor import Actor
from kernel.sql_text import NULL, PIECE, array_text, escaped
from ledger.legs import Leg
from ledger.lifecycle import TransactionKind
from ledger.operations.account_books import AccountBook, Place
from ledger.operations.booking import Correction

_TRANSACTIONS: Final = (
    "ledger_transaction (id, account_id, kind, effective_on, recorded_at, source,"
    " idempotency_key, reason, corrects_id, actor_kind, actor_id)"
)
_POSTINGS: Final = "ledger_posting (transaction_id, account_id, leg, due_on, amount_minor)"


class PostingRows:
    """Rows for COPY; a correction gets its id when they are written."""

    def __init__(self, actor: Actor, at: datetime) -> None:
        self.transactions: list[str] = []
        self.postings: list[str] = []
        self._corrections: list[tuple[int, int, Correction]] = []
        self._who = f"{actor.kind.value}\t{escaped(actor.id)}\n"
        self._at = at.isoformat()

    @property
    def corrections_count(self) -> int:
        return len(self._corrections)

    def add(
        self,
        pk: int,
        account_id: int,
        kind: TransactionKind,
        on: date,
        key: tuple[str, str],
        legs: Sequence[Leg],
        reason: str = "",
        corrects: str = NULL,
    ) -> None:
        source, idempotency_key = key
        self.transactions.append(
            f"{pk}\t{account_id}\t{kind.value}\t{on}\t{self._at}\t{escaped(source)}\t"
            f"{escaped(idempotency_key)}\t{escaped(reason)}\t{corrects}\t{self._who}"
        )
        self.postings += [
            f"{pk}\t{account_id}\t{leg.leg}\t{leg.due_on or NULL}\t{leg.amount_minor}\n"
            for leg in legs
        ]

    def add_correction(self, account_id: int, cause_id: int, correction: Correction) -> None:
        self._corrections.append((account_id, cause_id, correction))

    def number_corrections(self, ids: Sequence[int]) -> None:
        for pk, (account_id, cause_id, correction) in zip(ids, self._corrections, strict=True):
            corrected = correction.transaction_id
            self.add(
                pk,
                account_id,
                TransactionKind.REALLOCATION,
                correction.effective_on,
                ("replay", f"{cause_id}:{corrected}"),
                correction.legs,
                corrects=str(corrected),
            )
        self._corrections = []


def write_rows(rows: PostingRows, correction_ids: Sequence[int]) -> None:
    rows.number_corrections(correction_ids)
    with connection.cursor() as cursor:
        for target, lines in ((_TRANSACTIONS, rows.transactions), (_POSTINGS, rows.postings)):
            cursor.copy_expert(f"COPY {target} FROM STDIN", io.StringIO("".join(lines)), PIECE)


def write_balances(
    books: Sequence[AccountBook], row_ids: Mapping[int, Mapping[Place, int]]
) -> None:
    """What changed of locked accounts: balances by component and day, and totals.

    ``row_ids`` are the balances that were there, by account. One that has come to nothing goes.
    """
    gone: list[int] = []
    kept: list[tuple[int, int]] = []
    new: list[tuple[int, str, date | None, int]] = []
    for book in books:
        there = row_ids.get(book.account_id, {})
        for place in book.changed:
            amount, pk = book.balances[place], there.get(place)
            if pk is None:
                if amount:
                    new.append((book.account_id, *place, amount))
            elif amount:
                kept.append((pk, amount))
            else:
                gone.append(pk)
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM ledger_balance WHERE id = ANY(%s::bigint[])", [array_text(gone)]
        )
        cursor.execute(
            "UPDATE ledger_balance b SET amount_minor = n.amount_minor"
            " FROM unnest(%s::bigint[], %s::bigint[]) AS n (id, amount_minor) WHERE b.id = n.id",
            [array_text(pk for pk, _ in kept), array_text(amount for _, amount in kept)],
        )
        cursor.execute(
            "INSERT INTO ledger_balance (account_id, component, due_on, amount_minor)"
            " SELECT * FROM unnest(%s::bigint[], %s::text[], %s::date[], %s::bigint[])",
            [[row[column] for row in new] for column in range(4)],
        )
    _write_totals(books)


def _write_totals(books: Sequence[AccountBook]) -> None:
    totals = [book.totals for book in books]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE ledger_account a
            SET outstanding_minor = n.outstanding, due_minor = n.due, due_since = n.since,
                overpaid_minor = n.overpaid
            FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::date[], %s::bigint[])
                 AS n (id, outstanding, due, since, overpaid)
            WHERE a.id = n.id
              AND (a.outstanding_minor, a.due_minor, a.due_since, a.overpaid_minor)
                  IS DISTINCT FROM (n.outstanding, n.due, n.since, n.overpaid)
            """,
            [
                array_text(book.account_id for book in books),
                array_text(total.outstanding_minor for total in totals),
                array_text(total.due_minor for total in totals),
                [total.due_since for total in totals],
                array_text(book.overpaid_minor for book in books),
            ],
        )

"""Writing a bank statement's rows while it is read."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from django.db import connection

from kernel.sql_text import PIECE, row
from ledger.lifecycle import EntryState
from ledger.models import BankStatement
from ledger.operations.told_before import doubt_all, tie_told_before
from ledger.statements.balancing import DO_NOT_ADD_UP
from ledger.statements.values import FINAL_FORMS, Detail, Entry, EntryStatus, Form, Statement

_COLUMNS: Final = (
    "statement_id", "position", "part", "booked_on", "value_on", "amount_minor", "currency",
    "status", "party_name", "party_account", "party_account_is_valid", "title", "bank_reference",
    "end_to_end_id", "code", "is_reversal", "is_return", "return_code", "state", "proposal",
)  # fmt: skip
#: So many lines are copied in at once.
_LINES_AT_ONCE: Final = 2_000
#: Names of debts among what is told of it name a part, never the whole.
_NOT_SPLIT: Final = json.dumps({"doubt": "not_split"})


@dataclass(slots=True)
class KeptStatement:
    """The entries go in piece by piece, the statement in the end."""

    id: int
    file_id: int
    may_post: bool
    lines: list[str] = field(default_factory=list)

    @classmethod
    def begin(cls, file_id: int, form: Form) -> KeptStatement:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval('ledger_bankstatement_id_seq')")
            return cls(int(cursor.fetchone()[0]), file_id, form in FINAL_FORMS)

    def add(self, entry: Entry) -> None:
        self.lines += [row(values) for values in _rows(self.id, entry, may_post=self.may_post)]
        if len(self.lines) >= _LINES_AT_ONCE:
            self._write_lines()

    def end(self, statement: Statement) -> int:
        """Returns how many of its entries were told of before."""
        self._write_lines()
        if any(finding.code == DO_NOT_ADD_UP for finding in statement.findings):
            doubt_all(self.id, "balances")
        told = tie_told_before(self.id, statement)
        opening, closing = statement.opening, statement.closing
        BankStatement.objects.create(
            pk=self.id,
            file_id=self.file_id,
            form=statement.form,
            account_no=statement.account[:40],
            account_is_valid=statement.account_is_valid,
            currency=statement.currency,
            number=statement.number[:60],
            page=statement.page[:20],
            from_on=statement.from_on,
            to_on=statement.to_on,
            opening_minor=opening.amount_minor if opening else None,
            closing_minor=closing.amount_minor if closing else None,
            entries_count=statement.tally.transfers,
            findings=[asdict(finding) for finding in statement.findings],
            same_as=told.same_as,
        )
        return told.entries

    def _write_lines(self) -> None:
        with connection.cursor() as cursor:
            cursor.copy_expert(
                f"COPY ledger_statemententry ({', '.join(_COLUMNS)}) FROM STDIN",
                io.StringIO("".join(self.lines)),
                PIECE,
            )
        self.lines.clear()


def _rows(statement_id: int, entry: Entry, *, may_post: bool) -> Iterator[tuple[Any, ...]]:
    """One row for a single transfer, one for each transfer of a batch."""
    if not entry.details:
        yield _row(statement_id, entry, 0, None, may_post=may_post)
    for part, detail in enumerate(entry.details, start=1):
        yield _row(statement_id, entry, part, detail, may_post=may_post)


def _row(
    statement_id: int, entry: Entry, part: int, detail: Detail | None, *, may_post: bool
) -> tuple[Any, ...]:
    amount = entry.amount_minor if detail is None else detail.amount_minor
    what = entry if detail is None else detail
    is_return = entry.is_return or what.is_return
    state = None
    if may_post and entry.status is EntryStatus.BOOKED:
        concerns_us = amount > 0 or is_return or entry.is_reversal
        state = EntryState.WAITING if concerns_us else EntryState.NOT_OURS
    return (
        statement_id,
        entry.position,
        part,
        entry.booked_on,
        entry.value_on,
        amount,
        entry.currency,
        entry.status,
        what.party.name[:300],
        what.party.account[:40],
        what.party.account_is_valid,
        _title(what.title, entry)[:4000],
        (what.bank_reference or entry.bank_reference)[:80],
        what.end_to_end_id[:80],
        entry.code[:40],
        entry.is_reversal,
        is_return,
        what.return_code[:35],
        state,
        _NOT_SPLIT if entry.is_unsplit else "{}",
    )


def _title(title: str, entry: Entry) -> str:
    """With what a person needs to split an entry whose transfers the bank sums up."""
    return "; ".join(part for part in (title, entry.told) if part)

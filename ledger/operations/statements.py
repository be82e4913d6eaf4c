"""Taking bank statements in: what was understood is kept once, whatever form it comes in."""

from __future__ import annotations

import hashlib
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db import connection, transaction

from journal.bell import ring
from journal.operations import Subject, record_event
from kernel.actor import Actor
from kernel.authority import requires
from kernel.cycles import no_search_for_cycles
from kernel.sql_text import PIECE, row
from ledger import events
from ledger.lifecycle import EntryState
from ledger.models import BankStatement, StatementEntry, StatementFile
from ledger.operations.tying import tie_foretold
from ledger.statements.reader import read_statements
from ledger.statements.values import (
    FINAL_FORMS,
    Detail,
    Entry,
    EntryStatus,
    Finding,
    ReadFile,
    Statement,
)
from staff.rights import Right

_ENTRY_COLUMNS: Final = (
    "statement_id", "position", "part", "booked_on", "value_on", "amount_minor", "currency",
    "status", "party_name", "party_account", "party_account_is_valid", "title", "bank_reference",
    "end_to_end_id", "code", "is_reversal", "is_return", "return_code", "state", "proposal",
)  # fmt: skip
#: A worker finds the debts of what nobody has looked at yet.
MATCH_TASK: Final = "ledger.match_entries"


@dataclass(slots=True)
class TakenIn:
    """Counts of one file. ``totals`` are the booked movements, by account and currency."""

    form: str
    encoding: str
    file_id: int | None = None
    known_before: bool = False
    statements: int = 0
    entries: int = 0
    booked: int = 0
    provisional: int = 0
    repeated: int = 0
    totals: dict[tuple[str, str], int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


@requires(Right.IMPORT_STATEMENTS)
@transaction.atomic
@no_search_for_cycles()
def take_in_statements(
    *, content: bytes, name: str, actor: Actor, at: datetime, dry_run: bool = False
) -> TakenIn:
    """Keep the statements of a file and their entries; the same bytes again change nothing.

    Nothing of a file that cannot be understood is kept. Raises StatementUnreadable.
    """
    digest = hashlib.sha256(content).digest()
    read = read_statements(content)
    taken = _counted(read)
    known = StatementFile.objects.filter(sha256=digest).first()
    if known is not None:
        taken.file_id, taken.known_before = known.pk, True
        return taken
    if dry_run:
        return taken
    file = StatementFile.objects.create(
        sha256=digest,
        name=name[:255],
        form=read.form,
        version=read.version,
        encoding=read.encoding,
        received_at=at,
        actor_kind=actor.kind,
        actor_id=actor.id,
        findings=[asdict(finding) for finding in read.findings],
    )
    taken.file_id = file.pk
    for statement in read.statements:
        made = _keep(file, statement)
        taken.repeated += made.entries_count if made.same_as_id is not None else 0
    tie_foretold(account_nos=sorted({statement.account for statement in read.statements}))
    record_event(
        kind=events.STATEMENT_TAKEN_IN,
        subject=Subject("statement_file", file.pk),
        payload={
            "name": file.name,
            "form": read.form,
            "statements": taken.statements,
            "entries": taken.entries,
        },
        actor=actor,
        at=at,
    )
    ring(queue="batch", task=MATCH_TASK)
    return taken


def _counted(read: ReadFile) -> TakenIn:
    taken = TakenIn(read.form.value, read.encoding)
    taken.findings = list(read.findings)
    for statement in read.statements:
        taken.statements += 1
        taken.findings += statement.findings
        for entry in statement.entries:
            lines = max(len(entry.details), 1)
            taken.entries += lines
            if statement.form in FINAL_FORMS and entry.status is EntryStatus.BOOKED:
                taken.booked += lines
                place = (statement.account, entry.currency)
                taken.totals[place] = taken.totals.get(place, 0) + entry.amount_minor
            else:
                taken.provisional += lines
    return taken


def _keep(file: StatementFile, statement: Statement) -> BankStatement:
    made = BankStatement.objects.create(
        file=file,
        form=statement.form,
        account_no=statement.account[:40],
        account_is_valid=statement.account_is_valid,
        currency=statement.currency,
        number=statement.number[:60],
        page=statement.page[:20],
        from_on=statement.from_on,
        to_on=statement.to_on,
        opening_minor=statement.opening.amount_minor if statement.opening else None,
        closing_minor=statement.closing.amount_minor if statement.closing else None,
        entries_count=sum(max(len(entry.details), 1) for entry in statement.entries),
        findings=[asdict(finding) for finding in statement.findings],
        same_as=_told_before(statement),
    )
    may_post = statement.form in FINAL_FORMS and made.same_as_id is None
    lines = [
        row(values)
        for entry in statement.entries
        for values in _rows(made.pk, entry, may_post=may_post)
    ]
    with connection.cursor() as cursor:
        cursor.copy_expert(
            f"COPY ledger_statemententry ({', '.join(_ENTRY_COLUMNS)}) FROM STDIN",
            io.StringIO("".join(lines)),
            PIECE,
        )
    return made


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
        what.title[:4000],
        (what.bank_reference or entry.bank_reference)[:80],
        what.end_to_end_id[:80],
        entry.code[:40],
        entry.is_reversal,
        is_return,
        what.return_code[:35],
        state,
        "{}",
    )


def _told_before(statement: Statement) -> BankStatement | None:
    """The statement of another form, or another file, that told of the same entries.

    The same account, currency and last day; where both have balances they are the same, and the
    entries have the same days and amounts. Two statements of one form and number that differ in
    their entries are two.
    """
    if statement.form not in FINAL_FORMS:
        return None
    ours = Counter(
        (entry.booked_on, amount)
        for entry in statement.entries
        for amount in _amounts(entry)
        if entry.status is EntryStatus.BOOKED
    )
    for other in BankStatement.objects.filter(
        account_no=statement.account[:40],
        currency=statement.currency,
        to_on=statement.to_on,
        form__in=FINAL_FORMS,
        same_as__isnull=True,
    ).order_by("id"):
        if not _balances_agree(statement, other):
            continue
        theirs = StatementEntry.objects.filter(statement=other, status=EntryStatus.BOOKED)
        if Counter(theirs.values_list("booked_on", "amount_minor")) == ours and (
            other.form != statement.form or _is_same_number(statement, other)
        ):
            return other
    return None


def _amounts(entry: Entry) -> Sequence[int]:
    return [detail.amount_minor for detail in entry.details] or [entry.amount_minor]


def _balances_agree(statement: Statement, other: BankStatement) -> bool:
    pairs = (
        (statement.opening, other.opening_minor),
        (statement.closing, other.closing_minor),
    )
    return all(
        ours is None or theirs is None or ours.amount_minor == theirs for ours, theirs in pairs
    )


def _is_same_number(statement: Statement, other: BankStatement) -> bool:
    return (statement.number[:60], statement.page[:20]) == (other.number, other.page)

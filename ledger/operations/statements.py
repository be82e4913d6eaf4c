"""Taking bank statements in: what was understood is kept once, whatever form it comes in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import BinaryIO, Final

from django.db import connection, transaction

from journal.bell import ring
from journal.operations import Subject, record_event
from kernel.actor import Actor
from kernel.authority import requires
from kernel.cycles import no_search_for_cycles
from ledger import events
from ledger.models import StatementFile
from ledger.operations.statement_rows import KeptStatement
from ledger.operations.tying import tie_foretold
from ledger.statements.reader import read_statements
from ledger.statements.values import FINAL_FORMS, Entry, Finding, Opened, Part, ReadFile, Statement
from staff.rights import Right

#: A worker finds the debts of what nobody has looked at yet.
MATCH_TASK: Final = "ledger.match_entries"
_PIECE_BYTES: Final = 1 << 20


@dataclass(slots=True)
class TakenIn:
    """Counts of one file. ``totals`` are the booked movements, by account and currency."""

    form: str = ""
    encoding: str = ""
    file_id: int | None = None
    known_before: bool = False
    statements: int = 0
    entries: int = 0
    booked: int = 0
    provisional: int = 0
    repeated: int = 0
    totals: dict[tuple[str, str], int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def count(self, part: Part) -> None:
        match part:
            case Statement():
                self._count_statement(part)
            case ReadFile():
                self.form, self.encoding = part.form.value, part.encoding
                self.findings = [*part.findings, *self.findings]

    def _count_statement(self, statement: Statement) -> None:
        tally = statement.tally
        booked = tally.booked if statement.form in FINAL_FORMS else 0
        self.statements += 1
        self.entries += tally.transfers
        self.booked += booked
        self.provisional += tally.transfers - booked
        self.findings += statement.findings
        if statement.form in FINAL_FORMS:
            for currency, minor in tally.booked_minor.items():
                place = (statement.account, currency)
                self.totals[place] = self.totals.get(place, 0) + minor


@requires(Right.IMPORT_STATEMENTS)
@transaction.atomic
@no_search_for_cycles()
def take_in_statements(
    *, file: BinaryIO, name: str, actor: Actor, at: datetime, dry_run: bool = False
) -> TakenIn:
    """Keep the statements of a file and their entries; the same bytes again change nothing.

    Entries are kept while the file is read, so that its size costs no memory; nothing of a file
    that cannot be understood stays. The file must be able to seek. Raises StatementUnreadable.
    """
    digest = _digest(file)
    _wait_for_the_same_file(digest)
    known = StatementFile.objects.filter(sha256=digest).first()
    taken = TakenIn(file_id=known.pk if known else None, known_before=known is not None)
    if known is not None or dry_run:
        for part in read_statements(file):
            taken.count(part)
        return taken
    taken.file_id = _next_id()
    accounts: set[str] = set()
    for part in _kept(read_statements(file), taken):
        taken.count(part)
        match part:
            case Statement():
                accounts.add(part.account)
            case ReadFile():
                StatementFile.objects.create(
                    pk=taken.file_id,
                    sha256=digest,
                    name=name[:255],
                    form=part.form,
                    version=part.version,
                    encoding=part.encoding,
                    received_at=at,
                    actor_kind=actor.kind,
                    actor_id=actor.id,
                    findings=[asdict(finding) for finding in part.findings],
                )
    tie_foretold(account_nos=sorted(accounts))
    record_event(
        kind=events.STATEMENT_TAKEN_IN,
        subject=Subject("statement_file", taken.file_id),
        payload={
            "name": name[:255],
            "form": taken.form,
            "statements": taken.statements,
            "entries": taken.entries,
        },
        actor=actor,
        at=at,
    )
    ring(queue="batch", task=MATCH_TASK)
    return taken


def _kept(parts: Iterator[Part], taken: TakenIn) -> Iterator[Part]:
    """The parts go on when they are kept. Rows are written when all of them is known, entries
    before their statement and statements before their file."""
    kept: KeptStatement | None = None
    for part in parts:
        match part:
            case Opened():
                assert taken.file_id is not None, "the file's key was drawn"
                kept = KeptStatement.begin(taken.file_id, part.form)
            case Entry():
                assert kept is not None, "entries follow an opening"
                kept.add(part)
            case Statement():
                assert kept is not None, "a statement follows its opening"
                taken.repeated += kept.end(part)
        yield part


def _digest(file: BinaryIO) -> bytes:
    digest = hashlib.sha256()
    file.seek(0)
    while piece := file.read(_PIECE_BYTES):
        digest.update(piece)
    return digest.digest()


def _wait_for_the_same_file(digest: bytes) -> None:
    """Until whoever takes the same bytes in has finished."""
    key = int.from_bytes(digest[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])


def _next_id() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('ledger_statementfile_id_seq')")
        return int(cursor.fetchone()[0])

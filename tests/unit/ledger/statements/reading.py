"""A whole file at once, as tests want it."""

from __future__ import annotations

import io
from typing import NamedTuple

from ledger.statements.reader import read_statements
from ledger.statements.values import Entry, Opened, ReadFile, Statement


class Whole(NamedTuple):
    """``entries`` has those of each statement."""

    file: ReadFile
    statements: list[Statement]
    entries: list[list[Entry]]

    @property
    def all_entries(self) -> list[Entry]:
        return [entry for entries in self.entries for entry in entries]

    @property
    def findings(self) -> list[str]:
        """Their codes."""
        told = [*self.file.findings, *(f for one in self.statements for f in one.findings)]
        return [finding.code for finding in told]


def read_whole(content: bytes) -> Whole:
    """Also holds the reader to its order: opened, entries, statement; in the end the file."""
    statements: list[Statement] = []
    entries: list[list[Entry]] = []
    file: ReadFile | None = None
    for part in read_statements(io.BytesIO(content)):
        assert file is None, "something came after the end"
        match part:
            case Opened():
                assert len(entries) == len(statements), "opened before the last one was told"
                entries.append([])
            case Entry():
                assert len(entries) == len(statements) + 1, "an entry of no statement"
                entries[-1].append(part)
            case Statement():
                statements.append(part)
                assert len(entries) == len(statements), "a statement that was not opened"
                assert part.tally.entries == len(entries[-1])
            case ReadFile():
                file = part
    assert file is not None
    return Whole(file, statements, entries)

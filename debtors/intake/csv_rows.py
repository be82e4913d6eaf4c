"""Rows of a CSV file, streamed, with the line each begins on."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TextIO

from debtors.intake.encoding import inspect_file
from debtors.intake.findings import FileEmpty, FileTruncated, UnbalancedQuotes
from debtors.intake.limits import MAX_CELL_CHARS, MAX_COLUMNS, MAX_LINES_PER_RECORD
from debtors.intake.profile import Profile

#: More characters than this in one line are no record.
_MAX_LINE_CHARS: Final = MAX_CELL_CHARS * 20


@dataclass(frozen=True, slots=True)
class RawRow:
    """``trouble`` is a reason code when the row has no usable cells."""

    line: int
    cells: Sequence[Any]
    trouble: str = ""


class _RecordTooLong(Exception):
    pass


class _Lines:
    """Physical lines, at most ``MAX_LINES_PER_RECORD`` for each record that is asked for."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self.taken = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._file.readline(_MAX_LINE_CHARS)
        if not line:
            raise StopIteration
        self.taken += 1
        if self.taken > MAX_LINES_PER_RECORD or len(line) == _MAX_LINE_CHARS:
            raise _RecordTooLong
        return line


class CsvSource:
    """Raises FileRefused kinds on opening for the whole file, and while reading for its end."""

    def __init__(self, path: Path, profile: Profile) -> None:
        self.path, self.profile = path, profile
        self.inspection = inspect_file(path, profile.encodings)
        self.delimiter = self._find_delimiter()

    def sheets(self) -> list[str]:
        return [""]

    def _open(self) -> TextIO:
        return self.path.open("r", encoding=self.inspection.encoding, newline="")

    def _find_delimiter(self) -> str:
        if len(self.profile.delimiters) == 1:
            return self.profile.delimiters[0]
        with self._open() as file:
            for _ in range(self.profile.header_line - 1):
                file.readline(_MAX_LINE_CHARS)
            header = file.readline(_MAX_LINE_CHARS)
        return max(self.profile.delimiters, key=header.count)

    def rows(self, sheet: str = "") -> Iterator[RawRow]:
        """The header first, then every data row that is not blank."""
        with self._open() as file:
            for _ in range(self.profile.header_line - 1):
                file.readline(_MAX_LINE_CHARS)
            yield from self._records(file)

    def _records(self, file: TextIO) -> Iterator[RawRow]:
        csv.field_size_limit(_MAX_LINE_CHARS)
        lines = _Lines(file)
        quote = self.profile.quote
        reader = csv.reader(lines, delimiter=self.delimiter, quotechar=quote, strict=True)
        next_line, width = self.profile.header_line, 0
        pending: RawRow | None = None
        while True:
            lines.taken, line = 0, next_line
            try:
                cells = next(reader)
            except StopIteration:
                break
            except _RecordTooLong:
                raise UnbalancedQuotes(line=line) from None
            except csv.Error as error:
                if "unexpected end of data" in str(error):
                    raise UnbalancedQuotes(line=line) from None
                row = RawRow(line, (), "quotes_inside_cell")
            else:
                row = RawRow(line, cells)
            next_line += lines.taken
            if not row.trouble and not any(row.cells):
                continue
            width = width or len(self.profile.column_names) or len(row.cells)
            if pending is not None:
                yield pending
            pending = self._checked(row, width)
        if pending is None:
            raise FileEmpty(file=self.path.name)
        if pending.trouble == "too_few_cells" and not self.inspection.ends_with_newline:
            raise FileTruncated(line=pending.line, cells=len(pending.cells), expected=width)
        yield pending

    def _checked(self, row: RawRow, width: int) -> RawRow:
        if row.trouble or self._is_trailer(row.cells):
            return row
        if len(row.cells) != width:
            if len(row.cells) > width and not any(row.cells[width:]):
                return RawRow(row.line, row.cells[:width])
            trouble = "too_few_cells" if len(row.cells) < width else "too_many_cells"
            return RawRow(row.line, row.cells, trouble)
        if len(row.cells) > MAX_COLUMNS:
            return RawRow(row.line, (), "too_many_cells")
        return row

    def _is_trailer(self, cells: Sequence[Any]) -> bool:
        trailer = self.profile.trailer
        return trailer is not None and bool(cells) and cells[0] == trailer.starts_with

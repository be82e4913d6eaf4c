"""The file, row by row, into the staging tables, with everything counted on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

from debtors.intake import cells
from debtors.intake.csv_rows import CsvSource, RawRow
from debtors.intake.findings import (
    CellRefused,
    FileEmpty,
    FileTooLarge,
    Finding,
    TrailerMismatch,
)
from debtors.intake.limits import MAX_ROWS
from debtors.intake.profile import Profile, Sheet, Trailer
from debtors.intake.row_reader import RowReader
from debtors.intake.xlsx_rows import XlsxSource, is_workbook, plain_sheet_name
from debtors.operations.error_file import ErrorFile
from debtors.operations.staging import StagingWriter

_PROGRESS_ROWS: Final = 20_000


class SheetUnknown(FileEmpty):
    """The profile describes no sheet of this name."""

    code = "sheet_unknown"


@dataclass(slots=True)
class ReadCounts:
    read: int = 0
    refused: int = 0
    filtered: int = 0
    #: Codes of what is odd about the file as a whole, and no reason to refuse it.
    warnings: list[str] = field(default_factory=list)
    #: What the file's own closing lines say: rows, and totals per currency.
    trailer_rows: int | None = None
    trailer_totals: dict[str, Decimal] = field(default_factory=dict)


def open_source(path: Path, profile: Profile) -> CsvSource | XlsxSource:
    """By what the file is, not by its name. Raises FileRefused kinds."""
    if not path.stat().st_size:
        raise FileEmpty(file=path.name)
    return XlsxSource(path, profile) if is_workbook(path) else CsvSource(path, profile)


def read_rows(
    source: CsvSource | XlsxSource,
    profile: Profile,
    as_of: date,
    errors: ErrorFile,
    progress: Callable[[int], None],
    only_sheet: str = "",
) -> ReadCounts:
    """Stage every good row. Raises FileRefused kinds; then the caller drops what was staged."""
    counts, writer = ReadCounts(), StagingWriter()
    if isinstance(source, CsvSource) and not source.inspection.ends_with_newline:
        counts.warnings.append("no_line_end")
    for sheet in _sheets(source, profile, only_sheet):
        for done in _read_sheet(source, profile, sheet, as_of, errors, writer, counts):
            progress(done)
    writer.flush()
    progress(counts.read)
    return counts


def _sheets(source: CsvSource | XlsxSource, profile: Profile, only_sheet: str) -> list[Sheet]:
    sheets = [profile.main, *profile.joined]
    if only_sheet:
        chosen = [
            sheet
            for sheet in sheets
            if plain_sheet_name(sheet.name) == plain_sheet_name(only_sheet)
        ]
        if not chosen:
            raise SheetUnknown(sheet=only_sheet, known=[sheet.name for sheet in sheets])
        return chosen
    if isinstance(source, CsvSource):
        return sheets[:1]
    found = {plain_sheet_name(name) for name in source.sheets()}
    return [sheet for sheet in sheets if not sheet.joined or plain_sheet_name(sheet.name) in found]


def _read_sheet(
    source: CsvSource | XlsxSource,
    profile: Profile,
    sheet: Sheet,
    as_of: date,
    errors: ErrorFile,
    writer: StagingWriter,
    counts: ReadCounts,
) -> Iterator[int]:
    rows = source.rows(sheet.name)
    header: Sequence[object] = profile.column_names
    if not header:
        first = next(rows, None)
        if first is None:
            raise FileEmpty(sheet=sheet.name)
        header = first.cells
    reader = RowReader(profile, sheet, header, as_of)
    brought = reader.brought
    for row in rows:
        if _is_trailer(profile.trailer, row):
            _take_trailer(profile, profile.trailer, row, counts)
            continue
        counts.read += 1
        if counts.read > MAX_ROWS:
            raise FileTooLarge(rows=counts.read, limit=MAX_ROWS)
        if row.trouble:
            counts.refused += 1
            errors.write(Finding(row.line, "", str(len(row.cells)), row.trouble, sheet=sheet.name))
            continue
        result = reader.read(row.line, row.cells)
        for finding in result.findings:
            errors.write(finding)
        if result.record is not None:
            writer.add(result.record, brought)
        elif result.findings:
            counts.refused += 1
        else:
            counts.filtered += 1
        if counts.read % _PROGRESS_ROWS == 0:
            yield counts.read


def _is_trailer(trailer: Trailer | None, row: RawRow) -> bool:
    return (
        trailer is not None
        and bool(row.cells)
        and isinstance(row.cells[0], str)
        and row.cells[0].strip() == trailer.starts_with
    )


def _take_trailer(
    profile: Profile, trailer: Trailer | None, row: RawRow, counts: ReadCounts
) -> None:
    if trailer is None:
        return

    def cell(position: int) -> cells.Cell:
        return row.cells[position - 1] if 0 < position <= len(row.cells) else None

    try:
        rows = cells.to_whole(cell(trailer.rows), profile.decimal, profile.thousands)
        total = cells.to_decimal(cell(trailer.total), profile.decimal, profile.thousands)
        currency = cells.to_text(cell(trailer.currency)).upper()
    except CellRefused as error:
        raise TrailerMismatch(line=row.line, reason=error.code, value=str(error.value)) from None
    counts.trailer_rows = rows if rows is not None else counts.trailer_rows
    if total is not None:
        counts.trailer_totals[currency] = total

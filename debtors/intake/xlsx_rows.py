"""Rows of an XLSX workbook with typed cells."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from python_calamine import CalamineError, CalamineWorkbook

from debtors.intake.csv_rows import RawRow
from debtors.intake.encoding import Inspection, inspect_file
from debtors.intake.findings import FileTooLarge, NotASpreadsheet, SheetMissing
from debtors.intake.limits import MAX_COLUMNS, MAX_XLSX_BYTES, MAX_XLSX_UNPACKED_BYTES
from debtors.intake.profile import Profile

ZIP_MARK: Final = b"PK\x03\x04"
#: What reading the directory of a spoilt archive raises.
_NO_ARCHIVE: Final = (
    zipfile.BadZipFile, OSError, ValueError, NotImplementedError, struct.error
)  # fmt: skip


def is_workbook(path: Path) -> bool:
    """By its first bytes, not by its name."""
    with path.open("rb") as file:
        return file.read(4) == ZIP_MARK


def plain_sheet_name(name: str) -> str:
    """``Role$``, as database drivers write it, is the sheet ``Role``."""
    return name.strip().rstrip("$").casefold()


class XlsxSource:
    """Raises NotASpreadsheet and FileTooLarge on opening, and when its rows are asked for
    NotASpreadsheet and SheetMissing."""

    def __init__(self, path: Path, profile: Profile) -> None:
        self.profile = profile
        self._name = path.name
        self.inspection: Inspection = inspect_file(path, ())
        _check_size(path)
        try:
            self._book = CalamineWorkbook.from_path(str(path))
        except (CalamineError, OSError, ValueError):
            raise NotASpreadsheet(file=path.name) from None

    def sheets(self) -> list[str]:
        return list(self._book.sheet_names)

    def rows(self, sheet: str = "") -> Iterator[RawRow]:
        names = self.sheets()
        plain = {plain_sheet_name(known): known for known in reversed(names)}
        name = plain.get(plain_sheet_name(sheet)) if sheet else names[0] if names else None
        if name is None:
            raise SheetMissing(sheet=sheet, found=names)
        try:
            data = self._book.get_sheet_by_name(name)
        except (CalamineError, OSError, ValueError):
            # The list of sheets is whole, and the sheet itself is not.
            raise NotASpreadsheet(file=self._name) from None
        start = data.start[0] if data.start else 0
        for number, cells in enumerate(data.iter_rows(), start=start + 1):
            if number < self.profile.header_line or not any(cell != "" for cell in cells):
                continue
            if len(cells) > MAX_COLUMNS:
                yield RawRow(number, (), "too_many_cells")
            else:
                yield RawRow(number, [None if cell == "" else cell for cell in cells])


def _check_size(path: Path) -> None:
    if path.stat().st_size > MAX_XLSX_BYTES:
        raise FileTooLarge(file=path.name, bytes=path.stat().st_size, limit=MAX_XLSX_BYTES)
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except _NO_ARCHIVE:
        raise NotASpreadsheet(file=path.name) from None
    if unpacked > MAX_XLSX_UNPACKED_BYTES:
        raise FileTooLarge(file=path.name, bytes=unpacked, limit=MAX_XLSX_UNPACKED_BYTES)

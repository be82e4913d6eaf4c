"""Lists and tables as files: CSV row by row, XLSX with a memory that does not grow."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

import xlsxwriter
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.text import slugify
from django.utils.translation import get_language

from kernel import clock
from portfolio.cells import CellKind, Column, Value, csv_text, harmless
from portfolio.operations import note_export
from portfolio.views.listing import Table
from staff.access import StaffRequest
from staff.figures import currency_symbol

_XLSX_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: Rows of a sheet; xlsxwriter drops what goes beyond without a word.
_MOST_XLSX_ROWS: Final = 1_048_576
_FORMATS: Final = {
    CellKind.MONEY: "#,##0.00",
    CellKind.COUNT: "#,##0",
    CellKind.SHARE: "0.0%",
    CellKind.DAY: "yyyy-mm-dd",
}


class FileFormat(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"


def wanted_format(request: StaffRequest) -> FileFormat | None:
    wanted = request.GET.get("format", "")
    return FileFormat(wanted) if wanted in set(FileFormat) else None


def file_of(request: StaffRequest, table: Table, file_format: FileFormat) -> HttpResponseBase:
    """The table as a file; that it was taken is noted before the first row leaves.

    A list too long for a sheet is given as CSV.
    """
    if file_format is FileFormat.XLSX and table.count >= _MOST_XLSX_ROWS:
        file_format = FileFormat.CSV
    note_export(
        what=table.name,
        file_format=file_format,
        rows=table.count,
        query=request.get_full_path(),
        actor=request.actor,
        at=clock.now(),
    )
    name = f"{slugify(table.name) or 'ugoda'}-{clock.today().isoformat()}.{file_format}"
    if file_format is FileFormat.XLSX:
        return FileResponse(
            _workbook(table), as_attachment=True, filename=name, content_type=_XLSX_TYPE
        )
    return StreamingHttpResponse(
        _csv_lines(table, comma=(get_language() or "en").startswith("pl")),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def _csv_lines(table: Table, *, comma: bool) -> Iterator[str]:
    """With the mark by which spreadsheets know UTF-8; in Polish with decimal commas, and so with
    semicolons between the cells."""
    writer = csv.writer(_Echo(), delimiter=";" if comma else ",")
    yield "\ufeff" + str(writer.writerow([harmless(_head(column)) for column in table.columns]))
    for row in table.rows():
        yield str(writer.writerow([csv_text(value, decimal_comma=comma) for value in row]))


def _head(column: Column) -> str:
    unit = currency_symbol(column.currency) if column.currency else ""
    return f"{column.head}, {unit}" if unit else column.head


def _workbook(table: Table) -> Any:
    """A temporary file, rewound; it goes when it is closed."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True})
    formats = {kind: book.add_format({"num_format": text}) for kind, text in _FORMATS.items()}
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, 14 if column.is_number else 26, formats.get(column.kind))
        sheet.write_string(0, place, harmless(_head(column)), bold)
    for number, row in enumerate(table.rows(), start=1):
        for place, value in enumerate(row):
            _write(sheet, number, place, value, formats.get(table.columns[place].kind))
    book.close()
    file.seek(0)
    return file


def _write(sheet: Any, row: int, column: int, value: Value, cell_format: Any) -> None:
    """A text is never a formula, nor a number that looks like one."""
    if value is None:
        return
    if isinstance(value, date):
        sheet.write_datetime(row, column, value, cell_format)
    elif isinstance(value, int | Decimal):
        sheet.write_number(row, column, value, cell_format)
    else:
        sheet.write_string(row, column, harmless(value), cell_format)

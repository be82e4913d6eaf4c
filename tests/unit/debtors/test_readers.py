"""Files as they come: encodings, delimiters, quotes, cut and mutated ones, workbooks."""

from __future__ import annotations

import csv
import io
import os
import random
import tracemalloc
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from debtors.intake.csv_rows import CsvSource
from debtors.intake.encoding import inspect_file
from debtors.intake.findings import (
    ColumnRepeated,
    ColumnsMissing,
    FileEmpty,
    FileRefused,
    FileTruncated,
    NotASpreadsheet,
    SheetMissing,
    UnbalancedQuotes,
    WrongEncoding,
)
from debtors.intake.profile import Profile, load_profile, parse_profile
from debtors.intake.row_reader import RowReader
from debtors.intake.xlsx_rows import XlsxSource, is_workbook

AS_OF = date(2025, 10, 1)
SIMPLE = '[profile]\nname = "x"\n[file]\n{file}\n[fields]\ndebtor_ref = "A"\ndebt_ref = "B"\n'


def profile(file: str = "") -> Profile:
    return parse_profile(SIMPLE.format(file=file))


def written(path: Path, content: bytes | str) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def cells(path: Path, using: Profile | None = None) -> list[tuple[int, list[str], str]]:
    source = CsvSource(path, using or profile())
    return [(row.line, list(row.cells), row.trouble) for row in source.rows()]


def test_rows_come_with_the_line_they_begin_on(tmp_path: Path) -> None:
    path = written(tmp_path / "f.csv", 'A,B\n1,"two\nlines"\n\n,\n3,4\n')
    assert cells(path) == [
        (1, ["A", "B"], ""),
        (2, ["1", "two\nlines"], ""),
        (6, ["3", "4"], ""),
    ]


def test_a_row_with_another_number_of_cells_is_marked(tmp_path: Path) -> None:
    path = written(tmp_path / "f.csv", "A,B\n1\n1,2,3\n5,6\n")
    assert [trouble for _, _, trouble in cells(path)] == ["", "too_few_cells", "too_many_cells", ""]


def test_a_file_cut_in_its_last_line_is_refused_as_a_whole(tmp_path: Path) -> None:
    path = written(tmp_path / "f.csv", "A,B,C\n1,2,3\n4,5")
    with pytest.raises(FileTruncated) as refused:
        cells(path)
    assert refused.value.values == {"line": 3, "cells": 2, "expected": 3}


def test_a_last_line_that_is_whole_needs_no_line_end(tmp_path: Path) -> None:
    assert len(cells(written(tmp_path / "f.csv", "A,B\n1,2"))) == 2


@pytest.mark.parametrize(
    "text",
    ['A,B\n1,"2\n3,4\n', 'A,B\n1,2\n"3,4', 'A,B\n1,"' + "x\n" * 200 + '"\n'],
    ids=["in the middle", "at the end", "swallowing many lines"],
)
def test_a_quotation_mark_that_never_closes_is_an_error(tmp_path: Path, text: str) -> None:
    with pytest.raises(UnbalancedQuotes):
        cells(written(tmp_path / "f.csv", text))


def test_a_quotation_mark_inside_a_cell_spoils_its_row_only(tmp_path: Path) -> None:
    path = written(tmp_path / "f.csv", 'A,B\n"1" x,2\n3,4\n')
    assert [trouble for _, _, trouble in cells(path)] == ["", "quotes_inside_cell", ""]


@pytest.mark.parametrize("content", ["", "\n\n\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(tmp_path: Path, content: bytes | str) -> None:
    with pytest.raises(FileEmpty):
        cells(written(tmp_path / "f.csv", content))


def test_the_most_frequent_of_the_declared_delimiters_is_taken(tmp_path: Path) -> None:
    path = written(tmp_path / "f.csv", "A;B;C, or D\n1;2;3\n")
    assert cells(path, profile('delimiter = [",", ";"]'))[1][1] == ["1", "2", "3"]


def test_lines_before_the_header_are_passed_over(tmp_path: Path) -> None:
    path = written(tmp_path / "f.csv", "Report of 2025\n\nA,B\n1,2\n")
    assert cells(path, profile("header_line = 3"))[1] == (4, ["1", "2"], "")


@pytest.mark.parametrize(
    ("encoding", "expected"),
    [("utf-8", "utf-8-sig"), ("utf-8-sig", "utf-8-sig"), ("windows-1250", "cp1250"),
     ("iso-8859-2", "iso8859-2")],
)  # fmt: skip
def test_the_encodings_of_polish_files_are_told_apart(
    tmp_path: Path, encoding: str, expected: str
) -> None:
    text = "A,B\nŁącki Świętosław,Gęsia Źródłowa\n" * 3
    path = written(tmp_path / "f.csv", text.encode(encoding))
    found = inspect_file(path, ["utf-8", "windows-1250", "iso-8859-2"])
    assert found.encoding == expected
    several = profile('encoding = ["utf-8", "windows-1250", "iso-8859-2"]')
    assert cells(path, several)[1][1] == ["Łącki Świętosław", "Gęsia Źródłowa"]


@pytest.mark.parametrize(
    "content",
    ["A,B\n1,2\nJos\xe9,2\n".encode("latin-1"), "A,B\n1,2\nł,2\n".encode("utf-16")],
    ids=["latin-1", "utf-16"],
)
def test_bytes_that_do_not_fit_the_declared_encoding_are_an_error(
    tmp_path: Path, content: bytes
) -> None:
    with pytest.raises(WrongEncoding) as refused:
        cells(written(tmp_path / "f.csv", content))
    assert refused.value.values["line"] in (1, 3)


def test_a_byte_that_does_not_fit_is_found_behind_the_first_block(tmp_path: Path) -> None:
    good = b"A,B\n" + b"1,2\n" * 600_000
    with pytest.raises(WrongEncoding) as refused:
        cells(written(tmp_path / "f.csv", good + b"\xff,2\n"))
    assert refused.value.values == {
        "expected": ["utf-8-sig"], "line": 600_002, "byte": len(good),
    }  # fmt: skip


def test_reading_keeps_no_more_than_a_block_in_memory(tmp_path: Path) -> None:
    path = written(tmp_path / "f.csv", b"A,B\n" + b"some name,1234567890\n" * 300_000)
    tracemalloc.start()
    count = sum(1 for _ in CsvSource(path, profile()).rows())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (count, peak < 5_000_000) == (300_001, True)


def test_empty_cells_behind_the_last_column_do_no_harm(tmp_path: Path) -> None:
    path = written(tmp_path / "f.csv", "A,B\n1,2,\n3,4,,\n5,6,7\n")
    assert cells(path)[1:3] == [(2, ["1", "2"], ""), (3, ["3", "4"], "")]
    assert cells(path)[3][2] == "too_many_cells"


def test_a_column_that_nobody_needs_may_stand_in_the_header_twice() -> None:
    using = profile()
    RowReader(using, using.main, ["A", "B", "Note", "Note", "", ""], AS_OF)


def test_missing_and_repeated_columns_are_named() -> None:
    using = profile()
    with pytest.raises(ColumnsMissing) as missing:
        RowReader(using, using.main, ["A", "C"], AS_OF)
    assert missing.value.values["missing"] == ["B"]
    with pytest.raises(ColumnRepeated):
        RowReader(using, using.main, ["A", "B", " A "], AS_OF)


def test_the_canonical_layout_refuses_a_misspelled_column() -> None:
    canonical = load_profile("canonical")
    with pytest.raises(ColumnsMissing) as refused:
        RowReader(canonical, canonical.main, ["debtor_ref", "debt_ref", "princpal"], AS_OF)
    assert refused.value.values["unknown"] == ["princpal"]


def test_a_column_that_is_named_almost_so_is_pointed_out() -> None:
    using = parse_profile(SIMPLE.format(file="").replace('"B"', '"Rachunek"'))
    with pytest.raises(ColumnsMissing) as refused:
        RowReader(using, using.main, ["A", "Rachunk"], AS_OF)
    assert refused.value.values["nearest"] == ["Rachunek: Rachunk"]


def workbook(path: Path, **sheets: list[list[object]]) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for y, row in enumerate(rows):
                for x, cell in enumerate(row):
                    if isinstance(cell, date):
                        sheet.write_datetime(y, x, cell, day)
                    else:
                        sheet.write(y, x, cell)
    return path


def test_a_workbook_is_read_by_sheet_with_typed_cells(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "b.xlsx",
        Import=[["A", "B"], [1, date(2025, 5, 6)], [], ["x", 2.5]],
        Role=[["A"], ["y"]],
    )
    assert is_workbook(path)
    source = XlsxSource(path, profile())
    assert [(row.line, list(row.cells)) for row in source.rows("Import$")] == [
        (1, ["A", "B"]),
        (2, [1.0, date(2025, 5, 6)]),
        (4, ["x", 2.5]),
    ]
    assert [row.cells[0] for row in source.rows("role")] == ["A", "y"]
    with pytest.raises(SheetMissing):
        list(source.rows("Other"))


def test_a_broken_workbook_is_refused(tmp_path: Path) -> None:
    whole = workbook(tmp_path / "b.xlsx", Import=[["A", "B"], [1, 2]]).read_bytes()
    for length in (4, 100, len(whole) // 2):
        path = written(tmp_path / "cut.xlsx", whole[:length])
        with pytest.raises(NotASpreadsheet):
            XlsxSource(path, profile())


def _mutations(good: bytes, count: int) -> Iterator[bytes]:
    dice = random.Random(20251001)
    noise = [b"\0", b'"', b"\n", b"\r", b",", b";", b"\xff", b"\xc5", b"9" * 400, b"NaN", b"=1+1",
             b"-", b"1e308", b"\xef\xbb\xbf", b"\x1a", b"," * 600]  # fmt: skip
    for _ in range(count):
        at = dice.randrange(len(good))
        match dice.randrange(3):
            case 0:
                yield good[:at]
            case 1:
                yield good[:at] + dice.choice(noise) + good[at:]
            case _:
                yield good[:at] + dice.choice(noise) + good[at + dice.randrange(1, 40) :]


def _read_whole(path: Path, using: Profile) -> None:
    source = (XlsxSource if is_workbook(path) else CsvSource)(path, using)
    rows = source.rows()
    reader = RowReader(using, using.main, next(rows).cells, AS_OF)
    for row in rows:
        if not row.trouble:
            reader.read(row.line, row.cells)


def _good_file(folder: Path, form: str) -> bytes:
    content = Path("tests/profiles/canonical_sample.csv").read_bytes()
    if form == "csv":
        return content
    rows: list[list[object]] = [list(row) for row in csv.reader(io.StringIO(content.decode()))]
    return workbook(folder / "good.xlsx", Import=rows).read_bytes()


@pytest.mark.chaos
@pytest.mark.parametrize(("form", "count"), [("csv", 300), ("xlsx", 60)])
def test_no_mutation_of_a_good_file_makes_the_reader_fall_over(
    tmp_path: Path, form: str, count: int
) -> None:
    """Every cut or spoilt file is either refused as a whole, or read row by row to its end."""
    canonical = load_profile("canonical")
    outcomes = {"refused": 0, "read": 0}
    factor = 300 if os.environ.get("CHAOS") == "full" else 1
    for content in _mutations(_good_file(tmp_path, form), count * factor):
        path = written(tmp_path / "mutated", content)
        try:
            _read_whole(path, canonical)
            outcomes["read"] += 1
        except FileRefused:
            outcomes["refused"] += 1
    assert min(outcomes.values()) > 0

"""What is wrong with a row, or with a whole file: a code and typed values, never a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kernel.errors import InvalidInput


class Severity(StrEnum):
    """What became of the row a finding is about."""

    #: The row was not taken in.
    REFUSED = "refused"
    #: The row was taken in, but the case must not be acted on before a person has looked.
    PROBLEM = "problem"
    #: The row was taken in without this value.
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Finding:
    """``column`` is the canonical field; ``value`` is shortened, and masked for identifiers."""

    line: int
    column: str
    value: str
    code: str
    severity: Severity = Severity.REFUSED
    sheet: str = ""


class CellRefused(Exception):
    """A cell cannot be read as what its field needs. Inside the reader only."""

    def __init__(self, code: str, value: object = "") -> None:
        super().__init__(code)
        self.code = code
        self.value = value


class FileRefused(InvalidInput):
    """The whole file cannot be trusted; nothing of it is taken in."""

    code = "file_refused"


class FileTruncated(FileRefused):
    """The last line stops short and has no line end, so an unknown number of rows is missing."""

    code = "file_truncated"


class UnbalancedQuotes(FileRefused):
    code = "unbalanced_quotes"


class WrongEncoding(FileRefused):
    code = "wrong_encoding"


class ColumnsMissing(FileRefused):
    code = "columns_missing"


class ColumnRepeated(FileRefused):
    code = "column_repeated"


class SheetMissing(FileRefused):
    code = "sheet_missing"


class NotASpreadsheet(FileRefused):
    code = "not_a_spreadsheet"


class FileEmpty(FileRefused):
    code = "file_empty"


class FileTooLarge(FileRefused):
    code = "file_too_large"


class TrailerMismatch(FileRefused):
    """The file's own totals, or those expected by the caller, differ from what was read."""

    code = "control_totals_differ"


class TooManyBadRows(FileRefused):
    code = "too_many_bad_rows"

"""A statement file, whatever its form: told by its content, never by its name."""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Iterator
from typing import BinaryIO, Final

from ledger.statements.camt import read_camt
from ledger.statements.decoding import decoded
from ledger.statements.mt import read_mt
from ledger.statements.values import Part, StatementUnreadable

MAX_BYTES: Final = 200 * 1024 * 1024
_PIECE_BYTES: Final = 1 << 16
_MARKS: Final = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_BLANK: Final = b"\0\t\r\n "
#: So much shows that a file is a page of the web.
_HEAD_BYTES: Final = 1024
_WEB_PAGE: Final = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_DECLARATIONS: Final = (b"<?xml", "<?xml".encode("utf-16-le"), "<?xml".encode("utf-16-be"))


def read_statements(file: BinaryIO) -> Iterator[Part]:
    """The parts of a file one by one, so that a large file takes no more memory than a small one.

    The file must be able to seek. Raises StatementUnreadable with a reason, the place, and what
    stood there, possibly after parts were given out: whoever keeps them must be able to undo that.
    """
    size = file.seek(0, os.SEEK_END)
    if size > MAX_BYTES:
        raise StatementUnreadable("too_large", "line 1", bytes=size, limit=MAX_BYTES)
    first = _first_byte(file)
    if first is None:
        raise StatementUnreadable("empty", "line 1")
    file.seek(first)
    head = file.read(_HEAD_BYTES)
    if head.startswith(b"<"):
        if _WEB_PAGE.match(head):
            raise StatementUnreadable("web_page", "line 1")
        begin, encoding = _beginning_of_xml(file, first)
        file.seek(begin)
        yield from read_camt(file, encoding)
        return
    with decoded(file) as (lines, encoding):
        yield from read_mt(lines, encoding)


def _first_byte(file: BinaryIO) -> int | None:
    """Where the first stands that is neither blank nor a byte order mark; None in an empty file."""
    file.seek(0)
    before = 0
    while piece := file.read(_PIECE_BYTES):
        if rest := piece.lstrip(_BLANK + b"".join(_MARKS)):
            return before + len(piece) - len(rest)
        before += len(piece)
    return None


def _beginning_of_xml(file: BinaryIO, first: int) -> tuple[int, str | None]:
    """Where a declaration stands that has blanks before it, which no parser takes, and the encoding
    that a byte order mark before them tells. Anything else is read from the beginning."""
    file.seek(0)
    head = file.read(3)
    mark = next((mark for mark in _MARKS if head.startswith(mark)), b"")
    # of two bytes to a sign, the first stands at an even place
    for begin, declarations in ((first, _DECLARATIONS[:1]), (first - first % 2, _DECLARATIONS[1:])):
        file.seek(begin)
        if begin > len(mark) and file.read(_HEAD_BYTES).startswith(declarations):
            return begin, "utf-8" if mark == codecs.BOM_UTF8 else None
    return 0, None

"""A statement file, whatever its form: told by its content, never by its name."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import BinaryIO, Final

from ledger.statements.camt import read_camt
from ledger.statements.decoding import decoded
from ledger.statements.mt import read_mt
from ledger.statements.values import Part, StatementUnreadable

MAX_BYTES: Final = 200 * 1024 * 1024
_PIECE_BYTES: Final = 1 << 16
_MARKS: Final = b"\xef\xbb\xbf\xff\xfe"
_BLANK: Final = b"\0\t\r\n "


def read_statements(file: BinaryIO) -> Iterator[Part]:
    """The parts of a file one by one, so that a large file takes no more memory than a small one.

    The file must be able to seek. Raises StatementUnreadable with a reason, the place, and what
    stood there, possibly after parts were given out: whoever keeps them must be able to undo that.
    """
    size = file.seek(0, os.SEEK_END)
    if size > MAX_BYTES:
        raise StatementUnreadable("too_large", "line 1", bytes=size, limit=MAX_BYTES)
    first = _first_byte(file)
    if not first:
        raise StatementUnreadable("empty", "line 1")
    if first == b"<":
        file.seek(0)
        yield from read_camt(file)
        return
    with decoded(file) as (lines, encoding):
        yield from read_mt(lines, encoding)


def _first_byte(file: BinaryIO) -> bytes:
    """The first that is neither blank nor a byte order mark; none in an empty file."""
    file.seek(0)
    while piece := file.read(_PIECE_BYTES):
        if rest := piece.lstrip(_BLANK + _MARKS):
            return rest[:1]
    return b""

"""A statement file, whatever its form: told by its content, never by its name."""

from __future__ import annotations

import re
from typing import Final

from ledger.statements.camt import read_camt
from ledger.statements.decoding import decode
from ledger.statements.mt import read_mt
from ledger.statements.values import ReadFile, StatementUnreadable

MAX_BYTES: Final = 200 * 1024 * 1024
_HEAD_BYTES: Final = 4096
_FIELD: Final = re.compile(r"^:(?:20|25|28C?|60[FM]?|61):", re.MULTILINE)


def read_statements(content: bytes) -> ReadFile:
    """Raises StatementUnreadable with a reason, the place, and what stood there."""
    if not content.strip(b"\0\t\r\n \xef\xbb\xbf\xff\xfe"):
        raise StatementUnreadable("empty", "line 1")
    if len(content) > MAX_BYTES:
        raise StatementUnreadable("too_large", "line 1", bytes=len(content), limit=MAX_BYTES)
    if _is_xml(content):
        return read_camt(content)
    text, encoding = decode(content)
    if not _FIELD.search(text):
        raise StatementUnreadable("not_a_statement", "line 1")
    return read_mt(text, encoding)


def _is_xml(content: bytes) -> bool:
    head = content[:_HEAD_BYTES].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return head.startswith(b"<")

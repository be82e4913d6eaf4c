"""Thousands of values as text that PostgreSQL reads: arrays, and the rows of COPY.

A row of COPY is a line, with tabs between its fields.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

NULL: Final = "\\N"
#: How many characters are handed to COPY at once. After each piece the caller may have to wait
#: for another thread that computes.
PIECE: Final = 1 << 20


def array_text(values: Iterable[object]) -> str:
    """An array of numbers, days or codes. The driver takes much longer for a list."""
    return "{" + ",".join(map(str, values)) + "}"


def escaped(text: str) -> str:
    """Any text as a field."""
    if "\\" in text:
        text = text.replace("\\", "\\\\")
    return text.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")


def row(values: Iterable[object]) -> str:
    """Values of any kind as a row of COPY; None is NULL."""
    return "\t".join([_field(value) for value in values]) + "\n"


def _field(value: object) -> str:
    if value is None:
        return NULL
    return escaped(value) if isinstance(value, str) else str(value)


def escaped_json(text: str) -> str:
    """JSON as a field; it never holds a bare newline or tab."""
    return text.replace("\\", "\\\\") if "\\" in text else text

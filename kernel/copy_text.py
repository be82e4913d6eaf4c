"""Rows in the text format of PostgreSQL's COPY: fields between tabs, a row to a line."""

from __future__ import annotations

from typing import Final

NULL: Final = "\\N"
#: How many characters are handed to COPY at once. After each piece the caller may have to wait
#: for another thread that computes.
PIECE: Final = 1 << 20


def escaped(text: str) -> str:
    """Any text as a field."""
    if "\\" in text:
        text = text.replace("\\", "\\\\")
    return text.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")


def escaped_json(text: str) -> str:
    """JSON as a field; it never holds a bare newline or tab."""
    return text.replace("\\", "\\\\") if "\\" in text else text

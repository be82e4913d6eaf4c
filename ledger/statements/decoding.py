"""The encoding of a text file by what it holds: banks do not say, and Polish letters betray it."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, Final

from ledger.statements.values import StatementUnreadable

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_HEAD_BYTES: Final = 64
_PIECE_BYTES: Final = 1 << 16
#: So much shows in which of the older encodings a file is.
_SAMPLE_BYTES: Final = 1 << 20
#: A message has 65 signs to a line, and some banks all that they say of a payment.
_LONGEST_LINE: Final = 1 << 20
#: In the order in which they win a tie.
_ENCODINGS: Final = ("cp1250", "iso8859-2", "cp852")
_LETTERS: Final = frozenset("ąćęłńóśźżĄĆĘŁŃÓŚŹŻäöüÄÖÜßéèáíčšžřýůčďťňôőűàâçêëîïûùÿœ§€–—„”’")


@contextmanager
def decoded(file: BinaryIO) -> Iterator[tuple[Iterator[str], str]]:
    """The lines of a file, without their ends, and the name of its encoding.

    The file must be able to seek; it stays open. Raises StatementUnreadable: ``wrong_encoding``,
    and while the lines are read ``line_too_long``.
    """
    name, errors = _encoding(file)
    file.seek(0)
    text = io.TextIOWrapper(file, name, errors)
    try:
        yield _lines(text), name
    finally:
        text.detach()


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    number = 0
    while line := text.readline(_LONGEST_LINE):
        number += 1
        if len(line) == _LONGEST_LINE:
            raise StatementUnreadable("line_too_long", f"line {number}", limit=_LONGEST_LINE)
        yield line.rstrip("\n")


def _encoding(file: BinaryIO) -> tuple[str, str]:
    """The codec, and what it does with bytes that it does not know."""
    file.seek(0)
    head = file.read(_HEAD_BYTES)
    name = next((name for mark, name in _MARKS if head.startswith(mark)), "")
    if not name and _looks_like_utf16(head):
        name = "utf-16-be" if head[:1] == b"\0" else "utf-16-le"
    wrong = _first_wrong_byte(file, name or "utf-8")
    if wrong is None:
        return name or "utf-8", "strict"
    if name:
        raise StatementUnreadable("wrong_encoding", f"byte {wrong + 1}", encoding=name)
    file.seek(0)
    sample = file.read(_SAMPLE_BYTES)
    return max(_ENCODINGS, key=lambda encoding: _letters(sample, encoding)), "replace"


def _first_wrong_byte(file: BinaryIO, name: str) -> int | None:
    """Where the bytes stop to be text of this encoding, from 0; None if all of them are."""
    decoder = codecs.getincrementaldecoder(name)()
    file.seek(0)
    at = 0
    while True:
        piece = file.read(_PIECE_BYTES)
        kept_back = len(decoder.getstate()[0])
        try:
            decoder.decode(piece, final=not piece)
        except UnicodeDecodeError as error:
            return at - kept_back + error.start
        if not piece:
            return None
        at += len(piece)


def _looks_like_utf16(head: bytes) -> bool:
    return len(head) >= 4 and head.count(b"\0") * 3 >= len(head)


def _letters(sample: bytes, encoding: str) -> int:
    """Letters that people here write, less the signs that nobody does."""
    strange = [sign for sign in sample.decode(encoding, "replace") if ord(sign) > 127]
    known = sum(sign in _LETTERS for sign in strange)
    return 2 * known - len(strange)

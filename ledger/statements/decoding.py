"""The encoding of a text file by what it holds: banks do not say, and Polish letters betray it."""

from __future__ import annotations

import codecs
from typing import Final

from ledger.statements.values import StatementUnreadable

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE_BYTES: Final = 1 << 20
#: In the order in which they win a tie.
_ENCODINGS: Final = ("cp1250", "iso8859-2", "cp852")
_LETTERS: Final = frozenset("ąćęłńóśźżĄĆĘŁŃÓŚŹŻäöüÄÖÜßéèáíčšžřýůčďťňôőűàâçêëîïûùÿœ§€–—„”’")


def decode(content: bytes) -> tuple[str, str]:
    """The text and the name of its encoding. Raises StatementUnreadable: ``wrong_encoding``."""
    for mark, name in _MARKS:
        if content.startswith(mark):
            return _strictly(content, name), name
    if _looks_like_utf16(content):
        name = "utf-16-be" if content[:1] == b"\0" else "utf-16-le"
        return _strictly(content, name), name
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    name = max(_ENCODINGS, key=lambda encoding: _letters(content, encoding))
    return content.decode(name, "replace"), name


def _strictly(content: bytes, name: str) -> str:
    try:
        return content.decode(name)
    except UnicodeDecodeError as error:
        raise StatementUnreadable(
            "wrong_encoding", f"byte {error.start + 1}", encoding=name
        ) from error


def _looks_like_utf16(content: bytes) -> bool:
    head = content[:64]
    return len(head) >= 4 and head.count(b"\0") * 3 >= len(head)


def _letters(content: bytes, encoding: str) -> int:
    """Letters that people here write, less the signs that nobody does."""
    sample = content[:_SAMPLE_BYTES].decode(encoding, "replace")
    strange = [sign for sign in sample if ord(sign) > 127]
    known = sum(sign in _LETTERS for sign in strange)
    return 2 * known - len(strange)

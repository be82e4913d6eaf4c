"""One pass over the bytes of a text file: its hash, its encoding, and how it ends."""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from debtors.intake.findings import FileEmpty, FileTooLarge, WrongEncoding
from debtors.intake.limits import MAX_FILE_BYTES

_CHUNK: Final = 1 << 20
_C1_CONTROLS: Final = re.compile("[\x80-\x9f]")
_UTF16_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
#: Where ą ś ź Ą Ś Ź stand in each; the other encoding has controls or signs there.
_POLISH_BYTES: Final = {
    "cp1250": b"\xb9\x9c\x9f\xa5\x8c\x8f",
    "iso8859-2": b"\xb1\xb6\xbc\xa1\xa6\xac",
}


@dataclass(frozen=True, slots=True)
class Inspection:
    sha256: bytes
    size_bytes: int
    #: A Python codec name; ``utf-8-sig`` for UTF-8, with or without the mark.
    encoding: str
    ends_with_newline: bool


class _Candidate:
    """One declared encoding, until a byte refutes it."""

    def __init__(self, name: str) -> None:
        codec = codecs.lookup(name).name
        self.name = "utf-8-sig" if codec == "utf-8" else codec
        self._decoder = codecs.getincrementaldecoder(self.name)("strict")
        self._offset = self._lines = 0
        self.refuted_at: tuple[int, int] | None = None

    def feed(self, chunk: bytes, *, final: bool = False) -> None:
        if self.refuted_at is not None:
            return
        try:
            text = self._decoder.decode(chunk, final)
        except UnicodeDecodeError as error:
            # The decoder may hold back bytes of the chunk before; they count in error.start.
            held = len(error.object) - len(chunk)
            start = max(error.start - held, 0)
            line = self._lines + chunk[:start].count(b"\n") + 1
            self.refuted_at = (line, self._offset + start)
            return
        if self.name != "utf-8-sig" and _C1_CONTROLS.search(text):
            self.refuted_at = (self._lines + 1, self._offset)
        self._offset += len(chunk)
        self._lines += chunk.count(b"\n")


def inspect_file(path: Path, encodings: Sequence[str]) -> Inspection:
    """Raises FileEmpty, FileTooLarge, WrongEncoding (``line``, ``byte``, ``expected``).

    The first declared encoding that fits every byte is taken. Between Windows-1250 and
    ISO-8859-2, which both fit most bytes, the places of the Polish letters decide. Without
    ``encodings`` the file is binary: only its hash and size are taken.
    """
    size = path.stat().st_size
    if not size:
        raise FileEmpty(file=path.name)
    if size > MAX_FILE_BYTES:
        raise FileTooLarge(file=path.name, bytes=size, limit=MAX_FILE_BYTES)
    digest = hashlib.sha256()
    candidates = [_Candidate(name) for name in encodings]
    seen = dict.fromkeys(_POLISH_BYTES, 0)
    last = b""
    with path.open("rb") as file:
        if encodings and file.read(2) in _UTF16_MARKS:
            raise WrongEncoding(expected=list(encodings), found="utf-16", line=1, byte=0)
        file.seek(0)
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            last = chunk
            for candidate in candidates:
                candidate.feed(chunk)
            if not chunk.isascii():
                for name, letters in _POLISH_BYTES.items():
                    seen[name] += sum(chunk.count(letter) for letter in letters)
    for candidate in candidates:
        candidate.feed(b"", final=True)
    encoding = _choose(candidates, seen).name if candidates else ""
    return Inspection(digest.digest(), size, encoding, last.endswith((b"\n", b"\r")))


def _choose(candidates: Sequence[_Candidate], seen: dict[str, int]) -> _Candidate:
    fitting = [candidate for candidate in candidates if candidate.refuted_at is None]
    if not fitting:
        line, byte = candidates[0].refuted_at or (0, 0)
        raise WrongEncoding(expected=[c.name for c in candidates], line=line, byte=byte)
    if fitting[0].name in seen:
        return max(fitting, key=lambda c: (seen.get(c.name, -1), -fitting.index(c)))
    return fitting[0]

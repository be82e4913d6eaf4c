"""Reads the text of a PDF as typst writes it: its strings, by the fonts' maps to Unicode."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

_OBJECT = re.compile(rb"(?:^|\n)(\d+) 0 obj(.*?)endobj", re.DOTALL)
_FONT = re.compile(rb"/(f\d+) [\d.]+ Tf")
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_LETTERS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def pdf_text(pdf: bytes) -> str:
    """Every string in the order of the page, a line for each piece of the document."""
    objects = {int(number): body for number, body in _OBJECT.findall(pdf)}
    maps: dict[bytes, dict[int, str]] = {}
    for body in objects.values():
        for name, number in re.findall(rb"/(f\d+) (\d+) 0 R", body):
            to_unicode = re.search(rb"/ToUnicode (\d+) 0 R", objects[int(number)])
            assert to_unicode, "a font without a map cannot be read aloud"
            maps[name] = _map(_stream(objects[int(to_unicode[1])]))
    return "".join(
        piece
        for body in objects.values()
        if (page := re.search(rb"/Type/Page/.*?/Contents (\d+) 0 R", body, re.DOTALL))
        for piece in _pieces(_stream(objects[int(page[1])]), maps)
    )


def _pieces(content: bytes, maps: dict[bytes, dict[int, str]]) -> Iterator[str]:
    font: dict[int, str] = {}
    place = 0
    while place < len(content):
        if found := _FONT.match(content, place):
            font = maps[found[1]]
            place = found.end()
        elif content.startswith(b"EMC", place):
            yield "\n"
            place += 3
        elif content[place : place + 1] == b"(":
            end = _end_of_string(content, place)
            glyphs = _ESCAPE.sub(_unescaped, content[place + 1 : end])
            for first in range(0, len(glyphs), 2):
                yield font[int.from_bytes(glyphs[first : first + 2])]
            place = end + 1
        else:
            place += 1


def _end_of_string(content: bytes, place: int) -> int:
    """Parentheses in a string may nest without being escaped."""
    depth = 0
    while True:
        sign = content[place : place + 1]
        if sign == b"\\":
            place += 1
        elif sign == b"(":
            depth += 1
        elif sign == b")":
            depth -= 1
            if not depth:
                return place
        place += 1


def _unescaped(found: re.Match[bytes]) -> bytes:
    sign = found[1]
    return bytes([int(sign, 8)]) if sign[:1].isdigit() else _LETTERS.get(sign, sign)


def _stream(body: bytes) -> bytes:
    start = body.index(b"stream\n") + len(b"stream\n")
    return zlib.decompress(body[start : body.rindex(b"\nendstream")])


def _map(cmap: bytes) -> dict[int, str]:
    found: dict[int, str] = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", cmap, re.DOTALL):
        for glyph, text in re.findall(rb"<(\w+)>\s*<(\w+)>", block):
            found[int(glyph, 16)] = bytes.fromhex(text.decode()).decode("utf-16-be")
    return found

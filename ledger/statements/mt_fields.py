"""The fields of SWIFT text messages, with their lines, whatever banks put around them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

#: The tag under which the end of a message is told.
END: Final = "-"
#: So much of one field is kept; banks write some hundred signs.
MOST_SIGNS: Final = 20_000
#: Only these begin a field: a wrapped time (``:12:11``) at the start of a line does not.
_TAGS: Final = (
    "13D?", "20", "21", "25P?", "28C?", "34F", "60[FM]?", "61", "62[FM]?", "64", "65", "86",
    "90[CD]", "NS",
)  # fmt: skip
_FIELD: Final = re.compile(rf":({'|'.join(_TAGS)}):(.*)", re.DOTALL)
#: The first field shows by how much a file is indented.
_FIRST: Final = re.compile(rf"\s*(?=:(?:{'|'.join(_TAGS)}):)")
#: Some programs write this where a line ends.
_LINE_END: Final = "@@"
_ENDS_LINES: Final = re.compile(rf"{_LINE_END}(?:\s*$|:\d\d[A-Z]?:)")
#: What may follow the field that is in doubt, if it is one: the head of a message goes on.
_HEAD_GOES_ON: Final = re.compile(r":(?:13D?|2[1-9][A-Z]?|34F|60[FM]?):")
#: The rest of a time: minutes, and possibly seconds, before a word.
_OF_A_TIME: Final = re.compile(r"[0-5]\d(?!\d)")
#: How the fields are written that have the form of a time's beginning.
_FORMS: Final = {
    "13": re.compile(r"\d{10}"),
    "20": re.compile(r".*"),
    "21": re.compile(r"(?!)"),
    "25": re.compile(r"[^a-z]{5,}"),
    "28": re.compile(r"\d{0,6}\s*(?:/.*)?"),
}
#: What has so many digits is an account: none may be taken for a part of the text before it.
_DIGITS_OF_AN_ACCOUNT: Final = 10
#: A message that goes on with one of these has not ended.
_GOING_ON: Final = frozenset({"61", "62", "62F", "62M", "64", "65", "86", "90C", "90D", "NS"})
#: Fields with a text that a program may have wrapped.
_TEXTS: Final = frozenset({"86", "NS"})
#: Blocks of the envelope.
_ENVELOPE: Final = re.compile(r"\{[1235]:[^{}]*(?:\{[^{}]*\}[^{}]*)*\}|\{4:|\}$")
_NEW_BLOCK: Final = re.compile(r"\{[1-5]:")
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_BLOCK_END: Final = re.compile(r"-\s*\}")


@dataclass(slots=True)
class Field:
    """``line`` is the line of the file, from 1. ``dash`` counts the lines before the last one
    that is only a dash: the end of the message, or a line of its text."""

    tag: str
    line: int
    lines: list[str]
    room: int = MOST_SIGNS
    dash: int | None = None

    @property
    def first(self) -> str:
        return self.lines[0].strip()

    def add(self, line: str) -> None:
        if self.room > 0:
            self.lines.append(line[: self.room])
            self.room -= len(line) + 1

    def without_end(self) -> Field:
        """The dash was the end of the message, and what follows it belongs to no field."""
        del self.lines[self.dash :]
        return self


def read_fields(lines: Iterable[str]) -> Iterator[Field]:
    """The fields of a file one by one, with what follows each up to the next.

    After the last field of a message comes one with the tag ``END``, where a dash ends it.
    """
    current: Field | None = None
    for number, line, following in _with_next(_written(lines)):
        mark = line.strip()
        if mark == "-" and current is not None and current.tag == "86":
            current.dash = len(current.lines)
            current.add(line)
            continue
        if mark == "-" or _BLOCK_END.match(mark):
            yield from _ended(current, number)
            current = None
            continue
        if current is not None and current.dash is not None and _NEW_BLOCK.match(mark):
            yield from _ended(current.without_end(), number)
            current = None
        found = _FIELD.match(line := _ENVELOPE.sub("", line))
        if found is not None and not _goes_on(current, found, following):
            yield from _followed(current, found[1], number)
            current = Field(found[1], number, [found[2][:MOST_SIGNS]])
        elif current is not None:
            current.add(line)
    yield from _followed(current, "", 0)


def _written(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """The lines with their numbers, without what a bank's program put around all of them."""
    indent: str | None = None
    has_line_ends = False
    for number, raw in enumerate(lines, start=1):
        if indent is None and (found := _FIRST.match(_ENVELOPE.sub("", _CONTROLS.sub("", raw)))):
            indent, has_line_ends = found[0], _ENDS_LINES.search(raw) is not None
        for piece in raw.split(_LINE_END) if has_line_ends else (raw,):
            for part in piece.splitlines():  # by a form feed, too
                line = _CONTROLS.sub("", part)
                yield number, line.removeprefix(indent) if indent else line


def _with_next(lines: Iterator[tuple[int, str]]) -> Iterator[tuple[int, str, str]]:
    number, line = next(lines, (0, ""))
    for next_number, following in lines:
        yield number, line, following
        number, line = next_number, following
    if number:
        yield number, line, ""


def _goes_on(text: Field | None, found: re.Match[str], following: str) -> bool:
    """Whether what has the form of a field is a time that was wrapped, or a number, in a text."""
    form = _FORMS.get(found[1])
    if text is None or text.tag not in _TEXTS or form is None or _HEAD_GOES_ON.match(following):
        return False
    content = found[2].strip()
    if found[1] == "25" and sum(sign.isdigit() for sign in content) >= _DIGITS_OF_AN_ACCOUNT:
        return False
    return _OF_A_TIME.match(content) is not None or form.fullmatch(content) is None


def _followed(field: Field | None, tag: str, number: int) -> Iterator[Field]:
    """A dash in a text was a part of it if the message goes on, else its end."""
    if field is None:
        return
    if field.dash is not None and tag not in _GOING_ON:
        yield from _ended(field.without_end(), number)
    else:
        yield field


def _ended(field: Field | None, number: int) -> Iterator[Field]:
    if field is not None:
        yield field
        yield Field(END, number, [""])

"""The fields of SWIFT text messages, with their lines, whatever banks put around them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

#: Only these begin a field: a wrapped time (``:12:11``) at the start of a line does not.
_TAGS: Final = (
    "13D?", "20", "21", "25P?", "28C?", "34F", "60[FM]?", "61", "62[FM]?", "64", "65", "86",
    "90[CD]", "NS",
)  # fmt: skip
_FIELD: Final = re.compile(rf":({'|'.join(_TAGS)}):(.*)", re.DOTALL)
#: Blocks of the envelope, and the dash that ends a message.
_ENVELOPE: Final = re.compile(
    r"\{[1235]:[^{}]*(?:\{[^{}]*\}[^{}]*)*\}|\{4:|^-\}?$|\}$", re.MULTILINE
)
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_END: Final = re.compile(r"^-\s*(?:\}.*)?$")


@dataclass(slots=True)
class Field:
    """``line`` is the line of the file, from 1."""

    tag: str
    line: int
    lines: list[str]

    @property
    def first(self) -> str:
        return self.lines[0].strip()


@dataclass(slots=True)
class Message:
    line: int
    fields: list[Field] = field(default_factory=list)

    def first(self, *tags: str) -> Field | None:
        return next((one for one in self.fields if one.tag in tags), None)

    def last(self, *tags: str) -> Field | None:
        return next((one for one in reversed(self.fields) if one.tag in tags), None)


def read_messages(text: str) -> Iterator[Message]:
    """The messages of a file: each begins with ``:20:``, or with the first field there is."""
    message: Message | None = None
    current: Field | None = None
    for number, raw in enumerate(text.splitlines(), start=1):
        line = _CONTROLS.sub("", raw)
        if _END.match(line.strip()):
            current = None
            continue
        line = _ENVELOPE.sub("", line)
        found = _FIELD.match(line)
        if found is None:
            if current is not None:
                current.lines.append(line)
            continue
        if message is None or (found[1] == "20" and message.fields):
            if message is not None:
                yield message
            message = Message(number)
        current = Field(found[1], number, [found[2]])
        message.fields.append(current)
    if message is not None:
        yield message

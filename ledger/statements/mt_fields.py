"""The fields of SWIFT text messages, with their lines, whatever banks put around them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
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


def read_fields(lines: Iterable[str]) -> Iterator[Field]:
    """The fields of a file one by one, with what follows each up to the next."""
    current: Field | None = None
    for number, raw in enumerate(lines, start=1):
        for part in raw.splitlines():  # by a form feed, too
            line = _CONTROLS.sub("", part)
            if _END.match(line.strip()):
                if current is not None:
                    yield current
                current = None
                continue
            line = _ENVELOPE.sub("", line)
            found = _FIELD.match(line)
            if found is not None:
                if current is not None:
                    yield current
                current = Field(found[1], number, [found[2]])
            elif current is not None:
                current.lines.append(line)
    if current is not None:
        yield current

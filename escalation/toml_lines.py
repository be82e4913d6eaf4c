"""Where in a TOML text each key and value stands; the standard parser does not tell.

Only for text that ``tomllib`` has accepted: it finds its way, it does not validate.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

#: ``("step", 2, "when", "overdue")``
Path = tuple[str | int, ...]


class PlaceKind(StrEnum):
    """``PARENT``: a table that only dotted keys or deeper headers speak of."""

    TABLE = "table"
    PAIR = "pair"
    ITEM = "item"
    PARENT = "parent"


@dataclass(frozen=True, slots=True)
class Place:
    """``text[starts_at:ends_at]`` is the header, the pair or the item; ``text[value_at:ends_at]``
    the value of a pair or an item. Lines count from 1."""

    kind: PlaceKind
    line: int
    starts_at: int
    value_at: int
    ends_at: int


def find_lines(text: str) -> dict[Path, int]:
    """The line (from 1) of every table, key and inline key, by its path."""
    return {path: place.line for path, place in find_places(text).items()}


def find_places(text: str) -> dict[Path, Place]:
    """The place of every table, key and inline key, by its path, in the order of the text."""
    return _Scanner(text).scan()


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.line = 1
        self.places: dict[Path, Place] = {}
        self.counts: dict[Path, int] = {}

    def scan(self) -> dict[Path, Place]:
        table: Path = ()
        while self._skip_blank(newlines=True):
            if self.text.startswith("[[", self.at):
                table = self._array_header()
            elif self.text[self.at] == "[":
                table = self._header()
            else:
                self._pair(table)
        return self.places

    def _peek(self) -> str:
        return self.text[self.at] if self.at < len(self.text) else ""

    def _advance(self, count: int = 1) -> None:
        self.line += self.text.count("\n", self.at, self.at + count)
        self.at += count

    def _skip_blank(self, *, newlines: bool) -> bool:
        """Move to the next thing that matters; False at the end of the text."""
        while self.at < len(self.text):
            ch = self.text[self.at]
            if ch == "#":
                end = self.text.find("\n", self.at)
                self.at = len(self.text) if end < 0 else end
            elif ch in " \t\r" or (newlines and ch == "\n"):
                self._advance()
            else:
                return True
        return False

    def _key(self) -> list[str]:
        parts: list[str] = []
        while True:
            self._skip_blank(newlines=False)
            if self._peek() in "\"'":
                parts.append(self._string())
            else:
                start = self.at
                while self._peek() and (self._peek().isalnum() or self._peek() in "_-"):
                    self.at += 1
                parts.append(self.text[start : self.at])
            self._skip_blank(newlines=False)
            if self._peek() != ".":
                return parts
            self._advance()

    def _string(self) -> str:
        quote = self._peek()
        triple = self.text.startswith(quote * 3, self.at)
        mark = quote * (3 if triple else 1)
        start = self.at + len(mark)
        end = start
        while not self.text.startswith(mark, end):
            end += 2 if quote == '"' and self.text[end] == "\\" else 1
        while triple and self.text.startswith(quote, end + 3):
            end += 1
        self._advance(end + len(mark) - self.at)
        return self.text[start:end]

    def _note(self, path: Path, kind: PlaceKind, line: int, starts_at: int, value_at: int) -> None:
        self.places[path] = Place(kind, line, starts_at, value_at, self.at)

    def _resolve(self, names: list[str]) -> Path:
        """A header's path, with the number of the last table where a name is an array."""
        path: Path = ()
        for name in names:
            path = (*path, name)
            if path in self.counts:
                path = (*path, self.counts[path] - 1)
        return path

    def _array_header(self) -> Path:
        line, start = self.line, self.at
        self._advance(2)
        names = self._key()
        self._advance(2)
        array = (*self._resolve(names[:-1]), names[-1])
        if array not in self.places:
            self._note(array, PlaceKind.PARENT, line, start, start)
        self.counts[array] = self.counts.get(array, 0) + 1
        path = (*array, self.counts[array] - 1)
        self._note(path, PlaceKind.TABLE, line, start, start)
        return path

    def _header(self) -> Path:
        line, start = self.line, self.at
        self._advance()
        path = self._resolve(self._key())
        self._advance()
        self._note(path, PlaceKind.TABLE, line, start, start)
        return path

    def _pair(self, table: Path) -> None:
        line, start = self.line, self.at
        path = table
        for name in self._key():
            path = (*path, name)
            if path not in self.places:
                self._note(path, PlaceKind.PARENT, line, start, start)
        self._advance()
        self._skip_blank(newlines=True)
        value_at = self.at
        self._value(path)
        self._note(path, PlaceKind.PAIR, line, start, value_at)

    def _value(self, path: Path) -> None:
        ch = self._peek()
        if ch in "\"'":
            self._string()
        elif ch == "[":
            self._items(path, "]")
        elif ch == "{":
            self._items(path, "}")
        else:
            start = self.at
            while self._peek() and self._peek() not in ",]}\n#":
                self._advance()
            self.at = start + len(self.text[start : self.at].rstrip())

    def _items(self, path: Path, closing: str) -> None:
        self._advance()
        count = 0
        while self._skip_blank(newlines=True) and self._peek() != closing:
            if self._peek() == ",":
                self._advance()
            elif closing == "}":
                self._pair(path)
            else:
                item, line, start = (*path, count), self.line, self.at
                self._value(item)
                self._note(item, PlaceKind.ITEM, line, start, start)
                count += 1
        self._advance()

"""On which line of a TOML text each key stands; the standard parser does not tell.

Only for text that ``tomllib`` has accepted: it finds its way, it does not validate.
"""

from __future__ import annotations

#: ``("step", 2, "when", "overdue")``
Path = tuple[str | int, ...]


def find_lines(text: str) -> dict[Path, int]:
    """The line (from 1) of every table, key and inline key, by its path."""
    return _Scanner(text).scan()


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.line = 1
        self.lines: dict[Path, int] = {}
        self.counts: dict[Path, int] = {}

    def scan(self) -> dict[Path, int]:
        table: Path = ()
        while self._skip_blank(newlines=True):
            if self.text.startswith("[[", self.at):
                table = self._array_header()
            elif self.text[self.at] == "[":
                table = self._header()
            else:
                self._pair(table)
        return self.lines

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

    def _resolve(self, names: list[str]) -> Path:
        """A header's path, with the number of the last table where a name is an array."""
        path: Path = ()
        for name in names:
            path = (*path, name)
            if path in self.counts:
                path = (*path, self.counts[path] - 1)
        return path

    def _array_header(self) -> Path:
        line = self.line
        self._advance(2)
        names = self._key()
        self._advance(2)
        array = (*self._resolve(names[:-1]), names[-1])
        self.lines.setdefault(array, line)
        self.counts[array] = self.counts.get(array, 0) + 1
        path = (*array, self.counts[array] - 1)
        self.lines[path] = line
        return path

    def _header(self) -> Path:
        line = self.line
        self._advance()
        path = self._resolve(self._key())
        self._advance()
        self.lines.setdefault(path, line)
        return path

    def _pair(self, table: Path) -> None:
        line = self.line
        path = table
        for name in self._key():
            path = (*path, name)
            self.lines.setdefault(path, line)
        self._advance()
        self._value(path)

    def _value(self, path: Path) -> None:
        self._skip_blank(newlines=True)
        ch = self._peek()
        if ch in "\"'":
            self._string()
        elif ch == "[":
            self._items(path, "]")
        elif ch == "{":
            self._items(path, "}")
        else:
            while self._peek() and self._peek() not in ",]}\n#":
                self._advance()

    def _items(self, path: Path, closing: str) -> None:
        self._advance()
        count = 0
        while self._skip_blank(newlines=True) and self._peek() != closing:
            if self._peek() == ",":
                self._advance()
            elif closing == "}":
                self._pair(path)
            else:
                self.lines[(*path, count)] = self.line
                self._value((*path, count))
                count += 1
        self._advance()

"""Typed reading of parsed TOML that collects every mistake instead of stopping at the first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from escalation.loading.problems import Problem, ProblemCode, closest
from escalation.toml_lines import Path, find_lines

Table = Mapping[str, Any]

#: Whoever makes more mistakes sees these first; looking for what was meant takes time.
MOST_PROBLEMS: Final = 100
_MOST_SHOWN: Final = 80


def shown(found: object) -> str:
    """What was found, short and without what cannot be printed."""
    try:
        text = found if isinstance(found, str) else str(found)
    except (ValueError, RecursionError):
        return "…"
    if len(text) > _MOST_SHOWN:
        text = text[:_MOST_SHOWN] + "…"
    return "".join(ch if ch.isprintable() else "\ufffd" for ch in text)


class Reader:
    """Every getter gives a harmless stand-in where it records a problem, so that reading
    goes on; the caller raises at the end when ``problems`` is not empty."""

    def __init__(self, text: str) -> None:
        self.lines = find_lines(text)
        self.problems: list[Problem] = []

    def line(self, path: Path) -> int:
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def refuse(
        self, path: Path, code: ProblemCode, *, found: object = "", allowed: Iterable[str] = ()
    ) -> None:
        if len(self.problems) >= MOST_PROBLEMS:
            return
        words, text = tuple(allowed), shown(found)
        suggestion = closest(text, words) if found else ""
        where = shown(".".join(str(part) for part in path))
        self.problems.append(Problem(self.line(path), code, where, text, words, suggestion))

    def known_keys(self, table: Table, path: Path, allowed: Iterable[str]) -> None:
        words = tuple(allowed)
        for key in table:
            if key not in words:
                self.refuse((*path, key), ProblemCode.UNKNOWN_KEY, found=key, allowed=words)

    def has(self, table: Table, path: Path, key: str) -> bool:
        if key in table:
            return True
        self.refuse(path, ProblemCode.MISSING_KEY, found="", allowed=(key,))
        return False

    def table(self, parent: Table, path: Path, key: str, *, needed: bool = False) -> Table:
        if key not in parent:
            if needed:
                self.has(parent, path, key)
            return {}
        value = parent[key]
        if isinstance(value, dict):
            return value
        self.refuse((*path, key), ProblemCode.WRONG_TYPE, found=value, allowed=("table",))
        return {}

    def word(self, parent: Table, path: Path, key: str, allowed: Iterable[str]) -> str:
        """One of the allowed words; the first of them when there is none."""
        words = tuple(allowed)
        if not self.has(parent, path, key):
            return words[0]
        return self.check_word(parent[key], (*path, key), words)

    def check_word(self, value: object, path: Path, words: tuple[str, ...]) -> str:
        if isinstance(value, str) and value in words:
            return value
        code = ProblemCode.UNKNOWN_WORD if isinstance(value, str) else ProblemCode.WRONG_TYPE
        self.refuse(path, code, found=value, allowed=words)
        return words[0] if words else ""

    def text(self, parent: Table, path: Path, key: str) -> str:
        if not self.has(parent, path, key):
            return ""
        value = parent[key]
        if isinstance(value, str) and value.strip():
            return value
        self.refuse((*path, key), ProblemCode.WRONG_TYPE, found=value, allowed=("text",))
        return ""

    def number(self, value: object, path: Path, *, least: int, most: int) -> int:
        if type(value) is not int:
            self.refuse(path, ProblemCode.WRONG_TYPE, found=value, allowed=("whole number",))
            return least
        if not least <= value <= most:
            self.refuse(
                path, ProblemCode.OUT_OF_RANGE, found=value, allowed=(str(least), str(most))
            )
            return least
        return value

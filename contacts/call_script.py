"""What to say and to mind in a call, step by step, from data. Pure.

``scripts/<template>/<version>/<language>.toml`` in the language of the debtor. A new wording is a
new version beside the old one: what was ticked in a call is kept with the version it was.
"""

from __future__ import annotations

import string
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).with_name("scripts")
LANGUAGES: Final = ("pl", "en")
PLACEHOLDERS: Final = frozenset({"person", "officer", "creditor", "creditor_phone", "overdue"})


class ScriptName(StrEnum):
    CALL = "call"
    BROKEN_PROMISE = "broken_promise"


class ScriptStep(StrEnum):
    """The steps of every call, in their order."""

    IDENTIFY = "identify"
    INTRODUCE = "introduce"
    PURPOSE = "purpose"
    OFFER = "offer"
    RECORD = "record"


class ScriptInvalid(ValueError):
    """The file lacks a step, has one too many, or names a placeholder that does not exist."""


@dataclass(frozen=True, slots=True)
class Line:
    """``say`` is for the debtor, ``mind`` for who calls."""

    step: ScriptStep
    say: str
    mind: str


@dataclass(frozen=True, slots=True)
class CallScript:
    """``key`` names it with its version: ``call/1``."""

    key: str
    language: str
    title: str
    lines: tuple[Line, ...]

    def filled(self, values: Mapping[str, str]) -> CallScript:
        """The same with the placeholders replaced."""
        lines = tuple(
            Line(line.step, _filled(line.say, values), _filled(line.mind, values))
            for line in self.lines
        )
        return CallScript(self.key, self.language, self.title, lines)


def _filled(text: str, values: Mapping[str, str]) -> str:
    """A name that ends with a full stop (S.A.) ends the sentence by itself."""
    return text.format_map(values).replace("..", ".")


@cache
def load_script(name: ScriptName, language: str, folder: Path = FOLDER) -> CallScript:
    """The latest version; in English where the language is not there. Raises ScriptInvalid."""
    spoken = language if language in LANGUAGES else "en"
    versions = sorted(int(path.name) for path in (folder / name).iterdir() if path.is_dir())
    if not versions:
        raise ScriptInvalid(f"{folder / name}: no version")
    path = folder / name / str(versions[-1]) / f"{spoken}.toml"
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    try:
        lines = tuple(_line(entry) for entry in data["step"])
        title = str(data["title"])
    except (KeyError, ValueError) as error:
        raise ScriptInvalid(f"{path}: {error}") from error
    if [line.step for line in lines] != list(ScriptStep):
        raise ScriptInvalid(f"{path}: the steps are {', '.join(ScriptStep)}, in this order")
    return CallScript(f"{name}/{versions[-1]}", spoken, title, lines)


def _line(entry: Mapping[str, Any]) -> Line:
    line = Line(ScriptStep(entry["key"]), str(entry["say"]), str(entry["mind"]))
    named = {
        field
        for text in (line.say, line.mind)
        for _, field, _, _ in string.Formatter().parse(text)
        if field is not None
    }
    if unknown := named - PLACEHOLDERS:
        raise ValueError(f"unknown placeholders: {', '.join(sorted(unknown))}")
    return line

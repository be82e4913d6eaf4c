"""What can be wrong with a strategy file: where, what was found and what is allowed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from kernel.errors import InvalidInput


class ProblemCode(StrEnum):
    NOT_TOML = "not_toml"
    UNKNOWN_KEY = "unknown_key"
    MISSING_KEY = "missing_key"
    WRONG_TYPE = "wrong_type"
    UNKNOWN_WORD = "unknown_word"
    OUT_OF_RANGE = "out_of_range"
    DUPLICATE_STEP = "duplicate_step"
    NOT_A_CURRENCY = "not_a_currency"
    TOO_LONG = "too_long"
    LINE_TOO_LONG = "line_too_long"
    TOO_DEEP = "too_deep"


@dataclass(frozen=True, slots=True)
class Problem:
    """``where`` is the path of the key, ``found`` what stands there, ``allowed`` what may."""

    line: int
    code: ProblemCode
    where: str
    found: str = ""
    allowed: tuple[str, ...] = ()
    suggestion: str = ""


class StrategyInvalid(InvalidInput):
    """The file is no strategy; ``values["problems"]`` lists every ``Problem`` in it."""

    code = "strategy_invalid"

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: problem.line))
        super().__init__(problems=self.problems)


def closest(word: str, allowed: Iterable[str]) -> str:
    """The allowed word that was probably meant, or nothing."""
    return next(iter(get_close_matches(word, list(allowed), n=1, cutoff=0.6)), "")

"""A text that wants to hurt the reader gets a clear answer, soon."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import pytest

from escalation.loading import ProblemCode, StrategyInvalid, load_strategy
from escalation.loading.strategy import MOST_CHARS
from tests.unit.escalation.cases import FOLDER

SOURCE = (FOLDER / "small_balances.toml").read_text()
DEEP = 3_000
#: Calls of functions per character, and for a text of no length.
CALLS_PER_CHARACTER, CALLS_AT_REST = 30, 10_000


@contextmanager
def at_most(calls: int) -> Iterator[None]:
    """The work is counted, for a clock would tell of the machine."""
    made = 0

    def count(_frame: FrameType, event: str, _arg: Any) -> None:
        nonlocal made
        made += event.endswith("call")

    before: Callable[..., Any] | None = sys.getprofile()
    sys.setprofile(count)
    try:
        yield
    finally:
        sys.setprofile(before)
        assert made <= calls, f"{made} calls, and {calls} are enough"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", ProblemCode.MISSING_KEY),
        ("#" * (MOST_CHARS + 1), ProblemCode.TOO_LONG),
        ("a = " + "[" * 400, ProblemCode.NOT_TOML),
        ("a = [\n" + "[\n" * DEEP + "]\n" * DEEP + "]", ProblemCode.TOO_DEEP),
        ("a" + ".a" * 240 + " = 1", ProblemCode.UNKNOWN_KEY),
        ("a" + ".a" * 5_000 + " = 1", ProblemCode.LINE_TOO_LONG),
        ("a" * 400 + " = 1", ProblemCode.UNKNOWN_KEY),
        ('"\\u0000\\u001b[31m" = 1', ProblemCode.UNKNOWN_KEY),
        ("a = 1\x00", ProblemCode.NOT_TOML),
        ("a = '\x1b'", ProblemCode.NOT_TOML),
        ("\ufeffa = 1", ProblemCode.NOT_TOML),
        ("[__proto__]\n__class__ = 1", ProblemCode.UNKNOWN_KEY),
        ("\n".join(f"k{i} = {i}" for i in range(6_000)), ProblemCode.UNKNOWN_KEY),
        ("[[step]]\n" * 9_000, ProblemCode.OUT_OF_RANGE),
        ("step = 1", ProblemCode.WRONG_TYPE),
        ("step = []", ProblemCode.MISSING_KEY),
        ("[[step]]\nkey = [[], {}]", ProblemCode.WRONG_TYPE),
    ],
)
def test_it_is_refused_with_little_work_with_lines_and_few_words(
    text: str, code: ProblemCode
) -> None:
    enough = CALLS_AT_REST + CALLS_PER_CHARACTER * len(text)
    with pytest.raises(StrategyInvalid) as caught, at_most(enough):
        load_strategy(text)
    problems = caught.value.problems
    assert code in {problem.code for problem in problems}
    assert len(problems) <= 100
    for problem in problems:
        assert 1 <= problem.line <= text.count("\n") + 1
        assert len(problem.found) <= 81
        assert problem.found.isprintable()
        assert problem.where.isprintable()


@pytest.mark.parametrize(
    "number",
    ["1e99999999999999999999", "1e400", "inf", "-inf", "nan", "-0.01", "9" * 400, "0x" + "f" * 400,
     "true", "1979-05-27", '"500"'],
)  # fmt: skip
def test_a_threshold_is_a_sum_of_money_and_nothing_else(number: str) -> None:
    assert "PLN = 100," in SOURCE
    with pytest.raises(StrategyInvalid):
        load_strategy(SOURCE.replace("PLN = 100,", f"PLN = {number},", 1))


@pytest.mark.parametrize("number", ["1e2", "100.00", "0", "1_000.5", "0.000000001"])
def test_a_sum_may_be_written_in_every_way_of_toml(number: str) -> None:
    load_strategy(SOURCE.replace("PLN = 100,", f"PLN = {number},", 1))


def test_a_step_that_is_off_is_checked_but_not_taken() -> None:
    off = SOURCE.replace('key = "remind_again"', 'key = "remind_again"\noff = true')
    strategy = load_strategy(off)
    assert "remind_again" not in strategy.place_of
    assert [step.key for step in strategy.off] == ["remind_again"]
    for wrong in ("off = 1", 'off = "yes"'):
        with pytest.raises(StrategyInvalid):
            load_strategy(off.replace("off = true", wrong))
    with pytest.raises(StrategyInvalid):
        load_strategy(off.replace("off = true", "off = true\nrepaet = 2"))

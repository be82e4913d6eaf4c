"""The strategy file as a whole: header, segment, ways out, steps."""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from typing import Any, Final

from escalation.actions import ACTIONS, Action, ActionName
from escalation.facts import STAGES
from escalation.loading.conditions import MOST_DAYS, read_conditions, read_waits
from escalation.loading.problems import Problem, ProblemCode, StrategyInvalid
from escalation.loading.reader import Reader, Table, shown
from escalation.strategy import (
    AfterRefusal,
    IfRefused,
    InFlight,
    Otherwise,
    Segment,
    Step,
    Strategy,
)
from escalation.toml_lines import Path

LANGUAGES: Final = ("en", "pl")
MOST_STEPS: Final = 60
MOST_ROUNDS: Final = 12
#: A strategy is read by people; a longer text, or one long line, only keeps the reader busy.
MOST_CHARS: Final = 100_000
MOST_CHARS_IN_A_LINE: Final = 500

_FILE_KEYS: Final = (
    "strategy",
    "title",
    "in_flight",
    "segment",
    "exit_when",
    "hold_when",
    "return",
    "step",
)
_STEP_KEYS: Final = (
    "key",
    "off",
    "stage",
    "title",
    "skip_when",
    "wait",
    "when",
    "otherwise",
    "do",
    "repeat",
    "if_refused",
)
_TOML_LINE = re.compile(r"line (\d+)")
_KEY = re.compile(r"[a-z][a-z0-9_]{1,39}")


def load_strategy(text: str) -> Strategy:
    """Raises ``StrategyInvalid`` with every mistake, its line and what would be allowed."""
    _check_size(text)
    try:
        data = tomllib.loads(text, parse_float=_decimal)
        reader = Reader(text)
        strategy = _strategy(reader, data)
    except RecursionError as error:
        raise StrategyInvalid([Problem(1, ProblemCode.TOO_DEEP, "")]) from error
    except ValueError as error:
        line = _TOML_LINE.search(str(error))
        number = int(line[1]) if line else text.count("\n") + 1
        raise StrategyInvalid(
            [Problem(number, ProblemCode.NOT_TOML, "", shown(str(error)))]
        ) from error
    if reader.problems:
        raise StrategyInvalid(reader.problems)
    return strategy


def _check_size(text: str) -> None:
    """Before anything is parsed, so that no text costs more than it should."""
    if len(text) > MOST_CHARS:
        allowed = ("1", str(MOST_CHARS))
        raise StrategyInvalid([Problem(1, ProblemCode.TOO_LONG, "", str(len(text)), allowed)])
    for number, line in enumerate(text.split("\n"), start=1):
        if len(line) > MOST_CHARS_IN_A_LINE:
            allowed = ("1", str(MOST_CHARS_IN_A_LINE))
            raise StrategyInvalid(
                [Problem(number, ProblemCode.LINE_TOO_LONG, "", str(len(line)), allowed)]
            )


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except ArithmeticError as error:
        raise ValueError(text) from error


def _strategy(reader: Reader, data: Table) -> Strategy:
    reader.known_keys(data, (), _FILE_KEYS)
    steps, off = _steps(reader, data)
    keys = tuple(step.key for step in steps) or ("",)
    returns = reader.table(data, (), "return", needed=True)
    reader.known_keys(returns, ("return",), ("after_breach", "after_reopening"))
    return Strategy(
        key=_key(reader, data, (), "strategy"),
        title=_title(reader, data, ()),
        in_flight=InFlight(reader.word(data, (), "in_flight", tuple(InFlight))),
        segment=_segment(reader, data),
        exit_when=_conditions(reader, data, (), "exit_when", "exit_when"),
        hold_when=_conditions(reader, data, (), "hold_when", "hold_when"),
        steps=steps,
        after_breach=reader.word(returns, ("return",), "after_breach", keys),
        after_reopening=reader.word(returns, ("return",), "after_reopening", keys),
        off=off,
    )


def _key(reader: Reader, table: Table, path: Path, name: str) -> str:
    key = reader.text(table, path, name)
    if key and not _KEY.fullmatch(key):
        reader.refuse(
            (*path, name), ProblemCode.WRONG_TYPE, found=key, allowed=("small_letters_and_digits",)
        )
    return key


def _title(reader: Reader, table: Table, path: Path) -> dict[str, str]:
    title = reader.table(table, path, "title", needed=True)
    here = (*path, "title")
    reader.known_keys(title, here, LANGUAGES)
    return {language: reader.text(title, here, language) for language in LANGUAGES}


def _conditions(reader: Reader, table: Table, path: Path, key: str, place: str) -> Any:
    return read_conditions(reader, reader.table(table, path, key), (*path, key), place=place)


def _segment(reader: Reader, data: Table) -> Segment:
    table = reader.table(data, (), "segment", needed=True)
    path: Path = ("segment",)
    if "for_everything_else" in table:
        reader.known_keys(table, path, ("for_everything_else",))
        if table["for_everything_else"] is not True:
            reader.refuse(
                (*path, "for_everything_else"),
                ProblemCode.WRONG_TYPE,
                found=table["for_everything_else"],
                allowed=("true",),
            )
        return Segment(order=0, conditions=(), for_everything_else=True)
    reader.known_keys(table, path, ("order", "when", "for_everything_else"))
    order = 1
    if reader.has(table, path, "order"):
        order = reader.number(table["order"], (*path, "order"), least=1, most=1000)
    reader.table(table, path, "when", needed=True)
    return Segment(order, _conditions(reader, table, path, "when", "segment"))


def _steps(reader: Reader, data: Table) -> tuple[tuple[Step, ...], tuple[Step, ...]]:
    """The steps in their order, and those that are switched off."""
    if not reader.has(data, (), "step"):
        return (), ()
    tables = data["step"]
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        reader.refuse(("step",), ProblemCode.WRONG_TYPE, found="step", allowed=("[[step]]",))
        return (), ()
    if len(tables) > MOST_STEPS:
        reader.refuse(
            ("step",), ProblemCode.OUT_OF_RANGE, found=len(tables), allowed=("1", str(MOST_STEPS))
        )
        tables = tables[:MOST_STEPS]
    steps = tuple(_step(reader, table, ("step", i)) for i, table in enumerate(tables))
    seen: set[str] = set()
    for i, step in enumerate(steps):
        if step.key in seen:
            reader.refuse(("step", i, "key"), ProblemCode.DUPLICATE_STEP, found=step.key)
        seen.add(step.key)
    is_off = [_is_off(reader, table, ("step", i)) for i, table in enumerate(tables)]
    on = tuple(step for step, left_out in zip(steps, is_off, strict=True) if not left_out)
    if not on:
        reader.refuse(("step",), ProblemCode.MISSING_KEY, allowed=("[[step]]",))
    return on, tuple(step for step, left_out in zip(steps, is_off, strict=True) if left_out)


def _is_off(reader: Reader, table: Table, path: Path) -> bool:
    value = table.get("off", False)
    if not isinstance(value, bool):
        reader.refuse(
            (*path, "off"), ProblemCode.WRONG_TYPE, found=value, allowed=("true", "false")
        )
    return value is True


def _step(reader: Reader, table: Table, path: Path) -> Step:
    reader.known_keys(table, path, _STEP_KEYS)
    key = _key(reader, table, path, "key")
    waits = reader.table(table, path, "wait", needed=True)
    repeat = 1
    if "repeat" in table:
        repeat = reader.number(table["repeat"], (*path, "repeat"), least=1, most=MOST_ROUNDS)
    when = _conditions(reader, table, path, "when", f"{key}.when")
    otherwise = Otherwise.WAIT
    if when or "otherwise" in table:
        otherwise = Otherwise(reader.word(table, path, "otherwise", tuple(Otherwise)))
    do = _actions(reader, table, path)
    return Step(
        key=key,
        stage=reader.word(table, path, "stage", STAGES),
        title=_title(reader, table, path),
        skip_when=_conditions(reader, table, path, "skip_when", f"{key}.skip_when"),
        wait=read_waits(reader, waits, (*path, "wait"), place=f"{key}.wait"),
        when=when,
        otherwise=otherwise,
        do=do,
        repeat=repeat,
        if_refused=_if_refused(reader, table, path, do),
        line=reader.line(path),
    )


def _actions(reader: Reader, table: Table, path: Path) -> tuple[Action, ...]:
    written = reader.table(table, path, "do", needed=True)
    here = (*path, "do")
    if "do" in table and not written:
        reader.refuse(here, ProblemCode.MISSING_KEY, allowed=tuple(ACTIONS))
    actions: list[Action] = []
    for name, what in written.items():
        if name not in tuple(ACTIONS):
            reader.refuse(
                (*here, name), ProblemCode.UNKNOWN_WORD, found=name, allowed=tuple(ACTIONS)
            )
            continue
        known = reader.check_word(what, (*here, name), ACTIONS[ActionName(name)])
        actions.append(Action(ActionName(name), known, reader.line((*here, name))))
    return tuple(actions)


def _if_refused(reader: Reader, table: Table, path: Path, do: tuple[Action, ...]) -> IfRefused:
    here = (*path, "if_refused")
    proposes = any(action.name is ActionName.PROPOSE for action in do)
    if not proposes:
        if "if_refused" in table:
            reader.refuse(
                here, ProblemCode.UNKNOWN_KEY, found="if_refused", allowed=("do.propose",)
            )
        return IfRefused(AfterRefusal.STOP)
    if not reader.has(table, path, "if_refused"):
        return IfRefused(AfterRefusal.STOP)
    written = table["if_refused"]
    if isinstance(written, dict):
        reader.known_keys(written, here, ("propose_again_after_days",))
        if not reader.has(written, here, "propose_again_after_days"):
            return IfRefused(AfterRefusal.STOP)
        days = reader.number(
            written["propose_again_after_days"],
            (*here, "propose_again_after_days"),
            least=1,
            most=MOST_DAYS,
        )
        return IfRefused(AfterRefusal.PROPOSE_AGAIN, days)
    plain = (AfterRefusal.STOP.value, AfterRefusal.GO_ON.value)
    return IfRefused(AfterRefusal(reader.check_word(written, here, plain)))

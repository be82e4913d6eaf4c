"""The tables that the house is built on: lifecycles, kinds of events, rights."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from types import ModuleType
from typing import Any, Final

import pytest

from desk.wording.events import LINES
from kernel.lifecycle import Lifecycle, move
from staff.rights import ROLE_RIGHTS, SCOPE_RIGHTS, Right, Role, Scope
from tests.architecture.sources import PACKAGES, ROOT, all_sources

#: About a run, an agency, a strategy, a rate, a board, a statement or a red switch, not about one
#: case.
WITHOUT_A_CASE: Final = (
    "intake.", "agency.", "strategy.", "agency_batch.", "rates.", "board.", "statement.",
    "statement_entry.", "switch.", "write_off_batch.",
)  # fmt: skip
_KIND: Final = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")


def _modules(name: str) -> Iterator[ModuleType]:
    """The module ``name`` of every app that has one, with its parts where it is a package."""
    for package in PACKAGES:
        if (ROOT / package / f"{name}.py").exists() or (ROOT / package / name).is_dir():
            module = importlib.import_module(f"{package}.{name}")
            yield module
            for part in pkgutil.iter_modules(getattr(module, "__path__", [])):
                yield importlib.import_module(f"{package}.{name}.{part.name}")


def _lifecycles() -> dict[str, Lifecycle[Any]]:
    return {
        f"{module.__name__}.{name}": value
        for module in _modules("lifecycle")
        for name, value in vars(module).items()
        if isinstance(value, Lifecycle)
    }


LIFECYCLES: Final = _lifecycles()


def unsound(lifecycle: Lifecycle[Any]) -> list[str]:
    """What is wrong with a table of moves; its first status is where things begin."""
    kind: Any = lifecycle.statuses
    statuses = list(kind)
    faults = [f"no way to {status}" for status in lifecycle.unreachable(statuses[0])]
    for name, step in lifecycle.moves.items():
        if not step.sources:
            faults.append(f"{name} starts nowhere")
        if not _KIND.fullmatch(step.event):
            faults.append(f"{name} has no proper event: {step.event!r}")
        if not {*step.sources, step.target} <= set(statuses):
            faults.append(f"{name} knows a status that the table does not have")
    return faults


@pytest.mark.parametrize("name", LIFECYCLES)
def test_every_lifecycle_is_sound(name: str) -> None:
    assert unsound(LIFECYCLES[name]) == []


def test_the_lifecycles_of_the_house_are_found() -> None:
    assert {"cases.lifecycle.CASE_LIFECYCLE", "contacts.lifecycle.PROMISE_LIFECYCLE"} <= set(
        LIFECYCLES
    )


class _Light(StrEnum):
    RED = "red"
    GREEN = "green"


class _Other(StrEnum):
    BLUE = "blue"


@pytest.mark.parametrize(
    ("moves", "fault"),
    [
        ({"stop": move([_Light.GREEN], _Light.RED, "light.stopped")}, "no way to green"),
        ({"go": move([_Light.RED], _Light.GREEN, "gone")}, "no proper event"),
        (
            {
                "go": move([_Light.RED], _Light.GREEN, "light.gone"),
                "never": move([], _Light.RED, "light.x"),
            },
            "starts nowhere",
        ),
        (
            {
                "go": move([_Light.RED], _Light.GREEN, "light.gone"),
                "away": move([_Light.RED], _Other.BLUE, "light.x"),
            },
            "does not have",
        ),
    ],
)
def test_an_unsound_lifecycle_is_seen(moves: Any, fault: str) -> None:
    faults = unsound(Lifecycle(subject="light", statuses=_Light, moves=moves))
    assert any(fault in found for found in faults)


def _kinds() -> list[tuple[str, str]]:
    """Every constant of every ``events.py``: the kind, and where it stands."""
    return [
        (value, f"{module.__name__}.{name}")
        for module in _modules("events")
        for name, value in vars(module).items()
        if name.isupper() and isinstance(value, str) and not name.startswith("_")
    ]


def twice(kinds: list[tuple[str, str]]) -> list[str]:
    counted = Counter(kind for kind, _ in kinds)
    return sorted(kind for kind, count in counted.items() if count > 1)


def test_every_kind_of_event_is_named_once_and_properly() -> None:
    kinds = _kinds()
    assert len(kinds) > 20
    assert twice(kinds) == []
    assert [place for kind, place in kinds if not _KIND.fullmatch(kind)] == []


def test_a_kind_named_twice_is_seen() -> None:
    assert twice([("case.held", "a"), ("case.held", "b"), ("case.moved", "a")]) == ["case.held"]


def test_every_kind_fits_its_column() -> None:
    moves = [step.event for table in LIFECYCLES.values() for step in table.moves.values()]
    assert max(len(kind) for kind in [*moves, *(kind for kind, _ in _kinds())]) <= 60


#: Apps whose events never stand on the timeline of a case.
_ELSEWHERE: Final = ("staff.", "journal.")


def test_every_event_of_a_case_has_words_on_the_timeline() -> None:
    kinds = {kind for kind, place in _kinds() if not place.startswith(_ELSEWHERE)}
    kinds |= {
        step.event
        for name, table in LIFECYCLES.items()
        if not name.startswith(_ELSEWHERE)
        for step in table.moves.values()
    }
    silent = sorted(kinds - set(LINES))
    assert [kind for kind in silent if not kind.startswith(WITHOUT_A_CASE)] == []


def test_every_right_is_held_by_some_role_and_asked_for_somewhere() -> None:
    held = {right for rights in ROLE_RIGHTS.values() for right in rights}
    assert held == set(Right)
    product = "\n".join(
        s.text for s in all_sources() if s.is_product and s.path != "staff/rights.py"
    )
    assert [right.name for right in Right if f"Right.{right.name}" not in product] == []


def test_every_role_and_scope_has_its_rights() -> None:
    assert set(ROLE_RIGHTS) == set(Role)
    assert set(SCOPE_RIGHTS) == set(Scope)
    assert Right.SEE_IDENTIFIERS not in {r for rights in SCOPE_RIGHTS.values() for r in rights}

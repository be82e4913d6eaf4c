"""The record of a decision: everything looked at, as it is stored and read back.

``{"looked": [["exit_when.overdue", false, {"PLN": 120050}], …]}``: the place in the version,
whether it held, and the value it had. What was wanted stands in the version at that place,
and a version never changes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from escalation.conditions import Condition, Wait, Wanted
from escalation.decide import (
    Answer,
    Decision,
    Exit,
    Finished,
    Hold,
    Looked,
    Perform,
    Thrown,
    WaitUntil,
)
from escalation.facts import Value
from escalation.strategy import Strategy

OUTCOMES: Mapping[type[Any], str] = {
    Exit: "exit",
    Hold: "hold",
    WaitUntil: "wait",
    Perform: "perform",
    Finished: "finished",
}


def outcome_of(decision: Decision) -> str:
    return OUTCOMES[type(decision)]


def record_text(looked: Looked) -> str:
    """The record as JSON. Written by hand, because a night writes one for every case; values
    are plain: codes without quotes or backslashes, numbers, dates."""
    parts = [
        f'["{what.place}",{"true" if held else "false"},{_TEXT_OF[type(value)](value)}]'
        for what, value, held in looked
    ]
    return '{"looked":[' + ",".join(parts) + "]}"


def _amounts_text(value: Any) -> str:
    return "{" + ",".join([f'"{currency}":{minor}' for currency, minor in value]) + "}"


_TEXT_OF: Final[Mapping[type[Any], Callable[[Any], str]]] = {
    bool: lambda value: "true" if value else "false",
    type(None): lambda _: "null",
    int: str,
    str: lambda value: f'"{value}"',
    date: lambda value: f'"{value.isoformat()}"',
    tuple: _amounts_text,
    frozenset: lambda value: json.dumps(sorted(value)),
}


@dataclass(frozen=True, slots=True)
class RecordedLook:
    """``condition`` is None for an answer to a proposal and for a red switch, which have no
    condition of their own.

    ``value`` is as stored: amounts ``{"PLN": 120050}``, days as ISO dates.
    """

    place: str
    held: bool
    value: Any
    condition: Condition | Wait | None


def read_record(record: Mapping[str, Any], strategy: Strategy) -> list[RecordedLook]:
    """The stored record with each condition of the version it was decided on."""
    places = dict(_places(strategy))
    return [
        RecordedLook(place, held, value, places.get(place))
        for place, held, value in record["looked"]
    ]


def _places(strategy: Strategy) -> Iterator[tuple[str, Condition | Wait]]:
    for condition in (*strategy.exit_when, *strategy.hold_when):
        yield condition.place, condition
    for step in strategy.steps:
        for condition in (*step.skip_when, *step.when):
            yield condition.place, condition
        for wait in step.wait:
            yield wait.place, wait


def grounds_texts(records: Sequence[Looked]) -> list[str]:
    """Each record as JSON with what was wanted written out, for one who does not have the
    version: a list of objects with ``place``, ``held``, ``value`` and ``wanted``."""
    every = {id(what): what for looked in records for what, _, _ in looked}
    wanted = {key: json.dumps(wanted_of(what)) for key, what in every.items()}
    texts = []
    for looked in records:
        parts = [
            f'{{"place":"{what.place}","held":{"true" if held else "false"},'
            f'"value":{_TEXT_OF[type(value)](value)},"wanted":{wanted[id(what)]}}}'
            for what, value, held in looked
        ]
        texts.append("[" + ",".join(parts) + "]")
    return texts


def wanted_of(what: Condition | Wait | Answer | Thrown) -> Any:
    """What the condition asks for, as plain JSON: ``{"test": "at_least", "wanted": 30}``."""
    match what:
        case Condition(test=test, wanted=wanted):
            return {"test": test.value, "wanted": plain_wanted(wanted)}
        case Wait(name=name, days=days, letter=letter):
            return {"wait": name.value, "days": days, "letter": letter}
        case Thrown(kind=kind, key=key):
            return {"switch": kind, "key": key}
        case _:
            return {"answer": what.proposal}


def plain_wanted(wanted: Wanted) -> Any:
    """Thresholds as decimal strings in major units, words in order."""
    if isinstance(wanted, Mapping):
        return {currency: str(major) for currency, major in wanted.items()}
    return sorted(wanted) if isinstance(wanted, frozenset) else wanted


def plain(value: Value) -> Any:
    """A value of a fact as it is stored in a record."""
    if isinstance(value, tuple):
        return dict(value)
    if isinstance(value, frozenset):
        return sorted(value)
    return value.isoformat() if isinstance(value, date) else value

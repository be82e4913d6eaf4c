"""What changed between two versions, as phrases with what is gone and what is new in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any, Final, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from cases.lifecycle import Stage
from cases.wording import stage_name
from desk.wording.strategies.phrases import (
    actions_text,
    describe_condition,
    describe_wait,
    in_flight_text,
    otherwise_text,
    refusal_text,
    rounds_text,
)
from escalation.conditions import Condition
from escalation.difference import Change, ChangeKind, difference
from escalation.strategy import InFlight, Step, Strategy
from escalation.wording import step_title


class PartKind(StrEnum):
    SAME = "same"
    GONE = "del"
    NEW = "ins"


class Part(NamedTuple):
    kind: str
    text: str


class StepChange(NamedTuple):
    """One line of a difference: ``Changed`` and its phrase in parts."""

    label: str
    parts: list[Part]


#: The share of words in common from which a phrase is shown as changed, not as another one.
_LIKE: Final = 0.5


def word_difference(before: str, after: str) -> list[Part]:
    """``7 days`` and ``5 days``: 7 gone, 5 new, days as it was. By words; a phrase that has
    little in common with the other one is replaced as a whole."""
    old, new = before.split(" "), after.split(" ")
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < _LIKE:
        return [Part(PartKind.GONE, before), Part(PartKind.NEW, after)]
    parts: list[Part] = []
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            parts.append(Part(PartKind.SAME, " ".join(old[a:b])))
            continue
        if a < b:
            parts.append(Part(PartKind.GONE, " ".join(old[a:b])))
        if c < d:
            parts.append(Part(PartKind.NEW, " ".join(new[c:d])))
    return [part for part in parts if part.text]


_LEADS: Final[dict[str, Promise]] = {
    "title": gettext_lazy("Name"),
    "stage": gettext_lazy("Stage"),
    "wait": gettext_lazy("Wait"),
    "when": gettext_lazy("Only if"),
    "skip_when": gettext_lazy("Passed over when"),
    "otherwise": gettext_lazy("Otherwise"),
    "do": gettext_lazy("What it does"),
    "repeat": gettext_lazy("Taken"),
    "if_refused": gettext_lazy("If a person refuses,"),
}


def step_changes(before: Strategy, after: Strategy) -> Mapping[str, list[StepChange]]:
    """The lines under each step, by its key: added, removed, switched off, moved, changed."""
    lines: dict[str, list[StepChange]] = {}
    off = {step.key for step in after.off}
    was_off = {step.key for step in before.off}
    for change in difference(before, after):
        if change.where not in {*before.place_of, *after.place_of}:
            continue
        lines.setdefault(change.where, []).append(
            _step_change(change, before, after, off=off, was_off=was_off)
        )
    return lines


def _step_change(
    change: Change, before: Strategy, after: Strategy, *, off: set[str], was_off: set[str]
) -> StepChange:
    match change.kind:
        case ChangeKind.ADDED:
            text = _("Switched on again") if change.where in was_off else _("New step")
            return StepChange(_("Added"), [Part(PartKind.SAME, text)])
        case ChangeKind.REMOVED:
            text = _("Switched off") if change.where in off else _("The step is gone")
            return StepChange(_("Removed"), [Part(PartKind.SAME, text)])
        case ChangeKind.MOVED:
            return StepChange(
                _("Moved"),
                word_difference(
                    _("Place %(place)s") % {"place": change.before},
                    _("Place %(place)s") % {"place": change.after},
                ),
            )
        case ChangeKind.CHANGED:
            old, new = before.step(change.where), after.step(change.where)
            lead = str(_LEADS[change.field.partition(".")[0]])
            parts = _phrases(_value(old, change.field), _value(new, change.field))
            return StepChange(_("Changed"), [Part(PartKind.SAME, lead), *parts])


def _phrases(before: str, after: str) -> list[Part]:
    if not before:
        return [Part(PartKind.NEW, after)]
    return word_difference(before, after) if after else [Part(PartKind.GONE, before)]


def _value(step: Step, field: str) -> str:
    """The field as a phrase; nothing where the step does not have it."""
    reader = _READERS.get(field)
    if reader is not None:
        return str(reader(step))
    place = f"{step.key}.{field}"
    for wait in step.wait:
        if wait.place == place:
            return describe_wait(wait)
    for condition in (*step.when, *step.skip_when):
        if condition.place == place:
            return describe_condition(condition)
    return ""


def _both_titles(title: Mapping[str, str]) -> str:
    """The name in the reader's language, and the other one after it."""
    own = (get_language() or "en")[:2]
    return " / ".join([step_title(title), *(text for key, text in title.items() if key != own)])


_READERS: Final[Mapping[str, Callable[[Step], Any]]] = {
    "title": lambda step: _both_titles(step.title),
    "stage": lambda step: stage_name(Stage(step.stage)),
    "otherwise": lambda step: otherwise_text(step.otherwise),
    "do": lambda step: actions_text(step.do),
    "repeat": lambda step: rounds_text(step.repeat),
    "if_refused": lambda step: refusal_text(step.if_refused),
}


class HeaderPart(StrEnum):
    """Under which part of a page the line stands."""

    NAME = "name"
    SEGMENT = "segment"
    LEAVES = "leaves"
    HELD = "held"
    RETURN = "return"
    IN_FLIGHT = "in_flight"


def header_changes(before: Strategy, after: Strategy) -> Mapping[HeaderPart, list[StepChange]]:
    """What changed above the steps: for whom, ways out, holds, returns, cases in flight."""
    lines: dict[HeaderPart, list[StepChange]] = {}
    for part, old, new in _headers(before, after):
        if old != new:
            lines.setdefault(part, []).append(StepChange(_("Changed"), _phrases(old, new)))
    return lines


def _headers(before: Strategy, after: Strategy) -> Iterator[tuple[HeaderPart, str, str]]:
    yield HeaderPart.NAME, _both_titles(before.title), _both_titles(after.title)
    yield HeaderPart.SEGMENT, _segment_order(before), _segment_order(after)
    for part, old, new in (
        (HeaderPart.SEGMENT, before.segment.conditions, after.segment.conditions),
        (HeaderPart.LEAVES, before.exit_when, after.exit_when),
        (HeaderPart.HELD, before.hold_when, after.hold_when),
    ):
        for one, other in _paired(old, new):
            yield part, one, other
    yield HeaderPart.RETURN, _return(before), _return(after)
    yield (
        HeaderPart.IN_FLIGHT,
        str(in_flight_text(InFlight(before.in_flight))),
        str(in_flight_text(InFlight(after.in_flight))),
    )


def _paired(old: tuple[Condition, ...], new: tuple[Condition, ...]) -> Iterator[tuple[str, str]]:
    before = {condition.place: describe_condition(condition) for condition in old}
    after = {condition.place: describe_condition(condition) for condition in new}
    for place in dict.fromkeys((*before, *after)):
        yield before.get(place, ""), after.get(place, "")


def _segment_order(strategy: Strategy) -> str:
    if strategy.segment.for_everything_else:
        return _("every case that no other strategy takes")
    return _("tried as number %(order)s") % {"order": strategy.segment.order}


def _return(strategy: Strategy) -> str:
    steps = {step.key: step_title(step.title) for step in strategy.steps}
    return _("after a broken agreement at “%(breach)s”, after new arrears at “%(arrears)s”") % {
        "breach": steps[strategy.after_breach],
        "arrears": steps[strategy.after_reopening],
    }

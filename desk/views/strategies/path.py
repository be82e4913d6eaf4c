"""A strategy as a path of steps, with what another version changed hung under them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby
from typing import Final

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.lifecycle import Stage
from cases.wording import stage_name
from desk.wording.strategies import (
    Part,
    StepChange,
    depends_text,
    step_changes,
    step_conditions,
    step_skips,
    step_text,
)
from escalation.case_filter import BEHIND_THE_LAST
from escalation.earliest import Earliest, earliest_days
from escalation.strategy import Step, Strategy
from escalation.wording import step_title
from staff.figures import format_count

_BAR_PIXELS: Final = 132


class State(StrEnum):
    """Against the other version; also the class in the style sheet."""

    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Row:
    """``day_before`` is the earliest day in the other version, where it is another one."""

    key: str
    number: str
    state: State
    title: str
    when: str
    skips: str
    does: str
    day: str
    day_before: str
    depends: str
    cases: int
    cases_url: str
    bar: int
    changes: Sequence[StepChange] = ()
    #: What becomes of cases at a step that comes or goes, where it is known.
    stands: str = ""


@dataclass(frozen=True, slots=True)
class StageRows:
    name: str
    cases: int
    cases_url: str
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class PathView:
    """``elsewhere`` are steps that only older versions have, with the cases still on them;
    ``behind`` are the cases that have every step behind them."""

    stages: Sequence[StageRows]
    total: int
    elsewhere: Sequence[Row] = field(default_factory=list)
    behind: Row | None = None

    @property
    def change_count(self) -> int:
        return sum(len(row.changes) for stage in self.stages for row in stage.rows)


def cases_url(key: str, steps: Iterable[str] = (), *, version: int | None = None) -> str:
    """The list of exactly the cases that stand before one of the steps."""
    query = {"segment": key}
    if version is not None:
        query["version"] = str(version)
    if step := ",".join(steps):
        query["step"] = step
    return f"{reverse('cases')}?{urlencode(query)}"


@dataclass(frozen=True, slots=True)
class Look:
    """How a path is to be shown: beside ``before``, if there is one, with the cases of today by
    step, and with those that ``would_stand`` by the draft, where that was played."""

    counts: Mapping[str, int]
    before: Strategy | None = None
    would_stand: Mapping[str, int] | None = None
    #: Titles of steps that older versions had.
    older_titles: Mapping[str, str] = field(default_factory=dict)


def path_of(strategy: Strategy, look: Look) -> PathView:
    merged = merge_steps(strategy, look.before)
    largest = max(look.counts.values(), default=0) or 1
    changes = step_changes(look.before, strategy) if look.before else {}
    days = earliest_days(strategy)
    days_before = earliest_days(look.before) if look.before else days
    numbers = number_steps(strategy, look.before, merged)
    shown = {step.key for step in merged}
    stages = []
    for stage, members in groupby(merged, key=lambda step: step.stage):
        rows = [
            _row(
                step, strategy, look, number=numbers[step.key], largest=largest,
                days=(days_before.get(step.key), days.get(step.key)),
                changes=changes.get(step.key, []),
            )
            for step in members
        ]  # fmt: skip
        stages.append(
            StageRows(
                str(stage_name(Stage(stage))),
                sum(row.cases for row in rows),
                cases_url(strategy.key, [row.key for row in rows]),
                rows,
            )
        )
    elsewhere = [
        _elsewhere(strategy.key, step, count, look, largest)
        for step, count in look.counts.items()
        if step and step not in shown and count
    ]
    behind = None
    if count := look.counts.get("", 0):
        behind = _elsewhere(strategy.key, BEHIND_THE_LAST, count, look, largest)
    return PathView(stages, sum(look.counts.values()), elsewhere, behind)


def merge_steps(after: Strategy, before: Strategy | None) -> list[Step]:
    """The steps of ``after`` in their order, each removed one below the step it followed."""
    merged = list(after.steps)
    previous = ""
    for step in before.steps if before else ():
        if step.key not in after.place_of:
            keys = [one.key for one in merged]
            merged.insert(keys.index(previous) + 1 if previous in keys else 0, step)
        previous = step.key
    return merged


def number_steps(
    after: Strategy, before: Strategy | None, merged: Sequence[Step]
) -> Mapping[str, str]:
    """Beside another version a step keeps the number it had there; a new one is ``3a``."""
    if before is None:
        return {step.key: str(place) for place, step in enumerate(after.steps, start=1)}
    numbers: dict[str, str] = {}
    base, letters = "0", 0
    for step in merged:
        if step.key in before.place_of:
            base, letters = str(before.place_of[step.key] + 1), 0
            numbers[step.key] = base
        else:
            numbers[step.key] = base + chr(ord("a") + min(letters, 25))
            letters += 1
    return numbers


def _row(
    step: Step,
    strategy: Strategy,
    look: Look,
    *,
    number: str,
    largest: int,
    days: tuple[Earliest | None, Earliest | None],
    changes: list[StepChange],
) -> Row:
    before, after = days
    state = _state(step, strategy, look.before, changes)
    now = after or before
    cases = look.counts.get(step.key, 0)
    moved = before is not None and after is not None and _day(before) != _day(after)
    return Row(
        key=step.key,
        number=number,
        state=state,
        title=step_title(step.title),
        when=step_conditions(step, day=now.day if now else None),
        skips=step_skips(step),
        does=step_text(step),
        day=_day(now) if now else "",
        day_before=_day(before) if before and moved else "",
        depends=depends_text(now.depends) if now else "",
        cases=cases,
        cases_url=cases_url(strategy.key, [step.key]),
        bar=cases * _BAR_PIXELS // largest,
        changes=_with_day(changes, _day(after)) if after and moved else changes,
        stands=_standing(step, state, look),
    )


def _with_day(changes: list[StepChange], day: str) -> list[StepChange]:
    """The last line also says on which day the step comes now."""
    if not changes:
        return changes
    *first, last = changes
    so = _(", so day %(day)s") % {"day": day}
    if not last.parts:
        return [*first, StepChange(last.label, [Part("same", so)])]
    # Parts stand a space apart; the comma belongs to the word before it.
    *parts, end = last.parts
    return [*first, StepChange(last.label, [*parts, end._replace(text=end.text + so)])]


def _day(earliest: Earliest) -> str:
    return f"{earliest.day}+" if earliest.depends else str(earliest.day)


def _state(
    step: Step, after: Strategy, before: Strategy | None, changes: Sequence[StepChange]
) -> State:
    if before is None:
        return State.SAME
    if step.key not in before.place_of:
        return State.ADDED
    if step.key not in after.place_of:
        return State.REMOVED
    return State.CHANGED if changes else State.SAME


def would_stand_text(count: int) -> str:
    text = ngettext("%(count)s case would stand here", "%(count)s cases would stand here", count)
    return text % {"count": format_count(count)}


def _standing(step: Step, state: State, look: Look) -> str:
    if state is State.ADDED and look.would_stand is not None:
        return would_stand_text(look.would_stand.get(step.key, 0))
    if state is State.REMOVED and (count := look.counts.get(step.key, 0)):
        text = ngettext(
            "%(count)s case stands here and finishes on its version",
            "%(count)s cases stand here and finish on their version",
            count,
        )
        return text % {"count": format_count(count)}
    return ""


def _elsewhere(key: str, step: str, count: int, look: Look, largest: int) -> Row:
    return Row(
        key=step, number="–", state=State.SAME, title=look.older_titles.get(step, step), when="",
        skips="", does="", day="", day_before="", depends="", cases=count,
        cases_url=cases_url(key, [step]), bar=count * _BAR_PIXELS // largest,
    )  # fmt: skip

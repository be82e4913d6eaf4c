"""What a simulation found, and the form in which it is kept. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from escalation.products import Made
from kernel.calendar import POLAND


class NextStep(NamedTuple):
    """What comes next for a case: the outcome, and the step taken or waited for."""

    outcome: str
    step: str


class ChangedCase(NamedTuple):
    """``since_on``: the day from which the case stands where it stands today."""

    case_id: int
    number: str
    today: NextStep
    draft: NextStep
    since_on: date


#: How often each kind of thing is made for each working day.
Work = Mapping[Made, Mapping[date, int]]


@dataclass(frozen=True, slots=True)
class Simulation:
    """``steps`` counts per day and step of the draft; ``changed`` are examples of cases whose
    next step would be another. ``work`` and ``today_work`` count what people get to do, on the
    working day after the close that makes it: by the draft, and by the versions that the cases
    are on. ``standing`` counts the cases by the step of the draft that comes next for them."""

    strategy: str
    on: date
    days: int
    #: Codes of what was assumed; ``wording`` says them.
    assumptions: Sequence[str]
    cases: int
    cases_changed: int
    #: Cases that find no place in the draft: they finish on the version they are on.
    cases_without_step: int
    #: Cases that stand on the strategy though the draft's segment would not take them.
    cases_outside: int
    changed: Sequence[ChangedCase]
    steps: Mapping[date, Mapping[str, int]]
    #: Cases with every step behind them.
    finished: int
    standing: Mapping[str, int]
    work: Work
    today_work: Work


class Batch(NamedTuple):
    """What is done so far, and the cases of this batch whose next step would be another."""

    done: int
    total: int
    changed: Sequence[ChangedCase]


def days_to_play(on: date, working_days: int) -> int:
    """How many closes, that of ``on`` the first, make the work of so many working days."""
    return (POLAND.add_working_days(on, working_days) - on).days


@dataclass(frozen=True, slots=True)
class Kept:
    """A finished simulation as a page shows it: work by kind, one number for each working day.

    ``capacity`` is how many work items all officers are expected to do in a day.
    """

    on: date
    days: Sequence[date]
    assumptions: Sequence[str]
    cases: int
    cases_changed: int
    cases_without_step: int
    cases_outside: int
    finished: int
    standing: Mapping[str, int]
    draft: Mapping[Made, Sequence[int]]
    today: Mapping[Made, Sequence[int]]
    capacity: int


_COUNTS = ("cases", "cases_changed", "cases_without_step", "cases_outside", "finished")


def to_plain(simulation: Simulation, *, working_days: int, capacity: int) -> dict[str, Any]:
    """As JSON; ``from_plain`` reads it."""
    days, day = [], simulation.on
    for _ in range(working_days):
        day = POLAND.next_working_day(day)
        days.append(day)
    return {
        "on": simulation.on.isoformat(),
        "days": [day.isoformat() for day in days],
        "assumptions": list(simulation.assumptions),
        **{name: getattr(simulation, name) for name in _COUNTS},
        "standing": dict(simulation.standing),
        "draft": _by_day(simulation.work, days),
        "today": _by_day(simulation.today_work, days),
        "capacity": capacity,
    }


def from_plain(kept: Mapping[str, Any]) -> Kept:
    return Kept(
        on=date.fromisoformat(kept["on"]),
        days=[date.fromisoformat(day) for day in kept["days"]],
        assumptions=kept["assumptions"],
        **{name: int(kept[name]) for name in _COUNTS},
        standing=kept["standing"],
        draft={Made(made): counts for made, counts in kept["draft"].items()},
        today={Made(made): counts for made, counts in kept["today"].items()},
        capacity=kept["capacity"],
    )


def _by_day(work: Work, days: Sequence[date]) -> dict[str, list[int]]:
    return {made.value: [counts.get(day, 0) for day in days] for made, counts in work.items()}


class Passed(NamedTuple):
    """The days on which the draft makes more than people can do, and the most that is left over
    on one of them."""

    days: Sequence[date]
    most_over: int


def days_over_capacity(kept: Kept, made: Made) -> Passed | None:
    """None where it never does, or where nobody has said what people can do."""
    counts = kept.draft.get(made, [])
    over = {
        day: count - kept.capacity
        for day, count in zip(kept.days, counts, strict=False)
        if kept.capacity and count > kept.capacity
    }
    return Passed(list(over), max(over.values())) if over else None

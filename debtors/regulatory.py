"""Default, forbearance and stage of an exposure over its whole history. Pure.

The history of what was overdue is walked from day to day of those on which something may change:
when amounts changed, when arrears have lasted long enough, when a clock has run out. What was
known later about an earlier day changes the walk from that day on.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final, NamedTuple

from debtors.default_rules import Clocks, Segment, Thresholds, clocks, thresholds
from kernel.calendar import months_later, years_later

_DAY: Final = timedelta(days=1)


class DefaultReason(StrEnum):
    """Why an exposure is in default; ``CURING`` is the probation after the reason went away."""

    PAST_DUE = "past_due"
    RESTRUCTURING = "restructuring"
    CURING = "curing"


class Forborne(StrEnum):
    """Where a forborne exposure stands.

    ``CURE`` is non-performing, for a year at least; ``PROBATION_AFTER`` is the probation of one
    that was non-performing, ``PROBATION`` of one that never was.
    """

    NO = "no"
    CURE = "cure"
    PROBATION_AFTER = "probation_after"
    PROBATION = "probation"


class Amount(NamedTuple):
    """``minor`` more or less is owed from ``on``, due from ``due_on``; None: not yet due."""

    on: date
    due_on: date | None
    minor: int


class Position(NamedTuple):
    """What is overdue at the end of a day, of how much in all, and since when."""

    since: date
    overdue_minor: int
    exposure_minor: int
    due_since: date | None


class Measure(NamedTuple):
    """A forbearance measure and the share of the claim, in percent, that it gives up."""

    granted_on: date
    loss_percent: Decimal


@dataclass(frozen=True, slots=True)
class Status:
    """The status of an exposure and the clocks that run.

    ``default_since`` is the first day in default. ``ends_on`` is the first day on which the
    status may end by itself: of the cure, or of the probation.
    """

    default: DefaultReason | None = None
    default_since: date | None = None
    forborne: Forborne = Forborne.NO
    forborne_since: date | None = None
    ends_on: date | None = None
    stage: int = 1

    @property
    def is_non_performing(self) -> bool:
        return self.default is not None or self.forborne is Forborne.CURE


class Count(NamedTuple):
    """What is counted on a day, and against which limits.

    ``material_since`` is the first of the days in a row on which both thresholds were exceeded,
    ``due_since`` the oldest due day past due; both None while there is none.
    """

    material_since: date | None
    due_since: date | None
    overdue_minor: int
    exposure_minor: int
    limits: Thresholds


class Span(NamedTuple):
    """A status from its first day until the next span, and what was counted on that day."""

    from_on: date
    status: Status
    counted: Count


@dataclass(frozen=True, slots=True)
class Timeline:
    """``review_on`` is the next day on which the status may change without news; ``counted``
    is that of the last day walked, None where nothing ever was owed."""

    spans: tuple[Span, ...]
    review_on: date | None
    counted: Count | None = None

    def on(self, day: date) -> Status:
        held = [span.status for span in self.spans if span.from_on <= day]
        return held[-1] if held else Status()


def positions(amounts: Iterable[Amount]) -> list[Position]:
    """How overdue amount and exposure developed; an amount is overdue after its due day."""
    changes: dict[date, list[tuple[date | None, int]]] = {}
    for on, due_on, minor in amounts:
        changes.setdefault(on, []).append((due_on, minor))
        if due_on is not None and due_on + _DAY > on:
            changes.setdefault(due_on + _DAY, [])
    held: dict[date | None, int] = {}
    late: list[date] = []
    overdue = exposure = 0
    found: list[Position] = []
    for day in sorted(changes):
        yesterday = day - _DAY
        if held.get(yesterday):
            overdue += held[yesterday]
            heapq.heappush(late, yesterday)
        for due_on, minor in changes[day]:
            held[due_on] = held.get(due_on, 0) + minor
            exposure += minor
            if due_on is not None and due_on < day:
                overdue += minor
                heapq.heappush(late, due_on)
        while late and held[late[0]] <= 0:
            heapq.heappop(late)
        position = Position(day, overdue, exposure, late[0] if late else None)
        if not found or position[1:] != found[-1][1:]:
            found.append(position)
    return found


def while_owed(own: Sequence[Position], whole: Sequence[Position]) -> list[Position]:
    """How the whole of a debtor developed, on the days on which anything of one debt is owed."""
    found: list[Position] = []
    is_owed, group = False, Position(date.min, 0, 0, None)
    parts = {position.since: position for position in own}
    wholes = {position.since: position for position in whole}
    for day in sorted(parts.keys() | wholes.keys()):
        if day in parts:
            is_owed = parts[day].exposure_minor > 0
        group = wholes.get(day, group)
        position = group._replace(since=day) if is_owed else Position(day, 0, 0, None)
        if not found or position[1:] != found[-1][1:]:
            found.append(position)
    return found


def walk(
    *,
    history: Sequence[Position],
    measures: Sequence[Measure],
    segment: Segment,
    currency: str,
    from_on: date,
    through: date,
) -> Timeline:
    """The spans from ``from_on`` through a day; what came before is walked, but not told."""
    walker = _Walker(list(history), sorted(measures), segment, currency)
    spans: list[Span] = []
    for day in walker.days(through):
        status = walker.step(day)
        if spans and spans[-1].status == status:
            continue
        if spans and spans[-1].from_on >= max(day, from_on):
            spans.pop()
        if not spans or spans[-1].status != status:
            spans.append(Span(max(day, from_on), status, walker.counted))
    if not spans or spans[0].from_on > from_on:
        if spans and spans[0].status == Status():
            spans.pop(0)
        limits = thresholds(segment=segment, currency=currency, on=from_on)
        spans.insert(0, Span(from_on, Status(), Count(None, None, 0, 0, limits)))
    return Timeline(tuple(spans), walker.next_day, walker.counted if history else None)


class _Walker:
    """The state of the walk; each step looks at one day, in rising order."""

    def __init__(
        self, history: list[Position], measures: list[Measure], segment: Segment, currency: str
    ) -> None:
        self.history, self.measures = history, measures
        self.segment, self.currency = segment, currency
        self.agenda = [position.since for position in history]
        self.agenda += [measure.granted_on for measure in measures]
        heapq.heapify(self.agenda)
        self.place = 0
        self.granted = 0
        self.position = Position(date.min, 0, 0, None)
        self.material_since: date | None = None
        self.clean_since: date | None = None
        self.restructured_on: date | None = None
        self.status = Status()
        self.limits = thresholds(segment=segment, currency=currency, on=date.min)

    @property
    def next_day(self) -> date | None:
        return self.agenda[0] if self.agenda else None

    @property
    def counted(self) -> Count:
        _, overdue, exposure, due_since = self.position
        return Count(self.material_since, due_since, overdue, exposure, self.limits)

    def days(self, through: date) -> Iterable[date]:
        last: date | None = None
        while self.agenda and self.agenda[0] <= through:
            day = heapq.heappop(self.agenda)
            if day != last:
                yield day
            last = day

    def step(self, day: date) -> Status:
        rules, limits = (
            clocks(on=day),
            thresholds(segment=self.segment, currency=self.currency, on=day),
        )
        self.limits = limits
        self._take_position(day, limits)
        for measure in self._granted_through(day):
            self._grant(measure, day, rules)
        if self.position.exposure_minor <= 0:
            self.status = Status()
            self.clean_since = self.restructured_on = None
        else:
            self._arrears(day, limits, rules)
            self._default_ends(day, rules)
            self._forbearance_moves_on(day, rules)
        self._plan(day, limits, rules)
        self.status = replace(
            self.status, stage=self._stage(day, rules), ends_on=self._ends_on(rules)
        )
        return self.status

    def _take_position(self, day: date, limits: Thresholds) -> None:
        while self.place < len(self.history) and self.history[self.place].since <= day:
            self.position = self.history[self.place]
            self.place += 1
        material = limits.is_material(
            overdue_minor=self.position.overdue_minor, exposure_minor=self.position.exposure_minor
        )
        if not material:
            self.material_since = None
        elif self.material_since is None:
            self.material_since = self.position.since

    def _granted_through(self, day: date) -> Iterable[Measure]:
        while self.granted < len(self.measures) and self.measures[self.granted].granted_on <= day:
            yield self.measures[self.granted]
            self.granted += 1

    def _grant(self, measure: Measure, day: date, rules: Clocks) -> None:
        """A measure that gives up more than the limit is a default by itself."""
        status = self.status
        if measure.loss_percent > rules.npv_loss_percent:
            self.restructured_on = day
            status = replace(
                status,
                default=status.default or DefaultReason.RESTRUCTURING,
                default_since=status.default_since or day,
            )
        if status.is_non_performing or status.forborne is Forborne.PROBATION_AFTER:
            forborne = Forborne.CURE
        else:
            forborne = Forborne.PROBATION
        self.status = replace(status, forborne=forborne, forborne_since=day)

    def _arrears(self, day: date, limits: Thresholds, rules: Clocks) -> None:
        days = self._material_days(day)
        status = self.status
        if days > limits.days:
            status = replace(
                status,
                default=DefaultReason.PAST_DUE,
                default_since=status.default_since or day,
            )
        relapsed = status.forborne is Forborne.PROBATION_AFTER and days > rules.relapse_days
        newly = status.default is not None and status.forborne is Forborne.PROBATION
        if relapsed or newly:
            status = replace(status, forborne=Forborne.CURE, forborne_since=day)
        self.status = status

    def _default_ends(self, day: date, rules: Clocks) -> None:
        """Not before the probation without material arrears is over."""
        if self.status.default is None:
            self.clean_since = None
            return
        if self.material_since is not None:
            self.clean_since = None
            return
        self.clean_since = self.clean_since or day
        if day >= self._cured_on(rules):
            self.status = replace(self.status, default=None, default_since=None)
            self.clean_since = self.restructured_on = None
        elif self.status.default is DefaultReason.PAST_DUE:
            self.status = replace(self.status, default=DefaultReason.CURING)

    def _cured_on(self, rules: Clocks) -> date:
        assert self.clean_since is not None
        ends = [months_later(self.clean_since, rules.cure_months)]
        if self.restructured_on is not None:
            ends.append(years_later(self.restructured_on, rules.cure_restructuring_years))
        if self.status.forborne is Forborne.CURE and self.status.forborne_since is not None:
            ends.append(years_later(self.status.forborne_since, rules.forborne_cure_years))
        return max(ends)

    def _forbearance_moves_on(self, day: date, rules: Clocks) -> None:
        status, since = self.status, self.status.forborne_since
        if since is None:
            return
        if status.forborne is Forborne.CURE:
            over = day >= years_later(since, rules.forborne_cure_years)
            if over and status.default is None and self.material_since is None:
                self.status = replace(status, forborne=Forborne.PROBATION_AFTER, forborne_since=day)
            return
        over = day >= years_later(since, rules.forborne_probation_years)
        if over and self._days_past_due(day) <= rules.stage_2_days:
            self.status = replace(status, forborne=Forborne.NO, forborne_since=None)

    def _stage(self, day: date, rules: Clocks) -> int:
        if self.status.is_non_performing:
            return 3
        late = self._days_past_due(day) > rules.stage_2_days
        return 2 if late or self.status.forborne is not Forborne.NO else 1

    def _ends_on(self, rules: Clocks) -> date | None:
        if self.status.default is not None:
            return self._cured_on(rules) if self.clean_since is not None else None
        since = self.status.forborne_since
        if since is None:
            return None
        cure = self.status.forborne is Forborne.CURE
        years = rules.forborne_cure_years if cure else rules.forborne_probation_years
        return years_later(since, years)

    def _plan(self, day: date, limits: Thresholds, rules: Clocks) -> None:
        """The days after this one on which a count or a clock may decide."""
        wanted: list[date | None] = [self._ends_on(rules)]
        if self.material_since is not None:
            wanted.append(self.material_since + timedelta(days=limits.days))
            wanted.append(self.material_since + timedelta(days=rules.relapse_days))
        if self.position.due_since is not None:
            wanted.append(self.position.due_since + timedelta(days=rules.stage_2_days + 1))
        for planned in wanted:
            if planned is not None and planned > day:
                heapq.heappush(self.agenda, planned)

    def _material_days(self, day: date) -> int:
        return (day - self.material_since).days + 1 if self.material_since else 0

    def _days_past_due(self, day: date) -> int:
        since = self.position.due_since
        return (day - since).days if since is not None else 0

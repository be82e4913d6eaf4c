"""What an administrator may add to the rates: one more step, or a later confirmed day. Pure.

Each series is a row of first days; a value holds until the next one. So there is never a gap nor
an overlap, and what is checked here is that days rise, that a correction says why, and that a
value is one of its kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from kernel.errors import InvalidInput
from ledger.rates import Rates, Series, Step, with_step

#: Least and most that a value may be; more is a slip of the hand.
BOUNDS: Final[Mapping[Series, tuple[Decimal, Decimal]]] = {
    Series.NBP_REFERENCE: (Decimal(0), Decimal(100)),
    Series.NBP_LOMBARD: (Decimal(0), Decimal(100)),
    Series.STATUTORY_BEFORE_2016: (Decimal(0), Decimal(100)),
    Series.CAPITAL_MARGIN: (Decimal(0), Decimal(30)),
    Series.DELAY_MARGIN: (Decimal(0), Decimal(30)),
    Series.MAXIMUM_MULTIPLE: (Decimal(1), Decimal(10)),
    Series.LOMBARD_MULTIPLE: (Decimal(1), Decimal(10)),
    Series.COMMERCIAL_MARGIN: (Decimal(0), Decimal(30)),
    Series.PUBLIC_HEALTH_MARGIN: (Decimal(0), Decimal(30)),
}
_PLACES: Final = 4
#: A rate is announced a few weeks ahead, never years.
_MOST_AHEAD: Final = timedelta(days=366)
_EARLIEST: Final = date(1990, 1, 1)


class RateChangeInvalid(InvalidInput):
    """``field`` cannot be taken, ``why`` says how, as a code."""

    code = "rate_change_invalid"


@dataclass(frozen=True, slots=True)
class RateChange:
    """``series`` is None where only the confirmed day moves; then there is no step."""

    series: Series | None
    since_on: date | None
    value: Decimal | None
    source: str
    confirmed_until: date
    reason: str = ""


def check_change(change: RateChange, rates: Rates, *, on: date) -> None:
    """Raises RateChangeInvalid where the change cannot be taken ``on`` that day."""
    if not change.source.strip():
        raise RateChangeInvalid(field="source", why="missing")
    if change.confirmed_until > on + _MOST_AHEAD:
        raise RateChangeInvalid(field="confirmed_until", why="too_far_ahead")
    if change.confirmed_until < rates.confirmed_until and not change.reason.strip():
        raise RateChangeInvalid(field="reason", why="needed_to_correct")
    if change.series is None:
        if change.confirmed_until == rates.confirmed_until:
            raise RateChangeInvalid(field="confirmed_until", why="no_change")
        return
    since, value = _step_of(change)
    _check_value(change.series, value)
    if not _EARLIEST <= since <= on + _MOST_AHEAD:
        raise RateChangeInvalid(field="since_on", why="out_of_range")
    if change.confirmed_until < since:
        raise RateChangeInvalid(field="confirmed_until", why="before_the_rate")
    _check_place(change, since, value, rates.steps.get(change.series, ()))


def applied(rates: Rates, changes: Iterable[RateChange]) -> Rates:
    """The rates with changes made, in the order in which they were recorded."""
    steps, confirmed = dict(rates.steps), rates.confirmed_until
    latest = confirmed
    for change in changes:
        latest = change.confirmed_until
        if change.series is None:
            continue
        since, value = _step_of(change)
        held = steps.get(change.series, ())
        until = next((step.until for step in held if step.since == since), None)
        steps[change.series] = with_step(held, Step(since, value, change.source, until))
    return Rates(steps, max(confirmed, latest))


def _step_of(change: RateChange) -> tuple[date, Decimal]:
    if change.since_on is None:
        raise RateChangeInvalid(field="since_on", why="missing")
    if change.value is None:
        raise RateChangeInvalid(field="value", why="missing")
    return change.since_on, change.value


def _check_value(series: Series, value: Decimal) -> None:
    least, most = BOUNDS[series]
    if not value.is_finite() or not least <= value <= most:
        raise RateChangeInvalid(field="value", why="out_of_range")
    if value != round(value, _PLACES):
        raise RateChangeInvalid(field="value", why="too_many_places")


def _check_place(change: RateChange, since: date, value: Decimal, steps: tuple[Step, ...]) -> None:
    """A new last step needs no reason; a step before it, or in the place of one, does."""
    ends = steps[-1].until if steps else None
    if ends is not None and since > ends:
        raise RateChangeInvalid(field="since_on", why="series_has_ended")
    is_last = not steps or since > steps[-1].since
    if not is_last and not change.reason.strip():
        raise RateChangeInvalid(field="reason", why="needed_to_correct")
    same_day = next((step for step in steps if step.since == since), None)
    before = [step for step in steps if step.since < since]
    held = same_day or (before[-1] if before else None)
    if held is not None and held.value == value:
        raise RateChangeInvalid(field="value", why="no_change")

"""When a person is best called, from the calls that were answered so far. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

#: Fewer answered calls than these say nothing about habits.
LEAST_ANSWERED: Final = 2
_HOURS: Final = 2


class Call(NamedTuple):
    """``hour`` is the hour of the day in Warsaw, 0 to 23."""

    hour: int
    answered: bool


class BestTime(NamedTuple):
    """From the hour ``start`` to before ``end``: how many calls were answered of those tried."""

    start: int
    end: int
    answered: int
    tried: int


def best_time(calls: Sequence[Call]) -> BestTime | None:
    """The two hours in which the largest share was answered; None while that is not known.

    Of equal shares the one with more answered calls counts, then the earlier one.
    """
    windows = [_window(calls, start) for start in range(24 - _HOURS + 1)]
    known = [window for window in windows if window.answered >= LEAST_ANSWERED]
    return max(known, key=_rank, default=None)


def _window(calls: Sequence[Call], start: int) -> BestTime:
    within = [call for call in calls if start <= call.hour < start + _HOURS]
    answered = sum(call.answered for call in within)
    return BestTime(start, start + _HOURS, answered, len(within))


def _rank(window: BestTime) -> tuple[int, int, int]:
    """The share in thousandths, so that nothing is rounded by a float."""
    return window.answered * 1000 // window.tried, window.answered, -window.start

"""The overdue balance of a case as it ran, event by event, and its line. Pure.

Amounts are minor units; amounts of different currencies are never added.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Final, NamedTuple


class Point(NamedTuple):
    """An event that changed what is due on an account: what was due after it, and before it
    where no event before it says so."""

    event_id: int
    account_id: int
    due_after: int
    due_before: int | None = None


class Moved(NamedTuple):
    """What one event changed; below zero less is due than before."""

    currency: str
    change_minor: int


class RunningBalance:
    """What was overdue after any event, by currency."""

    def __init__(
        self, points: Iterable[Point], currencies: Mapping[int, str], due_now: Mapping[int, int]
    ) -> None:
        """``due_now`` is what is due on accounts that have no point at all."""
        ordered = sorted(points)
        due = {account_id: max(due_now.get(account_id, 0), 0) for account_id in currencies}
        for point in reversed(ordered):
            due[point.account_id] = max(point.due_before or 0, 0)
        total: dict[str, int] = defaultdict(int)
        for account_id, minor in due.items():
            total[currencies[account_id]] += minor
        self._starts = dict(total)
        self._moved: dict[int, Moved] = {}
        self._ids: dict[str, list[int]] = defaultdict(list)
        self._totals: dict[str, list[int]] = defaultdict(list)
        for point in ordered:
            currency, after = currencies[point.account_id], max(point.due_after, 0)
            change = after - due[point.account_id]
            due[point.account_id] = after
            total[currency] += change
            self._moved[point.event_id] = Moved(currency, change)
            self._ids[currency].append(point.event_id)
            self._totals[currency].append(total[currency])

    def after(self, event_id: int, currency: str) -> int:
        """What was overdue in the currency when the event had been recorded."""
        place = bisect_right(self._ids[currency], event_id)
        return self._totals[currency][place - 1] if place else self._starts.get(currency, 0)

    def before(self, event_id: int, currency: str) -> int:
        return self.after(event_id - 1, currency)

    def moved(self, event_id: int) -> Moved | None:
        """What the event changed; None where it changed nothing that is due."""
        moved = self._moved.get(event_id)
        return moved if moved and moved.change_minor else None


class LinePiece(NamedTuple):
    """The line within one row, in percent of its width: down at ``x``, then across to
    ``x_older`` at the foot of the row, where the next older row begins."""

    x: str
    x_older: str


#: Room at both ends, so that a mark on the line is not cut off.
_LEAST: Final = 4.0
_MOST: Final = 96.0


def line_pieces(balances: Sequence[int], oldest_before: int, most: int) -> list[LinePiece]:
    """One piece for each row, the newest first; the scale runs from nothing to ``most``."""
    places = [_place(minor, most) for minor in (*balances, oldest_before)]
    return [LinePiece(x, older) for x, older in pairwise(places)]


def _place(minor: int, most: int) -> str:
    share = min(max(minor, 0), most) * 1000 // most if most > 0 else 0
    return f"{_LEAST + (_MOST - _LEAST) * share / 1000:.1f}%"

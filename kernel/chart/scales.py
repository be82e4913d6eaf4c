"""From values to places: round ticks, scales, and labels that keep their distance."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

#: More lines than this make a chart harder to read, not easier.
MOST_TICKS: Final = 5

#: In halves, as 2.5 is one of them.
_STEPS: Final = (2, 4, 5, 10)
#: What is smaller counts as nothing; finer steps drown in the noise of binary fractions.
_NEGLIGIBLE: Final = 1e-100
_FINEST: Final = 1e-9


def nice_ticks(
    low: float, high: float, *, most: int = MOST_TICKS, whole: bool = False
) -> tuple[float, ...]:
    """Evenly spaced multiples of 1, 2, 2.5 or 5 times a power of ten that cover low to high.

    At least two and at most ``most`` (which is at least 3); ``whole`` allows only whole numbers,
    as counts need them. Raises ValueError where ``high`` is below ``low`` or a value is not
    finite.
    """
    if not (math.isfinite(low) and math.isfinite(high)) or high < low or most < 3:
        raise ValueError(f"no ticks from {low} to {high}")
    largest = max(abs(low), abs(high))
    if largest < _NEGLIGIBLE:
        return (0, 1)
    if high == low:
        low, high = min(low, 0), max(high, 0)
    span = max(high - low, largest * _FINEST)
    exponent = math.floor(math.log10(span / most)) - 1
    while True:
        for halves in _STEPS:
            first = math.floor(_divided(low, halves, exponent))
            last = math.ceil(_divided(high, halves, exponent))
            fits = last - first < most
            if fits and not (whole and _is_broken(halves, exponent)):
                return tuple(_multiplied(i, halves, exponent) for i in range(first, last + 1))
        exponent += 1


def _is_broken(halves: int, exponent: int) -> bool:
    """Whether the step is no whole number."""
    return exponent < 0 or (exponent == 0 and halves % 2 == 1)


def _divided(value: float, halves: int, exponent: int) -> float:
    """By the step, without the noise of 0.1 in binary."""
    power: int = 10 ** abs(exponent)
    return 2 * value / (halves * power) if exponent >= 0 else 2 * value * power / halves


def _multiplied(count: int, halves: int, exponent: int) -> float:
    power: int = 10 ** abs(exponent)
    doubled = count * halves * power if exponent >= 0 else count * halves / power
    return doubled // 2 if isinstance(doubled, int) and doubled % 2 == 0 else doubled / 2


@dataclass(frozen=True, slots=True)
class Linear:
    """A value between ``low`` and ``high`` to a place between ``start`` and ``stop``.

    ``start`` may lie beyond ``stop``: y grows downwards. Where ``low`` and ``high`` are one, every
    value stands at ``start``.
    """

    low: float
    high: float
    start: float
    stop: float

    def __call__(self, value: float) -> float:
        if self.high == self.low:
            return self.start
        share = (value - self.low) / (self.high - self.low)
        return self.start + share * (self.stop - self.start)


@dataclass(frozen=True, slots=True)
class Band:
    """``count`` equal places side by side between ``start`` and ``stop``.

    ``gap`` is the share of each place that is left empty, half on either side.
    """

    count: int
    start: float
    stop: float
    gap: float = 0.32

    @property
    def step(self) -> float:
        return (self.stop - self.start) / self.count if self.count else 0

    @property
    def width(self) -> float:
        """Of what is drawn in a place."""
        return self.step * (1 - self.gap)

    def edge(self, place: int) -> float:
        """Where the place begins; ``edge(count)`` is the end of the last."""
        return self.start + place * self.step

    def left(self, place: int) -> float:
        """Where what is drawn in the place begins."""
        return self.edge(place) + self.step * self.gap / 2

    def middle(self, place: int) -> float:
        return self.edge(place) + self.step / 2


def spread_labels(
    wanted: Sequence[float], *, height: float, low: float, high: float
) -> tuple[float, ...]:
    """Tops of labels near the places ``wanted`` for them, so that none covers another.

    Each is ``height`` tall and lies between ``low`` and ``high``; the order is kept, and of labels
    that push each other each moves equally far. Where there is not room for all of them they
    share what there is, and overlap evenly.
    """
    if not wanted:
        return ()
    room = max(high - low, 0)
    pitch = min(height, (room - height) / (len(wanted) - 1)) if len(wanted) > 1 else height
    pitch = max(pitch, 0)
    order = sorted(range(len(wanted)), key=lambda i: (wanted[i], i))
    # Once each label is moved up by its place in the row, "no overlap" means "not decreasing",
    # and the nearest such row is had by averaging neighbours that are in the wrong order.
    pools: list[tuple[float, int]] = []
    for place, i in enumerate(order):
        total, size = wanted[i] - place * pitch, 1
        while pools and pools[-1][0] / pools[-1][1] > total / size:
            before, count = pools.pop()
            total, size = total + before, size + count
        pools.append((total, size))
    last = max(high - height - (len(order) - 1) * pitch, low)
    tops = [
        min(max(total / size, low), last) + place * pitch
        for place, (total, size) in enumerate(pool for pool in pools for _ in range(pool[1]))
    ]
    placed = dict(zip(order, tops, strict=True))
    return tuple(placed[i] for i in range(len(wanted)))

"""For which instalments of an agreement a payment would count. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Counted(NamedTuple):
    number: int
    amount_minor: int


def spread_over_instalments(
    amount_minor: int, open_ones: Sequence[tuple[int, int]]
) -> list[Counted]:
    """``open_ones`` are numbers with what is still to be paid of them, in their order."""
    counted = []
    for number, left_minor in open_ones:
        part = min(amount_minor, left_minor)
        if part > 0:
            counted.append(Counted(number, part))
            amount_minor -= part
    return counted

"""Ranges of days past due in which the book is shown. Pure.

The ranges do not overlap and leave no gap. ``none`` holds cases with nothing due, such as one
whose agreement is kept or whose payment arrived today.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Bucket:
    """``first`` to ``last`` days past due, both included; ``last`` None is without end."""

    first: int
    last: int | None

    def __contains__(self, days: int) -> bool:
        return self.first <= days and (self.last is None or days <= self.last)


BUCKETS: Final = (
    Bucket(0, 0),
    Bucket(1, 30),
    Bucket(31, 60),
    Bucket(61, 90),
    Bucket(91, 180),
    Bucket(181, 360),
    Bucket(361, None),
)


def bucket_of(days_past_due: int) -> int:
    """The place in ``BUCKETS`` of a number of days."""
    for place, bucket in enumerate(BUCKETS):
        if days_past_due in bucket:
            return place
    raise ValueError(days_past_due)


def bucket_between(first: int | None, last: int | None) -> int | None:
    """The place of the bucket with exactly these ends, or None where there is none."""
    ends = [(bucket.first, bucket.last) for bucket in BUCKETS]
    return ends.index((first, last)) if first is not None and (first, last) in ends else None

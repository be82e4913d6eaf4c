from itertools import pairwise

import pytest

from portfolio.buckets import BUCKETS, bucket_between, bucket_of
from portfolio.views.heat import heat_level


def test_the_ranges_leave_no_gap_and_do_not_overlap() -> None:
    for one, next_one in pairwise(BUCKETS):
        assert one.last is not None
        assert next_one.first == one.last + 1
    assert BUCKETS[0].first == 0
    assert BUCKETS[-1].last is None


@pytest.mark.parametrize(("days", "first"), [(0, 0), (1, 1), (30, 1), (31, 31), (5000, 361)])
def test_every_number_of_days_has_its_range(days: int, first: int) -> None:
    assert BUCKETS[bucket_of(days)].first == first


def test_days_below_zero_are_an_error() -> None:
    with pytest.raises(ValueError, match="-1"):
        bucket_of(-1)


def test_a_range_is_found_by_exactly_its_ends() -> None:
    assert bucket_between(31, 60) == bucket_of(45)
    assert bucket_between(361, None) == bucket_of(9999)
    assert bucket_between(31, 61) is None
    assert bucket_between(None, 60) is None


@pytest.mark.parametrize(
    ("minor", "largest", "level"), [(0, 100, 0), (1, 100, 1), (100, 100, 6), (50, 100, 3)]
)
def test_the_colour_of_a_cell_follows_its_share_of_the_largest(
    minor: int, largest: int, level: int
) -> None:
    assert heat_level(minor, largest) == level

"""The stretch of days that a board tells of, and its like before."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.calendar import POLAND
from portfolio.periods import Preset, Stretch, stretch_before, stretch_to, week_of
from portfolio.targets import months_of, target_of

DAYS = st.dates(date(2020, 1, 2), date(2035, 12, 31))


@pytest.mark.parametrize(
    ("through", "after", "before"),
    [
        (date(2026, 11, 22), date(2026, 10, 31), (date(2026, 9, 30), date(2026, 10, 22))),
        (date(2026, 11, 30), date(2026, 10, 31), (date(2026, 9, 30), date(2026, 10, 31))),
        (date(2026, 3, 30), date(2026, 2, 28), (date(2026, 1, 31), date(2026, 2, 28))),
        (date(2026, 1, 5), date(2025, 12, 31), (date(2025, 11, 30), date(2025, 12, 5))),
    ],
)
def test_a_month_so_far_is_held_against_the_same_days_of_the_month_before(
    through: date, after: date, before: tuple[date, date]
) -> None:
    assert stretch_to(through, Preset.MONTH) == Stretch(after, through)
    assert stretch_before(through, Preset.MONTH) == Stretch(*before)


@given(DAYS, st.sampled_from(list(Preset)))
def test_the_like_stretch_before_ends_no_later_than_the_stretch_begins(
    through: date, preset: Preset
) -> None:
    now, before = stretch_to(through, preset), stretch_before(through, preset)
    assert before.after < before.through <= now.after < now.through
    assert now.first == now.after + timedelta(days=1)


@given(DAYS)
def test_a_week_begins_on_the_monday_by_then(on: date) -> None:
    monday = week_of(on)
    assert monday.weekday() == 0
    assert timedelta(0) <= on - monday < timedelta(days=7)


@given(DAYS, st.integers(1, 10**12))
def test_a_whole_month_has_its_whole_target(on: date, amount: int) -> None:
    first = on.replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    month = Stretch(first - timedelta(days=1), last)
    assert months_of(month) == [first]
    assert target_of(month, {first: amount}, POLAND) == amount


@given(DAYS, DAYS, st.integers(1, 10**12))
def test_parts_of_a_target_grow_with_the_days_and_add_up(a: date, b: date, amount: int) -> None:
    after, through = min(a, b), max(a, b)
    if after == through or (through - after).days > 700:
        return
    middle = after + (through - after) // 2
    parts = [Stretch(after, middle), Stretch(middle, through)]
    targets = dict.fromkeys(months_of(Stretch(after, through)), amount)
    whole = target_of(Stretch(after, through), targets, POLAND)
    found = [target_of(part, targets, POLAND) for part in parts if part.after < part.through]
    assert whole is not None
    assert all(part is not None and 0 <= part <= whole for part in found)
    assert abs(sum(part or 0 for part in found) - whole) <= 2


def test_a_month_without_a_target_leaves_the_stretch_without_one() -> None:
    stretch = Stretch(date(2026, 10, 20), date(2026, 11, 5))
    assert target_of(stretch, {date(2026, 11, 1): 100}, POLAND) is None


def test_a_target_falls_to_working_days() -> None:
    """November 2026 has 20 working days, 14 of them by the 22nd: the 11th is free."""
    stretch = Stretch(date(2026, 10, 31), date(2026, 11, 22))
    assert POLAND.working_days_between(date(2026, 10, 31), date(2026, 11, 30)) == 20
    assert POLAND.working_days_between(date(2026, 10, 31), date(2026, 11, 22)) == 14
    assert target_of(stretch, {date(2026, 11, 1): 2_000}, POLAND) == 1_400

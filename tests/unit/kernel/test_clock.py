from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel import clock

DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 1, 1))
SPRING, AUTUMN = date(2027, 3, 28), date(2026, 10, 25)


@given(DAYS)
def test_a_legal_day_begins_where_the_day_before_ends(on: date) -> None:
    first = clock.instant(on)
    assert clock.legal_day(first) == on
    assert clock.legal_day(first - timedelta(microseconds=1)) == on - timedelta(days=1)
    assert clock.end_of(on) == clock.instant(on + timedelta(days=1))


@pytest.mark.parametrize(("on", "hours"), [(SPRING, 23), (AUTUMN, 25), (date(2026, 5, 12), 24)])
def test_the_days_on_which_the_clock_changes_are_shorter_and_longer(on: date, hours: int) -> None:
    assert clock.end_of(on) - clock.instant(on) == timedelta(hours=hours)


@pytest.mark.parametrize("on", [SPRING, AUTUMN])
def test_half_past_midnight_exists_once_on_both_nights(on: date) -> None:
    """When days are closed: nothing is planned between two and three."""
    at = clock.instant(on, time(0, 30))
    assert at.astimezone(clock.WARSAW).time() == time(0, 30)
    assert clock.legal_day(at) == on


def test_of_an_hour_that_comes_twice_the_first_is_meant() -> None:
    assert clock.instant(AUTUMN, time(2, 30)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_an_hour_that_is_left_out_still_has_an_instant_on_its_day() -> None:
    assert clock.legal_day(clock.instant(SPRING, time(2, 30))) == SPRING


def test_late_evening_in_london_is_already_tomorrow_in_warsaw() -> None:
    assert clock.legal_day(datetime(2026, 5, 12, 22, 30, tzinfo=UTC)) == date(2026, 5, 13)
    assert clock.legal_day(datetime(2026, 12, 31, 23, 0, tzinfo=UTC)) == date(2027, 1, 1)


def test_the_clock_can_be_let_stand_and_goes_on_afterwards() -> None:
    at = datetime(2026, 10, 24, 22, 30, tzinfo=UTC)
    with clock.fixed_at(at):
        assert (clock.now(), clock.today()) == (at, AUTUMN)
        with clock.fixed_at(at + timedelta(days=1)):
            assert clock.now() == at + timedelta(days=1)
        assert clock.now() == at
    assert clock.now() != at
    assert clock.now().utcoffset() == timedelta(0)


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"), clock.fixed_at(datetime(2026, 5, 12)):  # noqa: DTZ001
        pass


def test_a_clock_that_stands_in_another_zone_still_tells_utc() -> None:
    at = datetime(2026, 5, 12, 12, 0, tzinfo=clock.WARSAW)
    with clock.fixed_at(at):
        assert clock.now().tzinfo is UTC
        assert clock.now() == at

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from desk.freshness import Freshness, Stale, stale_parts
from kernel.calendar import POLAND
from kernel.clock import instant

MONDAY = date(2026, 11, 23)


def _found(days_ago: int, *, on: date) -> Freshness:
    day = on - timedelta(days=days_ago)
    at: datetime = instant(day)
    return Freshness(at, None, day, day)


@pytest.mark.parametrize(
    ("on", "days_ago", "is_stale"),
    [
        pytest.param(MONDAY, 0, False, id="today"),
        pytest.param(MONDAY, 3, False, id="on Monday what Friday brought"),
        pytest.param(MONDAY, 4, True, id="on Monday what Thursday brought"),
        pytest.param(date(2026, 11, 25), 1, False, id="on Wednesday what Tuesday brought"),
        pytest.param(date(2026, 11, 25), 2, True, id="on Wednesday what Monday brought"),
        pytest.param(date(2026, 11, 12), 2, False, id="a holiday between does not count"),
    ],
)
def test_what_is_older_than_a_working_day_is_stale(on: date, days_ago: int, is_stale: bool) -> None:
    stale = stale_parts(_found(days_ago, on=on), on=on, calendar=POLAND)

    assert stale == Stale(is_stale, is_stale, is_stale)
    assert bool(stale) is is_stale


def test_statements_without_a_payment_are_news_as_well() -> None:
    old, new = instant(MONDAY - timedelta(days=9)), instant(MONDAY)

    found = Freshness(old, new, MONDAY, MONDAY)

    assert not stale_parts(found, on=MONDAY, calendar=POLAND)


def test_what_never_came_is_stale_and_the_rest_is_not() -> None:
    stale = stale_parts(Freshness(None, None, MONDAY, MONDAY), on=MONDAY, calendar=POLAND)

    assert stale == Stale(payments=True, extract=False, close=False)

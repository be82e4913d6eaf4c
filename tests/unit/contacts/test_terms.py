"""Statutory terms, beside a second, naive reckoning that counts day by day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.lifecycle import Template
from contacts.terms import (
    first_running_delivery,
    letter_term_ends_on,
    notice_term_ends_on,
    termination_effective_on,
)
from kernel.calendar import POLAND

_FIXED = {(1, 1), (1, 6), (5, 1), (5, 3), (8, 15), (11, 1), (11, 11), (12, 25), (12, 26)}


def easter(year: int) -> date:
    """Gauss's rule in the form of Meeus, Jones and Butcher."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    f = (b + 8) // 25
    g = (b - f + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def is_free(on: date) -> bool:
    feast = easter(on.year)
    movable = {feast + timedelta(days=1), feast + timedelta(days=60)}
    christmas_eve = (on.month, on.day) == (12, 24) and on.year >= 2025
    # The centenary of independence, by an act of its own.
    centenary = on == date(2018, 11, 12)
    return (
        centenary
        or on.weekday() >= 5
        or (on.month, on.day) in _FIXED
        or on in movable
        or christmas_eve
    )


def naive_term(delivered_on: date, working_days: int) -> date:
    on = delivered_on
    while working_days:
        on += timedelta(days=1)
        if not is_free(on):
            working_days -= 1
    return on


@given(st.dates(date(2016, 1, 1), date(2030, 11, 30)))
def test_the_notice_term_is_the_fourteenth_working_day_after_delivery(delivered_on: date) -> None:
    assert notice_term_ends_on(delivered_on, POLAND) == naive_term(delivered_on, 14)


@pytest.mark.parametrize(
    ("delivered_on", "ends_on"),
    [
        (date(2026, 4, 20), date(2026, 5, 11)),
        (date(2026, 5, 12), date(2026, 6, 1)),
        # 24 December is a holiday since 2025.
        (date(2024, 12, 12), date(2025, 1, 7)),
        (date(2025, 12, 11), date(2026, 1, 7)),
        # Delivered on a Saturday: Monday is the first day.
        (date(2026, 5, 16), date(2026, 6, 5)),
    ],
)
def test_the_notice_term_around_holidays(delivered_on: date, ends_on: date) -> None:
    assert naive_term(delivered_on, 14) == ends_on
    assert notice_term_ends_on(delivered_on, POLAND) == ends_on


def test_a_contract_ends_thirty_days_after_delivery() -> None:
    assert termination_effective_on(date(2026, 1, 31)) == date(2026, 3, 2)
    assert termination_effective_on(date(2028, 1, 31)) == date(2028, 3, 1)


DELIVERED = st.dates(min_value=date(2020, 1, 1), max_value=date(2029, 12, 31))
WITH_TERM = st.sampled_from(
    [Template.NOTICE_75C, Template.TERMINATION, Template.DEMAND, Template.PRECOURT_DEMAND]
)


def test_only_letters_that_name_a_term_have_one() -> None:
    on = date(2026, 5, 12)
    ends = {template: letter_term_ends_on(template, on, POLAND) for template in Template}
    assert ends == {
        **dict.fromkeys(Template, None),
        Template.DEMAND: date(2026, 5, 19),
        Template.PRECOURT_DEMAND: date(2026, 5, 26),
        Template.NOTICE_75C: notice_term_ends_on(on, POLAND),
        Template.TERMINATION: termination_effective_on(on),
    }


@given(on=DELIVERED, template=WITH_TERM)
def test_the_first_delivery_whose_term_still_runs_is_the_first(
    on: date, template: Template
) -> None:
    first = first_running_delivery(template, on, POLAND)
    assert first is not None
    earlier = letter_term_ends_on(template, first - timedelta(days=1), POLAND)
    still = letter_term_ends_on(template, first, POLAND)
    assert earlier is not None
    assert still is not None
    assert earlier < on <= still


def test_without_a_term_no_delivery_runs() -> None:
    assert first_running_delivery(Template.REMINDER, date(2026, 5, 12), POLAND) is None

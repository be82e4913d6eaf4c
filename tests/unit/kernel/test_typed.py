from __future__ import annotations

from datetime import date

import pytest

from kernel.typed import day_in, whole_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("17", 17),
        ("9" * 18, 10**18 - 1),
        ("9" * 19, None),
        ("9" * 5_000, None),
        ("-1", None),
        ("²", None),
        ("٣", None),
        (" 1", None),
        ("", None),
        (None, None),
    ],
)
def test_what_may_be_an_id_is_a_number_that_the_database_holds(
    text: str | None, number: int | None
) -> None:
    assert whole_number(text) == number


def test_a_number_may_be_bound_to_fewer_digits() -> None:
    assert whole_number("99999", digits=5) == 99_999
    assert whole_number("100000", digits=5) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-28", date(2026, 11, 28)),
        ("2026-02-30", None),
        ("9999-12-31", None),
        ("0001-01-01", None),
        ("yesterday", None),
        ("", None),
        (None, None),
    ],
)
def test_a_day_is_one_that_a_bank_may_mean(text: str | None, day: date | None) -> None:
    assert day_in(text) == day

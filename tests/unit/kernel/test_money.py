from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.money import (
    MAX_MINOR,
    CurrencyMismatch,
    InvalidAmount,
    Money,
    Rounding,
    currency_exponent,
    total,
)

MINORS = st.integers(min_value=-(10**15), max_value=10**15)
CURRENCIES = st.sampled_from(["PLN", "JPY", "KWD", "CLF"])
WEIGHTS = st.lists(st.integers(min_value=0, max_value=10**9), min_size=1, max_size=40).filter(
    lambda weights: sum(weights) > 0
)


@given(MINORS, WEIGHTS)
def test_an_allocation_loses_and_makes_no_grosz(minor: int, weights: list[int]) -> None:
    parts = Money(minor, "PLN").allocate(weights)
    assert sum(part.minor for part in parts) == minor
    assert len(parts) == len(weights)


@given(MINORS, WEIGHTS)
def test_each_part_is_within_one_unit_of_its_exact_share(minor: int, weights: list[int]) -> None:
    whole = sum(weights)
    for part, weight in zip(Money(minor, "PLN").allocate(weights), weights, strict=True):
        assert abs(part.minor * whole - minor * weight) < whole
        if weight == 0:
            assert part.minor == 0


@given(MINORS, WEIGHTS)
def test_an_allocation_of_a_negative_amount_mirrors_the_positive(
    minor: int, weights: list[int]
) -> None:
    there = [part.minor for part in Money(minor, "PLN").allocate(weights)]
    back = [-part.minor for part in Money(-minor, "PLN").allocate(weights)]
    assert there == back


@given(MINORS, st.integers(min_value=1, max_value=500))
def test_equal_parts_differ_by_one_unit_at_most_and_the_first_are_the_larger(
    minor: int, count: int
) -> None:
    parts = [abs(part.minor) for part in Money(minor, "PLN").split(count)]
    assert sum(parts) == abs(minor)
    assert max(parts) - min(parts) <= 1
    assert parts == sorted(parts, reverse=True)


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1], [-1]])
def test_there_is_no_allocation_by_weights_that_say_nothing(weights: list[int]) -> None:
    with pytest.raises(InvalidAmount):
        Money(100, "PLN").allocate(weights)


def test_nothing_is_split_into_no_parts() -> None:
    with pytest.raises(InvalidAmount):
        Money(100, "PLN").split(0)


@given(MINORS, CURRENCIES)
def test_an_amount_survives_the_way_through_a_decimal(minor: int, currency: str) -> None:
    money = Money(minor, currency)
    assert Money.from_decimal(money.to_decimal(), currency) == money


@pytest.mark.parametrize(
    ("amount", "rounding", "minor"),
    [
        ("0.005", Rounding.HALF_UP, 1),
        ("0.005", Rounding.HALF_EVEN, 0),
        ("0.015", Rounding.HALF_EVEN, 2),
        ("0.019", Rounding.DOWN, 1),
        ("0.011", Rounding.CEILING, 2),
        ("-0.005", Rounding.HALF_UP, -1),
        ("-0.019", Rounding.DOWN, -1),
    ],
)
def test_rounding_happens_as_it_is_named(amount: str, rounding: Rounding, minor: int) -> None:
    assert Money.from_decimal(Decimal(amount), "PLN", rounding=rounding).minor == minor


@pytest.mark.parametrize("amount", ["0.005", "NaN", "Infinity", "1e30"])
def test_an_amount_that_is_no_whole_number_of_units_is_refused(amount: str) -> None:
    with pytest.raises(InvalidAmount):
        Money.from_decimal(Decimal(amount), "PLN")


def test_the_largest_amount_fits_a_column_and_one_more_does_not() -> None:
    assert Money.from_decimal(Decimal(MAX_MINOR), "JPY").minor == MAX_MINOR
    with pytest.raises(InvalidAmount):
        Money.from_decimal(Decimal(MAX_MINOR + 1), "JPY")


@pytest.mark.parametrize("minor", [1.0, True, Decimal(1), "1"])
def test_only_a_whole_number_is_an_amount(minor: object) -> None:
    with pytest.raises(InvalidAmount):
        Money(minor, "PLN")  # type: ignore[arg-type]


@pytest.mark.parametrize("currency", ["", "pln", "PL", "PLNN", "ŻŁO", "12A"])
def test_a_currency_is_three_capital_letters(currency: str) -> None:
    with pytest.raises(InvalidAmount):
        Money(1, currency)


@pytest.mark.parametrize(("currency", "places"), [("PLN", 2), ("JPY", 0), ("KWD", 3), ("CLF", 4)])
def test_a_currency_has_its_own_places(currency: str, places: int) -> None:
    assert currency_exponent(currency) == places


def test_amounts_of_two_currencies_never_meet() -> None:
    zloty, euro = Money(1, "PLN"), Money(1, "EUR")
    for meet in (
        lambda: zloty + euro,
        lambda: zloty - euro,
        lambda: zloty < euro,
        lambda: zloty <= euro,
        lambda: total([zloty, euro], "PLN"),
    ):
        with pytest.raises(CurrencyMismatch):
            meet()
    assert zloty != euro


@given(st.lists(MINORS, max_size=20))
def test_a_total_is_the_sum_and_nothing_is_zero(minors: list[int]) -> None:
    assert total([Money(minor, "PLN") for minor in minors], "PLN").minor == sum(minors)


@given(MINORS, st.decimals(min_value=0, max_value=1, places=6))
def test_a_share_and_its_rest_differ_from_the_whole_by_rounding_only(
    minor: int, share: Decimal
) -> None:
    money = Money(minor, "PLN")
    part = money.share(share, rounding=Rounding.HALF_UP)
    rest = money.share(1 - share, rounding=Rounding.HALF_UP)
    assert abs((part + rest - money).minor) <= 1


def test_an_amount_is_written_with_all_its_places() -> None:
    assert [str(Money(5, c)) for c in ("PLN", "JPY", "KWD")] == ["0.05 PLN", "5 JPY", "0.005 KWD"]
    assert not Money(0, "PLN")

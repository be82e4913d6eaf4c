"""The cap on non-interest costs of a consumer credit, against the formula as a fraction."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.dated_tables import NoRuleOnDay
from ledger.credit_cost import CreditTermInvalid, non_interest_cost_cap

ON = date(2026, 1, 2)


@pytest.mark.parametrize(
    ("days", "cap"),
    [(1, 500_00), (29, 500_00), (30, 1082_19), (365, 2000_00), (730, 3000_00), (1277, 4498_63),
     (1278, 4500_00), (5000, 4500_00)],
)  # fmt: skip
def test_the_cap_of_ten_thousand_zlotys(days: int, cap: int) -> None:
    found = non_interest_cost_cap(credit_minor=10_000_00, days=days, year_days=365, granted_on=ON)
    assert found.cap_minor == cap


@given(st.integers(0, 10**12), st.integers(1, 20_000), st.sampled_from([365, 366]))
def test_the_cap_equals_the_formula(credit: int, days: int, year_days: int) -> None:
    share = Fraction(10, 100) + Fraction(10, 100) * Fraction(days, year_days)
    share = Fraction(5, 100) if days < 30 else min(share, Fraction(45, 100))
    found = non_interest_cost_cap(
        credit_minor=credit, days=days, year_days=year_days, granted_on=ON
    )
    assert found.cap_minor == floor(credit * share + Fraction(1, 2))


@pytest.mark.parametrize(("days", "year_days"), [(0, 365), (-1, 365), (10, 360)])
def test_an_impossible_term_is_refused(days: int, year_days: int) -> None:
    with pytest.raises(CreditTermInvalid):
        non_interest_cost_cap(credit_minor=1, days=days, year_days=year_days, granted_on=ON)


@pytest.mark.parametrize(
    ("granted_on", "days", "cap"),
    [
        (date(2016, 3, 11), 365, 5500_00),
        (date(2020, 3, 30), 29, 2738_36),
        (date(2020, 3, 30), 913, 10_000_00),
        (date(2020, 3, 31), 29, 500_00),
        (date(2020, 3, 31), 30, 1549_32),
        (date(2021, 6, 30), 365, 2100_00),
        (date(2021, 6, 30), 1825, 4500_00),
        (date(2021, 7, 1), 365, 5500_00),
        (date(2022, 12, 17), 30, 2746_58),
        (date(2022, 12, 18), 365, 2000_00),
    ],
)
def test_the_day_of_the_contract_decides_by_which_law_its_costs_are_capped(
    granted_on: date, days: int, cap: int
) -> None:
    found = non_interest_cost_cap(
        credit_minor=10_000_00, days=days, year_days=365, granted_on=granted_on
    )
    assert found.cap_minor == cap


def test_a_credit_of_before_the_rule_is_refused() -> None:
    with pytest.raises(NoRuleOnDay):
        non_interest_cost_cap(credit_minor=1, days=1, year_days=365, granted_on=date(2016, 3, 10))

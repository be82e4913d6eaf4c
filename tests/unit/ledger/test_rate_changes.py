"""A change of the rates leaves no gap, and a correction says why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.rate_changes import RateChange, RateChangeInvalid, applied, check_change
from ledger.rates import RateKind, Series, Tariff
from ledger.shipped_rates import shipped_rates

RATES = shipped_rates()
ON = date(2026, 11, 23)
CUT = RateChange(
    Series.NBP_REFERENCE, date(2026, 11, 5), Decimal("3.50"), "NBP, 4 November 2026",
    date(2026, 12, 2),
)  # fmt: skip
CONFIRMED = RateChange(None, None, None, "NBP", date(2026, 11, 4))


def test_a_new_step_at_the_end_needs_no_reason() -> None:
    check_change(CUT, RATES, on=ON)
    check_change(CONFIRMED, RATES, on=ON)


@pytest.mark.parametrize(
    ("change", "field", "why"),
    [
        (replace(CUT, source=" "), "source", "missing"),
        (replace(CUT, value=None), "value", "missing"),
        (replace(CUT, since_on=None), "since_on", "missing"),
        (replace(CUT, value=Decimal("-0.1")), "value", "out_of_range"),
        (replace(CUT, value=Decimal(101)), "value", "out_of_range"),
        (replace(CUT, value=Decimal("NaN")), "value", "out_of_range"),
        (replace(CUT, value=Decimal("3.12345")), "value", "too_many_places"),
        (replace(CUT, value=Decimal("3.75")), "value", "no_change"),
        (replace(CUT, since_on=date(2029, 1, 1)), "since_on", "out_of_range"),
        (replace(CUT, confirmed_until=date(2026, 11, 4)), "confirmed_until", "before_the_rate"),
        (replace(CUT, confirmed_until=date(2029, 1, 1)), "confirmed_until", "too_far_ahead"),
        (replace(CUT, since_on=date(2026, 3, 5)), "reason", "needed_to_correct"),
        (replace(CUT, since_on=date(2026, 2, 5)), "reason", "needed_to_correct"),
        (replace(CUT, series=Series.STATUTORY_BEFORE_2016), "since_on", "series_has_ended"),
        (replace(CONFIRMED, confirmed_until=RATES.confirmed_until), "confirmed_until", "no_change"),
        (replace(CONFIRMED, confirmed_until=date(2026, 1, 1)), "reason", "needed_to_correct"),
    ],
)
def test_what_cannot_be_right_is_refused_at_its_field(
    change: RateChange, field: str, why: str
) -> None:
    with pytest.raises(RateChangeInvalid) as refused:
        check_change(change, RATES, on=ON)
    assert refused.value.values == {"field": field, "why": why}


def test_a_correction_with_a_reason_takes_the_place_of_what_was_wrong() -> None:
    wrong = applied(RATES, [CUT])
    right = replace(CUT, value=Decimal("3.25"), reason="misread")
    check_change(right, wrong, on=ON)
    rates = applied(RATES, [CUT, right])
    assert rates.percent(Tariff(RateKind.STATUTORY_DELAY), ON) == Decimal("8.75")
    assert len(rates.steps[Series.NBP_REFERENCE]) == len(RATES.steps[Series.NBP_REFERENCE]) + 1


def test_a_step_that_never_was_is_corrected_to_what_went_on() -> None:
    undone = replace(CUT, value=Decimal("3.75"), reason="the Council did not cut")
    check_change(undone, applied(RATES, [CUT]), on=ON)
    rates = applied(RATES, [CUT, undone])
    delay = Tariff(RateKind.STATUTORY_DELAY)
    assert len(list(rates.periods(delay, date(2026, 10, 1), ON))) == 1


def test_one_row_changes_every_rate_that_is_derived_from_it() -> None:
    rates = applied(RATES, [CUT])

    def percent(kind: RateKind, on: date) -> Decimal:
        return rates.percent(Tariff(kind), on)

    before, since = date(2026, 11, 4), date(2026, 11, 5)
    assert percent(RateKind.STATUTORY_DELAY, before) == Decimal("9.25")
    assert percent(RateKind.STATUTORY_DELAY, since) == Decimal("9.00")
    assert percent(RateKind.MAXIMUM_CAPITAL, since) == Decimal("14.00")
    assert percent(RateKind.COMMERCIAL, since) == Decimal("13.75"), "until the half-year ends"
    assert percent(RateKind.COMMERCIAL, date(2027, 1, 1)) == Decimal("13.50")
    assert rates.confirmed_until == CUT.confirmed_until


def test_what_the_product_ships_later_is_not_taken_back_by_an_older_confirmation() -> None:
    older = replace(CONFIRMED, confirmed_until=date(2026, 5, 1))
    assert applied(RATES, [older]).confirmed_until == RATES.confirmed_until


@given(
    st.lists(
        st.tuples(
            st.dates(date(2016, 1, 1), ON), st.decimals(0, 30, places=2), st.text("ab", max_size=2)
        ),
        max_size=6,
    )
)
def test_whatever_is_taken_leaves_every_day_with_one_rate(
    tried: list[tuple[date, Decimal, str]],
) -> None:
    changes: list[RateChange] = []
    for since, value, reason in tried:
        change = RateChange(Series.NBP_REFERENCE, since, value, "s", ON, reason)
        try:
            check_change(change, applied(RATES, changes), on=ON)
        except RateChangeInvalid:
            continue
        changes.append(change)
    rates = applied(RATES, changes)
    days = [step.since for step in rates.steps[Series.NBP_REFERENCE]]
    assert days == sorted(set(days))
    periods = list(rates.periods(Tariff(RateKind.STATUTORY_DELAY), date(2016, 1, 1), ON))
    assert (
        sum((p.last_on - p.first_on).days + 1 for p in periods)
        == (ON - date(2016, 1, 1)) // timedelta(days=1) + 1
    )

"""Interest equals a naive count day by day, and keeps the conventions at their edges."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.calendar import POLAND
from ledger.interest import (
    BaseStep,
    Capitalised,
    Ground,
    Interest,
    InterestTooEarly,
    PaidMoreThanOwed,
    PartPayment,
    accrual_minor,
    base_steps,
    interest_between,
    interest_for_delay,
    round_interest,
)
from ledger.rates import RateKind, Tariff
from ledger.shipped_rates import shipped_rates

RATES = shipped_rates()
DELAY = Tariff(RateKind.STATUTORY_DELAY)
DAY = timedelta(days=1)
TARIFFS = [
    *(Tariff(kind) for kind in RateKind if not kind.startswith("contract")),
    Tariff(RateKind.CONTRACT_DELAY, Decimal("12.345")),
    Tariff(RateKind.CONTRACT_CAPITAL, Decimal(9)),
    Tariff(RateKind.STATUTORY_DELAY, Decimal("11.1")),
]


def naive(bases: list[BaseStep], first_on: date, last_on: date, tariff: Tariff) -> list[int]:
    """Each day on its own as a fraction; days of one rate and base are added, then rounded."""
    days = []
    on = first_on
    while on <= last_on:
        base = next((step.base_minor for step in reversed(bases) if step.since <= on), 0)
        days.append((RATES.percent(tariff, on), base))
        on += DAY
    sums = []
    for (percent, base), same in groupby(days):
        if base:
            total = sum((base * Fraction(percent) / 36500 for _ in same), Fraction(0))
            sums.append(floor(total + Fraction(1, 2)))
    return sums


def amounts(interest: Interest) -> list[int]:
    return [segment.amount_minor for segment in interest.segments]


def test_ten_thousand_random_periods_equal_the_naive_sum_over_days() -> None:
    chance = random.Random(20261123)
    origin = date(2016, 1, 1)
    for _ in range(10_000):
        first_on = origin + timedelta(days=chance.randrange(4000))
        last_on = first_on + timedelta(days=chance.randrange(120))
        base = chance.choice((1, 99, 12_345_678, chance.randrange(10**9), 10**15))
        bases = [BaseStep(first_on - DAY, base)]
        for _ in range(chance.randrange(3)):
            bases.append(
                BaseStep(bases[-1].since + timedelta(days=chance.randrange(1, 50)),
                         chance.choice((0, base, chance.randrange(base + 1))))
            )  # fmt: skip
        tariff = chance.choice(TARIFFS)
        found = interest_between(
            bases=bases, first_on=first_on, last_on=last_on, tariff=tariff, rates=RATES
        )
        assert amounts(found) == naive(bases, first_on, last_on, tariff)
        assert found.total_minor == sum(amounts(found))


@given(st.dates(date(1993, 1, 1), date(2026, 1, 1)), st.integers(0, 5000), st.integers(1, 10**12))
def test_periods_over_the_change_of_the_law_equal_the_naive_sum(
    first_on: date, days: int, base: int
) -> None:
    last_on = first_on + timedelta(days=days)
    bases = [BaseStep(first_on, base)]
    found = interest_between(
        bases=bases, first_on=first_on, last_on=last_on, tariff=DELAY, rates=RATES
    )
    assert amounts(found) == naive(bases, first_on, last_on, DELAY)
    assert found.days == days + 1


@pytest.mark.parametrize(
    ("base", "percent", "days", "amount"),
    [
        (36500, "1", 10, 10),
        (36500, "0.5", 1, 1),
        (36500, "0.4999", 1, 0),
        (36500, "0.5", 3, 2),
        (365 * 10**13 + 1, "0.05", 1, 5 * 10**9),
        (73000, "0.25", 1, 1),
    ],
)
def test_half_a_grosz_is_rounded_up(base: int, percent: str, days: int, amount: int) -> None:
    assert round_interest(base, Decimal(percent), days) == amount


def delay(due_on: date, paid_on: date, **more: object) -> Interest:
    return interest_for_delay(
        principal_minor=1_000_000, due_on=due_on, paid_on=paid_on, tariff=DELAY, rates=RATES,
        calendar=POLAND, **more,  # type: ignore[arg-type]
    ).interest  # fmt: skip


@pytest.mark.parametrize(
    ("due_on", "effective_due_on"),
    [
        (date(2016, 1, 2), date(2016, 1, 2)),  # a Saturday before 2017 stays
        (date(2016, 1, 3), date(2016, 1, 4)),
        (date(2016, 12, 31), date(2016, 12, 31)),
        (date(2017, 1, 7), date(2017, 1, 9)),  # a Saturday since 2017 moves
        (date(2025, 12, 24), date(2025, 12, 29)),  # holiday, two more, a weekend
        (date(2024, 12, 24), date(2024, 12, 24)),  # no holiday yet
        (date(2026, 5, 1), date(2026, 5, 4)),
    ],
)
def test_the_due_day_moves_as_the_civil_code_says(due_on: date, effective_due_on: date) -> None:
    found = interest_for_delay(
        principal_minor=100, due_on=due_on, paid_on=due_on, tariff=DELAY, rates=RATES,
        calendar=POLAND,
    )  # fmt: skip
    assert found.effective_due_on == effective_due_on


def test_the_day_after_the_due_day_is_the_first_and_the_day_of_payment_the_last() -> None:
    (segment,) = delay(date(2024, 2, 27), date(2024, 3, 1)).segments
    assert (segment.first_on, segment.last_on) == (date(2024, 2, 28), date(2024, 3, 1))
    assert segment.days == 3, "29 February counts"
    assert segment.amount_minor == round_interest(1_000_000, Decimal("11.25"), 3)


def test_paid_on_the_due_day_or_before_bears_nothing() -> None:
    assert delay(date(2026, 5, 4), date(2026, 5, 4)).segments == ()
    assert delay(date(2026, 5, 4), date(2020, 1, 1)).total_minor == 0
    assert delay(date(2026, 5, 2), date(2026, 5, 4)).total_minor == 0, "moved to Monday"


def test_a_part_payment_lowers_the_base_from_the_day_after_it() -> None:
    found = delay(
        date(2026, 5, 4), date(2026, 5, 20), payments=[PartPayment(date(2026, 5, 10), 400_000)]
    )
    assert [(s.last_on, s.base_minor) for s in found.segments] == [
        (date(2026, 5, 10), 1_000_000),
        (date(2026, 5, 20), 600_000),
    ]


def test_a_payment_before_the_due_day_lowers_the_base_from_the_start() -> None:
    found = delay(
        date(2026, 5, 4), date(2026, 5, 20), payments=[PartPayment(date(2026, 1, 1), 400_000)]
    )
    assert [s.base_minor for s in found.segments] == [600_000]


def test_when_all_is_paid_nothing_bears_interest_any_more() -> None:
    found = delay(
        date(2026, 5, 4), date(2026, 9, 1), payments=[PartPayment(date(2026, 5, 10), 1_000_000)]
    )
    assert found.segments[-1].last_on == date(2026, 5, 10)


def test_more_than_what_is_owed_is_refused() -> None:
    with pytest.raises(PaidMoreThanOwed) as refused:
        delay(
            date(2026, 5, 4), date(2026, 9, 1), payments=[PartPayment(date(2026, 5, 10), 1_000_001)]
        )
    assert refused.value.values == {"on": date(2026, 5, 10), "over_minor": 1}


@pytest.mark.parametrize("ground", Ground)
def test_overdue_interest_bears_interest_from_the_day_of_the_lawsuit_and_says_why(
    ground: Ground,
) -> None:
    found = delay(
        date(2026, 5, 4), date(2026, 5, 20),
        capitalised=[Capitalised(date(2026, 5, 15), 5_000, ground)],
    )  # fmt: skip
    assert [(s.first_on, s.base_minor) for s in found.segments] == [
        (date(2026, 5, 5), 1_000_000),
        (date(2026, 5, 15), 1_005_000),
    ]
    assert "KC 482 § 1" in found.articles
    assert "KC 482 § 1" not in delay(date(2026, 5, 4), date(2026, 5, 20)).articles


def test_an_agreement_before_there_is_overdue_interest_does_not_count() -> None:
    with pytest.raises(InterestTooEarly):
        delay(
            date(2026, 5, 4), date(2026, 5, 20),
            capitalised=[Capitalised(date(2026, 5, 4), 5_000, Ground.LATER_AGREEMENT)],
        )  # fmt: skip


def test_days_after_the_confirmed_one_are_named() -> None:
    until = RATES.confirmed_until
    assert delay(date(2026, 5, 4), until).unconfirmed_from is None
    assert delay(date(2026, 5, 4), until + DAY).unconfirmed_from == until + DAY
    assert delay(until + 30 * DAY, until + 90 * DAY).unconfirmed_from is not None


@given(
    st.lists(st.integers(0, 700), min_size=1, max_size=12),
    st.lists(st.tuples(st.integers(0, 700), st.integers(1, 90_000)), max_size=4),
)
def test_the_rhythm_of_accruals_never_changes_what_is_posted(
    days: list[int], paid: list[tuple[int, int]]
) -> None:
    first_on = date(2024, 6, 1)
    payments = [PartPayment(first_on + timedelta(days=day), amount) for day, amount in paid]
    bases = base_steps(1_000_000, first_on, payments)

    def through(day: int) -> Interest:
        last_on = first_on + timedelta(days=day)
        return interest_between(
            bases=bases, first_on=first_on, last_on=last_on, tariff=DELAY, rates=RATES
        )

    posted = 0
    for day in sorted(days):
        posted += accrual_minor(interest=through(day), posted_minor=posted)
    assert posted == through(max(days)).total_minor


def test_a_payment_of_an_earlier_day_takes_interest_back() -> None:
    first_on, last_on = date(2026, 5, 5), date(2026, 6, 30)
    before = interest_between(
        bases=base_steps(1_000_000, first_on), first_on=first_on, last_on=last_on, tariff=DELAY,
        rates=RATES,
    )  # fmt: skip
    after = interest_between(
        bases=base_steps(1_000_000, first_on, [PartPayment(date(2026, 5, 10), 1_000_000)]),
        first_on=first_on, last_on=last_on, tariff=DELAY, rates=RATES,
    )  # fmt: skip
    assert accrual_minor(interest=after, posted_minor=before.total_minor) < 0

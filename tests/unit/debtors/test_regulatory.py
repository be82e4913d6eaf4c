"""Default, forbearance and stage over a history: the edges, and a walk that looks at every day."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from debtors.default_rules import Segment
from debtors.regulatory import (
    Amount,
    DefaultReason,
    Forborne,
    Measure,
    Position,
    Status,
    Timeline,
    positions,
    walk,
)
from kernel.calendar import months_later, years_later

D0 = date(2024, 1, 10)
DAY = timedelta(days=1)
FAR = date(2031, 1, 1)


def day(count: int) -> date:
    return D0 + timedelta(days=count)


def told(
    *amounts: Amount, measures: tuple[Measure, ...] = (), through: date = FAR,
    segment: Segment = Segment.RETAIL, from_on: date = D0,
) -> Timeline:  # fmt: skip
    return walk(
        history=positions(amounts), measures=measures, segment=segment, currency="PLN",
        from_on=from_on, through=through,
    )  # fmt: skip


#: 5,000.00 in all, of which 1,000.00 is due on the first day.
OWED = (Amount(D0, D0, 100_000), Amount(D0, None, 400_000))


def test_an_amount_is_overdue_after_its_due_day_and_not_on_it() -> None:
    assert positions(OWED) == [
        Position(D0, 0, 500_000, None),
        Position(day(1), 100_000, 500_000, D0),
    ]


def test_a_payment_pays_the_bucket_it_names() -> None:
    (*_, last) = positions([*OWED, Amount(day(9), D0, -100_000)])
    assert last == Position(day(9), 0, 400_000, None)


def test_default_begins_on_the_ninety_first_day_in_a_row() -> None:
    timeline = told(*OWED, through=day(400))
    assert timeline.on(day(90)).default is None
    status = timeline.on(day(91))
    assert (status.default, status.default_since) == (DefaultReason.PAST_DUE, day(91))
    assert status.stage == 3


def test_stage_two_begins_on_the_thirty_first_day_past_due() -> None:
    timeline = told(*OWED, through=day(60))
    assert [timeline.on(day(count)).stage for count in (0, 30, 31, 60)] == [1, 1, 2, 2]


@pytest.mark.parametrize(
    ("amounts", "segment"),
    [
        ([Amount(D0, D0, 40_000), Amount(D0, None, 100_000)], Segment.RETAIL),
        ([Amount(D0, D0, 100_000), Amount(D0, None, 9_900_000)], Segment.RETAIL),
        ([Amount(D0, D0, 200_000), Amount(D0, None, 100_000)], Segment.OTHER),
    ],
)
def test_arrears_that_do_not_exceed_both_thresholds_are_no_default(
    amounts: list[Amount], segment: Segment
) -> None:
    timeline = told(*amounts, segment=segment)
    assert timeline.on(FAR).default is None
    assert timeline.on(FAR).stage == 2, "long past due all the same"


def test_a_day_without_material_arrears_starts_the_count_anew() -> None:
    paid_and_back = [Amount(day(80), D0, -100_000), Amount(day(82), day(81), 100_000)]
    timeline = told(*OWED, *paid_and_back, through=day(400))
    assert timeline.on(day(171)).default is None
    assert timeline.on(day(172)).default is DefaultReason.PAST_DUE


def test_default_ends_three_months_after_the_arrears_went_away() -> None:
    timeline = told(*OWED, Amount(day(120), D0, -100_000))
    status = timeline.on(day(120))
    assert (status.default, status.default_since) == (DefaultReason.CURING, day(91))
    ends_on = months_later(day(120), 3)
    assert status.ends_on == ends_on
    assert timeline.on(ends_on - DAY).stage == 3
    assert timeline.on(ends_on) == Status()


def test_new_material_arrears_while_curing_put_the_end_off() -> None:
    more = [Amount(day(120), D0, -100_000), Amount(day(150), day(150), 90_000),
            Amount(day(160), day(150), -90_000)]  # fmt: skip
    timeline = told(*OWED, *more)
    assert timeline.on(months_later(day(120), 3)).default is not None
    assert timeline.on(months_later(day(160), 3)).default is None


def test_a_measure_for_a_performing_debtor_runs_two_years() -> None:
    paid = Amount(day(20), D0, -100_000)
    timeline = told(*OWED, paid, measures=(Measure(day(10), Decimal(0)),))
    assert timeline.on(day(10)).forborne is Forborne.PROBATION
    assert timeline.on(day(10)).stage == 2
    ends_on = years_later(day(10), 2)
    assert timeline.on(ends_on - DAY).ends_on == ends_on
    assert timeline.on(ends_on).forborne is Forborne.NO


def test_a_measure_in_default_is_cured_for_a_year_and_on_probation_for_two() -> None:
    paid = Amount(day(130), D0, -100_000)
    timeline = told(*OWED, paid, measures=(Measure(day(120), Decimal(0)),))
    performing_on = years_later(day(120), 1)
    assert timeline.on(performing_on - DAY).forborne is Forborne.CURE
    assert timeline.on(performing_on - DAY).is_non_performing
    assert timeline.on(performing_on).forborne is Forborne.PROBATION_AFTER
    assert timeline.on(performing_on).default is None
    assert timeline.on(years_later(performing_on, 2)).forborne is Forborne.NO


def test_more_than_thirty_days_of_arrears_on_that_probation_make_it_non_performing_again() -> None:
    performing_on = years_later(day(120), 1)
    late = Amount(performing_on, performing_on, 50_000)
    timeline = told(
        *OWED, Amount(day(130), D0, -100_000), late, measures=(Measure(day(120), Decimal(0)),)
    )
    relapsed_on = performing_on + 31 * DAY
    assert timeline.on(relapsed_on - DAY).forborne is Forborne.PROBATION_AFTER
    status = timeline.on(relapsed_on)
    assert (status.forborne, status.forborne_since) == (Forborne.CURE, relapsed_on)
    assert status.stage == 3


def test_a_second_measure_on_that_probation_is_non_performing_too() -> None:
    performing_on = years_later(day(120), 1)
    measures = (Measure(day(120), Decimal(0)), Measure(performing_on + 100 * DAY, Decimal(0)))
    timeline = told(*OWED, Amount(day(130), D0, -100_000), measures=measures)
    assert timeline.on(performing_on + 100 * DAY).forborne is Forborne.CURE


@pytest.mark.parametrize(("loss", "default"), [("1", None), ("1.01", DefaultReason.RESTRUCTURING)])
def test_giving_up_more_than_one_percent_is_a_default_for_a_year(
    loss: str, default: DefaultReason | None
) -> None:
    timeline = told(Amount(D0, None, 400_000), measures=(Measure(day(10), Decimal(loss)),))
    assert timeline.on(day(10)).default is default
    if default:
        assert timeline.on(years_later(day(10), 1) - DAY).default is default
        assert timeline.on(years_later(day(10), 1)).default is None


def test_what_is_paid_off_has_no_status_left() -> None:
    off = [Amount(day(200), D0, -100_000), Amount(day(200), None, -400_000)]
    timeline = told(*OWED, *off, measures=(Measure(day(120), Decimal(5)),))
    assert timeline.on(day(200)) == Status()


def test_the_next_day_that_may_change_something_is_named() -> None:
    assert told(*OWED, through=day(5)).review_on == day(31)
    assert told(*OWED, through=day(31)).review_on == day(91)
    assert told(*OWED, through=day(91)).review_on is None
    assert told(Amount(D0, None, 5), through=day(5)).review_on is None
    assert told(Amount(D0, day(50), 5), through=day(5)).review_on == day(51)


def test_the_story_begins_where_we_know_the_exposure_from() -> None:
    timeline = told(*OWED, from_on=day(200), through=day(200))
    (span,) = timeline.spans
    assert span.from_on == day(200)
    assert span.status.default_since == day(91), "as the due days tell"


AMOUNTS = st.lists(
    st.builds(
        Amount,
        st.integers(0, 300).map(day),
        st.none() | st.integers(-50, 300).map(day),
        st.integers(1, 9).map(lambda many: many * 20_000),
    ),
    min_size=1,
    max_size=4,
)
PAYMENTS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 500)), max_size=3)
MEASURES = st.lists(
    st.builds(Measure, st.integers(0, 500).map(day), st.sampled_from([Decimal(0), Decimal(3)])),
    max_size=2,
).map(tuple)


def with_payments(amounts: list[Amount], paid: list[tuple[int, int]]) -> list[Amount]:
    """Some of the amounts are paid off on a later day, each at most once."""
    places = {place: count for place, count in paid if place < len(amounts)}
    return amounts + [
        Amount(max(day(count), amounts[place].on), amounts[place].due_on, -amounts[place].minor)
        for place, count in places.items()
    ]


@settings(max_examples=60)
@given(AMOUNTS, PAYMENTS, MEASURES, st.sampled_from(Segment))
def test_the_walk_over_chosen_days_equals_one_that_looks_at_every_day(
    amounts: list[Amount], paid: list[tuple[int, int]], measures: tuple[Measure, ...],
    segment: Segment,
) -> None:  # fmt: skip
    owed = with_payments(amounts, paid)
    through = day(1300)
    every_day = [day(count) for count in range(-60, 1301)]
    chosen = told(*owed, measures=measures, through=through, segment=segment, from_on=day(-60))
    found = {position.since: position for position in positions(owed)}
    daily = [Position(day(-61), 0, 0, None)]
    for on in every_day:
        daily.append(found.get(on, daily[-1])._replace(since=on))
    slow = walk(
        history=daily, measures=measures, segment=segment, currency="PLN", from_on=day(-60),
        through=through,
    )  # fmt: skip
    assert [(s.from_on, s.status) for s in chosen.spans] == [
        (s.from_on, s.status) for s in slow.spans
    ]


@given(AMOUNTS, PAYMENTS, MEASURES, st.integers(0, 700))
def test_nothing_changes_before_the_day_that_is_named(
    amounts: list[Amount], paid: list[tuple[int, int]], measures: tuple[Measure, ...], count: int
) -> None:
    owed = with_payments(amounts, paid)
    known = [amount for amount in owed if amount.on <= day(count)]
    granted = tuple(m for m in measures if m.granted_on <= day(count))
    now = told(*known, measures=granted, through=day(count))
    later = told(*known, measures=granted, through=FAR)
    assert later.spans[: len(now.spans)] == now.spans
    next_change = next((s.from_on for s in later.spans if s.from_on > day(count)), None)
    if next_change is not None:
        assert now.review_on is not None
        assert now.review_on <= next_change

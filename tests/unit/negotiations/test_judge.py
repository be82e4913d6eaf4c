"""Kept, broken or running: a table of facts and outcomes, and what holds for all of them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negotiations.judge import Due, Judgement, Outcome, Tolerance, judge

FIRST, SECOND = date(2026, 5, 4), date(2026, 6, 4)
TWO = (Due(FIRST, 100), Due(SECOND, 100))


def judged(paid: int, passed_on: date, days: int = 5, minor: int = 3) -> Judgement:
    return judge(
        instalments=TWO, paid_minor=paid, passed_on=passed_on, tolerance=Tolerance(days, minor)
    )


@pytest.mark.parametrize(
    ("paid", "passed_on", "outcome", "missed"),
    [
        (0, date(2026, 5, 8), Outcome.RUNNING, None),
        (0, date(2026, 5, 9), Outcome.BROKEN, 0),
        (96, date(2026, 5, 9), Outcome.BROKEN, 0),
        (97, date(2026, 5, 9), Outcome.RUNNING, None),
        (100, date(2026, 6, 8), Outcome.RUNNING, None),
        (100, date(2026, 6, 9), Outcome.BROKEN, 1),
        (196, date(2026, 6, 9), Outcome.BROKEN, 1),
        (197, date(2026, 6, 8), Outcome.RUNNING, None),
        (197, date(2026, 6, 9), Outcome.KEPT, None),
        (200, date(2026, 1, 1), Outcome.KEPT, None),
        (500, date(2026, 1, 1), Outcome.KEPT, None),
        (-50, date(2026, 5, 9), Outcome.BROKEN, 0),
    ],
)
def test_outcome_follows_from_what_was_paid_by_when(
    paid: int, passed_on: date, outcome: Outcome, missed: int | None
) -> None:
    found = judged(paid, passed_on)
    assert (found.outcome, found.missed) == (outcome, missed)


def test_money_falls_to_the_instalments_in_order() -> None:
    assert judged(130, FIRST).paid == (100, 30)
    assert judged(999, FIRST).paid == (100, 100)
    assert judged(-5, FIRST).paid == (0, 0)


def test_the_next_look_is_when_the_first_wanting_instalment_is_beyond_tolerance() -> None:
    assert judged(0, date(2026, 1, 1)).judge_on == FIRST + timedelta(days=5)
    assert judged(100, date(2026, 1, 1)).judge_on == SECOND + timedelta(days=5)
    assert judged(198, date(2026, 1, 1)).judge_on == SECOND + timedelta(days=5)


plans = st.lists(st.integers(1, 1000), min_size=1, max_size=12).map(
    lambda amounts: tuple(
        Due(FIRST + timedelta(days=30 * place), amount) for place, amount in enumerate(amounts)
    )
)


def naive_outcome(plan: tuple[Due, ...], paid: int, passed_on: date, t: Tolerance) -> Outcome:
    if paid >= sum(due.amount_minor for due in plan):
        return Outcome.KEPT
    over = [due for due in plan if due.due_on + timedelta(days=t.days) <= passed_on]
    if sum(due.amount_minor for due in over) - paid > t.minor:
        return Outcome.BROKEN
    return Outcome.KEPT if len(over) == len(plan) else Outcome.RUNNING


@given(plans, st.integers(0, 15_000), st.integers(-10, 400), st.integers(0, 10), st.integers(0, 50))
def test_outcome_equals_the_naive_reading(
    plan: tuple[Due, ...], paid: int, day: int, days: int, minor: int
) -> None:
    passed_on, tolerance = FIRST + timedelta(days=day), Tolerance(days, minor)
    found = judge(instalments=plan, paid_minor=paid, passed_on=passed_on, tolerance=tolerance)
    assert found.outcome is naive_outcome(plan, paid, passed_on, tolerance)
    assert sum(found.paid) == min(paid, sum(due.amount_minor for due in plan))


@given(plans, st.integers(0, 15_000), st.integers(-10, 400), st.integers(0, 500))
def test_paying_more_never_breaks_an_agreement(
    plan: tuple[Due, ...], paid: int, day: int, more: int
) -> None:
    def outcome(minor: int) -> Outcome:
        return judge(
            instalments=plan,
            paid_minor=minor,
            passed_on=FIRST + timedelta(days=day),
            tolerance=Tolerance(5, 0),
        ).outcome

    if outcome(paid) is not Outcome.BROKEN:
        assert outcome(paid + more) is not Outcome.BROKEN


@given(plans, st.integers(0, 15_000), st.integers(-10, 400))
def test_nothing_changes_before_the_day_of_the_next_look(
    plan: tuple[Due, ...], paid: int, day: int
) -> None:
    passed_on = FIRST + timedelta(days=day)
    tolerance = Tolerance(5, 3)
    found = judge(instalments=plan, paid_minor=paid, passed_on=passed_on, tolerance=tolerance)
    if found.outcome is Outcome.RUNNING:
        assert found.judge_on > passed_on
        later = judge(
            instalments=plan,
            paid_minor=paid,
            passed_on=found.judge_on - timedelta(days=1),
            tolerance=tolerance,
        )
        assert later.outcome is Outcome.RUNNING

"""The earliest day of each step, from the waits of the strategy alone."""

from __future__ import annotations

from datetime import date

import pytest

from escalation.earliest import Depends, earliest_days
from escalation.loading import load_strategy
from tests.unit.escalation.cases import FOLDER, SHIPPED, TODAY, Life, facts

SOURCE = (FOLDER / "unsecured_retail.toml").read_text()
PERSON = {Depends.DELIVERY, Depends.DECISION, Depends.EFFECT}


def days(source: str) -> dict[str, int]:
    return {key: found.day for key, found in earliest_days(load_strategy(source)).items()}


def test_days_follow_from_the_waits_and_from_the_steps_before() -> None:
    found = earliest_days(load_strategy(SOURCE))
    assert {key: one.day for key, one in found.items()} == {
        "reminder": 3, "call": 7, "last_reminder": 18, "find_address": 25, "demand": 28,
        "call_again": 35, "notice_75c": 45, "termination": 64, "agency": 78, "court": 92,
    }  # fmt: skip
    assert not any(found[key].depends for key in ("reminder", "demand", "notice_75c"))
    assert found["termination"].depends == {Depends.DELIVERY}
    assert found["agency"].depends == PERSON


def test_a_longer_wait_moves_a_step_and_those_after_it() -> None:
    later = SOURCE.replace("{ days_past_due = 45, days_after", "{ days_past_due = 60, days_after")
    before, after = days(SOURCE), days(later)
    moved = {key: after[key] - before[key] for key in before if after[key] != before[key]}
    assert moved == {"notice_75c": 15, "termination": 15, "agency": 15, "court": 15}


@pytest.mark.parametrize(
    ("working", "calendar"), [(1, 1), (5, 5), (6, 8), (10, 12), (14, 18), (20, 26)]
)
def test_working_days_take_the_fewest_calendar_days_that_hold_them(
    working: int, calendar: int
) -> None:
    source = SOURCE.replace(
        "days_past_due = 28, days_after_previous_step = 5",
        "days_past_due = 28, working_days_after_previous_step = 5",
    ).replace(
        "days_past_due = 35, days_after_previous_step = 7",
        f"working_days_after_previous_step = {working}",
    )
    found = days(source)
    assert found["call_again"] == found["demand"] + calendar


def test_every_round_of_a_step_that_is_waited_for_counts() -> None:
    source = SOURCE.replace(
        'when = { postal_address = true }\notherwise = "wait"\ndo = { send_letter = "demand" }',
        'when = { postal_address = true }\notherwise = "wait"\ndo = { send_letter = "demand" }\n'
        "repeat = 3",
    ).replace("days_past_due = 35, days_after_previous_step = 7", "days_after_previous_step = 7")
    assert days(source)["call_again"] == 28 + 2 * 5 + 7


@pytest.mark.parametrize("key", sorted(SHIPPED))
def test_no_case_that_is_played_comes_to_a_step_before_its_earliest_day(key: str) -> None:
    strategy = SHIPPED[key]
    found = earliest_days(strategy)
    for phone in (True, False):
        known = facts(due_since=TODAY, phone=phone, mobile=phone, email=phone)
        life = Life(strategy, known)
        list(life.live(400))
        assert len(life.performed) > 3
        for step, _, on in life.performed:
            assert (on - TODAY).days >= found[step].day, step


def test_the_life_of_an_ordinary_case_meets_the_earliest_days_that_depend_on_nobody() -> None:
    """Not only a bound: a case without a phone and a message comes as early as the page says."""
    life = Life(SHIPPED["business"], facts(due_since=TODAY, phone=False, mobile=False, email=False))
    list(life.live(60))
    first: dict[str, date] = {}
    for step, _, on in life.performed:
        first.setdefault(step, on)
    found = earliest_days(SHIPPED["business"])
    assert (first["demand"] - TODAY).days == found["demand"].day
    assert (first["notice_75c"] - TODAY).days == found["notice_75c"].day

"""The record of a decision: written by hand for speed, read back without loss."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings

from escalation.decide import Position
from escalation.facts import Facts
from escalation.record import grounds_texts, outcome_of, plain, read_record, record_text, wanted_of
from escalation.strategy import Strategy
from tests.unit.escalation.cases import RETAIL, SHIPPED, TODAY, at, decided, facts
from tests.unit.escalation.test_decide import any_case


@settings(max_examples=300, deadline=None)
@given(any_case())
def test_record_is_json_and_finds_its_conditions_again(
    case: tuple[Strategy, Facts, Position],
) -> None:
    decision = decided(*case)
    record = json.loads(record_text(decision.looked))
    read = read_record(record, case[0])
    assert [(look.place, look.held, look.value) for look in read] == [
        (what.place, held, plain(value)) for what, value, held in decision.looked
    ]
    assert all(look.condition is not None or look.place.count(".") == 1 for look in read)


def test_grounds_stand_on_their_own() -> None:
    known = facts(termination="in_effect", terminated_on=TODAY)
    decision = decided(RETAIL, known, at("court"))
    assert outcome_of(decision) == "perform"
    (text,) = grounds_texts([decision.looked])
    found = {look["place"]: look for look in json.loads(text)}
    assert found["exit_when.overdue"] == {
        "place": "exit_when.overdue",
        "held": False,
        "value": {"PLN": 120_000},
        "wanted": {"test": "is", "wanted": "nothing"},
    }


@pytest.mark.parametrize("key", sorted(SHIPPED))
def test_places_are_unique_within_a_strategy(key: str) -> None:
    strategy = SHIPPED[key]
    places = [c.place for c in (*strategy.exit_when, *strategy.hold_when)]
    for step in strategy.steps:
        places += [what.place for what in (*step.skip_when, *step.when)]
        places += [wait.place for wait in step.wait]
    assert len(set(places)) == len(places)


def test_thresholds_are_recorded_exactly() -> None:
    (condition,) = RETAIL.step("agency").skip_when
    assert wanted_of(condition) == {
        "test": "at_least",
        "wanted": {"PLN": "20000", "EUR": "5000", "other": "50000"},
    }

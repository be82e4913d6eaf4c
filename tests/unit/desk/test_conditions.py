"""Rows of the table of conditions: what is asked for, its value, and what would change it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils.translation import override

from desk.wording.conditions import (
    ConditionGroup,
    change_text,
    condition_groups,
    condition_rows,
    met_note,
)
from escalation.conditions import WaitName
from escalation.facts import FACTS
from escalation.queries.explanation import Looked

TODAY = date(2026, 11, 23)
N = "\u00a0"


def _when(
    fact: str, value: Any, *, held: bool, changes_on: date | None = None, **test: Any
) -> Looked:
    (name, wanted) = next(iter(test.items()))
    wanted = {"test": name.rstrip("_"), "wanted": wanted}
    return Looked(f"demand.when.{fact}", "demand", "when", fact, held, value, wanted, changes_on)


def _wait(
    name: WaitName, days: int, first_on: date | None, *, letter: str = "", held: bool = False
) -> Looked:
    wanted = {"wait": name.value, "days": days, "letter": letter}
    changes_on = None if held else first_on
    place = f"demand.wait.{name}"
    return Looked(place, "demand", "wait", name.value, held, first_on, wanted, changes_on)


@pytest.mark.parametrize(
    ("look", "text", "value", "change"),
    [
        pytest.param(
            _when("days_past_due", 63, held=False, at_least=90, changes_on=date(2026, 12, 20)),
            "Days past due: at least 90",
            "63",
            "on 20.12.2026, if nothing is paid",
            id="days that pass",
        ),
        pytest.param(
            _when("overdue", {"PLN": 618_301}, held=False, at_least={"PLN": "10000"}),
            f"Overdue: at least 10{N}000{N}zł",
            f"6{N}183,01{N}zł",
            "with what is paid or falls due",
            id="an amount",
        ),
        pytest.param(
            _when("restructuring_request", True, held=False, is_=False),
            "Open restructuring request: no",
            "yes",
            "when the request is answered",
            id="a flag",
        ),
        pytest.param(
            _when("termination", "none", held=False, is_="in_effect"),
            "Termination: in effect",
            "none yet",
            "when the termination is in effect",
            id="a state",
        ),
        pytest.param(
            _when("postal_address", True, held=True, is_=True),
            "Usable postal address: yes",
            "yes",
            "",
            id="what is met needs no change",
        ),
        pytest.param(
            _wait(
                WaitName.WORKING_DAYS_AFTER_DELIVERY_OF,
                14,
                date(2026, 12, 3),
                letter="notice_75c",
            ),
            "14 working days after delivery: notice under art. 75c",
            "7 of 14",
            "on 03.12.2026",
            id="a term that runs in working days",
        ),
        pytest.param(
            _wait(WaitName.WORKING_DAYS_AFTER_DELIVERY_OF, 14, None, letter="notice_75c"),
            "14 working days after delivery: notice under art. 75c",
            "not yet",
            "when the post answers",
            id="a term that has not begun",
        ),
        pytest.param(
            _wait(WaitName.DAYS_AFTER_PREVIOUS_STEP, 10, TODAY + timedelta(days=4)),
            "10 days after the previous step",
            "6 of 10",
            "on 27.11.2026",
            id="days after the step before",
        ),
        pytest.param(
            _wait(WaitName.DAYS_AFTER_DELIVERY_OF, 14, TODAY + timedelta(days=1), letter="demand"),
            "14 days after delivery: demand for payment",
            "14 of 14",
            "on 24.11.2026",
            id="the last day of a term is part of it",
        ),
        pytest.param(
            _wait(WaitName.DAYS_PAST_DUE, 30, TODAY - timedelta(days=33), held=True),
            "30 days past due",
            "from 21.10.2026",
            "",
            id="days that have passed",
        ),
        pytest.param(
            _wait(WaitName.DAYS_PAST_DUE, 30, None),
            "30 days past due",
            "not yet",
            "when something is overdue",
            id="nothing is overdue",
        ),
        pytest.param(
            _wait(WaitName.ANSWER_OF_THE_POST_FOR, 0, None, letter="demand"),
            "The answer of the post: demand for payment",
            "not yet",
            "when the post answers",
            id="the post",
        ),
        pytest.param(
            Looked("t.termination", "t", "answer", "termination", False, "proposed", {}),
            "Termination",
            "waiting for a decision",
            "when a person with the authority decides",
            id="a person",
        ),
    ],
)
def test_a_row_says_what_is_asked_its_value_and_what_would_change_it(
    look: Looked, text: str, value: str, change: str
) -> None:
    with override("en"):
        row = condition_rows([look], on=TODAY)[0]

    assert (row.text, row.value, row.change) == (text, value, change)
    assert row.stands_in_the_way is not look.held


def test_a_hold_that_does_not_hold_is_out_of_the_way_and_one_that_does_is_in_it() -> None:
    wanted = {"test": "is", "wanted": True}
    idle = Looked("hold_when.on_hold", "hold_when", "hold", "on_hold", False, False, wanted)
    busy = Looked("hold_when.on_hold", "hold_when", "hold", "holds", True, ["complaint"], wanted)

    with override("en"):
        out, way = condition_rows([idle, busy], on=TODAY)

    assert (out.shape, out.result, out.stands_in_the_way) == ("na", "No", False)
    assert (way.shape, way.result, way.value) == ("bang", "Yes", "Complaint")
    assert way.change == "when the hold is ended"


def test_what_is_met_folds_to_one_line_and_what_blocks_stays_open() -> None:
    looks = [
        _when("days_past_due", 63, held=True, at_least=31),
        _when("postal_address", True, held=True, is_=True),
        _when("restructuring_request", True, held=False, is_=False),
    ]
    with override("en"):
        rows = condition_rows(looks, on=TODAY)
        group = ConditionGroup("Step 7", rows, met_note(rows))
        folded = group.folded_result, group.folded_text

    assert [row.text for row in group.blocked] == ["Open restructuring request: no"]
    assert folded == (
        "2 met",
        "Days past due: at least 31 (63); Usable postal address: yes",
    )
    assert group.note == "1 of 3 not met"


@pytest.mark.parametrize(("number", "note"), [(1, "met"), (5, "all 5 met")])
def test_the_heading_says_that_all_are_met(number: int, note: str) -> None:
    looks = [_when("days_past_due", 63, held=True, at_least=31)] * number
    with override("en"):
        assert met_note(condition_rows(looks, on=TODAY)) == note


def test_a_part_in_which_something_stands_in_the_way_comes_first() -> None:
    met = _when("days_past_due", 63, held=True, at_least=31)
    other = Looked("call.when.phone", "call", "when", "phone", False, False,
                   {"test": "is", "wanted": True})  # fmt: skip
    with override("en"):
        groups = condition_groups([met, other], {"demand": "Demand", "call": "Call"})

    assert [(group.title, group.not_met) for group in groups] == [("Call", 1), ("Demand", 0)]


#: Facts that no step could wait for, or that time alone changes.
NEVER_WAITED_FOR = frozenset(
    {
        "consumer", "currency", "debtor_kind", "product", "stage", "broken_promises",
        "past_placements", "agreement_in_force", "days_past_due", "days_since_contact",
        "days_since_conversation", "days_since_termination", "days_since_placement_ended",
    }
)  # fmt: skip


@pytest.mark.parametrize("fact", sorted(set(FACTS) - NEVER_WAITED_FOR))
def test_whatever_a_step_waits_for_it_is_said_what_would_change_it(fact: str) -> None:
    look = Looked(f"x.when.{fact}", "x", "when", fact, False, None, {})

    with override("en"):
        assert change_text(look)

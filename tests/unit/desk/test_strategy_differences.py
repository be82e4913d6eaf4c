"""What changed between two versions, by words; and the path on which it hangs."""

from __future__ import annotations

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from desk.views.strategies.path import Look, State, merge_steps, number_steps, path_of
from desk.wording.strategies import (
    Part,
    header_changes,
    step_changes,
    step_conditions,
    word_difference,
)
from escalation.loading import load_strategy
from tests.unit.escalation.cases import FOLDER, RETAIL, SHIPPED

SOURCE = (FOLDER / "unsecured_retail.toml").read_text()
WORDS = st.lists(st.sampled_from(["4", "5", "days", "after", "the", "step"]), min_size=1).map(
    " ".join
)


def said(parts: list[Part]) -> str:
    marks = {"same": "{}", "del": "[-{}]", "ins": "[+{}]"}
    return " ".join(marks[part.kind].format(part.text) for part in parts)


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("7 days after", "5 days after", "[-7] [+5] days after"),
        ("1 day after the step", "2 days after the step", "[-1 day] [+2 days] after the step"),
        ("phone", "phone", "phone"),
        ("it waits", "nothing of the kind here", "[-it waits] [+nothing of the kind here]"),
    ],
)
def test_a_difference_is_told_by_words(before: str, after: str, shown: str) -> None:
    assert said(word_difference(before, after)) == shown


@given(WORDS, WORDS)
def test_what_is_gone_and_what_is_new_make_up_both_phrases(before: str, after: str) -> None:
    parts = word_difference(before, after)
    assert " ".join(p.text for p in parts if p.kind != "ins") == before
    assert " ".join(p.text for p in parts if p.kind != "del") == after


@pytest.mark.parametrize(
    ("right", "wrong", "step", "line"),
    [
        ("repeat = 3", "repeat = 2", "call", "Changed Taken up to [-3] [+2] times"),
        ("repeat = 3", "repeat = 1", "call", "Changed Taken [-up to 3 times] [+once]"),
        (
            "days_past_due = 7, ", "", "call", "Changed Wait [-7 days past due]",
        ),
        (
            'do = { send_message = "last_reminder" }', 'do = { send_message = "reminder" }',
            "last_reminder", "Changed What it does SMS or e-mail: [-Last] [+Payment] reminder",
        ),
        (
            'stage = "court"', 'stage = "agency"', "court", "Changed Stage [-Court] [+Agency]",
        ),
        (
            "PLN = 20_000", "PLN = 15_000", "agency",
            ("Changed Passed over when owed in all at least [-20\u00a0000\u00a0zł,]"
            " [+15\u00a0000\u00a0zł,] 5\u00a0000\u00a0€, 50\u00a0000 in any other currency"),
        ),
        (
            "when = { restructuring_request = false, complaint = false }",
            "when = { restructuring_request = false }", "termination",
            "Changed Only if [-no open complaint]",
        ),
        (
            "if_refused = { propose_again_after_days = 90 }", 'if_refused = "stop"', "court",
            ("Changed If a person refuses, [-it is proposed again after 90 days]"
            " [+the case stays where it is]"),
        ),
    ],
)  # fmt: skip
def test_each_change_hangs_under_its_step_in_plain_words(
    right: str, wrong: str, step: str, line: str
) -> None:
    assert right in SOURCE
    with translation.override("en"):
        changes = step_changes(RETAIL, load_strategy(SOURCE.replace(right, wrong, 1)))
    assert list(changes) == [step]
    (change,) = changes[step]
    assert f"{change.label} {said(change.parts)}" == line


def test_what_stands_above_the_steps_is_told_apart() -> None:
    moved = SOURCE.replace('in_flight = "finish"', 'in_flight = "move"')
    with translation.override("en"):
        (lines,) = header_changes(RETAIL, load_strategy(moved)).values()
        ((change,),) = (lines,)
    assert "move to the step of the same key" in said(change.parts)


def test_a_removed_step_stays_below_the_one_it_followed_and_a_new_one_gets_a_letter() -> None:
    source = SOURCE.replace('key = "find_address"', 'key = "search"').replace(
        'key = "demand"', 'key = "first_demand"'
    )
    after = load_strategy(source)
    merged = merge_steps(after, RETAIL)
    keys = [step.key for step in merged]
    assert keys[2:8] == [
        "last_reminder", "find_address", "demand", "search", "first_demand", "call_again",
    ]  # fmt: skip
    numbers = number_steps(after, RETAIL, merged)
    assert [numbers[key] for key in keys[2:8]] == ["3", "4", "5", "5a", "5b", "6"]


def test_the_path_shows_the_day_before_and_after_and_counts_what_stands_elsewhere() -> None:
    after = load_strategy(
        SOURCE.replace("{ days_past_due = 45, days_after", "{ days_past_due = 60, days_after")
    )
    with translation.override("en"):
        view = path_of(after, Look(counts={"notice_75c": 3, "gone": 2}, before=RETAIL))
    rows = {row.key: row for stage in view.stages for row in stage.rows}
    assert (rows["notice_75c"].day_before, rows["notice_75c"].day) == ("45", "60")
    assert (rows["termination"].day_before, rows["termination"].day) == ("64+", "79+")
    assert (rows["termination"].state, rows["notice_75c"].state) == (State.SAME, State.CHANGED)
    assert rows["demand"].day_before == ""
    assert [(row.key, row.cases) for row in view.elsewhere] == [("gone", 2)]
    assert view.total == 5


@pytest.mark.parametrize("language", ["en", "pl"])
@pytest.mark.parametrize("key", sorted(SHIPPED))
def test_every_shipped_strategy_can_be_told_against_every_other(key: str, language: str) -> None:
    with translation.override(language):
        for other in SHIPPED.values():
            for lines in step_changes(other, SHIPPED[key]).values():
                assert all(line.label and line.parts for line in lines)
        for step in SHIPPED[key].steps:
            assert step_conditions(step)

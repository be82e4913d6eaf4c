"""An edit of a strategy changes what it names, and every other character stays."""

from __future__ import annotations

import difflib
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation.conditions import WaitName
from escalation.editing import (
    Field,
    FieldKind,
    FieldWrong,
    Value,
    change_header,
    change_step,
    list_fields,
    list_header_fields,
    move_step,
    switch_step,
)
from escalation.editing.text import add_key, drop_key, replace_value
from escalation.loading import StrategyInvalid, load_strategy
from escalation.strategy import Strategy
from tests.unit.escalation.cases import FOLDER

TEXTS = {path.stem: path.read_text() for path in sorted(FOLDER.glob("*.toml"))}
RETAIL = TEXTS["unsecured_retail"]
#: The same strategy in every way that TOML lets one write a table.
ODD = (
    RETAIL.replace(
        "wait = { days_past_due = 3 }\n", "  wait.days_past_due   =   3   # not on the first day\n"
    )
    .replace(
        "wait = { days_past_due = 7, days_after_previous_step = 4 }\n"
        'when = { phone = true }\notherwise = "skip"\n'
        'do = { ask_person_to = "call" }\nrepeat = 3\n',
        'otherwise = "skip"\nrepeat = 3 # thrice\n[step.wait]\ndays_past_due = 7\n'
        "\tdays_after_previous_step = 4\n[step.when]\nphone = true\n[step.do]\n"
        'ask_person_to = "call"\n',
    )
    .replace('title = { en = "Demand', 'title = {en="Demand')
)


def changed_lines(before: str, after: str) -> tuple[list[str], list[str]]:
    """What is gone and what is new, line by line."""
    lines = list(difflib.ndiff(before.splitlines(), after.splitlines()))
    return (
        [line[2:] for line in lines if line.startswith("- ")],
        [line[2:] for line in lines if line.startswith("+ ")],
    )


def same_but(before: Strategy, after: Strategy, key: str) -> bool:
    """Whether everything but one step is as it was."""
    steps = [s for s in after.steps if s.key != key]
    others = [s for s in before.steps if s.key != key]
    return steps == others and replace(after, steps=()) == replace(before, steps=())


def test_seven_days_become_five_and_nothing_else() -> None:
    edited = change_step(RETAIL, "last_reminder", {"wait.days_after_previous_step": 7})
    assert changed_lines(RETAIL, edited) == (
        ["wait = { days_past_due = 18, days_after_previous_step = 5 }"],
        ["wait = { days_past_due = 18, days_after_previous_step = 7 }"],
    )


def other_value(field: Field, pick: int) -> Value:
    """Some value that the field may have."""
    match field.kind:
        case FieldKind.NUMBER:
            return field.least + pick % (field.most - field.least + 1)
        case FieldKind.SUM:
            return Decimal(pick).scaleb(-2)
        case FieldKind.FLAG:
            return bool(pick % 2)
        case FieldKind.TEXT:
            return f'Krok „{pick}" \\ "x" # = ]'
        case FieldKind.WORD:
            return field.choices[pick % len(field.choices)]
        case FieldKind.WORDS:
            return field.choices[: 1 + pick % len(field.choices)]


@given(
    text=st.sampled_from([*TEXTS.values(), ODD]),
    pick=st.integers(0, 10**9),
    which=st.integers(0, 10**9),
)
def test_an_edit_of_any_field_is_read_back_and_leaves_the_rest(
    text: str, pick: int, which: int
) -> None:
    before = load_strategy(text)
    step = before.steps[which % len(before.steps)]
    fields = [f for f in list_fields(text, step.key) if not f.name.startswith("if_refused")]
    field = fields[pick % len(fields)]
    value = other_value(field, pick)

    edited = change_step(text, step.key, {field.name: value})

    after = load_strategy(edited)
    assert same_but(before, after, step.key)
    read = {f.name: f.value for f in list_fields(edited, step.key)}
    assert read == {f.name: f.value for f in list_fields(text, step.key)} | {field.name: value}
    gone, new = changed_lines(text, edited)
    assert len(gone) <= 1
    assert len(new) <= 1
    assert change_step(edited, step.key, {field.name: value}) == edited


@given(
    text=st.sampled_from([*TEXTS.values(), ODD]),
    which=st.integers(0, 30),
    by=st.integers(-12, 12),
)
def test_a_moved_step_takes_its_comments_along_and_comes_back(
    text: str, which: int, by: int
) -> None:
    before = load_strategy(text)
    place = which % len(before.steps)
    key = before.steps[place].key
    to = min(max(place + by, 0), len(before.steps) - 1)

    moved = move_step(text, key, by)

    keys = [step.key for step in before.steps]
    keys.insert(to, keys.pop(place))
    after = load_strategy(moved)
    assert [step.key for step in after.steps] == keys
    assert {s.key: s for s in after.steps} == {s.key: s for s in before.steps}
    assert sorted(moved.splitlines()) == sorted(text.splitlines())
    assert move_step(moved, key, place - to) == text


def test_the_comment_above_a_step_moves_with_it_and_the_heading_of_a_part_stays() -> None:
    moved = move_step(RETAIL, "notice_75c", 1)
    comment = "# Art. 75c of the Banking Act"
    assert moved.index(comment) < moved.index('key = "notice_75c"')
    assert moved.index('key = "termination"') < moved.index(comment)
    first = move_step(RETAIL, "find_address", -1)
    assert first.index('key = "find_address"') < first.index("# ---- Formal letters")


@given(text=st.sampled_from([*TEXTS.values(), ODD]), which=st.integers(0, 30))
def test_a_step_is_switched_off_and_on_again_without_a_trace(text: str, which: int) -> None:
    before = load_strategy(text)
    returns = {before.after_breach, before.after_reopening}
    keys = [step.key for step in before.steps if step.key not in returns]
    key = keys[which % len(keys)]

    off = switch_step(text, key, on=False)

    after = load_strategy(off)
    assert [s.key for s in after.steps] == [s.key for s in before.steps if s.key != key]
    assert [s.key for s in after.off] == [key]
    assert changed_lines(text, off) == ([], ["off = true"]) or text == ODD
    assert switch_step(off, key, on=False) == off
    assert switch_step(off, key, on=True) == text


def test_a_return_to_a_step_that_is_off_is_refused_when_it_is_loaded() -> None:
    off = switch_step(RETAIL, "call_again", on=False)
    with pytest.raises(StrategyInvalid) as caught:
        load_strategy(off)
    (problem,) = caught.value.problems
    assert (problem.where, problem.found) == ("return.after_breach", "call_again")


@pytest.mark.parametrize(
    ("values", "source"),
    [
        ({"if_refused": "stop"}, 'if_refused = "stop"'),
        (
            {"if_refused.propose_again_after_days": 30},
            "if_refused = { propose_again_after_days = 30 }",
        ),
        (
            {"if_refused": "propose_again", "if_refused.propose_again_after_days": 9},
            "if_refused = { propose_again_after_days = 9 }",
        ),
    ],
)
def test_what_follows_a_refusal_is_one_value(values: dict[str, Value], source: str) -> None:
    edited = change_step(RETAIL, "court", values)
    assert changed_lines(RETAIL, edited)[1] == [source]
    load_strategy(edited)


def test_proposing_again_needs_its_days() -> None:
    small = TEXTS["small_balances"]
    with pytest.raises(FieldWrong):
        change_step(small, "court", {"if_refused": "propose_again"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("wait.days_past_due", -1),
        ("wait.days_past_due", 4000),
        ("wait.days_past_due", True),
        ("wait.days_past_due", "7"),
        ("repeat", 13),
        ("stage", "heaven"),
        ("do.ask_person_to", "dance"),
        ("title.en", ""),
        ("title.en", "two\nlines"),
        ("title.en", "x" * 121),
        ("when.phone", "true"),
        ("when.dignity", True),
        ("key", "other"),
    ],
)
def test_a_value_that_a_field_may_not_have_is_refused(name: str, value: Value) -> None:
    with pytest.raises(FieldWrong) as caught:
        change_step(RETAIL, "call", {name: value})
    assert caught.value.values["field"] == name


def test_the_header_is_changed_the_same_way() -> None:
    edited = change_header(RETAIL, {"in_flight": "move", "title.pl": "Kredyty"})
    assert changed_lines(RETAIL, edited)[1] == [
        'title = { en = "Unsecured retail loans", pl = "Kredyty" }',
        'in_flight = "move"',
    ]
    assert [field.value for field in list_header_fields(edited)][1:] == ["Kredyty", "move"]


def test_a_wait_that_a_step_did_not_have_is_added_where_its_waits_stand() -> None:
    for text, source in (
        (RETAIL, "wait = { days_past_due = 3, days_after_previous_step = 2 }"),
        (ODD, "  wait.days_after_previous_step = 2"),
    ):
        edited = change_step(text, "reminder", {"wait.days_after_previous_step": 2})
        assert source in changed_lines(text, edited)[1]
        waits = load_strategy(edited).steps[0].wait
        assert [(wait.name, wait.days) for wait in waits] == [
            (WaitName.DAYS_PAST_DUE, 3), (WaitName.DAYS_AFTER_PREVIOUS_STEP, 2),
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "path", "left"),
    [
        ("a = { b = 1, c = 2 } # x\n", ("a", "b"), "a = { c = 2 } # x\n"),
        ("a = { b = 1, c = 2 }\n", ("a", "c"), "a = { b = 1 }\n"),
        ("a = { b = 1 }\n", ("a", "b"), "a = { }\n"),
        ("a = 1\nb = [\n 1, # one\n 2,\n] # list\nc = 3", ("b",), "a = 1\nc = 3"),
        ("a = 1\nc = 3", ("c",), "a = 1\n"),
    ],
)
def test_a_key_is_dropped_with_its_comma_or_its_line(
    text: str, path: tuple[str, ...], left: str
) -> None:
    assert drop_key(text, path) == left


@pytest.mark.parametrize(
    ("text", "path", "key", "after"),
    [
        (
            "[a]\r\nb = 1 # x\r\n\r\n[c]\r\n",
            ("a",),
            "d",
            "[a]\r\nb = 1 # x\r\nd = 2\r\n\r\n[c]\r\n",
        ),
        ("[a]\n[b]\n", ("a",), "d", "[a]\nd = 2\n[b]\n"),
        ("a = {}", ("a",), "d", "a = { d = 2 }"),
        ("a = {b=1}", ("a",), "d", "a = {b=1, d = 2 }"),
        ("x = 1\n", ("a",), "d", "x = 1\na = { d = 2 }\n"),
        ("[s.a.b]\nc = 1\n", ("s", "a"), "d", "s.a.d = 2\n[s.a.b]\nc = 1\n"),
    ],
)
def test_a_key_is_added_as_the_last_of_its_table(
    text: str, path: tuple[str, ...], key: str, after: str
) -> None:
    assert add_key(text, path, key, "2") == after


def test_a_value_of_several_lines_is_replaced_whole() -> None:
    text = 'a = """\n] # x\n"""\nb = [ # list\n  1,\n]\nc = 2020-01-01 10:00:00  # day\n'
    assert replace_value(text, ("b",), "3") == (
        'a = """\n] # x\n"""\nb = 3\nc = 2020-01-01 10:00:00  # day\n'
    )
    assert replace_value(text, ("c",), "4").endswith("c = 4  # day\n")

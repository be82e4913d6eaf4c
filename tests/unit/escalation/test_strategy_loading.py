"""Every mistake in a strategy file is found, with its line and what would be allowed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from escalation.loading import Problem, StrategyInvalid, load_strategy
from escalation.toml_lines import find_lines
from tests.unit.escalation.cases import FOLDER, RETAIL, SHIPPED

SOURCE = (FOLDER / "unsecured_retail.toml").read_text()


def problems_of(source: str) -> tuple[Problem, ...]:
    with pytest.raises(StrategyInvalid) as caught:
        load_strategy(source)
    return caught.value.problems


def line_of(text: str, source: str = SOURCE) -> int:
    return next(i for i, line in enumerate(source.splitlines(), 1) if text in line)


@pytest.mark.parametrize(
    ("right", "wrong", "found", "meant"),
    [
        ("when = { phone = true }", "when = { phoen = true }", "phoen", "phone"),
        ('send_message = "reminder"', 'send_mesage = "reminder"', "send_mesage", "send_message"),
        ('send_letter = "demand"', 'send_letter = "demnad"', "demnad", "demand"),
        ('stage = "agency"', 'stage = "agncy"', "agncy", "agency"),
        ("days_past_due = 28", "days_pastdue = 28", "days_pastdue", "days_past_due"),
        ('otherwise = "wait"', 'otherwise = "wiat"', "wiat", "wait"),
        ('after_breach = "call_again"', 'after_breach = "call_agian"', "call_agian", "call_again"),
        ("repeat = 3", "repaet = 3", "repaet", "repeat"),
        ('{ is_not = "house" }', '{ isnt = "house" }', "isnt", "is_not"),
        ('{ is_not = "house" }', '{ is_not = "hosue" }', "hosue", "house"),
        ("{ notice_75c = 14 }", "{ notice_75 = 14 }", "notice_75", "notice_75c"),
        ('propose = "placement"', 'propose = "placment"', "placment", "placement"),
    ],
)
def test_misspelling_is_found_on_its_line_with_the_word_that_was_meant(
    right: str, wrong: str, found: str, meant: str
) -> None:
    assert right in SOURCE
    (problem,) = problems_of(SOURCE.replace(right, wrong, 1))
    assert problem.line == line_of(right)
    assert (problem.found, problem.suggestion) == (found, meant)
    assert meant in problem.allowed


@pytest.mark.parametrize(
    ("right", "wrong", "code"),
    [
        ("repeat = 3", "repeat = 0", "out_of_range"),
        ("repeat = 3", 'repeat = "3"', "wrong_type"),
        ("days_past_due = 28", "days_past_due = -1", "out_of_range"),
        ("PLN = 20_000", "PLN = -5", "wrong_type"),
        ("PLN = 20_000", "zloty = 20_000", "not_a_currency"),
        ("when = { phone = true }", "when = { phone = 1 }", "wrong_type"),
        ('key = "call_again"', 'key = "call"', "duplicate_step"),
        ('key = "call_again"', 'key = "Call Again"', "wrong_type"),
        ("for_everything_else = true", "for_everything_else = false", "wrong_type"),
        ("if_refused = { propose_again_after_days = 60 }\n", "", "missing_key"),
        ('do = { send_message = "reminder" }', "do = {}", "missing_key"),
        ('strategy = "unsecured_retail"', "strategy = ", "not_toml"),
    ],
)
def test_impossible_value_is_refused(right: str, wrong: str, code: str) -> None:
    assert right in SOURCE
    assert code in [problem.code for problem in problems_of(SOURCE.replace(right, wrong, 1))]


def test_all_mistakes_are_told_at_once_in_order_of_their_lines() -> None:
    wrong = SOURCE.replace("phone = true", "phoen = true").replace('"demand" }', '"demnad" }')
    lines = [problem.line for problem in problems_of(wrong)]
    assert len(lines) == 3
    assert lines == sorted(lines)


def test_money_is_read_exactly_and_never_through_a_float() -> None:
    strategy = load_strategy(SOURCE.replace("PLN = 20_000", "PLN = 0.07"))
    (condition,) = strategy.step("agency").skip_when
    assert condition.check((("PLN", 7),))
    assert not condition.check((("PLN", 6),))


@pytest.mark.parametrize(
    ("amounts", "held"),
    [
        ((("PLN", 2_000_000),), True),
        ((("PLN", 1_999_999),), False),
        ((("EUR", 500_000), ("PLN", 1)), True),
        ((("TWD", 4_999_999),), False),
        ((("JPY", 50_000),), True),
        ((), False),
    ],
)
def test_threshold_holds_for_each_currency_by_itself(
    amounts: tuple[tuple[str, int], ...], held: bool
) -> None:
    (condition,) = RETAIL.step("agency").skip_when
    assert condition.check(amounts) is held


@pytest.mark.parametrize("key", sorted(SHIPPED))
def test_every_shipped_strategy_has_names_in_both_languages(key: str) -> None:
    for title in (SHIPPED[key].title, *(step.title for step in SHIPPED[key].steps)):
        assert title["en"] != title["pl"]


def test_lines_are_found_through_comments_strings_and_nested_values() -> None:
    text = (
        '# c\na = "x # y"\n\n[[s]]\nk = [\n  1, # one\n'
        '  { p = """\n]""", q = 2 },\n]\n[[s]]\nb.c = 1\n'
    )
    assert find_lines(text) == {
        ("a",): 2,
        ("s",): 4,
        ("s", 0): 4,
        ("s", 0, "k"): 5,
        ("s", 0, "k", 0): 6,
        ("s", 0, "k", 1): 7,
        ("s", 0, "k", 1, "p"): 7,
        ("s", 0, "k", 1, "q"): 8,
        ("s", 1): 10,
        ("s", 1, "b"): 11,
        ("s", 1, "b", "c"): 11,
    }


def _spoil(text: str, at: int, junk: str) -> str:
    at %= len(text)
    return text[:at] + junk + text[at + len(junk) :]


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 100_000), st.text(min_size=1, max_size=4), st.sampled_from([_spoil]))
def test_spoiled_file_is_read_or_refused_but_never_breaks_the_reader(
    at: int, junk: str, spoil: Callable[[str, int, str], str]
) -> None:
    problems: tuple[Problem, ...] = ()
    try:
        load_strategy(spoil(SOURCE, at, junk))
    except StrategyInvalid as error:
        problems = error.problems
    assert all(1 <= problem.line <= SOURCE.count("\n") + 5 for problem in problems)

"""Profiles: what they may say, and how clearly a mistake in one is told."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from debtors.intake.functions import FUNCTIONS
from debtors.intake.layout import FIELDS
from debtors.intake.profile import (
    ProfileInvalid,
    ProfileNotFound,
    list_shipped,
    load_profile,
    parse_profile,
)

AS_OF = date(2025, 10, 1)
HEAD = '[profile]\nname = "x"\n[fields]\ndebtor_ref = "A"\ndebt_ref = "A"\n'


def evaluate(expression: str, **row: Any) -> Any:
    """The value of one expression over one row."""
    profile = parse_profile(f"{HEAD}last_name = {expression}\n")
    positions = {name: place for place, name in enumerate(row)}
    get = profile.compiler(positions).compile(profile.main.fields["last_name"])
    return get(list(row.values()), AS_OF)


def passes(test: str, **row: Any) -> bool:
    return bool(evaluate(f'{{ when = {test}, then = {{ constant = "y" }} }}', **row) == "y")


@pytest.mark.parametrize(
    ("expression", "row", "expected"),
    [
        ('"A"', {"A": "  x "}, "x"),
        ('{ column = "A" }', {"A": ""}, None),
        ('{ constant = "PLN" }', {}, "PLN"),
        ("{ as_of = true }", {}, AS_OF),
        ('{ template = "c{A}@example.org" }', {"A": "7"}, "c7@example.org"),
        ('{ template = "{A}/{B}" }', {"A": "7", "B": ""}, None),
        ('{ concat = ["A", "B"], separator = "-" }', {"A": "x", "B": "y"}, "x-y"),
        ('{ concat = ["A", "B"] }', {"A": "", "B": "y"}, "y"),
        ('{ first_of = ["A", "B"] }', {"A": "", "B": "y"}, "y"),
        ('{ sum = ["A", "B"] }', {"A": "1.5", "B": ""}, Decimal("1.5")),
        ('{ sum = ["A"] }', {"A": ""}, None),
        ('{ subtract = ["A", "B"] }', {"A": "10", "B": "2.5"}, Decimal("7.5")),
        ('{ scale = "A", by = "0.01" }', {"A": "12345"}, Decimal("123.45")),
        ('{ amount = "A", decimal = ",", thousands = "." }', {"A": "1.234,5"}, Decimal("1234.5")),
        ('{ date = "A", formats = ["DD.MM.YYYY"] }', {"A": "05.06.2024"}, date(2024, 6, 5)),
        ('{ map = "A", values = { M = "man" } }', {"A": "m"}, "man"),
        ('{ map = "A", values = { M = "m" }, otherwise = "A" }', {"A": "k"}, "k"),
        ('{ split = "A", separators = "/;" }', {"A": "1/ 2;;3"}, ["1", "2", "3"]),
        ('{ list = ["A", "B"] }', {"A": "1", "B": ""}, ["1"]),
        ('{ months_before = { as_of = true }, months = "A" }', {"A": "2"}, date(2025, 8, 1)),
        ('{ days_before = { as_of = true }, days = "A" }', {"A": "30"}, date(2025, 9, 1)),
        ('{ highest = ["A", { constant = "0" }] }', {"A": "-5"}, Decimal(0)),
        ('{ lowest = ["A", "B"] }', {"A": "7", "B": "3.5"}, Decimal("3.5")),
        ('{ without = "A", characters = "zł " }', {"A": "1 234,5 zł"}, "1234,5"),
        ('{ digits = "A" }', {"A": "PL 12-3"}, "123"),
        ('{ upper = "A" }', {"A": "pln"}, "PLN"),
        ('{ lower = "A" }', {"A": "PLN"}, "pln"),
        ('{ part = "A", from = 3, length = 2 }', {"A": "abcdef"}, "cd"),
        ('{ word = "A", number = 1 }', {"A": "Nowak Jan Maria"}, "Nowak"),
        ('{ word = "A", number = -1 }', {"A": "Nowak Jan Maria"}, "Maria"),
        ('{ word = "A", number = 5 }', {"A": "Nowak"}, None),
        ('{ words_from = "A", number = 2 }', {"A": "Nowak Jan Maria"}, "Jan Maria"),
        ('{ when = { value = "A", equals = "1" }, then = "B", else = { constant = "n" } }',
         {"A": "2", "B": "b"}, "n"),
    ],
)  # fmt: skip
def test_each_function_derives_its_value(
    expression: str, row: dict[str, str], expected: object
) -> None:
    assert evaluate(expression, **row) == expected


def test_every_function_has_an_example_above_or_is_unknown() -> None:
    marks = test_each_function_derives_its_value.pytestmark  # type: ignore[attr-defined]
    examples = " ".join(case[0] for case in marks[0].args[1])
    assert [name for name in FUNCTIONS if f"{name} =" not in examples] == []


@pytest.mark.parametrize(
    ("test", "row", "expected"),
    [
        ('{ value = "A", at_least = 1 }', {"A": "1"}, True),
        ('{ value = "A", at_least = 1 }', {"A": "0"}, False),
        ('{ value = "A", at_least = 1 }', {"A": ""}, False),
        ('{ value = "A", more_than = 0.5 }', {"A": "0.51"}, True),
        ('{ value = "A", at_most = "10" }', {"A": "10"}, True),
        ('{ value = "A", less_than = 0 }', {"A": "-1"}, True),
        ('{ value = "A", equals = "TAK" }', {"A": "tak"}, True),
        ('{ value = "A", not_equals = "tak" }', {"A": "nie"}, True),
        ('{ value = "A", in = ["a", "b"] }', {"A": "B"}, True),
        ('{ value = "A", not_in = ["a"] }', {"A": "c"}, True),
        ('{ value = "A", starts_with = "ab" }', {"A": "abc"}, True),
        ('{ value = "A", ends_with = "bc" }', {"A": "abc"}, True),
        ('{ value = "A", contains = "x" }', {"A": "abc"}, False),
        ('{ value = "A", is_empty = true }', {"A": " "}, True),
        ('{ value = "A", is_empty = false }', {"A": "x"}, True),
        ('{ value = "A", is_iban = true }', {"A": "PL61109010140000071219812874"}, True),
        ('{ value = "A", is_pesel = true }', {"A": "44051401359"}, True),
        ('{ value = "A", is_nip = true }', {"A": "8567346216"}, False),
        ('{ value = "A", before = "as_of" }', {"A": "2025-09-30"}, True),
        ('{ value = "A", on_or_before = 2025-09-30 }', {"A": "2025-09-30"}, True),
        ('{ value = "A", after = "2025-09-30" }', {"A": "2025-09-30"}, False),
        ('{ value = "A", on_or_after = "as_of" }', {"A": "2025-10-01"}, True),
        ('{ all = [{ value = "A", at_least = 1 }, { value = "A", at_most = 2 }] }', {"A": "3"},
         False),
        ('{ any = [{ value = "A", equals = "1" }, { value = "A", equals = "3" }] }', {"A": "3"},
         True),
        ('{ not = { value = "A", equals = "1" } }', {"A": "3"}, True),
    ],
)  # fmt: skip
def test_each_test_judges_a_row(test: str, row: dict[str, str], expected: bool) -> None:
    assert passes(test, **row) is expected


@pytest.mark.parametrize(
    ("text", "reason", "line"),
    [
        ("[profile\n", "not_toml", 1),
        ('[profile]\nname = "Ä"\n[fields]\n', "name_invalid", 2),
        ('[profile]\nname = "x"\n', "table_required", 0),
        ('[profile]\nname = "x"\n[fields]\ndebtor_ref = "A"\n', "field_required", 3),
        (f'{HEAD}lastname = "A"\n', "unknown_field", 6),
        (f'{HEAD}last_name = {{ colunm = "A" }}\n', "unknown_function", 6),
        (f'{HEAD}last_name = {{ upper = "A", lower = "A" }}\n', "two_functions", 6),
        (f'{HEAD}last_name = {{ split = "A", seperators = "," }}\n', "unknown_option", 6),
        (f'{HEAD}last_name = {{ template = "{{A" }}\n', "unbalanced_braces", 6),
        (f"{HEAD}last_name = 5\n", "not_an_expression", 6),
        (f'{HEAD}[[keep]]\nvalue = "A"\natleast = 1\n', "unknown_test", 8),
        (f'{HEAD}[[keep]]\nvalue = "A"\nat_least = "many"\n', "not_a_number", 8),
        (f'{HEAD}[file]\nencodng = "utf-8"\n', "unknown_key", 7),
        (f'{HEAD}[file]\nencoding = "utf-9"\n', "unknown_encoding", 7),
        (f'{HEAD}[file]\ndelimiter = "||"\n', "must_be_one_character", 7),
        (f'{HEAD}[file]\ndates = ["DDMM"]\n', "unknown_date_format", 7),
        (f'{HEAD}[file]\ndecimal = ","\nthousands = ","\n', "separators_clash", 8),
        (f'{HEAD}[file]\nsame_debt = "merge"\n', "unknown_choice", 7),
        (f"{HEAD}[trailer]\nrows = 2\n", "field_required", 6),
        (f'{HEAD}[[joined]]\nsheet = "R"\n', "field_required", 7),
    ],
)
def test_a_mistake_in_a_profile_is_told_with_its_line(text: str, reason: str, line: int) -> None:
    with pytest.raises(ProfileInvalid) as refused:
        parse_profile(text)
    assert (refused.value.values["reason"], refused.value.values["line"]) == (reason, line)


@pytest.mark.parametrize(
    ("line", "meant"),
    [('lastname = "A"', "last_name"), ('last_name = { fist_of = ["A"] }', "first_of")],
)
def test_a_misspelled_word_is_answered_with_the_one_that_was_meant(line: str, meant: str) -> None:
    with pytest.raises(ProfileInvalid) as refused:
        parse_profile(f"{HEAD}{line}\n")
    assert refused.value.values["nearest"] == meant


def test_an_expression_nested_without_end_is_refused() -> None:
    deep = "{ upper = " * 30 + '"A"' + " }" * 30
    with pytest.raises(ProfileInvalid) as refused:
        parse_profile(f"{HEAD}last_name = {deep}\n")
    assert refused.value.values["reason"] == "nested_too_deeply"


def test_the_shipped_profiles_are_valid() -> None:
    assert [load_profile(name).name for name in list_shipped()] == list_shipped()


def test_an_unknown_profile_is_answered_with_those_that_there_are() -> None:
    with pytest.raises(ProfileNotFound) as refused:
        load_profile("no_such_profile")
    assert "canonical" in refused.value.values["shipped"]


def test_the_canonical_profile_has_every_field_under_its_own_name() -> None:
    assert load_profile("canonical").main.fields == {field.name: field.name for field in FIELDS}


def test_the_page_about_intake_names_every_field_function_and_test() -> None:
    page = Path("docs/intake.md").read_text(encoding="utf-8")
    from debtors.intake.conditions import OPERATORS

    words = [*(field.name for field in FIELDS if not field.name.startswith("mail_")), *FUNCTIONS]
    assert [word for word in [*words, *OPERATORS] if f"`{word}`" not in page] == []

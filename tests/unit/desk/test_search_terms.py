from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.search_terms import MOST_WORDS, Terms, is_name, read_terms


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Łucja Wąs-Nowak", True),
        ("", True),
        ("O'Hara sp. z o.o.", True),
        ("84010112346", False),
        ("jan@example.org", False),
        ("UG-2026-000001", False),
        ("Firma 24", False),
        ("٣", False),
    ],
)
def test_only_a_text_without_digits_and_addresses_is_a_name(text: str, name: bool) -> None:
    assert is_name(text) is name


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("ug-2026-000001", "numbers", ("UG-2026-000001",)),
        ("ug-2026-0", "number_prefix", "UG-2026-0"),
        ("84010112346", "identifiers", (("pesel", "84010112346"),)),
        ("840101 12346", "identifiers", (("pesel", "84010112346"),)),
        ("526-000-12-46", "identifiers", (("nip", "5260001246"),)),
        ("PL5260001246", "identifiers", (("nip", "5260001246"),)),
        ("123456785", "identifiers", (("regon", "123456785"),)),
        ("12345678512347", "identifiers", (("regon", "12345678512347"),)),
        ("600 100 200", "phones", ("+48600100200",)),
        ("+48 600-100-200", "phones", ("+48600100200",)),
        ("0048 600 100 200", "phones", ("+48600100200",)),
        ("48600100200", "phones", ("+48600100200",)),
        ("(22) 123 45 67", "phones", ("+48221234567",)),
        ("+49 30 1234567", "phones", ("+49301234567",)),
        ("123", "phones", ()),
        ("Jan@Example.ORG", "emails", ("jan@example.org",)),
        ("61 1090 1014 0000 0712 1981 2874", "accounts",
         ("PL61109010140000071219812874", "61109010140000071219812874")),
        ("pl61109010140000071219812874", "accounts",
         ("PL61109010140000071219812874", "61109010140000071219812874")),
        ("kk/7/2024", "contracts", ("kk/7/2024", "KK/7/2024")),
        ("Wąs łucja", "words", ("was", "lucja")),
        ("Jan K", "words", ("jan",)),
    ],
)  # fmt: skip
def test_a_text_is_read_as_all_that_it_may_mean(text: str, field: str, value: object) -> None:
    assert getattr(read_terms(text), field) == value


@given(st.text(max_size=300))
def test_a_name_is_looked_up_in_no_register_and_no_text_breaks_the_reading(text: str) -> None:
    terms = read_terms(text)
    assert len(terms.words) <= MOST_WORDS
    if is_name(text):
        assert terms == Terms(words=terms.words)

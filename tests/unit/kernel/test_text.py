from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.text import polish_sort_key, search_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Łucja Wąs-Nowak", ["lucja", "was", "nowak"]),
        ("  ZAŻÓŁĆ  gęślą jaźń ", ["zazolc", "gesla", "jazn"]),
        ("„Straße” 5/7", ["strasse", "5", "7"]),
        ("", []),
        ("···", []),
    ],
)
def test_words_are_found_however_they_are_written(text: str, words: list[str]) -> None:
    assert search_words(text) == words


def test_names_sort_by_the_polish_alphabet() -> None:
    names = ["Żak", "Zając", "Łoś", "Las", "Lis", "Ćma", "Cma", "Ósemka", "Osa", "Źródło", "1 Maja"]
    expected = [
        "1 Maja",
        "Cma",
        "Ćma",
        "Las",
        "Lis",
        "Łoś",
        "Osa",
        "Ósemka",
        "Zając",
        "Źródło",
        "Żak",
    ]
    assert sorted(names, key=lambda name: polish_sort_key(name).encode()) == expected


@given(st.text(max_size=50))
def test_every_text_has_a_plain_key_and_plain_words(text: str) -> None:
    assert all(word.isascii() and word.isalnum() for word in search_words(text))
    assert all(word == word.lower() for word in search_words(text))


@given(st.text(alphabet="aąbcćzźż", max_size=6), st.text(alphabet="aąbcćzźż", max_size=6))
def test_a_beginning_sorts_before_what_it_begins(one: str, rest: str) -> None:
    assert polish_sort_key(one) <= polish_sort_key(one + rest)
    assert polish_sort_key(one + rest).startswith(polish_sort_key(one))

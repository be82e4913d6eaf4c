"""What leaves the house in a file: numbers as numbers, and no text that is a formula."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.cells import csv_text, harmless, money_value


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ('=HYPERLINK("http://x","y")', '\'=HYPERLINK("http://x","y")'),
        ("+48 601", "'+48 601"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("\n=1", "'\n=1"),
        ("Jan =1", "Jan =1"),
        ("", ""),
    ],
)
def test_a_text_that_a_spreadsheet_would_run_is_made_harmless(text: str, written: str) -> None:
    assert harmless(text) == written


@given(st.text())
def test_no_text_begins_like_a_formula_and_none_is_lost(text: str) -> None:
    written = csv_text(text, decimal_comma=True)
    assert not written.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert written in (text, f"'{text}")


@pytest.mark.parametrize(
    ("value", "polish", "english"),
    [
        (Decimal("-1234.50"), "-1234,50", "-1234.50"),
        (Decimal(0), "0", "0"),
        (17, "17", "17"),
        (-3, "-3", "-3"),
        (date(2026, 11, 22), "2026-11-22", "2026-11-22"),
        (None, "", ""),
    ],
)
def test_numbers_and_days_are_written_plainly(value: object, polish: str, english: str) -> None:
    assert csv_text(value, decimal_comma=True) == polish  # type: ignore[arg-type]
    assert csv_text(value, decimal_comma=False) == english  # type: ignore[arg-type]


def test_money_is_in_units_of_its_currency() -> None:
    assert str(money_value(123_456, "PLN")) == "1234.56"
    assert str(money_value(500, "JPY")) == "500"
    assert money_value(None, "PLN") is None

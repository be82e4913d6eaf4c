"""Amounts, dates and text as they stand in foreign files."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debtors.intake import cells
from debtors.intake.cells import ImpossibleDate
from debtors.intake.findings import CellRefused


@pytest.mark.parametrize(
    ("text", "decimal", "thousands", "expected"),
    [
        ("1234.56", ".", "", "1234.56"),
        ("1 234,56", ",", " ", "1234.56"),
        ("1\u00a0234\u00a0567,80", ",", " ", "1234567.80"),
        ("1\u202f234,5", ",", " ", "1234.5"),
        ("1.234.567,89", ",", ".", "1234567.89"),
        ("-109", ".", "", "-109"),
        ("+5", ".", "", "5"),
        (",50", ",", " ", "0.50"),
        ("5.00E+05", ".", "", "500000"),
        ("0,00", ",", " ", "0"),
    ],
)
def test_an_amount_is_read_exactly(text: str, decimal: str, thousands: str, expected: str) -> None:
    assert cells.to_decimal(text, decimal, thousands) == Decimal(expected)


@pytest.mark.parametrize(
    "text",
    ["abc", "12a", "1,234.56", "1 23,4", "--5", "NaN", "Infinity", ".", "1.2.3", "0x10", "1_000",
     "١٢٣", "12 345 6", "5%"],
)  # fmt: skip
def test_anything_else_is_no_amount(text: str) -> None:
    with pytest.raises(CellRefused):
        cells.to_decimal(text, ",", " ")


def test_a_thousands_point_is_never_taken_for_a_decimal_point() -> None:
    with pytest.raises(CellRefused) as refused:
        cells.to_decimal("1.234", ",", " ")
    assert refused.value.code == "not_an_amount"


def test_an_absurd_exponent_is_refused_instead_of_filling_the_memory() -> None:
    with pytest.raises(CellRefused) as refused:
        cells.to_decimal("1E999")
    assert refused.value.code == "amount_too_large"


@pytest.mark.parametrize("number", [float("nan"), float("inf"), True])
def test_a_spreadsheet_cell_that_is_no_number_is_refused(number: float) -> None:
    with pytest.raises(CellRefused):
        cells.to_decimal(number)


def test_the_noise_of_a_spreadsheet_sum_is_not_an_amount_finer_than_a_grosz() -> None:
    assert cells.to_decimal(0.1 + 0.2) == Decimal("0.3")


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2))
def test_every_amount_survives_being_written_the_polish_way(amount: Decimal) -> None:
    text = f"{amount:,.2f}".replace(",", " ").replace(".", ",")
    assert cells.to_decimal(text, ",", " ") == amount


@given(st.text(max_size=30))
def test_no_text_makes_the_reader_of_amounts_fall_over(text: str) -> None:
    try:
        number = cells.to_decimal(text, ",", " ")
    except CellRefused:
        return
    assert number is None or number.is_finite()


@given(st.text(alphabet="0123456789-./ T:", max_size=12))
def test_no_text_makes_the_reader_of_dates_fall_over(text: str) -> None:
    try:
        day = cells.to_date(text, ["YYYY-MM-DD", "D.M.YYYY", "DD/MM/YY"])
    except CellRefused:
        return
    assert day is None or isinstance(day, date)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("01-02-2024", date(2024, 2, 1)),
        ("01/02/2024", date(2024, 2, 1)),
        ("2024-02-01", date(2024, 2, 1)),
        ("2024-02-01 00:00:00", date(2024, 2, 1)),
        ("2024-02-01T23:59", date(2024, 2, 1)),
        ("", None),
    ],
)
def test_two_date_formats_in_one_file_are_read(text: str, expected: date | None) -> None:
    assert cells.to_date(text, ["DD-MM-YYYY", "DD/MM/YYYY", "YYYY-MM-DD"]) == expected


@pytest.mark.parametrize("text", ["30-02-2024", "00-01-2024", "31-04-2023", "10-13-2024"])
def test_a_day_that_never_was_is_impossible_and_not_unreadable(text: str) -> None:
    with pytest.raises(ImpossibleDate):
        cells.to_date(text, ["DD-MM-YYYY"])


@pytest.mark.parametrize(
    "text", ["yesterday", "01-02-2024 23:30+02:00", "2024-01-01", "1-1-2024", "01-02-24"]
)
def test_a_date_in_an_undeclared_format_is_not_guessed(text: str) -> None:
    with pytest.raises(CellRefused) as refused:
        cells.to_date(text, ["DD-MM-YYYY"])
    assert refused.value.code == "not_a_date"


def test_a_typed_cell_of_a_spreadsheet_is_a_date_whatever_the_formats() -> None:
    cell = datetime(2024, 5, 6, 12, 30, tzinfo=UTC)
    assert cells.to_date(cell, ["DD-MM-YYYY"]) == date(2024, 5, 6)


@pytest.mark.parametrize("format_", ["YYYY-MM", "DD-DD-YYYY", "YYYY-MM-DD HH", "dd-mm-yyyy", ""])
def test_a_date_format_that_names_no_day_is_refused_when_the_profile_is_read(format_: str) -> None:
    with pytest.raises(cells.UnknownDateFormat):
        cells.check_date_format(format_)


def test_an_account_number_that_a_spreadsheet_rounded_is_refused() -> None:
    with pytest.raises(CellRefused) as refused:
        cells.to_text(61109010140000071219812874.0)
    assert refused.value.code == "digits_lost"


def test_a_whole_number_cell_has_no_point_zero() -> None:
    assert cells.to_text(1234.0) == "1234"


@pytest.mark.parametrize(
    ("on", "months", "expected"),
    [
        (date(2025, 10, 1), 1, date(2025, 9, 1)),
        (date(2025, 10, 1), 8, date(2025, 2, 1)),
        (date(2025, 3, 31), 1, date(2025, 2, 28)),
        (date(2024, 3, 31), 1, date(2024, 2, 29)),
        (date(2025, 1, 15), 1, date(2024, 12, 15)),
        (date(2025, 1, 15), 13, date(2023, 12, 15)),
        (date(2025, 12, 31), 0, date(2025, 12, 31)),
    ],
)
def test_months_before_is_the_same_day_or_the_last_of_a_shorter_month(
    on: date, months: int, expected: date
) -> None:
    assert cells.months_before(on, months) == expected


def test_more_months_than_there_are_years_is_refused() -> None:
    with pytest.raises(CellRefused):
        cells.months_before(date(2025, 1, 1), 999_999)

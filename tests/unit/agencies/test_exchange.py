"""Files for agencies add up, cannot smuggle formulas, and are read strictly."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agencies.commission import commission
from agencies.exchange import (
    COLUMNS,
    DebtLine,
    Fault,
    PaymentFileRefused,
    PaymentLine,
    read_payments,
    totals_of,
    write_placements,
)
from kernel.money import Money

HEADER = "reference,placement_id,contract_no,amount,currency,paid_on\n"


def line(name: str = "Jan Kowalski", currency: str = "PLN", **due: int) -> DebtLine:
    return DebtLine(
        7, "UG-2026-000001", "person", name, "Prosta 1", "00-001", "Warszawa", "PL",
        "+48500000001", "jan@example.org", "cash_loan", "C/1", currency, date(2026, 4, 1),
        due or {"principal": 100_00, "fees": 5},
    )  # fmt: skip


def read(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode())))


def test_a_line_shows_its_components_and_their_sum() -> None:
    row = read(write_placements([line()]))[0]
    assert (row["principal"], row["fees"], row["costs"], row["total"]) == (
        "100.00",
        "0.05",
        "0.00",
        "100.05",
    )


def test_totals_stand_per_currency_and_are_never_added() -> None:
    rows = read(write_placements([line(), line(currency="EUR", principal=250), line()]))
    totals = [
        (row["case_number"], row["currency"], row["total"])
        for row in rows
        if row["placement_id"] == "TOTAL"
    ]
    assert totals == [("1", "EUR", "2.50"), ("2", "PLN", "200.10")]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_cell_of_text_can_be_taken_for_a_formula(start: str) -> None:
    row = read(write_placements([line(name=f"{start}cmd|' /C calc'!A0")]))[0]
    assert row["debtor_name"].startswith("'")


@given(st.text(max_size=30))
def test_any_name_survives_the_file(name: str) -> None:
    row = read(write_placements([line(name=name.replace("\0", "").replace("\ud800", ""))]))[0]
    assert list(row) == list(COLUMNS)
    assert not row["debtor_name"].startswith(("=", "+", "-", "@"))


def test_totals_equal_the_sum_of_the_lines() -> None:
    assert totals_of([line(), line(), line(currency="EUR", principal=1)]) == {
        "EUR": 1,
        "PLN": 200_10,
    }


def test_a_good_payment_line_is_read() -> None:
    (read_line,) = read_payments(f"{HEADER}R1,7,,12.50,PLN,2026-05-04\n")
    assert read_line == PaymentLine(2, "R1", 7, "", Money(12_50, "PLN"), date(2026, 5, 4))


@pytest.mark.parametrize(
    ("row", "column", "why"),
    [
        (",7,,1,PLN,2026-05-04", "reference", "missing"),
        ("R,x,,1,PLN,2026-05-04", "placement_id", "not_a_number"),
        ("R,7,,1.001,PLN,2026-05-04", "amount", "not_an_amount"),
        ("R,7,,abc,PLN,2026-05-04", "amount", "not_an_amount"),
        ("R,7,,NaN,PLN,2026-05-04", "amount", "not_an_amount"),
        ("R,7,,1,zloty,2026-05-04", "amount", "not_an_amount"),
        ("R,7,,-1,PLN,2026-05-04", "amount", "not_positive"),
        ("R,7,,1,PLN,2026-13-04", "paid_on", "not_a_day"),
        ("R,7", "amount", "not_an_amount"),
    ],
)
def test_a_bad_payment_line_is_named_and_stops_no_other(row: str, column: str, why: str) -> None:
    fault, good = read_payments(f"{HEADER}{row}\nR2,7,,1,PLN,2026-05-04\n")
    assert isinstance(fault, Fault)
    assert (fault.line, fault.column, fault.why) == (2, column, why)
    assert isinstance(good, PaymentLine)


def test_a_file_without_its_columns_is_refused() -> None:
    with pytest.raises(PaymentFileRefused) as refused:
        list(read_payments("reference,amount\nR,1\n"))
    assert "paid_on" in refused.value.values["columns"]


@given(st.integers(1, 10**12), st.integers(0, 10_000))
def test_commission_is_half_up_of_the_exact_share(minor: int, rate_bp: int) -> None:
    exact = Decimal(minor) * rate_bp / 10_000
    earned = commission(collected=Money(minor, "PLN"), rate_bp=rate_bp).minor
    assert earned == int(exact.quantize(Decimal(1), ROUND_HALF_UP))


def test_half_a_grosz_of_commission_goes_up() -> None:
    assert commission(collected=Money(1_00, "PLN"), rate_bp=1250) == Money(13, "PLN")

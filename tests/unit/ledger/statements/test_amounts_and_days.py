"""An amount or a day is read as it was meant, or the file is refused: nothing in between."""

from __future__ import annotations

from datetime import date

import pytest

from ledger.statements.values import EntryStatus, StatementUnreadable
from tests.unit.ledger.statements.reading import read_whole
from tests.unit.ledger.statements.samples import CAMT053, CAMT054, MT940, MT942


def _refusal(content: bytes) -> str:
    with pytest.raises(StatementUnreadable) as caught:
        read_whole(content)
    return str(caught.value.values["reason"])


def _with(written: str, content: bytes = MT940) -> bytes:
    return content.replace(b"C50,00NTRF", written.encode(), 1)


@pytest.mark.parametrize(
    ("written", "minor"),
    [
        ("C50,00NTRF", 5000),
        ("C50NTRF", 5000),
        ("C50,NTRF", 5000),
        ("C50,1NTRF", 5010),
        ("C50.12NTRF", 5012),
        ("C,50NTRF", 50),
        ("CN1234567890,12S   ", 123456789012),
        ("C000000000000000050,00NTRF", 5000),
        ("C999999999999,99NTRF", 99999999999999),
        ("RC50,00NTRF", -5000),
        ("RD50,00NTRF", 5000),
        ("D50,00FEXP", -5000),
        ("C50,00 NTRF", 5000),
        ("C50,00//", 5000),
    ],
)
def test_an_amount_ends_where_the_type_of_the_transaction_begins(written: str, minor: int) -> None:
    assert read_whole(_with(written)).all_entries[0].amount_minor == minor


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("C1.050,12NTRF", "bad_entry"),
        ("C1.050NTRF", "bad_entry"),
        ("C1 050,12NTRF", "bad_entry"),
        ("C1,050,12NTRF", "bad_entry"),
        ("C1,050.12NTRF", "bad_entry"),
        ("C1'050,12NTRF", "bad_entry"),
        ("C1,050NTRF", "bad_amount"),
        ("C1234567890123,45NTRF", "bad_entry"),
        ("C50,00\n", "bad_entry"),
        ("C50,00/", "bad_entry"),
        ("C1,050//", "bad_amount"),
        ("C1.050//", "bad_entry"),
        ("C99999999999999,99NTRF", "bad_entry"),
        ("XD50,00NTRF", "bad_entry"),
    ],
)
def test_what_could_be_another_amount_is_refused(written: str, reason: str) -> None:
    assert _refusal(_with(written)) == reason


def test_an_opening_balance_with_thousands_apart_is_refused() -> None:
    for written in (b"1.000", b"1,000", b"1.000,00"):
        assert _refusal(MT940.replace(b"PLN1000,00", b"PLN" + written)) == "bad_amount"


@pytest.mark.parametrize(("written", "minor"), [("EC50,00NTRF", 5000), ("ED50,00NTRF", -5000)])
def test_what_a_report_expects_is_pending_and_has_its_sign(written: str, minor: int) -> None:
    entry = read_whole(_with(written, MT942)).all_entries[0]
    assert (entry.amount_minor, entry.status) == (minor, EntryStatus.PENDING)
    assert not entry.is_reversal


@pytest.mark.parametrize("written", [b"1e999999", b"1e2", b"1_000", b"NaN", b"9" * 1_000_001])
def test_an_amount_that_xml_does_not_know_is_refused(written: bytes) -> None:
    assert _refusal(CAMT053.replace(b">50.00<", b">" + written + b"<")) == "bad_amount"


@pytest.mark.parametrize("written", ["ZLOTY", "ZŁO", "P1N", "PL"])
def test_a_currency_has_three_letters(written: str) -> None:
    content = CAMT053.replace(b"<Ccy>PLN", f"<Ccy>{written}".encode())
    assert _refusal(content) == "bad_currency"


@pytest.mark.parametrize("written", [b"9999-12-31", b"2100-01-02", b"1989-12-31"])
@pytest.mark.parametrize("content", [CAMT053, CAMT054])
def test_a_day_that_no_statement_has_is_refused(content: bytes, written: bytes) -> None:
    assert _refusal(content.replace(b"2026-05-11", written)) == "bad_day"


def test_a_balance_has_no_missing_day() -> None:
    assert _refusal(CAMT053.replace(b"2026-05-10", b"0001-01-01")) == "bad_day"


@pytest.mark.parametrize("written", [b"<Dt>0001-01-01</Dt>", b"<DtTm>0001-01-01T00:00:00</DtTm>"])
def test_the_day_that_stands_for_none_is_read_as_none_and_told(written: bytes) -> None:
    day = b"<ValDt><Dt>2026-05-11</Dt>"
    read = read_whole(CAMT054.replace(day, b"<ValDt>" + written))
    (only,) = read.all_entries
    assert (only.booked_on, only.value_on) == (date(2026, 5, 11), None)
    assert read.findings == ["day_stands_for_none"]

"""Field 61: the references, days and type of an entry, as banks write them beside the standard."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils.translation import override

from ledger.statement_wording import say_finding, say_statement_refusal
from ledger.statements.values import Entry, StatementUnreadable
from tests.unit.ledger.statements.reading import Whole, read_whole
from tests.unit.ledger.statements.samples import OWN, SENDER

DUTCH = "NL44RABO0123456789"


def _read(line: str, details: str = "Rata", own: str = OWN, opened: str = "260510") -> Whole:
    return read_whole(
        f":20:ST1\n:25:{own}\n:28C:7/1\n:60F:C{opened}PLN0,\n:61:{line}\n:86:{details}\n"
        f":62F:C{opened}PLN50,\n-\n".encode()
    )


def _entry(line: str, details: str = "Rata", own: str = OWN) -> Entry:
    (only,) = _read(line, details, own).all_entries
    return only


@pytest.mark.parametrize(
    "word",
    ["NONREF", "nonref", "NON REF", "NOREF", "NOTPROVIDED", "NONE", "EREF", "EREF+", "KREF+",
     "kref", "PREF", "MREF+", "MARF", "0000000000", "-"],
)  # fmt: skip
def test_a_word_that_stands_for_no_reference_is_none(word: str) -> None:
    entry = _entry(f"2605110511C50,00NTRF{word}//{word}")
    assert (entry.end_to_end_id, entry.bank_reference) == ("", "")


def test_the_reference_to_which_such_a_word_points_is_taken() -> None:
    entry = _entry("2605110511C50,00NTRFEREF+//B1", "166?00GUT?20EREF+R-17?21SVWZ+Rata")
    assert (entry.end_to_end_id, entry.title) == ("R-17", "Rata")


def test_a_word_for_no_reference_that_is_wrapped_is_none() -> None:
    assert _entry("2605110511C50,00NTRFNONREF", "/REMI/Rata/EREF/NOTPROV\nIDED").end_to_end_id == ""


@pytest.mark.parametrize(
    ("written", "customer", "bank"),
    [
        ("CUSTOMERREF1234567890//BANKREF12345678", "CUSTOMERREF1234567890", "BANKREF12345678"),
        ("NONREF//2026051112345678901234567890", "", "2026051112345678901234567890"),
        ("A 1/2//B 1/D3/", "A 1/2", "B 1/D3/"),
        ("REF17           //B1", "REF17", "B1"),
        ("//B1", "", "B1"),
    ],
)
def test_references_are_kept_whole(written: str, customer: str, bank: str) -> None:
    entry = _entry(f"2605110511C50,00NTRF{written}")
    assert (entry.end_to_end_id, entry.bank_reference) == (customer, bank)


def test_a_name_behind_a_reference_that_is_filled_up_is_no_part_of_it() -> None:
    entry = _entry("2605110511C50,00NTRFP123            J. de Vries", "")
    assert (entry.end_to_end_id, entry.title) == ("P123", "J. de Vries")


@pytest.mark.parametrize("written", ["NONREF", "//B1"])
def test_an_entry_without_a_type_is_read_and_told(written: str) -> None:
    read = _read(f"2605110511C50,00{written}")
    (entry,) = read.all_entries
    assert (entry.amount_minor, entry.code, entry.end_to_end_id) == (5000, "", "")
    assert read.findings == ["type_missing"]


def test_a_bank_that_names_no_types_is_told_of_once() -> None:
    read = _read("2605110511C25,00NONREF\n:86:Rata\n:61:2605110511C25,00NONREF")
    assert (len(read.all_entries), read.findings) == (2, ["type_missing"])


def test_a_type_in_small_letters_is_the_same() -> None:
    entry = _entry("2605110511D50,00nrtiNONREF")
    assert (entry.code, entry.is_return) == ("NRTI", True)


def test_the_account_beside_an_entry_is_the_other_sides() -> None:
    line = "2605110511C50,00N541NONREF\nNL91ABNA0417164300"
    entry = _entry(line, "/ORDP//NAME/J. de Vries/REMI/Rata", DUTCH)
    assert (entry.party.name, entry.party.account) == ("J. de Vries", "NL91ABNA0417164300")
    assert _entry(line.replace("NL91ABNA0417164300", DUTCH), own=DUTCH).party.account == ""


def test_an_account_beside_an_entry_in_poland_may_be_the_one_that_was_paid_to() -> None:
    assert _entry(f"2605110511C50,00NTRFNONREF\n{SENDER}").party.account == ""


def test_the_other_sides_account_is_no_reference() -> None:
    line = "2605110511C50,00NIOBNL91ABNA0417164300\nj de vries"
    entry = _entry(line, "NL91ABNA0417164300 j de vries", DUTCH)
    assert (entry.party.account, entry.end_to_end_id) == ("NL91ABNA0417164300", "")


@pytest.mark.parametrize(
    ("written", "booked", "told"),
    [
        ("2402300230", date(2024, 2, 29), ["day_not_in_calendar"]),
        ("2402290230", date(2024, 2, 29), ["day_not_in_calendar"]),
        ("2602280229", date(2026, 2, 28), ["day_not_in_calendar"]),
        ("2601020431", date(2026, 4, 30), ["day_not_in_calendar"]),
        ("2402290229", date(2024, 2, 29), []),
        ("2601021231", date(2025, 12, 31), []),
    ],
)
def test_a_day_that_its_month_has_not_is_the_last_one(
    written: str, booked: date, told: list[str]
) -> None:
    read = _read(f"{written}C50,00NTRFNONREF", opened="240101")
    assert [entry.booked_on for entry in read.all_entries] == [booked]
    assert [code for code in read.findings if code != "balances_do_not_add_up"] == told


@pytest.mark.parametrize(
    ("written", "day"), [("2613110511", "261311"), ("2605111301", "1301"), ("2605320511", "260532")]
)
def test_a_day_that_never_was_is_named(written: str, day: str) -> None:
    with pytest.raises(StatementUnreadable) as caught:
        _read(f"{written}C50,00NTRFNONREF")
    with override("en"):
        assert say_statement_refusal(caught.value) == f"line 5, :61: {day} is no day."


def test_a_place_that_ends_with_a_colon_gets_no_second_one() -> None:
    finding = {"code": "type_missing", "place": "line 5, :61:", "values": {}}
    with override("en"):
        assert say_finding(finding).startswith("line 5, :61: Entries")

"""Every public sample that we know: what it holds, or precisely why it cannot be read.

The samples are other projects' test files and stay outside this repository.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

from ledger.statements.values import StatementUnreadable
from tests.unit.ledger.statements.reading import read_whole

SAMPLES: Final = Path(__file__).resolve().parents[5] / "shared" / "reference" / "statements"


class Outcome(NamedTuple):
    """``sums`` are minor units of all entries, by currency."""

    file: str
    form: str
    statements: int
    entries: int
    sums: dict[str, int]
    findings: list[str]


class Refused(NamedTuple):
    file: str
    reason: str
    place: str


TABLE: Final[list[Outcome | Refused]] = [
    Outcome(
        "camt/camt053.v2.all-balance-types.xml",
        "camt053",
        1,
        1,
        {"EUR": 885},
        ["balances_do_not_add_up"],
    ),
    Outcome(
        "camt/camt053.v2.five.decimals.xml",
        "camt053",
        1,
        1,
        {"EUR": 885},
        ["balances_do_not_add_up"],
    ),
    Outcome(
        "camt/camt053.v2.minimal.ultimate.xml",
        "camt053",
        1,
        1,
        {"EUR": 885},
        ["balances_in_several_currencies"],
    ),
    Outcome(
        "camt/camt053.v2.minimal.xml",
        "camt053",
        1,
        1,
        {"EUR": 885},
        ["balances_in_several_currencies"],
    ),
    Outcome("camt/camt053.v2.multi.statement.xml", "camt053", 2, 2, {"EUR": 185}, []),
    Outcome(
        "camt/camt053.v2.with-account-name.xml", "camt053", 1, 1, {"EUR": 885}, ["balance_missing"]
    ),
    Outcome(
        "camt/camt053.v2.with-party-ids.xml",
        "camt053",
        1,
        1,
        {"EUR": 885},
        ["balances_in_several_currencies"],
    ),
    Refused("camt/camt053.v2.wrong.xml", "no_statement_inside", "line 1"),
    Outcome(
        "camt/camt053.v3.xml",
        "camt053",
        1,
        1,
        {"EUR": 885},
        ["balances_in_several_currencies", "details_do_not_add_up"],
    ),
    Outcome(
        "camt/camt053.v4.xml", "camt053", 1, 1, {"EUR": 885}, ["balances_in_several_currencies"]
    ),
    Outcome(
        "camt/camt053.v8.xml", "camt053", 1, 1, {"EUR": 885}, ["balances_in_several_currencies"]
    ),
    Outcome("camt/camt054.v2.with-account-name.xml", "camt054", 1, 1, {"SEK": -20000000}, []),
    Outcome(
        "camt/camt054.v2.xml", "camt054", 1, 1, {"SEK": -20000000}, ["details_without_amounts"]
    ),
    Outcome(
        "camt/camt054.v4.xml", "camt054", 1, 1, {"SEK": -20000000}, ["details_without_amounts"]
    ),
    Outcome("camt/camt054.v8-with-UETR.xml", "camt054", 1, 1, {"SEK": -20000000}, []),
    Outcome(
        "camt/camt054.v8-with-financial-institution.xml", "camt054", 1, 1, {"SEK": -20000000}, []
    ),
    Outcome(
        "camt/camt054.v8.xml", "camt054", 1, 1, {"SEK": -20000000}, ["details_without_amounts"]
    ),
    Outcome("camt/camt53.only-Dt-with-DtTm.xml", "camt053", 1, 0, {}, []),
    Outcome("mt940/ASNB/mt940.txt", "mt940", 31, 8, {"EUR": 5694}, ["account_number_fails"]),
    Outcome(
        "mt940/ASNB/mt940_with_spaces_for_entry_date.txt",
        "mt940",
        31,
        8,
        {"EUR": 5694},
        ["account_number_fails"],
    ),
    Refused("mt940/betterplace/amount_formats.sta", "field_missing", "line 1"),
    Outcome("mt940/betterplace/currency_in_25.sta", "mt940", 1, 0, {}, []),
    Refused("mt940/betterplace/empty_86.sta", "not_a_statement", "line 1"),
    Refused("mt940/betterplace/empty_entry_date.sta", "field_missing", "line 1"),
    Refused("mt940/betterplace/empty_line.sta", "field_missing", "line 2"),
    Refused("mt940/betterplace/missing_crlf_at_end.sta", "not_a_statement", "line 1"),
    Outcome("mt940/betterplace/sepa_mt9401.sta", "mt940", 26, 97, {"EUR": -926913590}, []),
    Outcome(
        "mt940/betterplace/sepa_snippet.sta",
        "mt940",
        2,
        11,
        {"EUR": -214332339},
        ["balances_do_not_add_up"],
    ),
    Refused("mt940/betterplace/sepa_snippet_broken.sta", "field_out_of_place", "line 6"),
    Outcome("mt940/betterplace/with_binary_character.sta", "mt940", 2, 4, {"EUR": -17906675}, []),
    Outcome("mt940/citi/mt940.txt", "mt940", 1, 5, {"USD": -114275}, []),
    Refused("mt940/cmxl/account_balance_credit.sta", "field_missing", "line 1"),
    Refused("mt940/cmxl/account_balance_debit.sta", "field_missing", "line 1"),
    Refused("mt940/cmxl/account_identification_iban.sta", "currency_missing", "line 1"),
    Outcome("mt940/cmxl/account_identification_legacy.sta", "mt940", 1, 0, {}, []),
    Refused("mt940/cmxl/available_balance.sta", "not_a_statement", "line 1"),
    Refused("mt940/cmxl/closing_balance.sta", "not_a_statement", "line 1"),
    Outcome(
        "mt940/cmxl/mt940.sta", "mt940", 3, 16, {"DEM": 8730, "EUR": 220000, "PLN": 1004000}, []
    ),
    Refused("mt940/cmxl/reference.sta", "field_missing", "line 1"),
    Refused("mt940/cmxl/statement_details.sta", "field_missing", "line 1"),
    Refused("mt940/cmxl/statement_line.sta", "field_missing", "line 1"),
    Refused("mt940/cmxl/statement_number.sta", "field_missing", "line 1"),
    Outcome("mt940/jejik/abnamro.sta", "mt940", 2, 10, {"EUR": -34593}, ["balances_do_not_add_up"]),
    Outcome("mt940/jejik/generic.sta", "mt940", 2, 2, {"EUR": -2000}, []),
    Outcome("mt940/jejik/ing.sta", "mt940", 1, 7, {"EUR": -4559}, ["balances_do_not_add_up"]),
    Outcome("mt940/jejik/knab.sta", "mt940", 2, 3, {"EUR": -626000}, ["balances_do_not_add_up"]),
    Outcome(
        "mt940/jejik/postfinance.sta", "mt940", 2, 4, {"CHF": 15940}, ["balances_do_not_add_up"]
    ),
    Outcome(
        "mt940/jejik/rabobank-iban.sta", "mt940", 2, 4, {"EUR": -7000}, ["account_number_fails"]
    ),
    Outcome(
        "mt940/jejik/rabobank.sta", "mt940", 4, 5, {"EUR": -158909}, ["balances_do_not_add_up"]
    ),
    Outcome("mt940/jejik/sns.sta", "mt940", 2, 2, {"EUR": -2500}, []),
    Outcome("mt940/jejik/triodos.sta", "mt940", 1, 2, {"EUR": -71570}, ["balances_do_not_add_up"]),
    Outcome("mt940/mBank/mt940.sta", "mt940", 1, 3, {"PLN": 3}, []),
    Outcome("mt940/mBank/mt942.sta", "mt942", 1, 3, {"PLN": 3}, []),
    Outcome(
        "mt940/mBank/with_newline_in_tnr.sta",
        "mt940",
        1,
        2,
        {"PLN": 8900},
        ["balances_do_not_add_up"],
    ),
    Outcome("mt940/sberbank/171011_01234945.sta", "mt940", 1, 3, {"HUF": -943700}, []),
    Refused("mt940/self-provided/account_identification.sta", "currency_missing", "line 1"),
    Outcome(
        "mt940/self-provided/details_60-63.sta",
        "mt940",
        1,
        1,
        {"EUR": -23315},
        ["balances_do_not_add_up"],
    ),
    Refused("mt940/self-provided/empty_non_swift.sta", "not_a_statement", "line 1"),
    Outcome(
        "mt940/self-provided/february_30.sta", "mt940", 1, 1, {"EUR": -600}, ["day_not_in_calendar"]
    ),
    Outcome(
        "mt940/self-provided/gv_codes.sta", "mt940", 1, 2, {"EUR": -25745}, ["balance_missing"]
    ),
    Refused("mt940/self-provided/invalid_statement.sta", "not_a_statement", "line 1"),
    Outcome("mt940/self-provided/long_statement_number.sta", "mt940", 1, 0, {}, []),
    Outcome(
        "mt940/self-provided/malformed_details.sta",
        "mt940",
        1,
        1,
        {"EUR": -23315},
        ["balances_do_not_add_up"],
    ),
    Outcome("mt940/self-provided/mt942.sta", "mt942", 1, 1, {"EUR": -42}, ["totals_do_not_add_up"]),
    Outcome(
        "mt940/self-provided/multiline.sta",
        "mt940",
        1,
        2,
        {"EUR": 11400},
        ["balances_do_not_add_up"],
    ),
    Outcome(
        "mt940/self-provided/overly_long_details.sta",
        "mt940",
        1,
        1,
        {"EUR": -23315},
        ["balances_do_not_add_up"],
    ),
    Outcome(
        "mt940/self-provided/raiffeisen-cmi.sta",
        "mt940",
        1,
        7,
        {"HUF": -101221350},
        ["balances_do_not_add_up"],
    ),
    Refused("mt940/self-provided/raphaelm.sta", "bad_balance", "line 27, :62M:"),
    Refused("mt940/self-provided/sparkassen.sta", "field_missing", "line 1"),
    Outcome(
        "mt940/self-provided/transaction_details_wrapped.sta",
        "mt940",
        1,
        1,
        {"EUR": -600},
        ["day_not_in_calendar"],
    ),
    Outcome(
        "mt940/self-provided/whitespace.sta",
        "mt940",
        1,
        1,
        {"EUR": -23315},
        ["balances_do_not_add_up"],
    ),
    Outcome(
        "mt940/self-provided/wrapped_timestamp.sta",
        "mt940",
        1,
        1,
        {"EUR": -600},
        ["day_not_in_calendar"],
    ),
]


def content_of(file: str) -> bytes:
    path = SAMPLES / file
    if not path.is_file():
        pytest.skip(f"{path} is not there: the public samples of statements were NOT read")
    return path.read_bytes()


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.file)
def test_a_public_sample_holds_what_we_know_of_it(row: Outcome | Refused) -> None:
    content = content_of(row.file)
    if isinstance(row, Refused):
        with pytest.raises(StatementUnreadable) as caught:
            read_whole(content)
        assert (caught.value.values["reason"], caught.value.values["place"]) == row[1:]
        return
    read = read_whole(content)
    sums: Counter[str] = Counter()
    for entry in read.all_entries:
        sums[entry.currency] += entry.amount_minor
    assert (read.file.form, len(read.statements), len(read.all_entries)) == row[1:4]
    assert (dict(sums), sorted(set(read.findings))) == row[4:]


def test_no_public_sample_is_left_out() -> None:
    if not SAMPLES.is_dir():
        pytest.skip(f"{SAMPLES} is not there: the public samples of statements were NOT read")
    files = {
        str(path.relative_to(SAMPLES))
        for folder in ("mt940", "camt")
        for path in (SAMPLES / folder).rglob("*")
        if path.is_file() and path.name != "LICENSE" and path.suffix != ".json"
    }
    assert files == {row.file for row in TABLE}


@pytest.mark.parametrize(
    "row", [row for row in TABLE if row.file.startswith("camt/")], ids=lambda row: row.file
)
def test_a_camt_sample_says_what_another_reader_found_in_it(row: Outcome | Refused) -> None:
    content_of(row.file)
    beside = (SAMPLES / row.file).with_suffix(".json")
    if isinstance(row, Refused) or not beside.is_file():
        return
    read = read_whole(content_of(row.file))
    theirs = json.loads(beside.read_text())
    ours = [
        (
            entry.amount_minor,
            entry.currency,
            entry.booked_on.isoformat() if entry.booked_on else None,
            entry.value_on.isoformat() if entry.value_on else None,
        )
        for entry in read.all_entries
    ]
    found = [_entry(entry) for entry in theirs["getEntries"]]
    if len(read.statements) == 1:
        assert found == ours
    assert set(found) <= set(ours)  # of several statements the other reader lists one's entries
    for statement, record in zip(read.statements, _records(theirs), strict=False):
        assert statement.account == record["getAccount"]["getIdentification"]
        balances = {b["getType"]: _money(b["getAmount"]) for b in record.get("getBalances", [])}
        for balance, kind in ((statement.opening, "opening"), (statement.closing, "closing")):
            if balance is not None and kind in balances:
                assert (balance.amount_minor, balance.currency) == balances[kind]


def _records(theirs: dict[str, Any]) -> list[dict[str, Any]]:
    return [record for record in theirs["getRecords"] if isinstance(record, dict)]


def _entry(entry: dict[str, Any]) -> tuple[int, str, str | None, str | None]:
    return (*_money(entry["getAmount"]), _day(entry["getBookingDate"]), _day(entry["getValueDate"]))


def _money(amount: dict[str, Any]) -> tuple[int, str]:
    return int(amount["getAmount"]), amount["getCurrency"]["getCode"]


def _day(value: dict[str, Any] | None) -> str | None:
    return value["0"][:10] if value else None

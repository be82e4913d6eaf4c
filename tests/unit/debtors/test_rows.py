"""What becomes of a row: a typed record, a refusal with its reason, or a data problem."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debtors.intake.csv_rows import CsvSource
from debtors.intake.debt_terms import buckets
from debtors.intake.findings import CellRefused, Finding, Severity
from debtors.intake.layout import COMPONENTS
from debtors.intake.profile import load_profile, parse_profile
from debtors.intake.record import RowRecord
from debtors.intake.row_reader import RowReader, RowResult

AS_OF = date(2025, 10, 1)
GOOD: dict[str, Any] = {
    "debtor_ref": "P-1", "first_name": "Łucja", "last_name": "Wąs", "emails": "L@Example.org",
    "debt_ref": "D-1", "currency": "PLN", "principal": "100.00", "past_due_amount": "40.00",
    "past_due_since": "2025-08-01",
}  # fmt: skip


def read(**changes: Any) -> RowResult:
    row = {**GOOD, **changes}
    canonical = load_profile("canonical")
    reader = RowReader(canonical, canonical.main, list(row), AS_OF)
    return reader.read(7, list(row.values()))


def record(**changes: Any) -> RowRecord:
    result = read(**changes)
    assert result.record is not None, result.findings
    return result.record


def reasons(**changes: Any) -> list[tuple[str, str, str]]:
    return [(f.column, f.code, f.severity) for f in read(**changes).findings]


def test_a_good_row_becomes_a_typed_record() -> None:
    row = record()
    assert row.debt is not None
    assert (row.line, row.role, row.person.kind) == (7, "main_debtor", "person")
    assert [tuple(bucket) for bucket in row.debt.buckets] == [
        ("principal", date(2025, 8, 1), 4000),
        ("principal", None, 6000),
    ]
    assert [contact.value for contact in row.person.contacts] == ["l@example.org"]


@pytest.mark.parametrize(
    ("changes", "column", "code"),
    [
        ({"debtor_ref": ""}, "debtor_ref", "value_missing"),
        ({"debt_ref": " "}, "debt_ref", "value_missing"),
        ({"currency": ""}, "currency", "value_missing"),
        ({"currency": "XYZ"}, "currency", "unknown_currency"),
        ({"principal": "abc"}, "principal", "not_an_amount"),
        ({"principal": "NaN"}, "principal", "not_an_amount"),
        ({"principal": "-1"}, "principal", "negative_amount"),
        ({"principal": "1.234"}, "principal", "amount_too_fine"),
        ({"principal": "9" * 40}, "principal", "amount_too_large"),
        ({"past_due_amount": "100.01"}, "past_due_amount", "past_due_exceeds_total"),
        ({"past_due_since": "last year"}, "past_due_since", "not_a_date"),
        ({"kind": "martian"}, "kind", "unknown_code"),
        ({"product": "casino"}, "product", "unknown_code"),
        ({"role": "uncle"}, "role", "unknown_code"),
        ({"last_name": "x" * 151}, "last_name", "too_long"),
        ({"last_name": "a\0b"}, "last_name", "nul_byte"),
        ({"pesel": "44051401358"}, "pesel", "invalid_pesel"),
        ({"nip": "8567346216"}, "nip", "invalid_nip"),
        ({"regon": "192598183"}, "regon", "invalid_regon"),
        ({"virtual_account": "PL00109010140000071219812874"}, "virtual_account", "invalid_iban"),
        ({"contract_rate": "-3"}, "contract_rate", "rate_out_of_range"),
        ({"contract_rate": "7.12345"}, "contract_rate", "rate_too_fine"),
    ],
)
def test_a_bad_row_is_refused_with_column_and_reason(
    changes: dict[str, str], column: str, code: str
) -> None:
    result = read(**changes)
    assert result.record is None
    assert (column, code, Severity.REFUSED) in reasons(**changes)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"emails": ""}, "no_way_to_reach"),
        ({"past_due_since": "2025-02-30"}, "impossible_date"),
        ({"past_due_since": "2025-10-02"}, "impossible_date"),
        ({"past_due_since": "1850-01-01"}, "impossible_date"),
        ({"past_due_since": ""}, "impossible_date"),
        ({"contract_on": "2031-01-01"}, "impossible_date"),
        ({"principal": "", "past_due_amount": ""}, "no_amount"),
        ({"last_name": "", "first_name": ""}, "no_name"),
    ],
)
def test_data_too_bad_to_act_on_are_taken_in_with_a_problem(
    changes: dict[str, str], problem: str
) -> None:
    assert record(**changes).problems == (problem,)


def test_a_debt_whose_past_due_day_is_impossible_is_past_due_since_the_day_of_the_extract() -> None:
    debt = record(past_due_since="2025-02-30", past_due_amount="").debt
    assert debt is not None
    assert [tuple(bucket) for bucket in debt.buckets] == [("principal", AS_OF, 10000)]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"phones": "12"}, "invalid_phone"),
        ({"emails": "l@example.org; nonsense"}, "invalid_email"),
        ({"city": "Warszawa"}, "address_incomplete"),
        ({"city": "Wólka", "house_no": "3", "postcode": "1"}, "invalid_postcode"),
        ({"phones": ",".join(f"60010020{i}" for i in range(10)) + ",601000000"},
         "too_many_values"),
    ],
)  # fmt: skip
def test_a_single_value_that_is_no_good_is_dropped_and_reported(
    changes: dict[str, str], code: str
) -> None:
    result = read(**changes)
    assert result.record is not None
    assert result.record.problems == ()
    assert [(f.code, f.severity) for f in result.findings] == [(code, Severity.DROPPED)]


def test_the_error_file_shows_the_last_digits_of_an_identifier_only() -> None:
    shown: list[Finding] = read(pesel="44051401358").findings
    assert [finding.value for finding in shown] == ["********358"]


def test_phones_of_one_cell_are_told_apart_by_kind_and_written_alike() -> None:
    contacts = record(phones="600 100 200, +48 22 123 45 67;600100200").person.contacts
    assert [(contact.kind, contact.value) for contact in contacts] == [
        ("mobile", "+48600100200"),
        ("landline", "+48221234567"),
        ("email", "l@example.org"),
    ]


def test_an_address_in_a_village_without_streets_bears_its_name() -> None:
    (address,) = record(city="Wólka", house_no="3", flat_no="2", postcode="05123").person.addresses
    assert (address.street, address.postal_code, address.country) == ("Wólka 3/2", "05-123", "PL")


def test_a_number_cell_of_a_workbook_gets_its_leading_zeros_back() -> None:
    assert record(pesel=2211307589.0).person.pesel == "02211307589"


def test_a_further_person_brings_no_amounts() -> None:
    row = record(role="guarantor", principal="", currency="", past_due_amount="")
    assert (row.role, row.debt, row.problems) == ("guarantor", None, ())


def test_an_account_for_repayment_may_be_written_without_its_country() -> None:
    debt = record(virtual_account="61 1090 1014 0000 0712 1981 2874").debt
    assert debt is not None
    assert debt.virtual_account == "PL61109010140000071219812874"


@pytest.mark.parametrize(
    ("changes", "consumer"),
    [
        ({}, True),
        ({"product": "business_loan"}, False),
        ({"kind": "sole_trader"}, False),
        ({"kind": "sole_trader", "consumer": "yes"}, True),
    ],
)
def test_a_person_is_a_consumer_unless_the_loan_is_for_business(
    changes: dict[str, str], consumer: bool
) -> None:
    debt = record(**changes).debt
    assert debt is not None
    assert debt.is_consumer is consumer


def test_every_finding_of_a_row_is_reported_at_once() -> None:
    found = reasons(pesel="1", principal="x", kind="martian")
    assert {code for _, code, _ in found} >= {"invalid_pesel", "not_an_amount", "unknown_code"}


def test_identifiers_are_judged_as_the_reference_table_says() -> None:
    table = Path("../shared/reference/identifiers.csv")
    if not table.is_file():
        pytest.skip("the reference table ../shared/reference/identifiers.csv is not there")
    with table.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["type"] in ("PESEL", "NIP", "REGON")]
    assert len(rows) > 10
    for row in rows:
        is_good = read(**{row["type"].lower(): row["value"]}).record is not None
        assert is_good is (row["valid"] == "1"), row


AMOUNTS = st.dictionaries(
    st.sampled_from(COMPONENTS), st.none() | st.integers(0, 10**9), min_size=0, max_size=5
)


@given(AMOUNTS, st.none() | st.integers(0, 10**9), st.booleans(), st.booleans())
def test_the_buckets_of_a_debt_sum_to_what_was_given(
    amounts: dict[str, int | None], past_due: int | None, dated: bool, terminated: bool
) -> None:
    since = date(2025, 8, 1) if dated else None
    ended = date(2025, 9, 1) if terminated else None
    total = sum(amount or 0 for amount in amounts.values())
    given_any = any(amount is not None for amount in amounts.values())
    try:
        found = buckets(amounts, past_due, since, ended, AS_OF)
    except CellRefused:
        assert (past_due or 0) > total
        assert given_any
        return
    assert sum(bucket.amount_minor for bucket in found) == (total if given_any else past_due or 0)
    assert all(bucket.amount_minor > 0 for bucket in found)
    assert len({(bucket.component, bucket.due_on) for bucket in found}) == len(found)
    if terminated:
        assert all(bucket.due_on is not None for bucket in found)
    due = sum(bucket.amount_minor for bucket in found if bucket.due_on is not None)
    if past_due is not None and not terminated:
        assert due == past_due


def test_a_refusal_names_the_columns_of_the_file_and_not_only_the_field() -> None:
    profile = parse_profile(
        '[profile]\nname = "x"\n[fields]\ndebtor_ref = "ID"\ndebt_ref = "ID"\n'
        'currency = { constant = "PLN" }\nprincipal = { sum = ["KAPITAL", "RESZTA"] }\n'
    )
    reader = RowReader(profile, profile.main, ["ID", "KAPITAL", "RESZTA"], AS_OF)
    (finding, *_) = reader.read(2, ["1", "x", "2"]).findings
    assert (finding.column, finding.code, finding.value) == (
        "KAPITAL, RESZTA",
        "not_an_amount",
        "x",
    )


def test_amounts_in_a_currency_without_minor_units_are_whole() -> None:
    debt = record(currency="JPY", principal="100", past_due_amount="").debt
    assert debt is not None
    assert debt.total_minor == 100
    assert reasons(currency="JPY", principal="100.5", past_due_amount="")[0][1] == "amount_too_fine"


def test_a_rate_is_kept_exactly() -> None:
    debt = record(contract_rate="7.25").debt
    assert debt is not None
    assert debt.contract_rate == Decimal("7.2500")


def test_the_worked_example_of_the_page_about_intake_is_true(tmp_path: Path) -> None:
    page = Path("docs/intake.md").read_text(encoding="utf-8").partition("## A worked example")[2]
    (_, data, _, toml, *_) = page.split("```")
    path = tmp_path / "late.csv"
    path.write_bytes(data.lstrip().encode("windows-1250"))
    profile = parse_profile(toml.removeprefix("toml"))
    source = CsvSource(path, profile)
    rows = list(source.rows())
    reader = RowReader(profile, profile.main, rows[0].cells, AS_OF)
    first, second = (reader.read(row.line, row.cells) for row in rows[1:])
    assert first.record is not None
    assert first.record.debt is not None
    assert (first.findings, first.record.debt.total_minor) == ([], 1281055)
    assert {bucket.due_on for bucket in first.record.debt.buckets} == {date(2025, 8, 15)}
    assert first.record.person.last_name == "Kowalska"
    assert len(first.record.person.contacts) == 2
    assert second.filtered


def test_a_filter_that_cannot_judge_a_row_names_its_columns() -> None:
    profile = parse_profile(
        '[profile]\nname = "x"\n[fields]\ndebtor_ref = "ID"\ndebt_ref = "ID"\n'
        '[[keep]]\nvalue = "DPD"\nat_least = 1\n'
    )
    reader = RowReader(profile, profile.main, ["ID", "DPD"], AS_OF)
    assert reader.read(2, ["1", "0"]).filtered
    (finding,) = reader.read(3, ["1", "many"]).findings
    assert (finding.column, finding.code) == ("DPD", "not_an_amount")

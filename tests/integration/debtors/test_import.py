"""A portfolio goes in: what is read, refused, created, left alone, and told."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.core.management import CommandError, call_command
from django.db import connection

from cases.models import Case, WorkItem
from debtors.identifiers import sealer
from debtors.intake.findings import (
    ColumnsMissing,
    FileRefused,
    FileTruncated,
    TooManyBadRows,
    TrailerMismatch,
    WrongEncoding,
)
from debtors.intake.profile import load_profile
from debtors.models import Address, ContactPoint, Debt, Debtor, DebtParty, IntakeRun
from ledger.models import Account, Balance, Posting, Transaction
from ledger.verification import verify_ledger
from tests.integration.debtors.conftest import AS_OF, AT, GOOD, Import, write

UCI = Path("../shared/reference/portfolios/uci_credit_card.csv")
UCI_PROFILE = "tests/profiles/uci_credit_card.toml"
LATER = datetime(2025, 11, 1, 6, tzinfo=UTC)


@pytest.fixture
def uci() -> Path:
    if not UCI.is_file():
        pytest.skip(f"{UCI} is not there: the import of the real book was NOT tested")
    return UCI


def book() -> dict[str, Any]:
    """Everything that an import may write, row by row, but for the runs themselves."""
    tables = (
        "debtors_debtor", "debtors_address", "debtors_contactpoint", "debtors_debt",
        "debtors_debtparty", "ledger_account", "ledger_transaction", "ledger_posting",
        "ledger_balance", "cases_case", "cases_workitem", "cases_hold",
    )  # fmt: skip
    found = {}
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT xmin::text, t::text FROM {table} t ORDER BY 2")
            found[table] = cursor.fetchall()
        cursor.execute("SELECT count(*) FROM journal_event WHERE kind NOT LIKE 'intake.%'")
        found["events"] = cursor.fetchall()
    return found


def errors(report: dict[str, Any]) -> list[dict[str, str]]:
    with Path(report["error_file"]).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_the_real_book_of_a_bank_comes_in_with_its_known_figures(
    take_in: Import, uci: Path
) -> None:
    report = take_in(path=uci, profile=UCI_PROFILE)
    known = {
        "rows_read": 30000, "rows_refused": 0, "rows_filtered": 24871, "debtors_created": 5129,
        "debts_created": 5129, "debts_updated": 0, "cases_opened": 5129,
        "totals": {"TWD": "297721892.00"},
    }  # fmt: skip
    assert {name: report[name] for name in known} == known
    first = Account.objects.get(debt__external_id="UCI-CARD-1")
    assert (first.due_minor, first.due_since) == (391300, date(2025, 8, 1))
    assert verify_ledger() == []
    before = book()
    again = take_in(path=uci, profile=UCI_PROFILE, at=LATER)
    changed = (
        "debtors_created",
        "debtors_updated",
        "debts_created",
        "debts_updated",
        "cases_opened",
    )
    assert [again[name] for name in changed] == [0, 0, 0, 0, 0]
    assert book() == before


def _cut_last_line(content: bytes) -> bytes:
    return content[:-40]


def _without_column(content: bytes) -> bytes:
    rows = list(csv.reader(io.StringIO(content.decode())))
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(row[:6] + row[7:] for row in rows)
    return out.getvalue().encode()


def _latin1(content: bytes) -> bytes:
    return content.replace(b"\n20,180000,2", "\n20,180000é,2".encode("latin-1"))


@pytest.mark.parametrize(
    ("spoil", "error", "values"),
    [
        (_cut_last_line, FileTruncated, {"line": 30001}),
        (_without_column, ColumnsMissing, {"missing": ["PAY_0"]}),
        (_latin1, WrongEncoding, {"line": 21}),
    ],
    ids=["last line truncated", "column missing", "Latin-1 bytes"],
)
def test_a_spoilt_cut_of_the_book_is_refused_and_nothing_is_half_imported(
    take_in: Import,
    uci: Path,
    tmp_path: Path,
    spoil: Any,
    error: type[FileRefused],
    values: dict[str, Any],
) -> None:
    path = tmp_path / "spoilt.csv"
    path.write_bytes(spoil(uci.read_bytes()))
    with pytest.raises(error) as refused:
        take_in(path=path, profile=UCI_PROFILE)
    assert values.items() <= refused.value.values.items()
    assert (Debtor.objects.count(), Account.objects.count(), Case.objects.count()) == (0, 0, 0)
    run = IntakeRun.objects.get()
    assert (run.status, run.refusal["code"]) == ("refused", error.code)


def test_a_small_cut_of_the_same_layout_comes_in_without_the_reference_folder(
    take_in: Import,
) -> None:
    report = take_in(path=Path("tests/profiles/uci_sample.csv"), profile=UCI_PROFILE)
    assert (report["rows_read"], report["rows_filtered"], report["debts_created"]) == (8, 5, 3)
    assert report["totals"] == {"TWD": "124650.00"}


def test_a_debtor_comes_in_with_everything_the_row_says(take_in: Import) -> None:
    take_in({"phones": "600100200; 22 123 45 67", "virtual_account": "61109010140000071219812874"})
    debtor = Debtor.objects.get()
    assert (debtor.external_id, debtor.display_name) == ("P-1", "Łucja Wąs-Nowak")
    assert bytes(debtor.pesel_fingerprint or b"") == sealer("pesel").fingerprint("44051401359")
    assert sealer("pesel").open(bytes(debtor.pesel_sealed or b"")) == "44051401359"
    assert sorted(ContactPoint.objects.values_list("kind", "value")) == [
        ("email", "lucja@example.org"), ("landline", "+48221234567"), ("mobile", "+48600100200"),
    ]  # fmt: skip
    assert Address.objects.values_list("kind", "street", "city").get() == (
        "registered", "Długa 1", "Warszawa",
    )  # fmt: skip
    debt = Debt.objects.select_related("account").get()
    assert debt.account.virtual_account_no == "PL61109010140000071219812874"
    assert Debtor.objects.filter(search="lucja").exists()


def test_no_identifier_is_stored_or_logged_in_clear(take_in: Import) -> None:
    report = take_in({}, {"debtor_ref": "P-2", "debt_ref": "D-2", "pesel": "44051401358"})
    assert "44051401358" not in Path(report["error_file"]).read_text(encoding="utf-8")
    assert "44051401359" not in json.dumps({k: str(v) for k, v in book().items()})


def test_amounts_come_in_as_balanced_opening_postings_per_component(take_in: Import) -> None:
    take_in({})
    account = Account.objects.get()
    assert (account.outstanding_minor, account.due_minor, account.due_since) == (
        11500, 4000, date(2025, 8, 1),
    )  # fmt: skip
    assert sorted(Balance.objects.values_list("component", "due_on", "amount_minor"), key=str) == [
        ("contractual_interest", date(2025, 8, 1), 1000),
        ("fees", date(2025, 8, 1), 500),
        ("principal", None, 7500),
        ("principal", date(2025, 8, 1), 2500),
    ]
    opening = Transaction.objects.get()
    assert (opening.kind, opening.source, opening.effective_on) == ("opening", "intake", AS_OF)
    assert sum(Posting.objects.values_list("amount_minor", flat=True)) == 0
    assert verify_ledger() == []


def test_two_debts_of_one_debtor_open_one_case(take_in: Import) -> None:
    report = take_in({}, {"debt_ref": "D-2", "currency": "EUR"})
    assert (report["debtors_created"], report["debts_created"], report["cases_opened"]) == (1, 2, 1)
    assert report["totals"] == {"EUR": "115.00", "PLN": "115.00"}


def test_further_people_come_in_with_their_roles(take_in: Import) -> None:
    report = take_in(
        {},
        {"debtor_ref": "P-2", "last_name": "Kowal", "role": "guarantor", "pesel": ""},
        {"debtor_ref": "P-3", "debt_ref": "D-9", "role": "co_debtor", "pesel": ""},
        {"debtor_ref": "P-1", "role": "co_debtor"},
    )
    assert sorted(DebtParty.objects.values_list("debtor__external_id", "role")) == [
        ("P-1", "main_debtor"), ("P-2", "guarantor"),
    ]  # fmt: skip
    assert report["reasons"] == {"party_is_main_debtor": 1, "unknown_debt": 1}
    assert (report["rows_refused"], report["cases_opened"]) == (2, 1)


def test_bad_rows_are_listed_and_never_stop_the_good_ones(take_in: Import) -> None:
    report = take_in(
        {},
        {"debtor_ref": "P-2", "debt_ref": "D-2", "principal": "=1+1", "pesel": ""},
        {"debtor_ref": "P-3", "debt_ref": "D-3", "pesel": "1"},
        {"debtor_ref": "P-4", "debt_ref": "D-1", "pesel": ""},
    )
    assert (report["rows_read"], report["rows_refused"], report["debts_created"]) == (4, 3, 1)
    assert [(e["line"], e["column"], e["value"], e["reason"]) for e in errors(report)] == [
        ("3", "principal", "'=1+1", "not_an_amount"),
        ("4", "pesel", "1", "invalid_pesel"),
        ("5", "debt_ref", "D-1", "debt_repeated"),
    ]
    assert Path(report["error_file"]).stat().st_mode & 0o077 == 0


def rows(count: int, bad: int) -> Iterator[dict[str, Any]]:
    for number in range(count):
        amount = "x" if number < bad else "50.00"
        yield {"debtor_ref": f"P-{number}", "debt_ref": f"D-{number}", "principal": amount}


def test_too_large_a_share_of_bad_rows_stops_everything(take_in: Import) -> None:
    with pytest.raises(TooManyBadRows):
        take_in(*rows(100, 11))
    assert Debt.objects.count() == 0
    assert take_in(*rows(100, 10))["debts_created"] == 90


def test_the_share_may_be_set(take_in: Import) -> None:
    with pytest.raises(TooManyBadRows):
        take_in(*rows(100, 1), max_bad_share=Decimal(0))
    assert take_in(*rows(100, 60), max_bad_share=Decimal("0.6"))["debts_created"] == 40


@pytest.mark.parametrize(
    ("trailer", "options"),
    [
        ("TRAILER,3,PLN,115.00\n", {}),
        ("TRAILER,1,PLN,115.01\n", {}),
        ("TRAILER,one,PLN,115.00\n", {}),
        ("", {"expect_rows": 2}),
        ("", {"expect_totals": {"PLN": Decimal("115.01")}}),
        ("", {"expect_totals": {"EUR": Decimal("115.00")}}),
    ],
)
def test_control_totals_that_differ_refuse_the_file(
    take_in: Import, trailer: str, options: dict[str, Any]
) -> None:
    with pytest.raises(TrailerMismatch):
        take_in({}, trailer=trailer, **options)
    assert Debt.objects.count() == 0


def test_control_totals_that_agree_let_it_pass(take_in: Import) -> None:
    report = take_in(
        {}, trailer="TRAILER,1,PLN,115.00\n", expect_rows=1, expect_totals={"PLN": Decimal(115)}
    )
    assert (report["rows_read"], report["debts_created"]) == (1, 1)


def test_a_dry_run_counts_everything_and_writes_nothing(take_in: Import) -> None:
    before = book()
    report = take_in({}, {"debt_ref": "D-2"}, dry_run=True)
    assert (report["debtors_created"], report["debts_created"], report["cases_opened"]) == (1, 2, 1)
    assert book() == before
    assert IntakeRun.objects.get().status == "dry_run"
    assert take_in({}, {"debt_ref": "D-2"})["debts_created"] == 2


def test_data_too_bad_to_act_on_open_work_and_stop_the_machine(take_in: Import) -> None:
    unreachable = {
        "debtor_ref": "P-2", "debt_ref": "D-2", "phones": "", "emails": "", "street": "",
        "house_no": "", "city": "", "postcode": "",
    }  # fmt: skip
    report = take_in(
        unreachable,
        {"debtor_ref": "P-3", "debt_ref": "D-3", "past_due_since": "2025-02-30"},
        {"debtor_ref": "P-4", "debt_ref": "D-4", "principal": "", "contractual_interest": "",
         "fees": "", "past_due_amount": ""},
        {"debtor_ref": "P-5", "debt_ref": "D-5"},
    )  # fmt: skip
    assert (report["rows_refused"], report["cases_opened"]) == (0, 4)
    work = WorkItem.objects.filter(kind="solve_data_problem")
    assert sorted(work.values_list("case__debtor__external_id", flat=True)) == ["P-2", "P-3", "P-4"]


def test_a_debtor_who_can_be_reached_by_another_row_has_no_problem(take_in: Import) -> None:
    nowhere = {"phones": "", "emails": "", "street": "", "house_no": "", "city": "", "postcode": ""}
    take_in({}, {"debt_ref": "D-2", **nowhere})
    assert list(Debt.objects.values_list("problems", flat=True)) == [[], []]


def test_an_older_run_that_never_finished_is_marked_so(take_in: Import) -> None:
    stuck = IntakeRun.objects.create(
        file_name="x", file_sha256=b"", profile="canonical", profile_sha256="", as_of_on=AS_OF,
        status="running", started_at=AT, actor_kind="system", actor_id="x",
    )  # fmt: skip
    take_in({})
    stuck.refresh_from_db()
    assert (stuck.status, stuck.refusal) == ("failed", {"code": "interrupted"})


def package(path: Path) -> Path:
    people = ["Nazwisko", "Imię", "Nazwa firmy", "PESEL", "telefon", "e-mail", "ulica zameld",
              "nr domu zameld", "kod pocztowy zameld", "miasto zameld"]  # fmt: skip
    debts = [
        *people, "numer umowy (wierzytelnosc)", "data umowy (wierzytelnosc)", "nr dokumentu",
        "data wymagalności", "ŁĄCZNA KWOTA", "odsetki umowne", "odsetki ustawowe",
        "odsetki karne", "opłaty dodatkowe", "numer rachunku bankowego",
        "Data Przedawnienia", "Data wypowiedzenia umowy kredytowej",
    ]  # fmt: skip
    nowak = ["Nowak", "Świętosława", "", 44051401359, "600 100 200, 221234567", "", "Długa", 5,
             "00-950", "Łódź"]  # fmt: skip
    with xlsxwriter.Workbook(str(path)) as workbook:
        main = workbook.add_worksheet("Import")
        main.write_row(0, 0, debts)
        main.write_row(1, 0, [*nowak, "U/1", "15-01-2020", "F1", "01/08/2025", "1 234,56",
                              "34,56", 10.5, "", "20,00", "61 1090 1014 0000 0712 1981 2874",
                              "31-12-2028", ""])  # fmt: skip
        main.write_row(
            2,
            0,
            [
                *nowak,
                "U/1",
                "15-01-2020",
                "F2",
                "01-09-2025",
                "100,00",
                "",
                "",
                "",
                "",
                "61 1090 1014 0000 0712 1981 2874",
                "31-12-2028",
                "",
            ],
        )
        role = workbook.add_worksheet("Role")
        role.write_row(0, 0, [*people, "ROLA", "numer rachunku bankowego"])
        role.write_row(1, 0, ["Żyła", "Jan", "", "", "601200300", "", "", "", "", "",
                              "Poręczyciel", "61109010140000071219812874"])  # fmt: skip
    return path


def test_a_polish_debt_package_comes_in_from_both_sheets(take_in: Import, tmp_path: Path) -> None:
    report = take_in(path=package(tmp_path / "p.xlsx"), profile="polish_debt_package")
    assert (report["rows_read"], report["rows_refused"], report["debts_created"]) == (3, 0, 1)
    assert report["totals_by_component"]["PLN"] == {
        "contractual_interest": "34.56", "default_interest": "10.50", "fees": "20.00",
        "principal": "1269.50",
    }  # fmt: skip
    account = Account.objects.get()
    assert (account.due_minor, account.due_since) == (133456, date(2025, 8, 1))
    assert sorted(DebtParty.objects.values_list("debtor__last_name", "role")) == [
        ("Nowak", "main_debtor"), ("Żyła", "guarantor"),
    ]  # fmt: skip
    debt = Debt.objects.get()
    assert (debt.contract_on, debt.limitation_on) == (date(2020, 1, 15), date(2028, 12, 31))


def test_the_same_package_as_csv_in_windows_1250(take_in: Import, tmp_path: Path) -> None:
    from debtors.intake.xlsx_rows import XlsxSource

    source = XlsxSource(package(tmp_path / "p.xlsx"), load_profile("polish_debt_package"))
    path = tmp_path / "p.csv"
    with path.open("w", encoding="windows-1250", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        for row in source.rows("Import$"):
            cells = ["" if cell is None else str(cell) for cell in row.cells]
            writer.writerow(cell.removesuffix(".0").replace("10.5", "10,5") for cell in cells)
    report = take_in(path=path, profile="polish_debt_package")
    assert report["totals"] == {"PLN": "1334.56"}
    assert Debtor.objects.get().display_name == "Świętosława Nowak"


def test_a_file_without_a_header_is_read_by_the_order_of_its_columns(
    take_in: Import, tmp_path: Path
) -> None:
    toml, path = tmp_path / "bare.toml", tmp_path / "bare.csv"
    toml.write_text(
        '[profile]\nname = "bare"\n[file]\ncolumns = ["ID", "WHO", "OWED", "MAIL"]\n'
        'thousands = ","\n[fields]\ndebtor_ref = "ID"\ndebt_ref = "ID"\nlast_name = "WHO"\n'
        'emails = "MAIL"\ncurrency = { constant = "USD" }\n'
        'principal = { without = "OWED", characters = "$" }\npast_due_since = { as_of = true }\n'
    )
    path.write_text('1,Smith,"$1,234.50",s@example.org\n2,Jones,$10.00,j@example.org\n')
    report = take_in(path=path, profile=str(toml))
    assert (report["rows_read"], report["rows_refused"]) == (2, 0)
    assert report["totals"] == {"USD": "1244.50"}


def test_the_command_prints_one_object_as_its_last_line(
    take_in: Import, tmp_path: Path, capsys: Any
) -> None:
    path = write(tmp_path / "f.csv", {})
    call_command("import_portfolio", str(path), as_of=AS_OF, json=True, at=AT)
    answer = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (answer["rows_read"], answer["debts_created"], answer["error_file"]) == (1, 1, "")


def test_a_refused_file_ends_with_an_error_and_still_one_object(
    take_in: Import, tmp_path: Path, capsys: Any
) -> None:
    path = tmp_path / "f.csv"
    path.write_text("A,B\n1,2\n")
    with pytest.raises(CommandError, match="debtor_ref"):
        call_command("import_portfolio", str(path), json=True, at=AT)
    answer = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (answer["status"], answer["error"]["code"]) == ("refused", "columns_missing")


def test_a_good_row_has_every_column_that_the_tests_change() -> None:
    assert set(GOOD) <= set(load_profile("canonical").main.fields)

"""Where one statement of an MT940 file ends and the next begins: money must not change accounts."""

from __future__ import annotations

from typing import Final

import pytest

from ledger.statements.values import Form, StatementUnreadable
from tests.unit.ledger.statements.reading import read_whole
from tests.unit.ledger.statements.samples import MT940, MT942, OWN, SENDER

OTHER: Final = "DE89370400440532013000"
_ENTRY: Final = ":61:2605110511C100,00NTRFNONREF//E1\n:86:Rata\n"
_IN_EUROS: Final = f":60F:C260510EUR0,\n{_ENTRY}:62F:C260511EUR100,00\n-\n"


def _refusal(content: str) -> str:
    with pytest.raises(StatementUnreadable) as caught:
        read_whole(content.encode())
    return str(caught.value.values["reason"])


@pytest.mark.parametrize("end", ["-\n", "-}\n", ""])
@pytest.mark.parametrize("head", [":25:", ":28C:1/1\n:25:"])
def test_another_account_after_the_end_begins_a_statement_of_its_own(end: str, head: str) -> None:
    first = MT940.decode().removesuffix("-\n") + end
    read = read_whole(f"{first}{head}{OTHER}\n{_IN_EUROS}".encode())
    assert [(one.account, one.currency) for one in read.statements] == [
        (OWN, "PLN"),
        (OTHER, "EUR"),
    ]
    assert [(one.amount_minor, one.currency) for one in read.entries[1]] == [(10000, "EUR")]
    assert read.findings == []


def test_another_account_after_a_report_without_totals_begins_a_report_of_its_own() -> None:
    first = MT942.decode().replace(":90D:0PLN0,\n:90C:1PLN50,00\n", "")
    read = read_whole(f"{first}:25:{OTHER}\n:34F:EUR0,\n{_ENTRY}-\n".encode())
    assert [(one.account, one.currency, one.form) for one in read.statements] == [
        (OWN, "PLN", Form.MT942),
        (OTHER, "EUR", Form.MT942),
    ]


def test_a_page_that_goes_on_from_the_closing_balance_is_of_the_same_account() -> None:
    page = f":60M:C260511PLN1095,00\n{_ENTRY}:62F:C260511PLN1195,00\n-\n"
    first = MT940.decode().replace(":62F:", ":62M:")
    read = read_whole((first + page).encode())
    assert [one.account for one in read.statements] == [OWN, OWN]
    assert read.findings == []


@pytest.mark.parametrize(
    "opening",
    [":60F:C260511PLN7,00", ":60F:C260511EUR1095,00", ":60F:D260511PLN1095,00", ":28C:8/1"],
)
def test_a_statement_whose_account_nothing_tells_is_refused(opening: str) -> None:
    rest = f"{opening}\n{_ENTRY}:62F:C260512PLN7,00\n-\n"
    assert _refusal(MT940.decode() + rest) == "field_missing"


def test_an_empty_balance_does_not_tell_the_account() -> None:
    first = f":20:A\n:25:{OWN}\n:60F:C260511PLN0,00\n:62F:C260511PLN0,00\n-\n"
    assert _refusal(f"{first}:60F:C260511PLN0,00\n:62F:C260511PLN0,00\n-\n") == "field_missing"


@pytest.mark.parametrize("again", [f":25:{OTHER}\n", ":60F:C260510EUR5,00\n"])
def test_a_second_account_or_balance_within_a_statement_is_refused(again: str) -> None:
    content = MT940.decode().replace(":61:", again + ":61:", 1)
    assert _refusal(content) == "field_repeated"


def test_a_closing_balance_makes_a_statement_whatever_totals_stand_beside_it() -> None:
    content = MT940.decode().replace(":60F:C260510PLN1000,00\n", "")
    read = read_whole(content.replace("-\n", ":90D:1PLN5,\n:90C:2PLN100,\n-\n").encode())
    assert read.file.form is Form.MT940
    assert read.findings == ["balance_missing"]


def test_a_closing_balance_after_the_entries_of_a_report_is_refused() -> None:
    assert _refusal(MT942.decode().replace(":90D:", ":62F:C260511PLN5,\n:90D:")) == (
        "balance_in_report"
    )


@pytest.mark.parametrize("after", ["", "\n", "{1:F01}{4:\n", "ABNANL2A\n940\n"])
def test_a_dash_before_the_next_message_is_no_part_of_a_title(after: str) -> None:
    first = MT942.decode().replace(":90D:0PLN0,\n:90C:1PLN50,00\n", "")
    read = read_whole((first + after + first + after).encode())
    assert {one.title for one in read.all_entries} == {"SPLATA UMOWY CTR/2026/17"}
    assert len(read.statements) == 2


@pytest.mark.parametrize("rest", ["\n-\n", "\n  -  \n-\n"])
def test_a_line_that_is_only_a_dash_belongs_to_the_title_that_goes_on(rest: str) -> None:
    content = MT940.replace(b"SPLATA UMOWY CTR", f"SPLATA{rest}UMOWY CTR".encode(), 1)
    first, second, _ = read_whole(content).all_entries
    assert first.title.startswith("SPLATA")
    assert first.title.endswith("UMOWY CTR/2026/17")
    assert (first.party.account, second.party.account) == (SENDER, SENDER)


def test_a_dash_in_the_last_title_of_a_block_belongs_to_it() -> None:
    first = MT942.decode().replace(":90D:0PLN0,\n:90C:1PLN50,00\n-\n", "-}\n")
    read = read_whole(first.replace("UMOWY ", "\n-\nUMOWY ").encode())
    assert [one.title for one in read.all_entries] == ["SPLATA -UMOWY CTR/2026/17"]

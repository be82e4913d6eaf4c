"""Where a field begins, whatever a bank or its customer's program did to the lines."""

from __future__ import annotations

import pytest

from ledger.statements.values import StatementUnreadable
from tests.unit.ledger.statements.reading import read_whole
from tests.unit.ledger.statements.samples import MT940, MT942, OWN

_FEE = "Fee for the account"
_OTHER = "DE89370400440532013000"


def _with_text(text: str) -> bytes:
    return MT940.decode().replace(_FEE, text).encode()


@pytest.mark.parametrize(
    "rest",
    [":20:15 Filiale", ":20:15", ":25:15 Filiale", ":28:15 Filiale", ":28:15", ":21:15 Filiale",
     ":13:15 Filiale", ":13:15:33 FILIALE", ":20:15 FILIALE 12345678901234", ":25:4411 Fee"],
)  # fmt: skip
def test_a_time_or_a_number_that_was_wrapped_belongs_to_its_text(rest: str) -> None:
    read = read_whole(_with_text(f"Card 2026-05-11T13\n{rest}\nand more"))
    assert read.all_entries[-1].title == f"Card 2026-05-11T13 {rest} and more"
    assert read.findings == []


@pytest.mark.parametrize("reference", ["15", "15-2026", "12 MAY", "20"])
def test_a_message_whose_reference_is_like_a_time_begins(reference: str) -> None:
    first = MT942.decode().replace(":90D:0PLN0,\n:90C:1PLN50,00\n-\n", "")
    read = read_whole((first + first.replace("RP1", reference)).encode())
    assert [len(entries) for entries in read.entries] == [1, 1]
    assert {entry.title for entry in read.all_entries} == {"SPLATA UMOWY CTR/2026/17"}


@pytest.mark.parametrize("account", [_OTHER, "27 1140 2004 0000 3002 0135 5387", "12345", "OTHER"])
def test_another_account_is_never_a_part_of_a_text(account: str) -> None:
    with pytest.raises(StatementUnreadable) as caught:
        read_whole(_with_text(f"Fee\n:25:{account}"))
    assert caught.value.values["reason"] == "field_out_of_place"


def test_a_file_that_is_indented_is_read_as_if_it_were_not() -> None:
    indented = "\n".join(f"  {line}" for line in MT940.decode().split("\n"))
    assert read_whole(indented.encode()).entries == read_whole(MT940).entries


@pytest.mark.parametrize("end", ["@@", "@@\r\n"])
def test_a_file_whose_lines_end_with_two_signs_is_read_as_if_they_were_ends(end: str) -> None:
    read = read_whole(MT940.decode().replace("\n", end).encode())
    assert (read.entries, read.findings) == (read_whole(MT940).entries, [])


def test_the_two_signs_in_a_text_of_another_file_are_a_part_of_it() -> None:
    assert read_whole(_with_text("Fee @@ 7")).all_entries[-1].title == "Fee @@ 7"


def test_an_account_after_a_text_about_the_statement_begins_the_next_one() -> None:
    first = MT940.decode().replace("-\n", ":86:Card 13\n:20:15 Filiale\n")
    read = read_whole((first + MT940.decode()).encode())
    assert [statement.account for statement in read.statements] == [OWN, OWN]
    assert read.findings == []

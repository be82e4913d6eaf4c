"""One account has one number, however a bank writes it into field 25."""

from __future__ import annotations

import pytest

from ledger.statements.mt_accounts import statement_account
from tests.unit.ledger.statements.reading import read_whole
from tests.unit.ledger.statements.samples import CAMT053, MT940, OWN

GERMAN = "DE89370400440532013000"


@pytest.mark.parametrize(
    "written",
    [
        OWN,
        OWN.removeprefix("PL"),
        f"/{OWN}",
        f"BANKPLPW/{OWN}",
        f"BANKPLPWXXX/{OWN.removeprefix('PL')}",
        f"{OWN}PLN",
        f"{OWN} PLN",
        f"/{OWN}/PLN",
        f"PLN/{OWN}",
        f"IBAN {OWN}",
        "PL61 1090 1014 0000 0712 1981 2874",
    ],
)
def test_a_statement_in_either_form_is_of_one_account(written: str) -> None:
    told = read_whole(MT940.replace(OWN.encode(), written.encode())).statements[0]
    assert (told.account, told.account_is_valid) == (OWN, True)
    assert told.account == read_whole(CAMT053).statements[0].account


@pytest.mark.parametrize(
    "written", ["37040044/0532013000", "37040044/532013000EUR", "COBADEFFXXX/" + GERMAN]
)
def test_a_german_sort_code_and_account_are_its_iban(written: str) -> None:
    assert statement_account(written, "EUR") == (GERMAN, True)


def test_another_currency_behind_an_iban_is_no_part_of_it() -> None:
    assert statement_account(f"{GERMAN}USD", "EUR") == (GERMAN, True)


@pytest.mark.parametrize(
    "written", ["50070010/1234567", "50880050/0194787400888", "97040044/12345"]
)
def test_no_iban_is_made_where_the_bank_makes_it_another_way(written: str) -> None:
    assert statement_account(written, "EUR") == (written.replace("/", ""), None)


def test_a_number_that_fails_its_check_is_told_apart_from_the_code_of_its_bank() -> None:
    assert statement_account("BANKPLPW/PL61109010140000071219812875", "PLN") == (
        "PL61109010140000071219812875",
        False,
    )


def test_a_local_number_keeps_the_code_of_its_bank() -> None:
    assert statement_account("BANKHUHB/1234ABC/HUF", "HUF") == ("BANKHUHB1234ABC", None)

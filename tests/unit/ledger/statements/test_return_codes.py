"""Why a bank sent a payment back: read in every form that says it, and said in words."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from ledger.return_words import return_text
from tests.unit.ledger.statements.reading import read_whole
from tests.unit.ledger.statements.samples import CAMT053, MT940

_RETURNED = "<RtrInf><Rsn><{name}>{code}</{name}></Rsn></RtrInf></TxDtls>"


@pytest.mark.parametrize(
    ("name", "code", "read"), [("Cd", "AC04", "AC04"), ("Prtry", "k17", "K17")]
)
def test_a_camt_entry_says_why_it_came_back(name: str, code: str, read: str) -> None:
    said = _RETURNED.format(name=name, code=code).encode()
    statement = CAMT053.replace(b"</TxDtls>", said, 1)
    entries = read_whole(statement).entries[0]
    assert [entry.return_code for entry in entries] == [read] + [""] * (len(entries) - 1)
    assert entries[0].is_return


@pytest.mark.parametrize(
    "details", ["020~00ZWROT~20ZWROT PRZELEWU~34AC06~32JAN NOWAK", "/TRTP/RETURN/RTRN/AC06/REMI/A/"]
)
def test_an_mt940_entry_says_why_it_came_back(details: str) -> None:
    lines = MT940.decode().split("\n")
    lines[4] = lines[4].replace("NTRFNONREF", "NRTINONREF")
    lines[5] = f":86:{details}"
    entries = read_whole("\n".join(lines).encode()).entries[0]
    assert [entry.return_code for entry in entries[:2]] == ["AC06", ""]


def test_a_number_beside_an_ordinary_payment_is_no_reason() -> None:
    statement = MT940.replace(b"~32JAN", b"~34020~32JAN")
    entries = read_whole(statement).entries[0]
    assert {entry.return_code for entry in entries} == {""}


def test_a_code_is_said_in_words_and_one_without_words_as_it_is() -> None:
    with override("en"):
        assert return_text("AC04") == "sent back: the account was closed (AC04)"
        assert return_text("ZZ99") == "sent back, the bank's code is ZZ99"

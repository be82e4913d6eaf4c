"""Who is the other side of an entry, and what the entry says of it."""

from __future__ import annotations

import pytest

from ledger.statements.values import NOBODY, Entry
from tests.unit.ledger.statements.camt_pieces import (
    DEBTOR,
    RETURNED,
    US,
    booked,
    entry,
    transfer,
)
from tests.unit.ledger.statements.reading import read_whole
from tests.unit.ledger.statements.samples import OWN, SENDER

_REVERSED = "<RvslInd>true</RvslInd>"
_SWAPPED = (DEBTOR + US).replace("Dbtr", "X").replace("Cdtr", "Dbtr").replace("X", "Cdtr")


def _read(one: str, closing: str) -> Entry:
    (only,) = read_whole(booked(one, closing=closing)).all_entries
    return only


def _out(parties: str, *, returned: bool = False, reversed_: bool = False) -> Entry:
    one = transfer("100.00", parties=parties, more=RETURNED if returned else "")
    return _read(entry(one, mark="DBIT", more=_REVERSED if reversed_ else ""), "900.00")


def _in(one: str) -> Entry:
    return _read(entry(one), "1100.00")


@pytest.mark.parametrize("kind", ["returned", "reversed_"])
@pytest.mark.parametrize("parties", [DEBTOR + US, US + DEBTOR, DEBTOR, _SWAPPED])
def test_a_collection_that_is_taken_back_was_from_the_debtor(parties: str, kind: str) -> None:
    only = _out(parties, **{kind: True})
    assert (only.party.name, only.party.account) == ("JAN NOWAK", SENDER)


def test_of_a_batch_of_returns_each_names_its_debtor() -> None:
    one = transfer("50.00", parties=DEBTOR + US, more=RETURNED)
    only = _read(entry(one, one, mark="DBIT"), "900.00")
    assert [detail.party.name for detail in only.details] == ["JAN NOWAK"] * 2


def test_our_transfer_that_comes_back_was_to_its_creditor() -> None:
    ours = f"<Dbtr><Nm>BANK</Nm></Dbtr><DbtrAcct><Id><IBAN>{OWN}</IBAN></Id></DbtrAcct>"
    one = transfer("100.00", parties=f"{ours}<Cdtr><Nm>EWA KOS</Nm></Cdtr>", more=RETURNED)
    assert _in(one).party.name == "EWA KOS"


def test_whoever_else_is_there_is_the_other_side_of_a_return() -> None:
    assert _out("<Cdtr><Nm>EWA KOS</Nm></Cdtr>", returned=True).party.name == "EWA KOS"


def test_we_are_never_the_other_side_of_a_return() -> None:
    assert _out(US, returned=True).party == NOBODY


def test_whoever_has_our_account_did_not_pay_us() -> None:
    assert _in(transfer("100.00", parties=_SWAPPED)).party.name == "JAN NOWAK"


def test_the_creditor_of_an_ordinary_payment_did_not_pay_it() -> None:
    """It is us, often by an account of the debt's own."""
    assert _in(transfer("100.00", parties="<Cdtr><Nm>BANK</Nm></Cdtr>")).party == NOBODY


@pytest.mark.parametrize("inner", ["<Nm>EWA KOS</Nm>", "<Pty><Nm>EWA KOS</Nm></Pty>"])
def test_on_whose_behalf_is_paid_stands_in_the_title(inner: str) -> None:
    only = _in(transfer("100.00", parties=f"{DEBTOR}<UltmtDbtr>{inner}</UltmtDbtr>"))
    assert (only.party.name, only.title) == ("JAN NOWAK", "Rate 1 EWA KOS")


def test_on_whose_behalf_is_paid_is_the_name_where_there_is_no_other() -> None:
    behalf = "<UltmtDbtr><Nm>EWA KOS</Nm></UltmtDbtr>"
    only = _in(transfer("100.00", parties=behalf))
    assert (only.party.name, only.title) == ("EWA KOS", "Rate 1")


def test_a_payer_who_pays_for_himself_is_not_named_twice() -> None:
    behalf = "<UltmtDbtr><Nm>Jan Nowak</Nm></UltmtDbtr>"
    assert _in(transfer("100.00", parties=DEBTOR + behalf)).title == "Rate 1"


@pytest.mark.parametrize("number", ["Nb", "RfrdDocNb"])
def test_the_papers_that_are_paid_stand_in_the_title(number: str) -> None:
    papers = "".join(
        f"<RfrdDocInf><{number}>CTR/2026/{one}</{number}></RfrdDocInf>" for one in (17, 18)
    )
    one = transfer("100.00").replace("<Ustrd>Rate 1</Ustrd>", f"<Strd>{papers}</Strd>")
    assert _in(one).title == "CTR/2026/17 CTR/2026/18"

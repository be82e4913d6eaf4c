"""An entry is somebody's payment only where the bank tells of all of it; else it stays whole, and
what the bank tells is kept for a person to read."""

from __future__ import annotations

import pytest

from ledger.statements.values import NOBODY, Entry
from tests.unit.ledger.statements.camt_pieces import RETURNED, US, booked, entry, transfer
from tests.unit.ledger.statements.reading import Whole, read_whole

_OTHER = "<Dbtr><Nm>EWA KOS</Nm></Dbtr>"


def _read(*entries: str, closing: str = "1300.00") -> Whole:
    return read_whole(booked(*entries, closing=closing))


def _only(read: Whole) -> Entry:
    (only,) = read.all_entries
    return only


@pytest.mark.parametrize(
    ("one", "counted", "finding"),
    [
        (transfer("100.00"), 3, "details_missing"),
        (transfer("300.00"), 3, "details_missing"),
        (transfer(), 3, "details_missing"),
        (transfer("100.00"), None, "details_do_not_add_up"),
        (transfer("100.00"), 1, "details_do_not_add_up"),
    ],
)
def test_one_transfer_of_several_is_nobodys_certain_payment(
    one: str, counted: int | None, finding: str
) -> None:
    read = _read(entry(one, amount="300.00", counted=counted))
    only = _only(read)
    assert (only.party, only.title, only.end_to_end_id) == (NOBODY, "", "")
    assert only.is_unsplit
    assert "JAN NOWAK" in only.told
    assert "Rate 1" in only.told
    assert read.findings == [finding]


def test_a_batch_of_which_nothing_is_told_is_unsplit() -> None:
    read = _read(entry(amount="300.00", counted=3))
    assert (_only(read).is_unsplit, _only(read).told, read.findings) == (True, "", [])


@pytest.mark.parametrize(
    "amount",
    [
        "",
        '<Amt Ccy="EUR">25.00</Amt>',
        '<AmtDtls><InstdAmt><Amt Ccy="PLN">103.00</Amt></InstdAmt></AmtDtls>',
        '<Amt Ccy="PLN">102.00</Amt><Chrgs><Amt Ccy="PLN">2.00</Amt></Chrgs>',
        '<Amt Ccy="PLN">102.00</Amt><Chrgs><Rcrd><Amt Ccy="PLN">2.00</Amt></Rcrd></Chrgs>',
        (
            '<Amt Ccy="PLN">102.00</Amt><Chrgs><TtlChrgsAndTaxAmt Ccy="PLN">2.00'
            '</TtlChrgsAndTaxAmt><Rcrd><Amt Ccy="PLN">1.00</Amt></Rcrd></Chrgs>'
        ),
        '<Amt Ccy="PLN">no amount</Amt>',
    ],
)
def test_the_only_transfer_of_an_entry_is_all_of_it(amount: str) -> None:
    only = _only(_read(entry(transfer(amount), counted=1), closing="1100.00"))
    assert (only.party.name, only.title, only.is_unsplit) == ("JAN NOWAK", "Rate 1", False)


def test_charges_are_added_to_what_went_out() -> None:
    paid = '<Amt Ccy="PLN">98.00</Amt><Chrgs><Amt Ccy="PLN">2.00</Amt></Chrgs>'
    only = _only(_read(entry(transfer(paid), mark="DBIT"), closing="900.00"))
    assert not only.is_unsplit


def test_transfers_that_sum_up_are_split_whatever_the_bank_counts() -> None:
    read = _read(entry(transfer("100.00"), transfer("200.00"), amount="300.00", counted=3))
    assert [detail.amount_minor for detail in _only(read).details] == [10000, 20000]
    assert (_only(read).is_unsplit, read.findings) == (False, [])


@pytest.mark.parametrize("where", ["CntrValAmt", "TxAmt", "InstdAmt"])
def test_a_batch_from_abroad_is_split_by_its_amounts_in_our_currency(where: str) -> None:
    abroad = (
        f'<AmtDtls><InstdAmt><Amt Ccy="USD">55.00</Amt></InstdAmt><{where}><Amt Ccy="PLN">50.00'
        f"</Amt></{where}></AmtDtls>"
    ).replace('<InstdAmt><Amt Ccy="USD">55.00</Amt></InstdAmt><InstdAmt>', "<InstdAmt>")
    only = _only(_read(entry(transfer(abroad), transfer(abroad)), closing="1100.00"))
    assert [detail.amount_minor for detail in only.details] == [5000, 5000]


def test_what_cannot_be_split_keeps_what_the_bank_tells() -> None:
    read = _read(
        entry(
            transfer("100.00", title="Rate 17"),
            transfer("150.00", parties=_OTHER, title="Rate 18"),
            amount="300.00",
            more="<AddtlNtryInf>Collected</AddtlNtryInf>",
        )
    )
    only = _only(read)
    assert (only.party, only.title, only.details) == (NOBODY, "Collected", ())
    assert only.told == (
        "JAN NOWAK, PL27114020040000300201355387, Rate 17, 100.00 PLN; EWA KOS, Rate 18, 150.00 PLN"
    )
    assert read.findings == ["details_do_not_add_up"]


def test_so_much_of_a_batch_is_told_as_can_be_kept() -> None:
    only = _only(_read(entry(*[transfer("1.00")] * 3_000, amount="300.00")))
    assert len(only.told) == 4_000


def test_returns_that_cannot_be_split_are_a_return() -> None:
    one = transfer(parties=US, more=RETURNED)
    only = _only(_read(entry(one, one, mark="DBIT"), closing="900.00"))
    assert (only.is_return, only.return_code, only.is_unsplit) == (True, "MD06", True)

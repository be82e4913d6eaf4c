"""Balances and totals of camt messages against the entries that were read."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ledger.statements.values import Statement
from tests.unit.ledger.statements.camt_pieces import (
    balance,
    booked,
    entry,
    notification,
    report,
    statement,
)
from tests.unit.ledger.statements.reading import read_whole

_PAGE = "<StmtPgntn><PgNb>2</PgNb><LastPgInd>false</LastPgInd></StmtPgntn>"


def _read(content: bytes) -> tuple[Statement, list[str]]:
    read = read_whole(content)
    (only,) = read.statements
    return only, read.findings


def _ends(one: Statement) -> tuple[int | None, int | None]:
    return (
        one.opening.amount_minor if one.opening else None,
        one.closing.amount_minor if one.closing else None,
    )


@pytest.mark.parametrize(
    ("codes", "ends"),
    [
        (("OPBD", "ITBD"), (100000, 110000)),
        (("ITBD", "ITBD"), (100000, 110000)),
        (("ITBD", "CLBD"), (100000, 110000)),
        (("PRCD", "CLBD"), (100000, 110000)),
    ],
)
def test_a_page_begins_and_ends_with_interim_balances(
    codes: tuple[str, str], ends: tuple[int, int]
) -> None:
    first, last = codes
    inside = _PAGE + balance(first, "1000.00") + balance(last, "1100.00") + entry()
    only, findings = _read(statement(inside))
    assert (_ends(only), findings) == (ends, [])


def test_a_page_with_one_interim_balance_ends_with_it() -> None:
    only, findings = _read(statement(_PAGE + balance("ITBD", "1100.00") + entry()))
    assert (_ends(only), findings) == ((None, 110000), ["balance_missing"])


def test_a_balance_of_some_hour_is_no_end_of_a_day() -> None:
    interim = balance("ITBD", "1050.00")
    only, findings = _read(statement(interim + balance("CLBD", "1100.00") + entry()))
    assert (_ends(only), findings) == ((None, 110000), ["balance_missing"])
    only, _ = _read(report(_PAGE + balance("OPBD", "1000.00") + interim + entry()))
    assert _ends(only) == (100000, None)


def test_of_balances_in_several_currencies_the_accounts_own_are_taken() -> None:
    foreign = [balance(code, "1.00", "USD") for code in ("OPBD", "CLBD", "ITBD")]
    ours = [balance("OPBD", "1000.00"), balance("CLBD", "1100.00")]
    only, findings = _read(statement("".join(foreign + ours) + entry()))
    assert (_ends(only), only.currency, findings) == ((100000, 110000), "PLN", [])


def test_an_account_without_a_currency_has_that_of_its_entries() -> None:
    foreign = [balance(code, "1.00", "USD") for code in ("OPBD", "CLBD")]
    content = booked("".join(foreign) + entry()).replace(b"<Ccy>PLN</Ccy>", b"")
    only, findings = _read(content)
    assert (_ends(only), only.currency, findings) == ((100000, 110000), "PLN", [])


def test_balances_in_another_currency_than_the_account_are_told_as_such() -> None:
    inside = balance("OPBD", "1.00", "USD") + balance("CLBD", "1.00", "USD") + entry()
    assert _read(statement(inside))[1] == ["balances_in_another_currency"]


def _total(name: str, count: str = "", total: str = "") -> str:
    count = count and f"<NbOfNtries>{count}</NbOfNtries>"
    return f"<{name}>{count}{total and f'<Sum>{total}</Sum>'}</{name}>"


_ALL, _IN, _OUT = "TtlNtries", "TtlCdtNtries", "TtlDbtNtries"


@pytest.mark.parametrize("form", [statement, report, notification])
@pytest.mark.parametrize(
    "totals",
    [
        _total(_ALL, "3", "400.00"),
        _total(_ALL, "2", "200.00"),
        _total(_ALL, "3"),
        _total(_IN, "2", "200.00") + _total(_ALL, "3", "230.00"),
        _total(_OUT, "0"),
        _total(_IN, total="100.01"),
    ],
)
def test_totals_that_are_not_those_of_the_entries_are_told(
    form: Callable[[str], bytes], totals: str
) -> None:
    inside = f"<TxsSummry>{totals}</TxsSummry>{entry()}{entry(amount='30.00', mark='DBIT')}"
    told = [code for code in _read(form(inside))[1] if code != "balance_missing"]
    assert told == ["totals_do_not_add_up"]


@pytest.mark.parametrize(
    "totals",
    [
        "",
        _total(_ALL),
        _total(_ALL, "2", "130"),
        _total(_ALL, "2", "130.00000"),
        _total(_ALL, "2", "70.00"),
        _total(_IN, "1", "100.00") + _total(_OUT, "1", "30.00") + _total(_ALL, "2"),
        _total(_ALL, "two", "1e999999999"),
        _total(_ALL, "9" * 5_000, "9" * 5_000),
        _total(_ALL, "2", "0.001"),
    ],
)
def test_totals_that_are_those_of_the_entries_or_cannot_be_read_are_passed_over(
    totals: str,
) -> None:
    inside = f"<TxsSummry>{totals}</TxsSummry>{entry()}{entry(amount='30.00', mark='DBIT')}"
    assert _read(report(inside))[1] == []


def test_of_entries_in_several_currencies_only_the_count_is_compared() -> None:
    foreign = entry().replace('Ccy="PLN"', 'Ccy="EUR"')
    inside = f"<TxsSummry>{_total(_ALL, '2', '7.00')}</TxsSummry>{entry()}{foreign}"
    assert _read(report(inside))[1] == []

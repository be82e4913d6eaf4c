"""Money that the bank tells of during the day is noted once, and never posted."""

from __future__ import annotations

import io
import logging
from datetime import date, timedelta

import pytest

from journal.operations import Subject
from journal.queries import list_events
from ledger.announced import Announced
from ledger.models import AnnouncedPayment, StatementEntry, Transaction
from ledger.operations import match_entries, take_in_statements
from ledger.queries import list_announced
from tests.integration.ledger.test_finding_debts import ACTOR, AT, open_debt, owed
from tests.integration.ledger.test_matching_that_fails import fail_at
from tests.integration.ledger.test_tying import booked, line, take_in, told
from tests.unit.ledger.statements.samples import CAMT052, CAMT053, CAMT054, OWN

pytestmark = pytest.mark.django_db

TODAY = date(2026, 5, 12)
YESTERDAY = date(2026, 5, 11)


def announced(account_id: int, on: date = TODAY) -> list[Announced]:
    return list_announced(account_ids=[account_id], on=on).get(account_id, [])


def match() -> None:
    match_entries(actor=ACTOR, at=AT)


def test_an_announcement_is_noted_told_of_and_posts_nothing() -> None:
    debt = open_debt(9_000, contract="CTR/2026/17")
    told(1, line("umowa CTR/2026/17"))
    match()
    until_on = TODAY + timedelta(days=7)
    assert announced(debt) == [Announced(debt, 5_000, "PLN", YESTERDAY, until_on)]
    assert owed(debt) == 9_000
    assert not Transaction.objects.filter(kind="payment").exists()
    (event,) = list_events(subjects=[Subject("account", debt)], kinds=["payment.announced"])
    assert event.payload == {
        "amount_minor": 5_000,
        "currency": "PLN",
        "value_on": "2026-05-11",
        "entry_id": StatementEntry.objects.get().pk,
    }


def test_later_reports_of_the_same_money_add_nothing_and_a_second_payment_does() -> None:
    debt = open_debt(90_000, contract="CTR/2026/17")
    payment = line("umowa CTR/2026/17")
    for number, lines in enumerate([[payment], [payment], [payment, payment], [payment]], start=1):
        told(number, *lines)
        match()
    assert [one.amount_minor for one in announced(debt)] == [5_000, 5_000]
    match()
    assert AnnouncedPayment.objects.count() == 2


def test_once_it_is_posted_nothing_is_announced_any_more() -> None:
    debt = open_debt(9_000, contract="CTR/2026/17")
    told(1, line("umowa CTR/2026/17"))
    match()
    booked(1, line("umowa CTR/2026/17"))
    assert len(announced(debt)) == 1, "the booked entry still waits to be posted"
    match()
    assert (announced(debt), owed(debt)) == ([], 4_000)


def test_the_next_payment_of_the_same_amount_and_day_is_announced_all_the_same() -> None:
    debt = open_debt(90_000, contract="CTR/2026/17")
    payment = line("umowa CTR/2026/17")
    told(1, payment)
    match()
    booked(1, payment)
    match()
    told(2, payment, payment)
    match()
    assert [one.amount_minor for one in announced(debt)] == [5_000]
    booked(2, payment)
    match()
    assert announced(debt) == []


def test_a_payment_that_is_told_too_differently_to_be_tied_ends_its_announcement() -> None:
    debt = open_debt(90_000, contract="CTR/2026/17")
    told(1, *[":61:2605110511C50,00NTRFNONREF\n:86:020~00PRZELEW~20CTR/2026/17\n"] * 2)
    match()
    assert len(announced(debt)) == 2
    booked(1, line("splata umowy CTR/2026/17 za maj"))
    match()
    assert StatementEntry.objects.exclude(tied_to=None).count() == 0
    assert len(announced(debt)) == 1, "one of the two was posted"


@pytest.mark.parametrize("content", [CAMT052, CAMT054])
def test_the_xml_forms_announce_as_well(content: bytes) -> None:
    debt = open_debt(9_000, contract="CTR/2026/17")
    take_in_statements(file=io.BytesIO(content), name="x.xml", actor=ACTOR, at=AT)
    match()
    assert [one.amount_minor for one in announced(debt)] == [5_000]
    take_in_statements(file=io.BytesIO(CAMT053), name="y.xml", actor=ACTOR, at=AT)
    match()
    assert announced(debt) == []


def test_a_report_is_counted_as_a_whole_however_it_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ledger.operations.announcing._AT_ONCE", 2)
    debt = open_debt(90_000, contract="CTR/2026/17")
    payment = line("umowa CTR/2026/17")
    told(1, payment, line("umowa CTR/2026/99"), payment, payment)
    match()
    assert len(announced(debt)) == 3
    told(2, payment, line("umowa CTR/2026/99"), payment, payment, payment)
    match()
    assert len(announced(debt)) == 4


def test_what_was_booked_before_it_was_told_of_is_not_announced() -> None:
    debt = open_debt(9_000, contract="CTR/2026/17")
    booked(1, line("umowa CTR/2026/17"))
    told(1, line("umowa CTR/2026/17"))
    match()
    assert announced(debt) == []


def test_after_a_week_nobody_waits_for_it() -> None:
    debt = open_debt(9_000, contract="CTR/2026/17")
    told(1, line("umowa CTR/2026/17"))
    match()
    assert len(announced(debt, TODAY + timedelta(days=7))) == 1
    assert announced(debt, TODAY + timedelta(days=8)) == []
    assert announced(debt, YESTERDAY) == [], "nobody knew of it then"


@pytest.mark.parametrize(
    ("contract", "entry"),
    [
        pytest.param("CTR/2026/17", line("umowa CTR/2026/17", "0501"), id="an old report"),
        pytest.param("CTR/2026/17", line("umowa CTR/2026/99"), id="a debt that nobody knows"),
        pytest.param(
            "CTR/2026/17",
            ":61:2605110511D50,00NTRFNONREF\n:86:020~00PRZELEW~20umowa CTR/2026/17\n",
            id="money that goes out",
        ),
        pytest.param(
            "CTR/2026/17",
            ":61:2605110511RD50,00NTRFNONREF\n:86:020~00PRZELEW~20umowa CTR/2026/17\n",
            id="a reversal",
        ),
    ],
)
def test_nobody_waits_for(contract: str, entry: str) -> None:
    debt = open_debt(9_000, contract=contract)
    told(1, entry)
    match()
    assert announced(debt) == []
    assert StatementEntry.objects.filter(looked_at=None).count() == 0, "it was looked at"


def test_an_entry_at_which_matching_fails_silences_no_other(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    debt = open_debt(90_000, contract="CTR/2026/17")
    fail_at(monkeypatch, 2_000, ZeroDivisionError("by zero"))
    entries = "".join(
        f":61:2605110511C{amount},00NTRFNONREF\n:86:020~00PRZELEW~20umowa CTR/2026/17\n"
        for amount in (10, 20, 30, 10)
    )
    take_in(f":20:R1\n:25:{OWN}\n:28C:1\n:34F:PLN0,\n:13D:2605111201+0200\n", entries)
    with caplog.at_level(logging.ERROR):
        match()
    assert [one.amount_minor for one in announced(debt)] == [1_000, 3_000, 1_000]
    bad = StatementEntry.objects.get(amount_minor=2_000)
    said = [record.getMessage() for record in caplog.records]
    assert said == [f"announcing failed: entry={bad.pk} error=ZeroDivisionError"]

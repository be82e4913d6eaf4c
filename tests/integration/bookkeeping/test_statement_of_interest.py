"""A statement of account says the interest that the books say, also what is not posted yet."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from bookkeeping.movements import AccountStatement
from bookkeeping.queries.statement import get_statement
from cases.models import Case
from kernel import clock
from kernel.actor import Actor
from ledger.allocation import Bucket
from ledger.book_of_record import delay_tariff
from ledger.lifecycle import Component, Keeper
from ledger.operations import (
    NewBook,
    accrue_account,
    change_keepers,
    post_adjustment,
    post_payment,
)
from ledger.queries import get_interest_explained
from ledger.verification import verify_replay
from staff.models import User
from tests.integration.bookkeeping.conftest import APRIL, account_of
from tests.unit.bookkeeping.pdf_text import pdf_text

pytestmark = pytest.mark.django_db

NOVEMBER = datetime(2026, 11, 23, 9, tzinfo=UTC)
TODAY = NOVEMBER.date()
SEPTEMBER = date(2026, 9, 1)
END_OF_SEPTEMBER = date(2026, 9, 30)
HOUSE_SINCE = date(2026, 4, 10)


@pytest.fixture
def ours(book: Callable[..., Case], machine: Actor) -> Case:
    """Interest of ours on 10,000.00 is posted by month; a payment of August covers that and the
    principal, and 3,000.00 more fall due the day after."""
    case = book((Bucket("principal", APRIL, 1_000_000),))
    account_id = account_of(case).pk
    house = NewBook(account_id, Keeper.HOUSE, HOUSE_SINCE, "termination", delay_tariff(None))
    change_keepers(books=[house], at=NOVEMBER, actor=machine)
    for on in (date(2026, 4, 30), date(2026, 5, 31), date(2026, 6, 30), date(2026, 7, 31)):
        accrue_account(account_id=account_id, on=on, at=NOVEMBER, actor=machine)
    post_payment(
        account_id=account_id, amount_minor=1_060_000, currency="PLN", value_on=date(2026, 8, 5),
        idempotency_key="p", actor=machine, at=NOVEMBER,
    )  # fmt: skip
    post_adjustment(
        account_id=account_id, changes=[Bucket("principal", date(2026, 8, 6), 300_000)],
        reason="x", idempotency_key="x", source="test", effective_on=date(2026, 8, 6),
        actor=machine, at=NOVEMBER,
    )  # fmt: skip
    for on in (date(2026, 8, 31), END_OF_SEPTEMBER):
        accrue_account(account_id=account_id, on=on, at=NOVEMBER, actor=machine)
    return case


def state(case: Case, actor: Actor, **days: Any) -> AccountStatement:
    values = {"from_on": SEPTEMBER, "until_on": END_OF_SEPTEMBER, "today": TODAY, **days}
    return get_statement(number=case.number, actor=actor, **values).accounts[0]


def test_what_a_payment_paid_before_the_period_is_what_it_paid_in_the_books(
    ours: Case, as_manager: Actor
) -> None:
    account_id = account_of(ours).pk
    explained = get_interest_explained(account_id=account_id, on=END_OF_SEPTEMBER)
    (last,) = [one.segment for one in explained.segments if one.segment.last_on >= SEPTEMBER]

    stated = state(ours, as_manager)

    (row,) = stated.segments
    assert row.base_minor == last.base_minor == stated.opening.owed[Component.PRINCIPAL]
    assert (row.first_on, row.last_on, row.days) == (SEPTEMBER, END_OF_SEPTEMBER, 30)
    (posted,) = stated.movements
    assert (posted.amount_minor, stated.accrued_minor) == (row.amount_minor, 0)
    assert stated.is_charged
    assert verify_replay() == []


@pytest.mark.parametrize("cut_on", [date(2026, 4, 1), date(2026, 5, 17), date(2026, 8, 6)])
def test_the_periods_of_an_account_add_up_to_all_of_its_interest(
    ours: Case, as_manager: Actor, cut_on: date
) -> None:
    explained = get_interest_explained(account_id=account_of(ours).pk, on=TODAY)
    before = state(ours, as_manager, from_on=APRIL, until_on=cut_on)
    after = state(ours, as_manager, from_on=cut_on.replace(day=cut_on.day + 1), until_on=TODAY)
    assert before.interest_minor + after.interest_minor == explained.total_minor


def test_the_closing_balance_holds_the_interest_that_is_not_posted_yet(
    ours: Case, as_manager: Actor, machine: Actor
) -> None:
    on = date(2026, 10, 20)
    account = account_of(ours)
    missing = get_interest_explained(account_id=account.pk, on=on).not_posted_minor
    assert missing > 0

    stated = state(ours, as_manager, until_on=on)

    assert stated.accrued_minor == missing
    assert stated.closing.total_minor == account.outstanding_minor + missing
    assert stated.is_charged
    accrue_account(account_id=account.pk, on=on, at=NOVEMBER, actor=machine)
    posted = state(ours, as_manager, until_on=on)
    assert (posted.accrued_minor, posted.closing) == (0, stated.closing)


def test_a_period_from_the_middle_of_a_month_does_not_claim_that_its_rows_are_what_was_charged(
    ours: Case, as_manager: Actor
) -> None:
    stated = state(ours, as_manager, from_on=date(2026, 9, 15))
    assert (stated.is_ours, stated.is_charged) == (True, False)


def test_as_it_was_known_holds_what_was_posted_then(ours: Case, as_manager: Actor) -> None:
    stated = state(ours, as_manager, until_on=TODAY, as_known_on=TODAY)
    assert (stated.accrued_minor, stated.segments) == (0, ())
    assert stated.closing.total_minor == account_of(ours).outstanding_minor


def test_an_account_without_interest_of_ours_is_compared_with_the_statutory_one(
    book: Callable[..., Case], as_manager: Actor
) -> None:
    case = book((Bucket("principal", APRIL, 1_000_000),))
    stated = state(case, as_manager)
    (row,) = stated.segments
    assert (row.base_minor, row.days, stated.is_ours, stated.accrued_minor) == (
        1_000_000, 30, False, 0,
    )  # fmt: skip
    assert stated.closing.total_minor == 1_000_000


def test_the_page_and_both_files_name_the_interest_that_is_not_posted(
    ours: Case, manager: User, as_manager: Actor
) -> None:
    until_on = date(2026, 10, 20)
    stated = state(ours, as_manager, until_on=until_on)
    browser = Client(headers={"accept-language": "en"})
    User.objects.filter(pk=manager.pk).update(language="en")
    browser.force_login(manager)
    address = f"/cases/{ours.number}/statement/?language=en&from_on=2026-09-01&until_on=2026-10-20"
    with clock.fixed_at(NOVEMBER):
        page = browser.get(address).content.decode()
        pdf = browser.get(f"{address}&format=pdf").content
        sheet = browser.get(f"{address}&format=xlsx").content
    text = "Interest for delay through this day, not posted yet"
    assert text in page
    assert "".join(text.split()) in "".join(pdf_text(pdf).split())
    rows = CalamineWorkbook.from_filelike(io.BytesIO(sheet)).get_sheet_by_index(1).to_python()
    place = next(number for number, row in enumerate(rows) if row[1] == text)
    accrued, closing = stated.accrued_minor / 100, stated.closing.total_minor / 100
    assert rows[place][0] == until_on
    assert [rows[place][column] for column in (2, 4, 7)] == [accrued, accrued, closing]
    assert rows[place + 1][7] == closing

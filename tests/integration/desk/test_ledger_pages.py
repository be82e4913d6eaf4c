"""Figures of a past day, the postings of a debt with running balances, and its interest."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from cases.models import Case
from debtors.models import Debt
from ledger.book_of_record import delay_tariff
from ledger.lifecycle import Component, Keeper
from ledger.models import Transaction
from ledger.operations import NewBook, accrue_interest, change_keepers, post_charge, post_payment
from ledger.queries import get_rates
from staff.models import User
from tests.integration.cases.builders import make_debt, post_opening
from tests.integration.desk.case_pages import MACHINE, get_page, section_of, words_of
from tests.integration.desk.conftest import AT, ON, signed_in

pytestmark = pytest.mark.django_db

#: The case of the fixtures owes 1,250.00 since 2 April 2026.
OURS = date(2026, 4, 13)


@pytest.fixture
def debt(case: Case) -> Debt:
    debt = Debt.objects.get()
    post_opening(debt)
    book = NewBook(debt.account_id, Keeper.HOUSE, OURS, "termination", delay_tariff(None))
    change_keepers(books=[book], at=AT, actor=MACHINE)
    accrue_interest(on=date(2026, 4, 30), at=AT, actor=MACHINE)
    return debt


def pay(debt: Debt, amount: int, on: date, at: datetime = AT) -> None:
    post_payment(
        account_id=debt.account_id, amount_minor=amount, currency="PLN", value_on=on,
        idempotency_key=f"{on}/{at}", source="test", actor=MACHINE, at=at,
    )  # fmt: skip


def test_the_case_page_leads_to_the_ledger(at_desk: Client, case: Case, debt: Debt) -> None:
    page = get_page(at_desk, case)
    assert f"/cases/{case.number}/ledger/{debt.pk}/" in page
    assert f'href="/cases/{case.number}/ledger/"' in page


def test_the_case_page_says_what_is_owed_with_the_interest_through_today(
    at_desk: Client, case: Case, debt: Debt
) -> None:
    page = words_of(get_page(at_desk, case))
    assert "1 259,50 zł overdue with the interest through today: 3,80 zł of it is not" in page
    accrue_interest(on=ON, at=AT, actor=MACHINE)
    page = words_of(get_page(at_desk, case))
    assert "with the interest through today" not in page
    assert "1 259,50" in page


def test_interest_that_the_core_system_computes_is_not_guessed(at_desk: Client, case: Case) -> None:
    post_opening(Debt.objects.get())
    assert "with the interest through today" not in words_of(get_page(at_desk, case))


def test_the_case_page_says_where_the_rates_are_not_confirmed(
    at_desk: Client, case: Case, debt: Debt, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = get_rates()
    short = dataclasses.replace(known, confirmed_until=date(2026, 5, 5))
    monkeypatch.setattr("ledger.queries.explaining.get_rates", lambda: short)
    page = words_of(get_page(at_desk, case))
    assert "From 06.05.2026 on the rates are not confirmed yet." in page


def test_a_past_day_shows_what_was_owed_then(at_desk: Client, case: Case, debt: Debt) -> None:
    pay(debt, 100_000, date(2026, 5, 10))
    figures = section_of(get_page(at_desk, case, "ledger/", as_of="2026-05-09"), "figures")
    assert "37 1 250,00 0,00 5,70 0,00 0,00" in figures
    figures = section_of(get_page(at_desk, case, "ledger/", as_of="2026-05-10"), "figures")
    assert "1 250,00" not in figures


def test_what_was_known_then_is_set_beside_what_is_known_now(
    at_desk: Client, case: Case, debt: Debt
) -> None:
    pay(debt, 100_000, date(2026, 5, 4))
    now = words_of(get_page(at_desk, case, "ledger/", as_of="2026-05-05"))
    assert "known then: 5 000,00 zł outstanding" in now
    then = words_of(get_page(at_desk, case, "ledger/", as_of="2026-05-12", known="then"))
    assert "As they were known when that day ended" in then
    assert "known now:" not in then


def test_a_day_to_come_and_nonsense_are_refused_with_what_to_do(
    at_desk: Client, case: Case, debt: Debt
) -> None:
    for path in ("ledger/", f"ledger/{debt.pk}/"):
        answer = at_desk.get(f"/cases/{case.number}/{path}", {"as_of": "2026-05-13"})
        assert answer.status_code == 422
        assert "choose a day up to 12.05.2026" in answer.content.decode()
        answer = at_desk.get(f"/cases/{case.number}/{path}", {"as_of": "soon"})
        assert answer.status_code == 422
        assert "Choose a day, such as 2026-11-27." in answer.content.decode()
        answer = at_desk.get(f"/cases/{case.number}/{path}", {"known": "maybe"})
        assert answer.status_code == 422


def test_the_postings_run_with_the_balance_after_each(
    at_desk: Client, case: Case, debt: Debt
) -> None:
    post_charge(
        account_id=debt.account_id, component=Component.FEES, amount_minor=1_500,
        due_on=date(2026, 5, 5), reason="reminder", idempotency_key="f", source="test",
        actor=MACHINE, at=AT,
    )  # fmt: skip
    pay(debt, 50_000, date(2026, 5, 6))
    postings = section_of(get_page(at_desk, case, f"ledger/{debt.pk}/"), "postings")
    payment, fee, opening = (postings.index(word) for word in ("Payment", "Charge", "Taken over"))
    assert payment < fee < opening
    assert "Fees +15,00" in postings
    early = section_of(
        get_page(at_desk, case, f"ledger/{debt.pk}/", as_of="2026-04-20"), "postings"
    )
    assert "Payment" not in early
    assert "5 000,00" in early


def test_a_late_payment_shows_as_a_correction_of_what_it_changed(
    at_desk: Client, case: Case, debt: Debt
) -> None:
    pay(debt, 50_000, date(2026, 4, 20))
    postings = section_of(get_page(at_desk, case, f"ledger/{debt.pk}/"), "postings")
    assert "Correction: interest for delay of 30.04.2026" in postings


def test_the_interest_is_explained_from_its_first_day(
    at_desk: Client, case: Case, debt: Debt
) -> None:
    interest = section_of(get_page(at_desk, case, f"ledger/{debt.pk}/"), "interest")
    assert "13.04.2026 12.05.2026 30 9,25" in interest
    assert "Statutory interest for delay, KC 481 § 2" in interest
    assert "Posted so far: 5,70 zł. Still to be posted: 3,80 zł" in interest


def test_in_the_book_of_the_core_it_says_who_computes_the_interest(
    at_desk: Client, case: Case
) -> None:
    debt = Debt.objects.get()
    post_opening(debt)
    page = words_of(get_page(at_desk, case, f"ledger/{debt.pk}/"))
    assert "The bank's core system keeps the book" in page
    assert "until the contract is terminated" in page


def test_before_it_was_taken_over_a_debt_has_no_figures(
    at_desk: Client, case: Case, debt: Debt
) -> None:
    page = words_of(get_page(at_desk, case, f"ledger/{debt.pk}/", as_of="2026-03-01"))
    assert "The debt was taken over on 02.04.2026" in page


def test_a_long_ledger_goes_on_to_the_next_page(at_desk: Client, case: Case, debt: Debt) -> None:
    for number in range(70):
        post_charge(
            account_id=debt.account_id, component=Component.FEES, amount_minor=100 + number,
            due_on=ON, reason="fee", idempotency_key=str(number), source="test", actor=MACHINE,
            at=AT,
        )  # fmt: skip
    page = get_page(at_desk, case, f"ledger/{debt.pk}/")
    assert len(page) < 150_000
    assert "after=60" in page
    assert "Taken over" not in section_of(page, "postings")
    assert "Taken over" in section_of(
        get_page(at_desk, case, f"ledger/{debt.pk}/", after="60"), "postings"
    )


def test_a_debt_of_another_case_is_not_found_and_neither_is_another_teams_case(
    at_desk: Client, case: Case, debt: Debt, make_case: Callable[..., Case], south: object
) -> None:
    other = make_case(team=south)
    foreign = Debt.objects.exclude(pk=debt.pk).get()
    assert at_desk.get(f"/cases/{case.number}/ledger/{foreign.pk}/").status_code == 404
    assert at_desk.get(f"/cases/{other.number}/ledger/").status_code == 404


def test_the_pages_ask_the_same_number_of_questions_for_one_debt_and_for_many(
    case: Case, debt: Debt, officer: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    desk = signed_in(officer)
    for _ in range(11):
        post_opening(make_debt(case.debtor))
    for path, most in (("ledger/", 16), (f"ledger/{debt.pk}/", 26)):
        get_page(desk, case, path)
        with django_assert_max_num_queries(most):
            get_page(desk, case, path)


def test_the_page_speaks_polish(case: Case, debt: Debt, officer: User) -> None:
    desk = Client(headers={"accept-language": "pl"})
    desk.force_login(officer)
    page = words_of(get_page(desk, case, f"ledger/{debt.pk}/"))
    assert "Księgę prowadzimy my" in page
    assert "Do zapłaty na koniec 12.05.2026" in page


def test_knowledge_of_then_leaves_out_what_came_later(
    at_desk: Client, case: Case, debt: Debt
) -> None:
    pay(debt, 50_000, date(2026, 5, 6), at=datetime(2026, 5, 12, 9, 30, tzinfo=UTC))
    then = section_of(
        get_page(at_desk, case, f"ledger/{debt.pk}/", as_of="2026-05-11", known="then"),
        "postings",
    )
    assert "Payment" not in then


def test_a_payment_typed_in_by_hand_is_taken_back_with_a_reason_and_once(
    case: Case, manager: User, at_desk: Client, debt: Debt
) -> None:
    post_payment(
        account_id=debt.account_id, amount_minor=25_000, currency="PLN", value_on=ON,
        idempotency_key="typed", actor=MACHINE, at=AT,
    )  # fmt: skip
    payment = Transaction.objects.get(kind="payment")
    page = f"/cases/{case.number}/ledger/{debt.pk}/"
    address = f"{page}payments/{payment.pk}/take-back/"
    browser = signed_in(manager)

    assert address in browser.get(page).content.decode()
    assert address not in at_desk.get(page).content.decode()
    assert at_desk.post(address, {"reason": "x"}).status_code == 403
    unsaid = browser.post(address, {"reason": " "}, follow=True).content.decode()
    assert "Say why the payment is taken back." in unsaid

    told = browser.post(address, {"reason": "another debtor's"}, follow=True).content.decode()
    again = browser.post(address, {"reason": "another debtor's"}, follow=True).content.decode()

    assert address not in told
    assert "It has been reversed already." in again
    assert Transaction.objects.filter(reverses=payment).count() == 1
    debt.account.refresh_from_db()
    assert debt.account.due_minor > 125_000


def test_a_payment_that_came_otherwise_is_not_taken_back_behind_its_statement(
    case: Case, manager: User, debt: Debt
) -> None:
    pay(debt, 25_000, ON)
    payment = Transaction.objects.get(kind="payment")
    address = f"/cases/{case.number}/ledger/{debt.pk}/payments/{payment.pk}/take-back/"
    assert signed_in(manager).post(address, {"reason": "x"}).status_code == 404

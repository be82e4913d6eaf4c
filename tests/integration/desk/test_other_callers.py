"""A co-debtor or a guarantor on the telephone: known by their own file, told of their debts."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import pytest
from django.test import Client

from cases.models import Case
from contacts.models import Attempt
from debtors.events import IDENTITY_CONFIRMED
from debtors.identifiers import seal
from debtors.lifecycle import IdentityItem, PartyRole
from debtors.models import Address, Debt, Debtor, DebtParty
from debtors.operations import confirm_identity
from debtors.operations.revealing import NotOnTheDebts
from journal.models import Event
from kernel.actor import Actor
from staff.figures import format_phone
from staff.models import User
from staff.rights import Role
from tests.integration.cases.builders import actor_of, make_debt, make_debtor, make_user, set_due
from tests.integration.desk.conftest import AT, name_debtor, signed_in

pytestmark = pytest.mark.django_db
MakeCase = Callable[..., Case]

PESEL, HER_PESEL = "90010112349", "84010112346"


class Book(NamedTuple):
    case: Case
    owed_by_both: Debt
    owed_alone: Debt
    co_debtor: Debtor


def identify(debtor: Debtor, name: str, pesel: str) -> None:
    name_debtor(debtor, name)
    debtor.pesel_sealed, debtor.pesel_fingerprint = seal("pesel", pesel)
    debtor.save()


@pytest.fixture
def book(make_case: MakeCase, officer: User) -> Book:
    """Łucja owes two debts; one of them Jan owes too."""
    case = make_case(owner=officer, name="Wąsik Łucja", pesel=HER_PESEL)
    both = Debt.objects.get(parties__debtor=case.debtor)
    alone = make_debt(case.debtor, due_minor=40_000)
    Address.objects.filter(debtor=case.debtor).update(street="Jej ulica 7")
    jan = make_debtor()
    identify(jan, "Nowak Jan", PESEL)
    DebtParty.objects.create(debt=both, debtor=jan, role=PartyRole.CO_DEBTOR)
    return Book(case, both, alone, jan)


def page_of(client: Client, case: Case, asked: str = "") -> str:
    return client.get(f"/cases/{case.number}/{asked}").content.decode()


def radio(page: str, person: Debtor) -> str:
    return page[page.index(f'name="person" value="{person.pk}"') :].partition(">")[0]


def confirm(client: Client, case: Case, caller: Debtor, *named: str) -> int:
    form = {"named": list(named) or ["pesel", "address"], "caller": caller.pk}
    return client.post(f"/cases/{case.number}/identity/", form).status_code


def test_the_officer_chooses_who_calls_and_compares_with_their_file(
    at_desk: Client, book: Book
) -> None:
    page = page_of(at_desk, book.case)
    assert f'?caller={book.co_debtor.pk}">Nowak Jan</a>' in page
    chosen = page_of(at_desk, book.case, f"?caller={book.co_debtor.pk}")
    assert "PESEL: 90••••••••9" in chosen
    assert "PESEL: 84••••••••6" not in chosen
    assert PESEL not in chosen


def test_a_known_co_debtor_sees_nothing_of_the_debtor_and_only_what_both_owe(
    at_desk: Client, book: Book
) -> None:
    assert confirm(at_desk, book.case, book.co_debtor) == 302
    page = page_of(at_desk, book.case)
    assert "Nowak Jan (co-debtor): Address, PESEL, until 11:30" in page
    phone = format_phone(book.co_debtor.contact_points.get(kind="mobile").value)
    hers = [
        HER_PESEL,
        format_phone(book.case.debtor.contact_points.get(kind="mobile").value),
        book.case.debtor.contact_points.get(kind="mobile").value,
        book.case.debtor.contact_points.get(kind="email").value,
        "Jej ulica 7",
    ]
    numbers = {debt.account.virtual_account_no for debt in (book.owed_by_both, book.owed_alone)}
    shown = {number for number in numbers if str(number) in page}
    assert PESEL in page
    assert phone in page
    assert shown == {book.owed_by_both.account.virtual_account_no}
    for part in ("", "data/", "print/"):
        shown_part = page_of(at_desk, book.case, part)
        assert [detail for detail in hers if detail in shown_part] == []


def test_it_is_in_the_journal_of_the_debtor_whose_debts_were_told(
    at_desk: Client, book: Book
) -> None:
    confirm(at_desk, book.case, book.co_debtor)
    event = Event.objects.get(kind=IDENTITY_CONFIRMED)
    assert (event.subject_kind, event.subject_id) == ("debtor", book.case.debtor_id)
    assert event.payload["caller_id"] == book.co_debtor.pk
    assert event.payload["role"] == "co_debtor"
    assert event.payload["debt_ids"] == [book.owed_by_both.pk]
    auditor = signed_in(make_user("ewa", Role.AUDITOR))
    assert "Identity verified by address, PESEL (co-debtor); shown: PESEL" in page_of(
        auditor, book.case
    )


def test_the_contact_is_logged_with_whoever_called(at_desk: Client, book: Book) -> None:
    confirm(at_desk, book.case, book.co_debtor)
    page = page_of(at_desk, book.case)
    assert "checked" in radio(page, book.co_debtor)


@pytest.mark.parametrize(("due_minor", "offered"), [(40_000, True), (0, False)])
def test_a_guarantor_is_offered_once_the_guarantee_can_be_called(
    at_desk: Client, book: Book, due_minor: int, offered: bool
) -> None:
    debt = make_debt(book.case.debtor, due_minor=due_minor)
    guarantor = make_debtor()
    identify(guarantor, "Poręcki Adam", "70010112340")
    DebtParty.objects.create(debt=debt, debtor=guarantor, role=PartyRole.GUARANTOR)
    page = page_of(at_desk, book.case)
    assert (f"?caller={guarantor.pk}" in page) is offered


def test_a_stranger_is_refused_and_nothing_is_shown(at_desk: Client, book: Book) -> None:
    stranger = make_debtor()
    identify(stranger, "Obcy Jan", "70010112340")
    page = page_of(at_desk, book.case, f"?caller={stranger.pk}")
    assert "70••••••••0" not in page
    assert "does not answer for these debts any more" in page
    assert 'name="named"' not in page
    confirm(at_desk, book.case, stranger)
    assert_nothing_is_shown(at_desk, book)


@pytest.fixture
def guarantor(book: Book) -> tuple[Debtor, Debt]:
    debt = make_debt(book.case.debtor, due_minor=40_000)
    adam = make_debtor()
    identify(adam, "Poręcki Adam", "70010112340")
    DebtParty.objects.create(debt=debt, debtor=adam, role=PartyRole.GUARANTOR)
    return adam, debt


def assert_nothing_is_shown(client: Client, book: Book) -> None:
    assert not Event.objects.filter(kind=IDENTITY_CONFIRMED).exists()
    page = page_of(client, book.case)
    assert HER_PESEL not in page
    assert "details are masked until then" in page


def test_whoever_stopped_answering_while_they_were_compared_is_not_taken_for_the_debtor(
    at_desk: Client, book: Book, guarantor: tuple[Debtor, Debt]
) -> None:
    adam, debt = guarantor
    assert "70••••••••0" in page_of(at_desk, book.case, f"?caller={adam.pk}")
    set_due(debt, 0)
    confirm(at_desk, book.case, adam)
    assert_nothing_is_shown(at_desk, book)


def test_whoever_stops_answering_during_the_call_is_nobody_then(
    at_desk: Client, book: Book, guarantor: tuple[Debtor, Debt]
) -> None:
    adam, debt = guarantor
    confirm(at_desk, book.case, adam)
    assert "70010112340" in page_of(at_desk, book.case)
    set_due(debt, 0)
    page = page_of(at_desk, book.case)
    assert "70010112340" not in page
    assert "details are masked until then" in page


def test_a_debt_that_comes_into_the_call_is_not_shown_since_nobody_noted_it(
    at_desk: Client, book: Book
) -> None:
    confirm(at_desk, book.case, book.co_debtor)
    DebtParty.objects.create(debt=book.owed_alone, debtor=book.co_debtor, role=PartyRole.CO_DEBTOR)
    page = page_of(at_desk, book.case)
    assert str(book.owed_alone.account.virtual_account_no) not in page
    assert str(book.owed_by_both.account.virtual_account_no) in page


def test_the_case_file_on_paper_holds_nothing_of_another_caller(
    at_desk: Client, book: Book
) -> None:
    confirm(at_desk, book.case, book.co_debtor)
    page = page_of(at_desk, book.case, "print/")
    assert "Details are masked on paper too." in page
    assert PESEL not in page
    assert str(book.owed_by_both.account.virtual_account_no) not in page


def test_only_the_contact_with_the_caller_counts_as_identified(at_desk: Client, book: Book) -> None:
    address = f"/cases/{book.case.number}/contact/"
    confirm(at_desk, book.case, book.co_debtor)
    for person in (book.case.debtor, book.co_debtor):
        said = {"way": "phone.in", "person": person.pk, "result": "spoke", "submission": person.pk}
        assert at_desk.post(address, {**said, "next": "stay"}).status_code in (200, 302)
        confirm(at_desk, book.case, book.co_debtor)
    with_her, with_him = Attempt.objects.order_by("id")
    assert "identified" not in with_her.details
    assert with_him.details["identified"] == ["address", "pesel"]


def test_a_draft_of_before_the_call_does_not_say_who_calls(at_desk: Client, book: Book) -> None:
    draft = {"person": book.case.debtor_id, "way": "phone.in", "note": "abc", "result": "spoke"}
    at_desk.post(f"/cases/{book.case.number}/contact/draft/", draft)
    confirm(at_desk, book.case, book.co_debtor)
    assert "checked" in radio(page_of(at_desk, book.case), book.co_debtor)


def test_after_a_refusal_another_caller_can_still_be_chosen(at_desk: Client, book: Book) -> None:
    form = {"named": ["pesel"], "caller": book.case.debtor_id}
    answer = at_desk.post(f"/cases/{book.case.number}/identity/", form)
    assert answer.status_code == 422
    link = f'href="/cases/{book.case.number}/?caller={book.co_debtor.pk}"'
    assert link in answer.content.decode()


@pytest.mark.parametrize("asked", ["x", "-1", "9" * 30, "1;2", "<b>"])
def test_a_caller_that_cannot_be_shows_nothing(at_desk: Client, book: Book, asked: str) -> None:
    assert at_desk.get(f"/cases/{book.case.number}/", {"caller": asked}).status_code == 200
    form = {"named": ["pesel", "address"], "caller": asked}
    assert at_desk.post(f"/cases/{book.case.number}/identity/", form).status_code == 302
    assert_nothing_is_shown(at_desk, book)


def test_nobody_is_told_of_debts_for_which_they_do_not_answer(book: Book, officer: User) -> None:
    actor: Actor = actor_of(officer)
    for debt_ids in ([book.owed_alone.pk], [book.owed_by_both.pk, book.owed_alone.pk], []):
        with pytest.raises(NotOnTheDebts):
            confirm_identity(
                caller_id=book.co_debtor.pk,
                debtor_id=book.case.debtor_id,
                debt_ids=debt_ids,
                named=[IdentityItem.PESEL, IdentityItem.ADDRESS],
                actor=actor,
                at=AT,
            )

"""A co-debtor or a guarantor on the telephone: known by their own file, told of their debts."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import pytest
from django.test import Client

from cases.models import Case
from debtors.events import IDENTITY_CONFIRMED
from debtors.identifiers import seal
from debtors.lifecycle import IdentityItem, PartyRole
from debtors.models import Debt, Debtor, DebtParty
from debtors.operations import confirm_identity
from debtors.operations.revealing import NotOnTheDebts
from journal.models import Event
from kernel.actor import Actor
from staff.models import User
from staff.rights import Role
from tests.integration.cases.builders import actor_of, make_debt, make_debtor, make_user
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
    jan = make_debtor()
    identify(jan, "Nowak Jan", PESEL)
    DebtParty.objects.create(debt=both, debtor=jan, role=PartyRole.CO_DEBTOR)
    return Book(case, both, alone, jan)


def page_of(client: Client, case: Case, asked: str = "") -> str:
    return client.get(f"/cases/{case.number}/{asked}").content.decode()


def confirm(client: Client, case: Case, caller: Debtor, *named: str) -> int:
    form = {"named": list(named) or ["pesel", "address"], "caller": caller.pk}
    return client.post(f"/cases/{case.number}/identity/", form).status_code


def test_the_officer_chooses_who_calls_and_compares_with_their_file(
    at_desk: Client, book: Book
) -> None:
    page = page_of(at_desk, book.case)
    assert f'<a href="?caller={book.co_debtor.pk}">Nowak Jan</a>' in page
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
    phone = book.co_debtor.contact_points.get(kind="mobile")
    her_phone = book.case.debtor.contact_points.get(kind="mobile")
    numbers = {debt.account.virtual_account_no for debt in (book.owed_by_both, book.owed_alone)}
    shown = {number for number in numbers if str(number) in page}
    assert PESEL in page
    assert f"{phone.value[3:6]}" in page
    assert shown == {book.owed_by_both.account.virtual_account_no}
    assert HER_PESEL not in page
    for part in (page, page_of(at_desk, book.case, "data/")):
        assert her_phone.value not in part
        assert HER_PESEL not in part


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
    chosen = page[page.index(f'name="person" value="{book.co_debtor.pk}"') :].partition(">")[0]
    assert "checked" in chosen


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


def test_a_stranger_is_nobody_and_the_debtor_is_asked_instead(at_desk: Client, book: Book) -> None:
    stranger = make_debtor()
    identify(stranger, "Obcy Jan", "70010112340")
    page = page_of(at_desk, book.case, f"?caller={stranger.pk}")
    assert "70••••••••0" not in page
    confirm(at_desk, book.case, stranger)
    event = Event.objects.get(kind=IDENTITY_CONFIRMED)
    assert "caller_id" not in event.payload, "the debtor's own things were compared"


@pytest.mark.parametrize("asked", ["x", "-1", "9" * 30, "1;2"])
def test_a_caller_that_cannot_be_changes_nothing(at_desk: Client, book: Book, asked: str) -> None:
    assert at_desk.get(f"/cases/{book.case.number}/?caller={asked}").status_code == 200


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

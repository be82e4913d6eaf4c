from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.models import Case
from debtors.lifecycle import PartyRole
from debtors.models import DebtParty
from desk.queries.search import list_matching_cases
from staff.models import Team, User
from staff.queries import get_actor
from tests.integration.cases.builders import make_debtor
from tests.integration.desk.conftest import ON, name_debtor

pytestmark = pytest.mark.django_db
MakeCase = Callable[..., Case]


@pytest.mark.parametrize("text", ["wasik", "Łucja Wąs", "lucja wasik", "ŁUC", "WĄSIK łucja"])
def test_names_are_found_in_any_order_with_or_without_polish_letters(
    at_desk: Client, case: Case, text: str
) -> None:
    assert "Wąsik Łucja" in at_desk.get("/search/", {"q": text}).content.decode()


def test_a_name_needs_every_word(at_desk: Client, case: Case) -> None:
    assert "Wąsik" not in at_desk.get("/search/", {"q": "lucja nowak"}).content.decode()


def test_exact_identifiers_are_found(at_desk: Client, case: Case, make_case: MakeCase) -> None:
    make_case(team=case.team, name="Nowak Ewa", pesel="90010112349")
    debt = case.debtor.parties.get().debt
    mobile = case.debtor.contact_points.get(kind="mobile").value
    email = case.debtor.contact_points.get(kind="email").value
    wanted = {
        "84010112346": "PESEL",
        "840101-12346": "PESEL",
        mobile: "phone number",
        mobile.removeprefix("+48"): "phone number",
        mobile.replace("+", "00"): "phone number",
        email.upper(): "e-mail address",
        debt.contract_no: "contract number",
        debt.contract_no.lower(): "contract number",
        str(debt.account.virtual_account_no): "account number",
        str(debt.account.virtual_account_no).removeprefix("PL"): "account number",
        case.number[:-1]: "case number",
    }

    for text, by in wanted.items():
        page = at_desk.post("/search/suggest/", {"q": text}).content.decode()
        assert "Wąsik Łucja" in page, text
        assert by in page, text


def test_one_case_named_by_an_identifier_is_opened(at_desk: Client, case: Case) -> None:
    for text in ("84010112346", case.number.lower()):
        answer = at_desk.post("/search/", {"q": text})
        assert answer.headers["Location"] == f"/cases/{case.number}/", text


def test_a_name_gets_an_address_that_can_be_shared(
    at_desk: Client, case: Case, make_case: MakeCase
) -> None:
    alone = at_desk.post("/search/", {"q": "Wąs łuc"})
    assert alone.headers["Location"] == f"/cases/{case.number}/"
    make_case(name="Wąsik Łucjan", team=case.team)

    answer = at_desk.post("/search/", {"q": " Wąs łuc "})

    assert answer.headers["Location"] == "/search/?q=W%C4%85s+%C5%82uc"
    assert "Wąsik Łucja" in at_desk.get(answer.headers["Location"]).content.decode()


@pytest.mark.parametrize("text", ["84010112346", "jan@example.org", "+48 600 100 200", "UG-1"])
def test_what_names_one_person_is_never_searched_from_an_address(
    at_desk: Client, case: Case, text: str
) -> None:
    answer = at_desk.get("/search/", {"q": text})

    assert answer.headers["Location"] == "/search/"
    posted = at_desk.post("/search/", {"q": text})
    assert text not in posted.headers.get("Location", "")


def test_who_answers_beside_the_debtor_leads_to_the_case_and_is_named_with_their_role(
    at_desk: Client, case: Case
) -> None:
    guarantor = make_debtor()
    name_debtor(guarantor, "Poręba Zofia", pesel="90010112349")
    debt = case.debtor.parties.get().debt
    DebtParty.objects.create(debt=debt, debtor=guarantor, role=PartyRole.GUARANTOR)

    for text in ("zofia por", "90010112349", guarantor.contact_points.get(kind="mobile").value):
        page = at_desk.post("/search/suggest/", {"q": text}).content.decode()
        assert "Wąsik Łucja" in page, text
        assert "guarantor: Poręba Zofia" in page, text
    page = at_desk.post("/search/suggest/", {"q": debt.contract_no}).content.decode()
    assert page.count("<a ") == 1
    assert "Poręba" not in page


def test_the_list_of_what_a_number_found_can_be_gone_back_to(
    at_desk: Client, case: Case, make_case: MakeCase
) -> None:
    mobile = case.debtor.contact_points.get(kind="mobile").value
    other = make_case(name="Zięba Ewa")
    other.debtor.contact_points.filter(kind="mobile").update(value=mobile)

    answer = at_desk.post("/search/", {"q": mobile})

    address = answer.headers["Location"]
    assert mobile.strip("+") not in address
    for _ in range(2):
        page = at_desk.get(address).content.decode()
        assert "Wąsik Łucja" in page
        assert "Zięba Ewa" in page
    assert mobile not in str(dict(at_desk.session.items()))
    assert at_desk.get("/search/?of=99").headers["Location"] == "/search/"


def test_open_cases_come_before_closed_ones(
    at_desk: Client, case: Case, make_case: MakeCase, north: Team
) -> None:
    closed = make_case(team=north, name="Wąsik Adam", pesel="90010112349")
    Case.objects.filter(pk=closed.pk).update(status="closed", closed_on=ON)

    page = at_desk.post("/search/suggest/", {"q": "wasik"}).content.decode()

    assert page.index("Wąsik Łucja") < page.index("Wąsik Adam")


def test_cases_of_other_teams_are_not_found(
    at_desk: Client, make_case: MakeCase, south: Team
) -> None:
    other = make_case(team=south, name="Wąsik Ewa", pesel="90010112349")

    for text in ("wasik", "90010112349", other.number):
        assert "Ewa" not in at_desk.post("/search/", {"q": text}, follow=True).content.decode()
        assert "Ewa" not in at_desk.post("/search/suggest/", {"q": text}).content.decode()


@pytest.mark.parametrize(
    "text",
    ["", "   ", "' OR 1=1 --", "a:* & !", "\\", "%1%", "(((", "😀", "1_%", "\x001", "a" * 999],
)
def test_no_text_breaks_the_search(at_desk: Client, case: Case, text: str) -> None:
    assert at_desk.get("/search/", {"q": text}, follow=True).status_code == 200
    assert at_desk.post("/search/", {"q": text}, follow=True).status_code == 200
    assert at_desk.post("/search/suggest/", {"q": text}).status_code == 200


def test_a_wildcard_of_the_database_is_a_letter_like_any_other(at_desk: Client, case: Case) -> None:
    assert "Wąsik" not in at_desk.post("/search/suggest/", {"q": "U%1"}).content.decode()
    assert "Wąsik" not in at_desk.post("/search/suggest/", {"q": "UG_2"}).content.decode()


def test_a_search_takes_two_statements_however_much_the_text_may_mean(
    at_desk: Client, case: Case
) -> None:
    actor = get_actor(user=case.owner or User.objects.get(username="anna"))
    with CaptureQueriesContext(connection) as seen:
        list_matching_cases(text="84010112346", actor=actor)
    assert len(seen) == 2

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from cases.models import Case
from staff.models import Team

pytestmark = pytest.mark.django_db
MakeCase = Callable[..., Case]


@pytest.mark.parametrize("text", ["wasik", "Łucja Wąs", "lucja wasik", "ŁUC", "WĄSIK łucja"])
def test_names_are_found_in_any_order_with_or_without_polish_letters(
    at_desk: Client, case: Case, text: str
) -> None:
    assert "Wąsik Łucja" in at_desk.get("/search/", {"q": text}).content.decode()


def test_a_name_needs_every_word(at_desk: Client, case: Case) -> None:
    assert "Wąsik" not in at_desk.get("/search/", {"q": "lucja nowak"}).content.decode()


def test_exact_identifiers_are_found(at_desk: Client, case: Case) -> None:
    debt = case.debtor.parties.get().debt
    mobile = case.debtor.contact_points.get(kind="mobile").value
    email = case.debtor.contact_points.get(kind="email").value
    wanted = {
        "84010112346": "PESEL",
        mobile: "phone number",
        mobile.removeprefix("+48"): "phone number",
        email.upper(): "e-mail address",
        debt.contract_no: "contract number",
        str(debt.account.virtual_account_no): "account number",
    }

    for text, by in wanted.items():
        page = at_desk.get("/search/", {"q": text}).content.decode()
        assert "Wąsik Łucja" in page, text
        assert by in page, text


def test_a_case_number_opens_the_case(at_desk: Client, case: Case) -> None:
    answer = at_desk.get("/search/", {"q": case.number.lower()})

    assert answer.headers["Location"] == f"/cases/{case.number}/"


def test_cases_of_other_teams_are_not_found(
    at_desk: Client, make_case: MakeCase, south: Team
) -> None:
    make_case(team=south, name="Wąsik Ewa", pesel="90010112349")

    for text in ("wasik", "90010112349"):
        assert "Ewa" not in at_desk.get("/search/", {"q": text}).content.decode()


@pytest.mark.parametrize("text", ["", "   ", "' OR 1=1 --", "a:* & !", "\\", "%", "(((", "😀"])
def test_no_text_breaks_the_search(at_desk: Client, case: Case, text: str) -> None:
    assert at_desk.get("/search/", {"q": text}).status_code == 200

"""A day of several people over the same cases: found, read, met, approved, and only looked at."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from cases.models import Case, InHand
from escalation.operations import enrol_cases
from journal.models import Event
from kernel.actor import system_actor
from negotiations.lifecycle import AgreementKind
from negotiations.models import Agreement
from negotiations.operations import propose_agreement
from negotiations.schedule import Terms
from staff.models import User
from staff.queries import get_actor
from staff.rights import Role
from tests.integration.cases.builders import make_user
from tests.journeys.browsers import AT, IN_A_BROWSER, ON, PASSWORD, SignIn

pytestmark = IN_A_BROWSER

MACHINE = system_actor("tests")


@pytest.fixture
def marek(people: dict[str, User]) -> User:
    """A colleague of the officer's team."""
    user = make_user("marek", Role.OFFICER, people["anna"].team)
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.mark.parametrize("words", ["Łucja Wąsik", "lucja wasik", "WASIK"])
def test_a_debtor_is_found_as_one_types_with_and_without_diacritics(
    case: Case, sign_in: SignIn, words: str
) -> None:
    page = sign_in("anna")
    page.keyboard.press("/")
    page.keyboard.type(words)
    hit = page.get_by_role("option", name="Wąsik Łucja")
    expect(hit).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Wąsik Łucja", level=1)).to_be_visible()


def test_an_officer_reads_why_by_keyboard_before_calling(case: Case, sign_in: SignIn) -> None:
    enrol_cases(case_ids=[case.pk], returning=False, on=ON, at=AT, actor=MACHINE)
    page = sign_in("anna")
    page.keyboard.press("n")
    expect(page.locator(".do .why")).to_contain_text("1 250,00 zł")
    conditions = page.locator("details.whole")
    summary = conditions.locator("> summary")
    expect(summary).to_contain_text(re.compile(r"Conditions looked at: \d+, in the way: \d+"))
    if conditions.get_attribute("open") is None:
        page.keyboard.press("c")
    rows = conditions.locator("table.conditions tbody tr:not(.group)")
    expect(rows.first).to_be_visible()
    expect(rows.filter(has_text="3 days past due (from 05.04.2026)").first).to_contain_text("met")
    page.keyboard.press("c")
    expect(rows.first).to_be_hidden()


def test_a_second_officer_meets_the_case_of_the_first_and_works_none_unknowingly(
    case: Case, marek: User, sign_in: SignIn
) -> None:
    first = sign_in("anna")
    first.keyboard.press("n")
    expect(first.get_by_text("In your hands")).to_be_visible()

    second = sign_in("marek")
    home = second.url.partition("?")[0]
    second.keyboard.press("n")
    expect(second.get_by_role("status")).to_contain_text("nobody else has in hand")
    second.goto(f"{home}cases/{case.number}/")
    band = second.locator("#in-hand")
    expect(band).to_contain_text("Anna has this case in hand")
    expect(band.get_by_role("button", name="Done and next")).to_have_count(0)

    second.keyboard.press("i")
    second.get_by_label("Why you take it over").fill("The debtor has called me")
    second.keyboard.press("Enter")
    expect(second.locator("#in-hand")).to_contain_text("In your hands")
    assert InHand.objects.get(case=case).user == marek

    first.reload()
    expect(first.locator("#in-hand")).to_contain_text("Marek has this case in hand")
    expect(first.locator("main")).to_contain_text("The debtor has called me")


def test_a_manager_grants_what_an_officer_may_not_and_the_officer_sees_it(
    case: Case, people: dict[str, User], sign_in: SignIn
) -> None:
    terms = Terms(AgreementKind.INSTALMENTS, 25, ON.replace(day=26))
    agreement = propose_agreement(
        case_id=case.pk, currency="PLN", terms=terms, note="Smaller ones are kept",
        actor=get_actor(user=people["anna"]), at=AT,
    )  # fmt: skip
    assert agreement.status == "proposed"

    page = sign_in("pawel")
    page.keyboard.press("g")
    page.keyboard.press("a")
    expect(page).to_have_title("Approvals · Ugoda")
    page.locator("main a.name").first.click()
    expect(page.locator("main")).to_contain_text("Smaller ones are kept")
    page.get_by_label("Why").first.fill("The debtor can keep it")
    page.get_by_role("button", name="Grant").first.click()
    expect(page.get_by_role("status")).to_contain_text(
        "Granted: Agreement, Wąsik Łucja, 1 250,00 zł."
    )
    assert Agreement.objects.get().status == "in_force"

    officer = sign_in("anna")
    officer.goto(officer.url.partition("?")[0] + f"cases/{case.number}/")
    expect(officer.locator(".timeline")).to_contain_text("The debtor can keep it")


def test_an_auditor_walks_the_whole_rail_and_is_refused_every_act(
    case: Case, sign_in: SignIn
) -> None:
    page = sign_in("ewa")
    home = page.url.partition("?")[0]
    page.goto(f"{home}cases/{case.number}/")
    before = Event.objects.exclude(kind="access.denied").count()
    addresses = page.locator(".rail a").evaluate_all("all => all.map((each) => each.href)")
    assert len(addresses) >= 8
    for address in [*addresses, f"{home}cases/{case.number}/", f"{home}cases/{case.number}/data/"]:
        page.goto(address)
        expect(page.locator("main h1").first).to_be_visible()
        assert _acts(page) == [], address
    for act in ("hold", "note", "contact", "todo", "hand/take", "payment"):
        assert _send(page, f"/cases/{case.number}/{act}/") == 403, act
    assert Event.objects.exclude(kind="access.denied").count() == before
    assert Event.objects.filter(kind="access.denied").count() == 6


def _acts(page: Page) -> list[str]:
    """Forms that would change something; one's own look and one's own lists are no part of it."""
    found: list[str] = page.locator("main form[method=post]").evaluate_all(
        "all => all.map((each) => new URL(each.action).pathname)"
    )
    return [path for path in found if not path.startswith(("/tasks/views/", "/preferences/"))]


def _send(page: Page, path: str) -> int:
    """As a page would, with the token of its form."""
    status: int = page.evaluate(
        """async (path) => {
          const token = document.querySelector("meta[name=csrf-token]").content;
          const answer = await fetch(path, {method: "POST", headers: {"X-CSRFToken": token}});
          return answer.status;
        }""",
        path,
    )
    return status

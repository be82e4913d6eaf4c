"""What officers and managers do, in a real browser with a strict content policy."""

from __future__ import annotations

from datetime import date, timedelta

from playwright.sync_api import Page, expect

from cases.lifecycle import HoldKind
from cases.models import Case, Hold
from contacts.models import Attempt, Promise
from ledger.models import Account
from portfolio.operations import take_snapshot
from tests.journeys.browsers import AT, IN_A_BROWSER, ON, SignIn

pytestmark = IN_A_BROWSER


def _row(page: Page, name: str) -> None:
    expect(page.get_by_role("link", name=name)).to_be_visible()


def test_an_officer_works_through_a_case_by_keyboard(case: Case, sign_in: SignIn) -> None:
    page = sign_in("anna")
    _row(page, "Wąsik Łucja")
    page.keyboard.press("n")
    expect(page.get_by_role("heading", name="Wąsik Łucja", level=1)).to_be_visible()
    expect(page.get_by_text("The strategy asks for a call").first).to_be_visible()

    page.keyboard.press("l")
    page.keyboard.press("5")
    page.keyboard.type("1250 fri")
    expect(page.locator("#contact-said")).to_contain_text("1 250,00 zł by Fri 15.05.2026.")
    page.keyboard.press("Control+Enter")

    expect(page.get_by_role("status")).to_contain_text("The contact is logged.")
    promise = Promise.objects.get(case=case)
    assert (promise.amount_minor, promise.due_on) == (125_000, date(2026, 5, 15))
    assert Attempt.objects.filter(case=case).count() == 1
    assert Hold.objects.get(case=case).kind == HoldKind.PROMISE


def test_a_case_is_held_and_the_timeline_says_so(case: Case, sign_in: SignIn) -> None:
    page = sign_in("anna", language="pl")
    page.keyboard.press("/")
    page.keyboard.type("lucja wasik")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Wąsik Łucja", level=1)).to_be_visible()
    page.wait_for_load_state()
    page.keyboard.press("h")
    page.get_by_label("Powód wstrzymania").select_option(label="Spór")
    page.get_by_label("Co się stało").fill("Kwestionuje opłatę")
    page.get_by_role("button", name="Wstrzymaj", exact=True).click()

    expect(page.get_by_role("status")).to_contain_text("Sprawa jest wstrzymana.")
    expect(page.locator(".timeline")).to_contain_text("Spór: Kwestionuje opłatę")


def test_a_figure_of_the_board_opens_exactly_its_cases(case: Case, sign_in: SignIn) -> None:
    take_snapshot(on=ON - timedelta(days=1), at=AT)
    page = sign_in("pawel")
    page.get_by_role("link", name="Board").click()
    cell = page.locator("td.heat-6 a")
    count = cell.locator("span").inner_text()
    cell.click()

    expect(page.locator("tbody tr")).to_have_count(int(count))
    expect(page.get_by_text("as it was")).to_be_visible()
    Account.objects.filter(debt__parties__debtor=case.debtor).update(due_minor=100)
    page.reload()
    expect(page.get_by_text("changed").first).to_be_visible()


def test_an_auditor_may_look_and_finds_no_button_that_changes(case: Case, sign_in: SignIn) -> None:
    page = sign_in("ewa")
    page.goto(page.url + "cases/UG-1/")

    expect(page.get_by_role("heading", name="Wąsik Łucja", level=1)).to_be_visible()
    expect(page.locator("main form[method=post]")).to_have_count(0)

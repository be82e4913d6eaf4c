"""What officers and managers do, in a real browser with a strict content policy."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connections
from playwright.sync_api import Browser, Page, expect, sync_playwright

from cases.lifecycle import HoldKind, WorkKind
from cases.models import Case, Hold, WorkItem
from contacts.models import Attempt, Promise
from kernel import clock
from ledger.models import Account
from portfolio.operations import take_snapshot
from staff.models import Team, User
from staff.rights import Role
from tests.integration.cases.builders import make_debt, make_debtor, make_user
from tests.integration.desk.conftest import name_debtor

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.commits,
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed"),
]

PASSWORD = "a long pass phrase"
#: A Tuesday at eleven in Warsaw; the browser's own clock does not matter to the pages.
AT = datetime(2026, 5, 12, 9, 0, tzinfo=UTC)
ON = date(2026, 5, 12)
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
SignIn = Callable[..., Page]


@pytest.fixture
def people(site_url: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, User]:
    """An officer, two managers and an auditor; every thread of the site has the same clock."""
    monkeypatch.setattr(clock, "now", lambda: AT)
    # The browser's event loop runs in this thread; the test may ask the database all the same.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    north = Team.objects.create(name="North")
    made = {
        "anna": make_user("anna", Role.OFFICER, north),
        "pawel": make_user("pawel", Role.MANAGER),
        "karolina": make_user("karolina", Role.MANAGER),
        "ewa": make_user("ewa", Role.AUDITOR),
    }
    for user in made.values():
        user.set_password(PASSWORD)
        user.save()
    return made


@pytest.fixture
def case(people: dict[str, User]) -> Case:
    officer = people["anna"]
    debtor = make_debtor()
    name_debtor(debtor, "Wąsik Łucja")
    make_debt(debtor, due_minor=125_000, outstanding_minor=500_000, due_since=ON - timedelta(40))
    made = Case.objects.create(
        number="UG-1", debtor=debtor, team=officer.team, owner=officer, opened_on=ON, updated_at=AT
    )
    WorkItem.objects.create(
        case=made, kind=WorkKind.CALL, team=made.team, owner=officer, due_on=ON, opened_at=AT
    )
    return made


@pytest.fixture
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        # Beside the event loop Django keeps connections apart, to the last test's database.
        connections.close_all()
        yield chromium
        connections.close_all()
        chromium.close()


@pytest.fixture
def sign_in(browser: Browser, site_url: str) -> SignIn:
    """Opens the site as a person; the console must stay silent."""

    def open_as(user: str, *, language: str = "en", theme: str = "light", **options: bool) -> Page:
        context = browser.new_context(viewport={"width": 1280, "height": 720}, **options)  # type: ignore[arg-type]
        context.add_cookies(
            [
                {"name": "django_language", "value": language, "url": site_url},
                {"name": "theme", "value": theme, "url": site_url},
            ]
        )
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.goto(f"{site_url}/sign-in/")
        page.get_by_role("textbox").first.fill(user)
        page.locator("[type=password]").fill(PASSWORD)
        page.locator("[type=password]").press("Enter")
        expect(page.locator(".rail")).to_be_visible()
        return page

    return open_as


def _row(page: Page, name: str) -> None:
    expect(page.get_by_role("link", name=name)).to_be_visible()


def test_an_officer_works_through_a_case_by_keyboard(case: Case, sign_in: SignIn) -> None:
    page = sign_in("anna")
    _row(page, "Wąsik Łucja")
    page.keyboard.press("n")
    expect(page.get_by_role("heading", name="Wąsik Łucja", level=1)).to_be_visible()
    expect(page.get_by_text("The strategy asks for a call").first).to_be_visible()

    page.keyboard.press("l")
    page.get_by_label("Promised to pay").check()
    page.get_by_label("Promised amount").fill("1 250,00")
    page.locator("#id_promised_on").fill("2026-05-15")
    page.locator("#id_promised_on").press("Control+Enter")

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
    page.get_by_role("link", name="Wąsik Łucja").click()
    expect(page.get_by_role("heading", name="Wąsik Łucja", level=1)).to_be_visible()
    page.wait_for_load_state()
    page.keyboard.press("h")
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


def test_a_strategy_is_drafted_simulated_and_published_by_two(case: Case, sign_in: SignIn) -> None:
    page = sign_in("pawel")
    page.goto(page.url + "strategies/draft/?from=small_balances")
    editor = page.locator("#id_source")
    source = editor.input_value()
    first_wait = re.search(r"days_past_due = (\d+)", source)
    assert first_wait is not None
    editor.fill(source.replace("days_past_due = ", "days_past_duee = ", 1))
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("alert")).to_contain_text("days_past_duee")
    editor.fill(source.replace(first_wait[0], f"days_past_due = {int(first_wait[1]) + 1}", 1))
    page.get_by_role("button", name="Simulate").click()
    expect(page.get_by_text("would take another next step than today")).to_be_visible()
    page.get_by_role("button", name="Propose").click()
    expect(page.get_by_role("status")).to_contain_text("A second person puts it in force.")
    expect(page.get_by_role("button", name="Put in force")).to_have_count(0)

    second = sign_in("karolina")
    second.goto(page.url)
    second.get_by_label("Why").fill("Agreed in the meeting")
    second.get_by_role("button", name="Put in force").click()
    expect(second.get_by_role("status")).to_contain_text("The version is in force.")
    expect(second.get_by_text("Version 2, in force")).to_be_visible()


def test_an_auditor_may_look_and_finds_no_button_that_changes(case: Case, sign_in: SignIn) -> None:
    page = sign_in("ewa")
    page.goto(page.url + "cases/UG-1/")

    expect(page.get_by_role("heading", name="Wąsik Łucja", level=1)).to_be_visible()
    expect(page.locator("main form")).to_have_count(0)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["pl", "en"])
def test_no_page_breaks_the_rules_of_accessibility(
    case: Case, sign_in: SignIn, language: str, theme: str
) -> None:
    take_snapshot(on=ON - timedelta(days=1), at=AT)
    page = sign_in("pawel", language=language, theme=theme, bypass_csp=True)
    home = page.url
    found = []
    for path in (
        "?whose=team",
        "cases/?status=open",
        "cases/UG-1/",
        "search/?q=wasik",
        "approvals/",
        "board/",
        "board/cases/?currency=PLN",
        "strategies/",
        "strategies/unsecured_retail/",
        "strategies/draft/?from=mortgage",
        "intake/",
        "days/",
    ):
        page.goto(home + path)
        answer = Axe().run(page, options=RULES).response
        found += [(path, v["id"], v["nodes"][0]["html"]) for v in answer["violations"]]
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > 1280:
            found.append((path, "too wide", str(wide)))

    assert found == []

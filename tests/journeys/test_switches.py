"""A manager stops the letters of a strategy, everybody is told, and an auditor may look."""

from __future__ import annotations

import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from collections_app.beat import QUEUES
from collections_app.heartbeat import beat_heart
from escalation.benchmarks.book import write_book
from escalation.operations import decide_due
from journal.business_days import begin_day, finish_day, mark_step
from kernel.actor import system_actor
from staff.models import User
from tests.journeys.browsers import AT, IN_A_BROWSER, ON, RULES, SignIn

pytestmark = IN_A_BROWSER


@pytest.fixture
def night(people: dict[str, User]) -> None:
    """A closed day over sixty cases, which has queued letters."""
    write_book(cases=60, on=ON)
    begin_day(on=ON, at=AT)
    counts = decide_due(on=ON, at=AT, actor=system_actor("day_close"))
    mark_step(on=ON, step="decide", counts=counts)
    finish_day(on=ON, at=AT)
    for queue in QUEUES[:3]:
        beat_heart(queue=queue, at=AT)


def shown(page: Page, name: str) -> None:
    if folder := os.environ.get("KEEP_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_letters_are_stopped_by_keyboard_and_everybody_is_told(
    night: None, sign_in: SignIn, site_url: str
) -> None:
    page = sign_in("pawel")
    page.keyboard.press("g")
    page.keyboard.press("h")
    expect(page.get_by_role("heading", name="Oversight")).to_be_visible()
    shown(page, "before")
    page.get_by_role("link", name="Letter: Demand for payment").press("Enter")
    expect(page.get_by_role("row", name="Messages in the queue")).to_contain_text("6")
    shown(page, "switch")
    page.get_by_label("Why").fill("The address of the court is wrong")
    page.get_by_role("button", name="Switch off").press("Enter")

    expect(page.get_by_role("status")).to_contain_text("Stopped: 6 messages in the queue")
    banner = page.locator(".is-switched-off")
    expect(banner).to_contain_text("Letter: Demand for payment")
    shown(page, "off")
    officer = sign_in("anna", language="pl", theme="dark")
    expect(officer.locator(".is-switched-off")).to_contain_text("Wyłączono")
    expect(officer.locator(".is-switched-off a")).to_have_count(0)
    shown(officer, "officer")

    auditor = sign_in("ewa")
    auditor.goto(f"{site_url}/operations/")
    expect(auditor.get_by_text("The address of the court is wrong").first).to_be_visible()
    expect(auditor.get_by_role("link", name="Switch on…")).to_have_count(0)


def test_the_page_keeps_up_by_itself_and_leaves_alone_where_somebody_is(
    night: None, sign_in: SignIn, site_url: str
) -> None:
    page = sign_in("pawel")
    page.clock.install()
    page.goto(f"{site_url}/operations/")
    queue = page.get_by_role("row").filter(has_text="News and upkeep")
    expect(queue).to_contain_text("never seen")

    beat_heart(queue=QUEUES[3], at=AT)
    page.get_by_role("link", name="All day closes").focus()
    with page.expect_response("**/operations/"):
        page.clock.fast_forward(31_000)
    expect(page.get_by_role("link", name="All day closes")).to_be_focused()
    expect(queue).to_contain_text("never seen")

    page.get_by_role("link", name="Red switches").focus()
    with page.expect_response("**/operations/"):
        page.clock.fast_forward(31_000)
    expect(queue).to_contain_text("at work")


@pytest.mark.parametrize(("language", "theme"), [("pl", "dark"), ("en", "light")])
def test_axe_finds_nothing_on_the_pages_of_switches(
    night: None, sign_in: SignIn, site_url: str, language: str, theme: str
) -> None:
    page = sign_in("pawel", language=language, theme=theme)
    for address in ("operations/", "operations/switches/automation/send_letter.demand/"):
        page.goto(f"{site_url}/{address}")
        found = Axe().run(page, options=RULES)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= 1280
        shown(page, f"{language}-{address.count('/')}")

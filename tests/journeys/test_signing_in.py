"""Signing in with a second factor, and a session that ends while somebody has typed."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.core.cache import cache
from playwright.sync_api import Browser, Page, expect

from cases.models import Case
from kernel import clock
from staff.models import User
from tests.journeys.browsers import AT, IN_A_BROWSER, PASSWORD, RULES, SignIn

pytestmark = IN_A_BROWSER


def _code(key: str, step: int = 1) -> str:
    counter = list(yield_hotp_counters_from_time())[step]
    return str(format_hotp_value(hotp_value(key, counter)))


def _set_up(page: Page, site_url: str) -> tuple[str, list[str]]:
    page.goto(f"{site_url}/account/")
    page.get_by_role("link", name="Set it up").click()
    key = page.locator(".gate-side code").inner_text().replace(" ", "")
    expect(page.get_by_role("img", name="Picture with the key")).to_be_visible()
    page.get_by_label("Code that the app shows").fill(_code(key, 0))
    page.get_by_label("Your password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    return key, page.locator(".codes code").all_inner_texts()


def test_a_second_factor_is_set_up_and_asked_for_at_the_next_sign_in(
    people: dict[str, User], sign_in: SignIn, browser: Browser, site_url: str
) -> None:
    key, codes = _set_up(sign_in("anna"), site_url)
    assert len(codes) == 10

    page = browser.new_context(locale="en-GB").new_page()
    for given in (_code(key), codes[0]):
        page.goto(f"{site_url}/sign-in/")
        page.get_by_label("User name").fill("anna")
        page.get_by_label("Password").fill(PASSWORD)
        page.keyboard.press("Enter")
        field = page.get_by_label("Code", exact=True)
        expect(field).to_be_focused()
        field.fill("000000")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("The code is not right")
        page.get_by_label("Code", exact=True).fill(given)
        page.keyboard.press("Enter")
        expect(page.locator(".rail")).to_be_visible()
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_back_after_signing_out_shows_no_debtor(case: Case, sign_in: SignIn) -> None:
    page = sign_in("anna")
    page.goto(page.url + "cases/UG-1/")
    expect(page.get_by_role("heading", name="Wąsik Łucja", level=1)).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(page.get_by_text("Wąsik Łucja")).to_have_count(0)


@pytest.fixture
def passing(case: Case, monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The clock of the site, which the test moves: its only item is now."""
    now = [AT]
    monkeypatch.setattr(settings, "IDLE_MINUTES", 15)
    monkeypatch.setattr(clock, "now", lambda: now[0])
    return now


def _let_pass(page: Page, now: list[datetime], minutes: int) -> None:
    """For the site and for the page alike."""
    now[0] += timedelta(minutes=minutes)
    page.clock.fast_forward(minutes * 60_000)


def _open(sign_in: SignIn, now: list[datetime]) -> Page:
    page = sign_in("anna")
    page.clock.install()
    page.reload()
    page.keyboard.press("/")
    page.keyboard.type("half a name")
    expect(page.locator("#found")).to_contain_text("No case found")  # the last that it asks for
    return page


def test_a_page_warns_two_minutes_before_and_somebody_stays(
    sign_in: SignIn, passing: list[datetime]
) -> None:
    page = _open(sign_in, passing)
    dialog = page.get_by_role("alertdialog")
    _let_pass(page, passing, 12)
    expect(dialog).to_be_hidden()
    _let_pass(page, passing, 2)
    expect(dialog).to_contain_text("You will be signed out soon")
    expect(dialog).to_contain_text(re.compile(r"\d\d:\d\d"))
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(page.locator("#find")).to_have_value("half a name")
    _let_pass(page, passing, 12)
    expect(dialog).to_be_hidden()


def test_what_was_typed_survives_the_end_of_the_session(
    sign_in: SignIn, passing: list[datetime], site_url: str
) -> None:
    page = _open(sign_in, passing)
    dialog = page.get_by_role("alertdialog")
    _let_pass(page, passing, 20)
    expect(dialog).to_contain_text("You have been signed out")
    page.keyboard.press("Escape")
    expect(dialog, "the curtain stays").to_be_visible()

    with page.context.expect_page() as opened:
        dialog.get_by_role("link", name="Sign in in another window").click()
    other = opened.value
    other.get_by_label("User name").fill("anna")
    other.get_by_label("Password").fill(PASSWORD)
    other.keyboard.press("Enter")
    expect(other.locator(".rail")).to_be_visible()
    other.close()

    dialog.get_by_role("button", name="I have signed in").click()
    expect(dialog).to_be_hidden()
    expect(page.locator("#find")).to_have_value("half a name")
    page.locator("#find").fill("lucja")
    page.locator("#find").press("Enter")
    expect(page).to_have_url(re.compile(r"/cases/[^/]+/$"))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_gate_and_the_account_break_no_rule_of_accessibility(
    people: dict[str, User], sign_in: SignIn, browser: Browser, site_url: str, theme: str
) -> None:
    page = sign_in("anna", theme=theme, bypass_csp=True)
    found: list[tuple[str, str, str]] = []

    def look(what: str, at: Page) -> None:
        answer = Axe().run(at, options=RULES).response
        found.extend((what, v["id"], v["nodes"][0]["html"]) for v in answer["violations"])

    page.goto(f"{site_url}/account/second-factor/")
    look("set up", page)
    _set_up(page, site_url)
    look("recovery codes", page)
    page.goto(f"{site_url}/account/")
    look("account", page)

    gate = browser.new_context(locale="en-GB", bypass_csp=True)
    gate.add_cookies([{"name": "theme", "value": theme, "url": site_url}])
    other = gate.new_page()
    other.goto(f"{site_url}/sign-in/")
    look("sign in", other)
    other.get_by_label("User name").fill("anna")
    other.get_by_label("Password").fill("wrong")
    other.keyboard.press("Enter")
    expect(other.get_by_role("alert")).to_be_visible()
    look("wrong password", other)
    other.get_by_label("Password").fill(PASSWORD)
    other.keyboard.press("Enter")
    expect(other.get_by_label("Code", exact=True)).to_be_visible()
    look("code", other)
    other.goto(f"{site_url}/nowhere/")
    look("not found", other)
    assert found == []


@pytest.fixture(autouse=True)
def _no_attempts_yet(people: dict[str, User]) -> None:
    cache.clear()

"""The command palette, search as one types, and a frame that loses nothing when it is narrow."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Request, expect

from cases.models import Case
from staff.models import User
from tests.journeys.browsers import IN_A_BROWSER, PASSWORD, RULES, SignIn

pytestmark = IN_A_BROWSER


def _active(page: Page, field: str) -> str:
    """The words of the option that the field names as the active one."""
    return str(
        page.evaluate(
            "(id) => document.getElementById(document.querySelector(id)"
            ".getAttribute('aria-activedescendant'))?.querySelector('b').textContent ?? ''",
            field,
        )
    )


def test_the_palette_goes_acts_and_opens_a_case_without_the_mouse(
    case: Case, sign_in: SignIn
) -> None:
    page = sign_in("anna")
    page.keyboard.press("Control+k")
    dialog = page.get_by_role("dialog", name="Commands")
    field = dialog.get_by_role("combobox")
    expect(field).to_be_focused()
    assert _active(page, "#palette-field") == "Start next"
    page.keyboard.press("ArrowUp")
    assert _active(page, "#palette-field") == "Sign out"

    page.keyboard.type("strat")
    expect(dialog.get_by_role("option", name="Strategies G S")).to_be_visible()
    assert _active(page, "#palette-field") == "Strategies"
    page.keyboard.press("Enter")
    expect(page).to_have_title("Strategies · Ugoda")

    page.keyboard.press("Control+k")
    page.keyboard.type("lucja")
    expect(dialog.get_by_role("option", name="Wąsik Łucja")).to_be_visible()
    expect(dialog.locator("[data-live]")).to_have_text("Results: 1")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Wąsik Łucja", level=1)).to_be_visible()

    page.keyboard.press("Control+k")
    page.keyboard.type("hold")
    page.keyboard.press("Enter")
    expect(page.get_by_label("What happened")).to_be_visible()


def test_the_palette_gives_the_focus_back_and_says_when_nothing_fits(
    case: Case, sign_in: SignIn
) -> None:
    page = sign_in("anna")
    page.keyboard.press("j")
    page.keyboard.press("Control+k")
    page.keyboard.type("qqqq")
    expect(page.get_by_text("No command of this name, and no case.")).to_be_hidden()
    expect(page.get_by_text("No case found. A number must be whole.")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Wąsik Łucja")).to_be_focused()


def test_a_key_struck_before_the_closed_dialog_is_redrawn_is_not_lost(
    case: Case, sign_in: SignIn
) -> None:
    page = sign_in("anna")
    page.keyboard.press("Control+k")
    focused = page.evaluate("""() => {
        document.querySelector("#palette").close();
        const key = new KeyboardEvent("keydown", {key: "/", bubbles: true, cancelable: true});
        document.activeElement.dispatchEvent(key);
        return document.activeElement.id;
    }""")
    assert focused == "find"


def test_local_commands_answer_at_once(case: Case, sign_in: SignIn) -> None:
    page = sign_in("pawel")
    milliseconds = page.evaluate("""() => {
        document.dispatchEvent(new KeyboardEvent("keydown", {key: "k", ctrlKey: true}));
        const field = document.querySelector("#palette-field");
        const begun = performance.now();
        for (const text of ["b", "bo", "boa"]) {
          field.value = text;
          field.dispatchEvent(new Event("input", {bubbles: true}));
        }
        return performance.now() - begun;
    }""")
    assert milliseconds < 100


@pytest.fixture
def asked(case: Case, sign_in: SignIn) -> tuple[Page, list[Request]]:
    """A page of the officer, and the requests it has made since it was opened."""
    page = sign_in("anna")
    seen: list[Request] = []
    page.on("request", lambda request: seen.append(request))  # noqa: PLW0108 - it names the handler
    return page, seen


@pytest.fixture
def mobile(case: Case) -> str:
    return str(case.debtor.contact_points.get(kind="mobile").value)


def test_a_case_is_found_as_one_types_and_no_address_holds_the_number(
    asked: tuple[Page, list[Request]], mobile: str
) -> None:
    page, seen = asked
    page.keyboard.press("/")
    page.keyboard.type(mobile, delay=10)
    option = page.locator("#found").get_by_role("option", name="phone number")
    expect(option).to_contain_text("Wąsik Łucja")
    expect(page.locator("#live")).to_have_text("1 case")
    page.keyboard.press("ArrowDown")
    assert _active(page, "#find") == "Wąsik Łucja"
    page.keyboard.press("Escape")
    expect(option).to_be_hidden()
    expect(page.locator("#find")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Wąsik Łucja", level=1)).to_be_visible()

    assert any("search/suggest" in request.url for request in seen)
    assert not [request.url for request in seen if mobile[-9:] in request.url]


def test_the_arrows_choose_among_what_is_found(asked: tuple[Page, list[Request]]) -> None:
    page, _ = asked
    page.keyboard.press("/")
    page.keyboard.type("was lu")
    expect(page.get_by_role("option", name="Wąsik Łucja")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/cases/UG-1/$"))


def test_single_keys_can_be_switched_off_and_the_palette_stays(
    case: Case, people: dict[str, User], sign_in: SignIn
) -> None:
    User.objects.filter(pk=people["anna"].pk).update(single_keys=False)
    page = sign_in("anna")
    for key in ("n", "j", "?", "g", "c"):
        page.keyboard.press(key)
    expect(page).to_have_title("My work list · Ugoda")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert page.evaluate("document.activeElement === document.body")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog", name="Commands")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_open_dialogs_and_lists_break_no_rule_of_accessibility(
    case: Case, sign_in: SignIn, theme: str
) -> None:
    page = sign_in("pawel", theme=theme, bypass_csp=True)
    found: list[tuple[str, str, str]] = []

    def look(what: str) -> None:
        answer = Axe().run(page, options=RULES).response
        found.extend((what, v["id"], v["nodes"][0]["html"]) for v in answer["violations"])

    page.keyboard.press("?")
    look("keys")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.type("was")
    expect(page.get_by_role("option", name="Wąsik Łucja")).to_be_visible()
    look("palette")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("/")
    expect(page.locator("#find")).to_be_focused()
    page.keyboard.type("was")
    expect(page.get_by_role("option", name="Wąsik Łucja")).to_be_visible()
    page.keyboard.press("ArrowDown")
    look("search")
    page.goto(urlsplit(page.url)._replace(path="/preferences/", query="").geturl())
    look("preferences")
    assert found == []


#: What stands out at the right, unless it scrolls inside something that does not.
_TOO_WIDE = """
    (width) => document.documentElement.scrollWidth <= width ? [] :
      [...document.querySelectorAll("body *")]
        .filter((one) => one.getBoundingClientRect().right > width && !one.closest(".table-wrap"))
        .map((one) => one.outerHTML.slice(0, 90))
"""


@pytest.mark.parametrize("width", [1280, 1000, 768, 640])
def test_a_narrow_window_loses_nothing(case: Case, sign_in: SignIn, width: int) -> None:
    page = sign_in("pawel", language="pl")
    page.set_viewport_size({"width": width, "height": 720})
    for path in ("?whose=team", "cases/?status=open", "cases/UG-1/", "preferences/", "search/"):
        page.goto(urlsplit(page.url)._replace(path="/", query="").geturl() + path)
        assert page.evaluate(_TOO_WIDE, width) == [], path
        for name in ("Dzień pracy", "Polecenia"):
            expect(page.locator(".top").get_by_text(name)).to_be_visible()
    menu = page.locator("summary", has_text="Menu")
    if width < 960:
        expect(page.get_by_role("link", name="Strategie")).to_be_hidden()
        menu.click()
    else:
        expect(menu).to_be_hidden()
    page.get_by_role("link", name="Strategie").click()
    expect(page).to_have_title("Strategie · Ugoda")


def test_the_menu_and_the_search_work_without_a_script(
    case: Case, mobile: str, browser: Browser, people: dict[str, User], site_url: str
) -> None:
    User.objects.filter(username="anna").update(language="en")
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": 800, "height": 720}, locale="en-GB"
    )
    page = context.new_page()
    page.goto(f"{site_url}/sign-in/")
    page.get_by_role("textbox").first.fill("anna")
    page.locator("[type=password]").fill(PASSWORD)
    page.locator("[type=password]").press("Enter")
    expect(page.get_by_role("button", name="Commands")).to_be_hidden()
    page.locator("summary", has_text="Menu").click()
    page.get_by_role("link", name="Cases").click()
    page.locator("#find").fill("lucja")
    page.locator("#find").press("Enter")
    expect(page).to_have_url(re.compile(r"/cases/[^/]+/$"))
    expect(page.get_by_role("heading", name="Wąsik Łucja", level=1)).to_be_visible()
    page.locator("#find").fill(mobile)
    page.locator("#find").press("Enter")
    expect(page).to_have_url(f"{site_url}/cases/UG-1/")

"""Keys are declared on the controls of a page, shown there, and listed by what is there."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from cases.models import Case
from tests.journeys.browsers import IN_A_BROWSER, SignIn

pytestmark = IN_A_BROWSER

#: Controls with a key that show it neither inside nor beside them.
_WITHOUT_HINT = """
    [...document.querySelectorAll("[data-key]")].filter((control) => {
      const near = control.matches("details") ? control.querySelector("summary") : control;
      const beside = near.nextElementSibling?.matches("kbd") ? near.nextElementSibling : null;
      const label = control.labels?.[0]?.querySelector("kbd");
      const hints = [...near.querySelectorAll("kbd"), beside, label].filter(Boolean);
      const shown = hints.map((hint) => hint.textContent.trim().toLowerCase()).join(" ");
      const inTheFoot = [...document.querySelectorAll(".keys kbd")].some(
        (hint) => hint.textContent.trim().toLowerCase() === control.dataset.key);
      const isShown = shown === control.dataset.key || (control.matches(".unseen") && inTheFoot);
      return !isShown && !control.closest("[data-key-hidden]");
    }).map((control) => control.outerHTML.slice(0, 120))
"""


def _focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.textContent.trim()"))


def test_the_list_of_keys_tells_what_the_page_has_and_gives_the_focus_back(
    case: Case, sign_in: SignIn
) -> None:
    page = sign_in("anna")
    page.keyboard.press("j")
    assert _focused(page) == "Wąsik Łucja"

    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    expect(dialog).to_contain_text("Start next")
    expect(dialog).to_contain_text("Next and previous row")
    expect(dialog.get_by_text("Tick the row")).to_be_visible()
    page.keyboard.press("n")
    expect(dialog, "no key of the page fires behind the dialog").to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert _focused(page) == "Wąsik Łucja"

    page.goto(page.url + "days/")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog").get_by_text("Start next")).to_be_hidden()
    expect(page.get_by_role("dialog").get_by_text("Tick the row")).to_be_hidden()


def test_no_key_fires_while_somebody_types(case: Case, sign_in: SignIn) -> None:
    page = sign_in("anna")
    page.keyboard.press("j")
    page.keyboard.press("/")
    page.keyboard.type("nj?x")
    field = page.locator("#find")
    expect(field).to_have_value("nj?x")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("Escape")
    assert _focused(page) == "Wąsik Łucja"


def test_two_keys_after_each_other_are_one_command(case: Case, sign_in: SignIn) -> None:
    page = sign_in("anna")
    page.evaluate("""document.querySelector("main").insertAdjacentHTML(
        "beforeend", '<a href="/strategies/" data-key="z y">Strategies</a>')""")
    page.keyboard.press("z")
    page.keyboard.press("n")
    page.keyboard.press("y")
    expect(page).to_have_title("My work list · Ugoda")
    page.keyboard.press("z")
    page.keyboard.press("y")
    expect(page).to_have_title("Strategies · Ugoda")


@pytest.mark.parametrize("path", ["", "cases/?status=open"])
def test_every_control_with_a_key_shows_it(case: Case, sign_in: SignIn, path: str) -> None:
    page = sign_in("anna")
    page.goto(page.url + path)
    assert page.locator("[data-key]").count() > 0
    assert page.evaluate(_WITHOUT_HINT) == []


def test_a_part_that_fails_says_so_and_offers_another_try(case: Case, sign_in: SignIn) -> None:
    page = sign_in("anna")
    page.evaluate("""
        const main = document.querySelector("main");
        main.insertAdjacentHTML("beforeend",
          '<form hx-get="/part/" hx-target="#here"><input name="typed" aria-label="typed">' +
          '<button>Ask</button></form><div id="here"></div>');
        htmx.process(main);
    """)
    page.get_by_label("typed").fill("kept")
    page.route("**/part/**", lambda route: route.abort())
    page.get_by_role("button", name="Ask").click()
    bar = page.get_by_role("alert")
    expect(bar).to_contain_text("The server cannot be reached.")
    expect(page.get_by_label("typed")).to_have_value("kept")

    page.unroute("**/part/**")
    page.route(
        "**/part/?typed=kept", lambda route: route.fulfill(body='<p data-say="It came">Came</p>')
    )
    bar.get_by_role("button", name="Try again").click()
    expect(page.locator("#here")).to_contain_text("Came")
    expect(bar).to_be_hidden()
    expect(page.locator("#live")).to_have_text("It came")

"""The case page in a real browser: by keyboard, without a script, and on paper."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from cases.models import Case, Hold
from debtors.identifiers import seal
from debtors.models import ContactPoint, Debt
from kernel.actor import system_actor
from ledger.lifecycle import Component
from ledger.operations import post_charge
from tests.integration.cases.builders import make_debt, pay
from tests.journeys.browsers import AT, IN_A_BROWSER, ON, RULES, SignIn

pytestmark = IN_A_BROWSER

PESEL = "84010112346"
#: The edges of the pieces of the line, from the top of the first to the foot of the last.
_EDGES = """
    [...document.querySelectorAll("td.run > svg")].map((piece) => {
      const box = piece.getBoundingClientRect();
      return [Math.round(box.top), Math.round(box.bottom)];
    })
"""


@pytest.fixture
def known(case: Case) -> Case:
    """The debtor can show who they are; things have happened."""
    debtor = case.debtor
    debtor.pesel_sealed, debtor.pesel_fingerprint = seal("pesel", PESEL)
    debtor.save()
    debt = Debt.objects.get(parties__debtor=debtor)
    for day in range(4):
        at = AT - timedelta(days=4 - day)
        pay(debt, 10_000, on=at.date(), at=at)
    post_charge(
        account_id=debt.account_id, component=Component.FEES, amount_minor=4_500, due_on=ON,
        reason="A letter that was sent, with a reason long enough to need a second line in a row"
        " of the timeline", idempotency_key="k", source="tests",
        actor=system_actor("tests"), at=AT,
    )  # fmt: skip
    make_debt(debtor, due_minor=20_000, currency="EUR")
    make_debt(debtor, due_minor=0, outstanding_minor=0)
    Hold.objects.create(
        case=case, kind="vulnerability", reason="Speaks slowly", from_on=ON, placed_at=AT,
        actor_kind="system", actor_id="operator",
    )  # fmt: skip
    return case


def _phone(case: Case) -> str:
    value = ContactPoint.objects.get(debtor=case.debtor, kind="mobile").value
    return f"{value[:3]}\u00a0{value[3:6]}\u00a0{value[6:9]}\u00a0{value[9:]}"


def _open(page: Page, case: Case) -> None:
    page.goto(
        page.url.split("/", 3)[0] + "//" + page.url.split("/", 3)[2] + f"/cases/{case.number}/"
    )


def test_a_caller_is_confirmed_and_let_go_by_keyboard_alone(known: Case, sign_in: SignIn) -> None:
    page = sign_in("anna")
    _open(page, known)
    expect(page.get_by_text(PESEL)).to_have_count(0)

    page.keyboard.press("v")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_text(PESEL)).to_be_visible()
    expect(page.get_by_text(_phone(known)).first).to_be_visible()

    page.keyboard.press("v")
    expect(page.get_by_text("details are masked until then")).to_be_visible()
    expect(page.get_by_text(PESEL)).to_have_count(0)


def test_without_a_script_a_caller_is_confirmed_and_the_timeline_searched(
    known: Case, sign_in: SignIn
) -> None:
    page = sign_in("anna", java_script_enabled=False)
    _open(page, known)

    page.get_by_text("details are masked until then").click()
    page.get_by_label("PESEL").check()
    page.get_by_label("Contract number").check()
    page.get_by_role("button", name="Show the details").click()
    expect(page.get_by_text(PESEL)).to_be_visible()

    page.get_by_label("Words in the timeline").fill("second line")
    page.get_by_role("button", name="Filter", exact=True).click()
    expect(page.locator("table.timeline tbody tr")).to_have_count(1)
    page.get_by_role("link", name="Remove filter Words: second line").click()
    assert page.locator("table.timeline tbody tr").count() > 1


@pytest.mark.parametrize("scrolled", [0, 700])
def test_the_pane_stays_on_the_screen_and_nothing_jumps(
    known: Case, sign_in: SignIn, scrolled: int
) -> None:
    page = sign_in("anna")
    page.set_viewport_size({"width": 1280, "height": 720})
    _open(page, known)
    page.evaluate("top => scrollTo(0, top)", scrolled)
    expect(page.get_by_role("button", name="Save and next")).to_be_in_viewport(ratio=1)

    for key, field in (("v", "Date of birth"), ("h", "What happened"), ("m", "Note")):
        page.keyboard.press(key)
        expect(page.get_by_label(field, exact=field == "Note").first).to_be_in_viewport(ratio=1)
        expect(page.locator(".whose")).to_be_in_viewport(ratio=1)
        assert page.evaluate("scrollY") == scrolled
        page.keyboard.press("Escape")


def test_reasons_and_words_are_a_key_away(known: Case, sign_in: SignIn) -> None:
    page = sign_in("anna")
    _open(page, known)

    page.keyboard.press("f")
    page.keyboard.type("received")
    page.keyboard.press("Enter")
    expect(page.locator("table.timeline tbody tr")).to_have_count(4)
    assert page.url.endswith("#timeline")
    page.go_back()
    expect(page.locator("table.timeline tbody tr").nth(4)).to_be_attached()


@pytest.mark.parametrize("width", [1440, 1280, 1000, 720])
def test_the_line_of_the_balance_is_whole_however_high_the_rows_are(
    known: Case, sign_in: SignIn, width: int
) -> None:
    page = sign_in("anna")
    page.set_viewport_size({"width": width, "height": 800})
    _open(page, known)
    edges = page.evaluate(_EDGES)

    if width < 768:
        assert all(top == bottom for top, bottom in edges), "a narrow screen shows the numbers"
        return
    assert len(edges) == 5
    assert all(abs(upper[1] - lower[0]) <= 1 for upper, lower in pairwise(edges))
    heights = {bottom - top for top, bottom in edges}
    assert len(heights) > 1, "one row is higher than the others"


def test_paper_has_no_rail_no_forms_and_nothing_folded(known: Case, sign_in: SignIn) -> None:
    page = sign_in("anna")
    _open(page, known)
    page.emulate_media(media="print")

    for hidden in (".rail", ".top", ".side", "form.filter", ".verify", ".foot"):
        expect(page.locator(hidden).first).to_be_hidden()
    expect(page.get_by_text("1 settled debt")).to_be_visible()
    expect(page.get_by_text("Debts on which nothing is owed")).to_be_attached()
    assert page.locator("#debts details").evaluate("d => d.offsetHeight") > 60


@pytest.mark.parametrize(("language", "theme"), [("pl", "dark"), ("en", "light")])
def test_nothing_bars_anybody_from_the_page(
    known: Case, sign_in: SignIn, language: str, theme: str
) -> None:
    page = sign_in("anna", language=language, theme=theme)
    _open(page, known)
    found = _faults(page)
    page.keyboard.press("v")
    found += _faults(page)
    page.locator("input[name=named]").nth(1).check()
    page.locator("input[name=named]").nth(2).check()
    page.keyboard.press("Enter")
    expect(page.locator(".verify.is-on")).to_be_visible()
    found += _faults(page)
    page.goto(page.url.partition("#")[0] + "print/")
    found += _faults(page)

    assert found == []


def _faults(page: Page) -> list[tuple[str, str]]:
    answer = Axe().run(page, options=RULES).response
    faults = [(each["id"], each["nodes"][0]["html"]) for each in answer["violations"]]
    wide = page.evaluate("document.documentElement.scrollWidth")
    return [*faults, ("too wide", str(wide))] if wide > 1280 else faults

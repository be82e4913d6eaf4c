"""Contacts logged without a mouse: few keys, nothing lost, and a moment to take it back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from cases.lifecycle import WorkKind
from cases.models import Case, Hold, Note, WorkItem
from contacts.models import Attempt, ContactDraft, Promise
from debtors.lifecycle import PartyRole
from debtors.models import DebtParty
from staff.models import User
from tests.integration.cases.builders import make_debt, make_debtor
from tests.integration.desk.conftest import name_debtor
from tests.journeys.browsers import AT, IN_A_BROWSER, ON, PASSWORD, RULES, SignIn

pytestmark = IN_A_BROWSER

#: What each of ten contacts takes: the keys pressed one by one, a text typed letter by letter.
CONTACTS: list[tuple[str, list[str]]] = [
    ("promised", ["p", *"500 pt", "Control+Enter"]),
    ("no_answer", ["l", "9", "Control+Enter"]),
    ("promised", ["l", "5", *"half fri", "Control+Enter"]),
    ("wrong_person", ["l", "t", "0", "Control+Enter"]),
    ("spoke", ["l", "2", "x", "Control+Enter"]),
    ("refused", ["l", "7", "Control+Enter"]),
    ("message_left", ["l", "y", "Control+Enter"]),
    ("call_back", ["l", "z", *"14:00", "Control+Enter"]),
    ("wants_instalments", ["l", "6", "Control+Enter"]),
    ("promised", ["p", *"cała jutro", "Control+Enter"]),
]


@pytest.fixture
def book(people: dict[str, User]) -> list[Case]:
    """Ten cases of one officer, each with a call to make today."""
    officer, cases = people["anna"], []
    for number in range(1, len(CONTACTS) + 1):
        debtor = make_debtor()
        name_debtor(debtor, f"Wąsik Łucja {number}")
        make_debt(debtor, due_minor=125_000, outstanding_minor=500_000, due_since=ON)
        case = Case.objects.create(
            number=f"UG-{number:02d}",
            debtor=debtor,
            team=officer.team,
            owner=officer,
            opened_on=ON,
            updated_at=AT,
        )
        WorkItem.objects.create(
            case=case,
            kind=WorkKind.CALL,
            team=case.team,
            owner=officer,
            due_on=ON,
            priority=number,
            opened_at=AT,
        )
        cases.append(case)
    return cases


@pytest.fixture
def wife(case: Case) -> DebtParty:
    wife = make_debtor()
    name_debtor(wife, "Wąsik Maria")
    debt = case.debtor.parties.get().debt
    return DebtParty.objects.create(debt=debt, debtor=wife, role=PartyRole.CO_DEBTOR)


def at_case(page: Page, name: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def open_case(page: Page, number: str = "UG-1") -> Page:
    page.goto(f"{page.url.partition('/?')[0].rstrip('/')}/cases/{number}/")
    return page


def press(page: Page, key: str) -> None:
    """One key; a letter that the keyboard has not is typed."""
    if len(key) == 1:
        page.keyboard.type(key)
    else:
        page.keyboard.press(key)


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.name || document.activeElement.textContent"))


def test_ten_contacts_are_logged_by_keyboard_alone(book: list[Case], sign_in: SignIn) -> None:
    page = sign_in("anna")
    page.keyboard.press("n")
    for place, (result, keys) in enumerate(CONTACTS):
        case = book[place]
        at_case(page, f"Wąsik Łucja {place + 1}")
        assert len(keys) <= 12, f"{result} takes too many keys"
        for key in keys:
            press(page, key)
        if place + 1 < len(CONTACTS):
            at_case(page, f"Wąsik Łucja {place + 2}")
            expect(page.locator(".undo")).to_contain_text(f"Wąsik Łucja {place + 1}, {case.number}")
        else:
            expect(page.get_by_role("heading", level=1)).to_have_text("My work list")
        attempt = Attempt.objects.get(case=case)
        assert attempt.result == result
    assert Promise.objects.get(case=book[0]).due_on == date(2026, 5, 15)
    assert Promise.objects.get(case=book[2]).amount_minor == 62_500
    assert Promise.objects.get(case=book[9]).amount_minor == 125_000
    assert Attempt.objects.get(case=book[4]).direction == "in"
    assert Attempt.objects.get(case=book[3]).is_other_person
    assert not WorkItem.objects.filter(due_on=ON, status="open").exclude(case=book[7]).exists()


def test_what_was_just_logged_is_undone_by_one_key_on_the_next_page(
    book: list[Case], sign_in: SignIn
) -> None:
    page = sign_in("anna")
    page.keyboard.press("n")
    at_case(page, "Wąsik Łucja 1")
    for key in CONTACTS[0][1]:
        press(page, key)
    at_case(page, "Wąsik Łucja 2")
    expect(page.locator("[data-countdown]")).to_contain_text("for another")
    page.keyboard.press("u")

    at_case(page, "Wąsik Łucja 1")
    expect(page.get_by_role("status")).to_contain_text("Taken back.")
    expect(page.locator(".timeline")).to_contain_text("Struck out: Phone, Promised to pay")
    assert Promise.objects.get().status == "withdrawn"
    assert WorkItem.objects.get(case=book[0]).status == "open"


def test_the_time_for_undo_runs_out_in_words_and_the_way_goes(case: Case, sign_in: SignIn) -> None:
    page = open_case(sign_in("anna"))
    page.clock.install(time=AT)
    page.clock.pause_at(AT + timedelta(seconds=1))
    for key in ("l", "9"):
        page.keyboard.press(key)
    page.get_by_role("button", name="Save", exact=True).click()
    shown = page.locator("[data-countdown]")
    expect(shown).to_have_text("for another 10 seconds")
    page.clock.run_for(3_300)
    expect(shown).to_have_text("for another 7 seconds")
    page.clock.run_for(7_000)
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)
    expect(page.locator(".undo")).to_contain_text("The contact is logged.")


def test_the_note_writes_itself_until_somebody_writes_in_it(case: Case, sign_in: SignIn) -> None:
    page = open_case(sign_in("anna"))
    note = page.get_by_label("Note, written for you")
    page.keyboard.press("l")
    page.keyboard.press("9")
    expect(note).to_have_value("Called Wąsik Łucja: no answer.")
    page.keyboard.press("5")
    page.keyboard.type("500 fri")
    made = "Spoke with Wąsik Łucja. Promised 500,00\u00a0zł by 15.05.2026."
    expect(note).to_have_value(made)
    expect(page.locator("#contact-follow")).to_contain_text("check the promise Mon\u00a018.05.2026")

    note.press("End")
    note.press_sequentially(" Salary on the 14th.")
    page.get_by_label("Amount and day in one line").fill("600 fri")
    expect(note).to_have_value(
        "Spoke with Wąsik Łucja. Promised 600,00\u00a0zł by 15.05.2026. Salary on the 14th."
    )
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status")).to_contain_text("The contact is logged.")
    assert Attempt.objects.get().note == "Salary on the 14th."


def test_amount_and_day_are_filled_from_the_line_and_the_line_goes_when_they_are_changed(
    case: Case, sign_in: SignIn
) -> None:
    page = open_case(sign_in("anna"))
    page.keyboard.press("p")
    assert focused(page) == "quick"
    page.keyboard.type("500 fri")
    expect(page.get_by_label("Amount, zł")).to_have_value("500,00")
    expect(page.locator("#contact-promised_on")).to_have_value("15.05.2026")
    page.get_by_label("Amount, zł").fill("750")
    expect(page.get_by_label("Amount and day in one line")).to_have_value("")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status")).to_contain_text("The contact is logged.")
    assert Promise.objects.get().amount_minor == 75_000


def test_the_number_follows_the_person_and_the_way(
    case: Case, wife: DebtParty, sign_in: SignIn
) -> None:
    page = open_case(sign_in("anna"))
    number = page.get_by_label("Number or mailbox")
    page.keyboard.press("l")
    page.keyboard.press("o")
    hers = wife.debtor.contact_points.get(kind="mobile")
    expect(number).to_have_value(str(hers.pk))
    page.keyboard.press("3")
    expect(number).to_have_value(str(wife.debtor.contact_points.get(kind="email").pk))
    page.keyboard.press("4")
    expect(number).to_have_value("")


def test_a_refusal_comes_back_to_the_field_with_all_that_was_typed(
    case: Case, sign_in: SignIn
) -> None:
    page = open_case(sign_in("anna"))
    page.keyboard.press("p")
    page.keyboard.type("500 next friday")
    expect(page.locator("#contact-said")).to_contain_text("more than one way")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#contact-quick_error")).to_contain_text("more than one way")
    assert focused(page) == "quick"
    expect(page.get_by_label("Amount and day in one line")).to_have_value("500 next friday")
    assert page.locator("h1").count() == 1

    page.keyboard.press("Control+a")
    page.keyboard.type("500 fri")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status")).to_contain_text("The contact is logged.")
    assert Promise.objects.get().amount_minor == 50_000


def test_escape_leads_back_to_where_one_was(case: Case, sign_in: SignIn) -> None:
    page = open_case(sign_in("anna"))
    page.keyboard.press("/")
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Cases").focus()
    page.keyboard.press("l")
    assert focused(page) == "way"
    page.keyboard.press("Escape")
    assert focused(page).startswith("Cases")

    page.keyboard.press("p")
    assert focused(page) == "quick"
    page.keyboard.press("Escape")
    assert focused(page) == "result"
    page.keyboard.press("Escape")
    assert focused(page).startswith("Cases")

    page.keyboard.press("h")
    assert focused(page) == "kind"
    page.keyboard.press("Escape")
    expect(page.get_by_label("What happened")).to_be_hidden()
    assert focused(page).startswith("Hold the case")


def test_what_is_typed_is_kept_when_the_page_is_left(case: Case, sign_in: SignIn) -> None:
    page = open_case(sign_in("anna"))
    page.keyboard.press("p")
    page.keyboard.type("500 fri")
    expect(page.locator("#contact-kept")).to_contain_text("Kept at 11:00")
    assert ContactDraft.objects.get().fields["quick"] == "500 fri"
    page.reload()
    expect(page.get_by_label("Amount and day in one line")).to_have_value("500 fri")
    expect(page.locator("#contact-said")).to_contain_text("500,00\u00a0zł by Fri")
    page.get_by_role("button", name="Discard").click()
    expect(page.get_by_label("Note, written for you")).to_have_value("")
    assert not ContactDraft.objects.exists()


def test_without_a_network_nothing_is_lost_and_it_is_said(case: Case, sign_in: SignIn) -> None:
    page = open_case(sign_in("anna"))
    page.keyboard.press("l")
    page.keyboard.press("9")
    page.context.set_offline(True)
    page.keyboard.press("Control+Enter")
    bar = page.locator("#failure")
    expect(bar).to_contain_text("The server cannot be reached.")
    assert not Attempt.objects.exists()
    page.context.set_offline(False)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status").first).to_contain_text("The contact is logged.")
    assert Attempt.objects.count() == 1


def test_who_was_signed_out_signs_in_elsewhere_and_goes_on_where_they_were(
    case: Case, sign_in: SignIn
) -> None:
    page = open_case(sign_in("anna"))
    page.keyboard.press("l")
    page.keyboard.press("9")
    page.wait_for_timeout(1_500)
    page.context.clear_cookies(name="sessionid")
    page.get_by_label("Note, written for you").fill("Tried twice")
    page.keyboard.press("Control+Enter")
    bar = page.locator("#failure")
    expect(bar.get_by_text("You have been signed out.")).to_be_visible()
    assert not Attempt.objects.exists()

    with page.context.expect_page() as opened:
        bar.get_by_role("link", name="sign in in another window").click()
    other = opened.value
    other.get_by_role("textbox").first.fill("anna")
    other.locator("[type=password]").fill(PASSWORD)
    other.locator("[type=password]").press("Enter")
    expect(other.locator(".rail")).to_be_visible()
    other.close()
    bar.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("status").first).to_contain_text("The contact is logged.")
    assert Attempt.objects.get().note == "Tried twice"


def test_a_form_that_was_begun_is_typed_over(case: Case, sign_in: SignIn) -> None:
    page = open_case(sign_in("anna"))
    page.keyboard.press("p")
    page.keyboard.type("500 fri")
    expect(page.locator("#contact-kept")).to_contain_text("Kept at")
    page.reload()
    page.keyboard.press("p")
    page.keyboard.type("600 fri")
    expect(page.get_by_label("Note, written for you")).to_have_value(
        "Spoke with Wąsik Łucja. Promised 600,00\u00a0zł by 15.05.2026."
    )


def test_a_name_of_120_characters_stays_within_the_pane(case: Case, sign_in: SignIn) -> None:
    name_debtor(case.debtor, "Przedsiębiorstwo" * 7 + " i Sp.")
    type(case.debtor).objects.filter(pk=case.debtor_id).update(kind="company")
    page = open_case(sign_in("anna"))
    wide = page.evaluate(
        "[...document.querySelectorAll('.side *')].filter((e) => e.checkVisibility() &&"
        " !e.closest('.unseen') && e.getBoundingClientRect().right > innerWidth + 1).length"
    )
    assert wide == 0


def test_holding_noting_and_listing_have_their_keys(case: Case, sign_in: SignIn) -> None:
    page = open_case(sign_in("anna"))
    page.keyboard.press("m")
    assert focused(page) == "text"
    page.keyboard.type("Works nights")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status")).to_contain_text("The note is on the timeline.")
    assert Note.objects.get().text == "Works nights"

    page.keyboard.press("h")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("Waits for the bank")
    page.keyboard.press("Tab")
    page.keyboard.type("in 2 weeks")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status")).to_contain_text("The case is on hold.")
    assert Hold.objects.get().until_on == ON + timedelta(days=14)

    page.keyboard.press("w")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("yesterday")
    page.keyboard.press("Tab")
    page.keyboard.type("Look at the fee")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#work-due_on_error")).to_contain_text("Not understood: “yesterday”.")
    assert focused(page) == "due_on"
    page.keyboard.press("Control+a")
    page.keyboard.type("friday")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status")).to_contain_text("It is on the list.")
    assert WorkItem.objects.get(kind=WorkKind.REVIEW).due_on == date(2026, 5, 15)


def test_the_form_works_without_a_script(
    case: Case, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_case_without_scripts(sign_in)
    page.get_by_label("Promised to pay").check(force=True)
    quick = page.get_by_label("Amount and day in one line")
    expect(quick).to_be_visible()
    expect(page.get_by_label("What is disputed")).to_be_hidden()
    quick.fill("500 fri")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("The contact is logged.")
    assert Promise.objects.get().due_on == date(2026, 5, 15)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status")).to_contain_text("Taken back.")


def open_case_without_scripts(sign_in: SignIn) -> Page:
    page = sign_in("anna", java_script_enabled=False)
    page.goto(f"{page.url.partition('/?')[0].rstrip('/')}/cases/UG-1/")
    return page


Prepare = Callable[[Page], None]


def _promise(page: Page) -> None:
    page.keyboard.press("p")
    page.keyboard.type("500 next friday")
    expect(page.locator("#contact-said .is-later")).to_be_visible()


def _fields_of_everything(page: Page) -> None:
    for key in ("h", "m", "w"):
        page.keyboard.press(key)
        page.keyboard.press("Escape")
        page.evaluate("document.activeElement.blur()")
    page.evaluate("document.querySelectorAll('.side details').forEach((d) => { d.open = true; })")


def _after_logging(page: Page) -> None:
    page.keyboard.press("l")
    page.keyboard.press("9")
    page.get_by_role("button", name="Save").or_(page.get_by_role("button", name="Zapisz")).nth(
        1
    ).click()
    expect(page.locator(".undo")).to_be_visible()


@pytest.mark.parametrize(("language", "theme"), [("pl", "dark"), ("en", "light")])
@pytest.mark.parametrize("prepare", [_promise, _fields_of_everything, _after_logging])
def test_the_pane_is_accessible_in_each_of_its_states(
    case: Case, wife: DebtParty, sign_in: SignIn, language: str, theme: str, prepare: Prepare
) -> None:
    page = open_case(sign_in("anna", language=language, theme=theme, bypass_csp=True))
    prepare(page)
    answer = Axe().run(page, options=RULES).response
    assert [(v["id"], v["nodes"][0]["html"]) for v in answer["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280

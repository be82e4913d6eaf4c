"""A manager changes a strategy without seeing its text, tries it, and a second publishes it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from escalation.benchmarks.book import write_book
from escalation.models import Draft, Enrolment, StrategyVersion
from escalation.operations import run_queued_simulations, start_draft
from staff.models import User
from staff.queries import get_actor
from tests.conftest import StartWorker
from tests.journeys.browsers import AT, IN_A_BROWSER, ON, RULES, SignIn

pytestmark = IN_A_BROWSER


@pytest.fixture
def book(people: dict[str, User]) -> None:
    """Sixty cases; those that wait for a call were written to six days ago."""
    write_book(cases=60, on=ON)
    Enrolment.objects.filter(step_key="call").update(
        step_key="call_again", previous_on=ON - timedelta(days=6)
    )


def test_days_are_changed_in_a_form_simulated_and_published_by_a_second_manager(
    book: None, sign_in: SignIn, start_worker: StartWorker
) -> None:
    start_worker(["batch"])
    page = sign_in("pawel")
    page.goto(page.url + "strategies/unsecured_retail/")
    page.keyboard.press("d")
    expect(page.get_by_role("status")).to_contain_text("The draft is yours.")

    page.get_by_role("link", name="Change “Call about the demand”").click()
    days = page.get_by_label("After the previous step, wait")
    expect(days).to_have_value("7")
    days.fill("5")
    days.press("Control+Enter")
    changed = page.locator("#step-call_again .change")
    expect(changed).to_contain_text("Changed Wait 7 5 days after the previous step")
    expect(changed.locator("del")).to_have_text("7")
    page.locator("#in-flight").select_option("move")
    page.get_by_role("button", name="Choose").click()
    expect(page.get_by_text("60 cases in flight move to the step of the same key")).to_be_visible()

    page.keyboard.press("s")
    expect(page.get_by_role("img", name="Calls per working day")).to_be_visible(timeout=30_000)
    simulation = page.locator("#simulation")
    expect(simulation).to_contain_text("20 working days from 13.05.2026")
    link = simulation.get_by_role("link", name=re.compile(r"\d+ of 60 cases"))
    count = int(re.findall(r"\d+", link.inner_text())[0])
    assert count > 10
    link.click()
    expect(page.locator("tbody tr")).to_have_count(count)
    page.go_back()

    page.keyboard.press("a")
    expect(page.get_by_role("status")).to_contain_text("A second person puts it in force")
    expect(page.get_by_role("button", name="Put in force")).to_have_count(0)

    second = sign_in("karolina")
    second.goto(second.url + "strategies/")
    second.get_by_role("link", name="version 2", exact=True).click()
    expect(second.locator("#step-call_again .change")).to_contain_text("Wait 7 5 days")
    expect(second.get_by_role("img", name="Calls per working day")).to_be_visible()
    second.get_by_label("Why").fill("Agreed in the meeting")
    second.get_by_role("button", name="Put in force").click()
    expect(second.get_by_role("status")).to_contain_text("The version is in force.")
    expect(second.get_by_text("Version 2, in force")).to_be_visible()

    version = StrategyVersion.objects.get(strategy__key="unsecured_retail", status="in_force")
    assert "days_past_due = 35, days_after_previous_step = 5 }" in version.source
    assert "# A case is looked at in this order" in version.source
    assert set(Enrolment.objects.values_list("version__number", flat=True)) == {2}


@pytest.fixture
def draft(people: dict[str, User]) -> Draft:
    source = StrategyVersion.objects.get(strategy__key="small_balances").source
    actor = get_actor(user=people["pawel"])
    return start_draft(source=source, name="Slower", actor=actor, at=AT)


def test_the_text_is_checked_as_one_types_and_a_problem_leads_to_its_line(
    draft: Draft, sign_in: SignIn
) -> None:
    page = sign_in("pawel")
    page.goto(page.url + f"strategies/draft-{draft.pk}/text/")
    source = page.locator("#source")
    text = source.input_value()
    line = text[: text.index("days_past_due = 12")].count("\n") + 1

    source.fill(text.replace("days_past_due = 12", "days_pastdue = 12"))
    problem = page.locator(f"#marks a[data-line='{line}']")
    expect(problem).to_contain_text("Did you mean “days_past_due”?")
    expect(page.locator(".gutter span").nth(line - 1)).to_have_class(re.compile("not"))
    problem.click()
    selected = page.evaluate(
        "(area => area.value.slice(area.selectionStart, area.selectionEnd))(document.activeElement)"
    )
    assert "days_pastdue = 12" in selected

    page.keyboard.type("wait = { days_past_due = 13, days_after_previous_step = 7 }")
    expect(page.get_by_text("the linter finds nothing")).to_be_visible()
    expect(page.locator("#text-state .change")).to_contain_text("Wait 12 13 days past due")
    draft.refresh_from_db()
    assert "days_past_due = 13" in draft.source


def test_a_second_window_is_told_and_loses_nothing(draft: Draft, sign_in: SignIn) -> None:
    page = sign_in("pawel")
    address = page.url + f"strategies/draft-{draft.pk}/text/"
    other = page.context.new_page()
    for window in (page, other):
        window.goto(address)
    source = other.locator("#source")
    source.fill("# other\n" + source.input_value())
    expect(other.locator("#text-state")).to_contain_text("revision 2")

    mine = page.locator("#source")
    mine.fill("# mine\n" + mine.input_value())
    expect(page.get_by_role("alert").first).to_contain_text("saved in another window")
    assert mine.input_value().startswith("# mine")
    draft.refresh_from_db()
    assert draft.source.startswith("# other")

    page.get_by_role("button", name="Keep mine").click()
    expect(page.get_by_role("status")).to_contain_text("Saved.")
    draft.refresh_from_db()
    assert draft.source.startswith("# mine")


def test_without_scripts_a_draft_is_written_and_changed_all_the_same(
    draft: Draft, sign_in: SignIn
) -> None:
    page = sign_in("pawel", java_script_enabled=False)
    base = page.url + f"strategies/draft-{draft.pk}/"
    page.goto(base)
    page.get_by_role("link", name="Change “Reminder again”").click()
    page.get_by_label("After the previous step, wait").fill("9")
    page.get_by_role("button", name="Save the step").click()
    expect(page.locator("#step-remind_again .change")).to_contain_text("Wait 7 9 days")
    page.goto(base + "text/")
    source = page.locator("#source")
    source.fill(source.input_value().replace("days_after_previous_step = 9", "days_after = 9"))
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#marks")).to_contain_text("days_after")
    draft.refresh_from_db()
    assert "days_after = 9" in draft.source


@pytest.mark.parametrize(("language", "theme"), [("pl", "dark"), ("en", "light")])
def test_the_form_of_a_step_inside_its_path_breaks_no_rule_of_accessibility(
    book: None, people: dict[str, User], sign_in: SignIn, language: str, theme: str
) -> None:
    retail = StrategyVersion.objects.get(strategy__key="unsecured_retail")
    source = retail.source.replace("days_after_previous_step = 4", "days_after_previous_step = 90")
    calls = start_draft(source=source, name="Calls", actor=get_actor(user=people["pawel"]), at=AT)
    page = sign_in("pawel", language=language, theme=theme, bypass_csp=True)
    home = page.url
    page.goto(f"{home}strategies/draft-{calls.pk}/")
    page.keyboard.press("s")
    page.wait_for_selector(".progress")
    run_queued_simulations(at=AT)
    found = []
    page.goto(f"{home}strategies/draft-{calls.pk}/")
    page.locator("#step-call .edit").click()
    page.wait_for_selector("#edit-call form")
    answer = Axe().run(page, options=RULES).response
    found += [(v["id"], v["nodes"][0]["html"]) for v in answer["violations"]]
    wide = page.evaluate("document.documentElement.scrollWidth")
    if wide > 1280:
        found.append(("too wide", str(wide)))

    assert found == []

"""A manager decides several proposals at once by keyboard alone, and one while away."""

from __future__ import annotations

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from agencies.models import Placement
from cases.models import Case
from contacts.models import Message, Termination
from staff.models import User
from tests.integration.cases.builders import make_debt, make_debtor
from tests.integration.desk.conftest import name_debtor
from tests.journeys.browsers import AT, IN_A_BROWSER, ON, RULES, SignIn

pytestmark = IN_A_BROWSER


@pytest.fixture
def waiting(people: dict[str, User]) -> list[Placement]:
    """Three placements, the oldest first, and a termination."""
    made = []
    for number, name in enumerate(("Adamska Ada", "Bielska Bea", "Cicha Cyd"), start=1):
        debtor = make_debtor()
        name_debtor(debtor, name)
        make_debt(debtor, due_minor=125_000, outstanding_minor=500_000, due_since=ON)
        case = Case.objects.create(
            number=f"UG-{number}", debtor=debtor, team=people["anna"].team, opened_on=ON,
            updated_at=AT,
        )  # fmt: skip
        placement = Placement.objects.create(
            case=case,
            cause=f"step:{number}",
            amount_minor=125_000,
            currency="PLN",
            proposed_at=AT - timedelta(hours=9 - number),
            grounds={"note": "Nobody answers."},
        )
        made.append(placement)
    notice = Message.objects.create(
        case=case, debtor=debtor, channel="letter", template="notice_75c", language="pl",
        recipient={}, figures={}, cause="n", queued_on=ON, status="delivered", delivered_on=ON,
    )  # fmt: skip
    Termination.objects.create(
        case=case, notice=notice, cause="t", debt_ids=[], amount_minor=500_000, currency="PLN",
        proposed_at=AT, grounds={"amounts": {"PLN": 500_000}},
    )  # fmt: skip
    return made


def test_two_of_three_are_refused_by_keyboard_alone(
    waiting: list[Placement], sign_in: SignIn
) -> None:
    page = sign_in("pawel")
    page.keyboard.press("g")
    page.keyboard.press("a")
    expect(page.get_by_role("heading", level=1)).to_have_text("Approvals")
    page.wait_for_load_state()
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("[data-chosen]")).to_have_text("2")

    page.keyboard.press("r")
    expect(page.get_by_role("heading", level=1)).to_have_text("Refuse several proposals")
    expect(page.get_by_text("2 proposals are decided, each in its own right.")).to_be_visible()
    expect(page.get_by_text("2\u00a0500,00\u00a0zł")).to_be_visible()
    page.wait_for_load_state()
    page.get_by_label("Why").focus()
    page.keyboard.type("A call first")
    page.keyboard.press("Control+Enter")

    expect(page.get_by_text("2 refused.")).to_be_visible()
    expect(page.get_by_role("link", name="Bielska Bea")).to_be_visible()
    expect(page.get_by_role("link", name="Adamska Ada")).to_have_count(0)
    decided = dict(Placement.objects.values_list("pk", "decision_reason"))
    first, second, third = waiting
    assert decided == {first.pk: "A call first", second.pk: "", third.pk: "A call first"}


def test_all_of_a_page_are_ticked_by_one_key_but_no_termination(
    waiting: list[Placement], sign_in: SignIn
) -> None:
    page = sign_in("pawel", language="pl", theme="dark")
    page.goto("/".join(page.url.split("/")[:3]) + "/approvals/")
    page.wait_for_load_state()
    page.keyboard.press("t")

    expect(page.locator("[data-chosen]")).to_have_text("3")
    expect(page.locator("tbody tr")).to_have_count(4)
    expect(page.get_by_text("art. 75c")).to_be_visible()
    assert Axe().run(page, options=RULES).response["violations"] == []


def test_the_pages_of_approvals_hold_nothing_against_the_guidelines(
    waiting: list[Placement], sign_in: SignIn
) -> None:
    page = sign_in("pawel")
    start = "/".join(page.url.split("/")[:3])
    placement = waiting[0]
    for path in (f"approvals/placement/{placement.pk}/", "staff/delegations/"):
        page.goto(f"{start}/{path}")
        page.wait_for_load_state()
        assert Axe().run(page, options=RULES).response["violations"] == [], path
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 1280, path

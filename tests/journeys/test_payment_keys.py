"""A manager finds out by keyboard alone for which debts the money of the day is."""

from __future__ import annotations

from urllib.parse import urljoin

from playwright.sync_api import Page, expect

from cases.models import Case
from debtors.models import Debt
from ledger.lifecycle import EntryState, NameKind
from ledger.models import StatementEntry
from ledger.operations import register_names
from tests.integration.cases.builders import make_debt
from tests.integration.desk.bank_tells import bank_tells, paid
from tests.journeys.browsers import IN_A_BROWSER, ON, SignIn

pytestmark = IN_A_BROWSER


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def answer(page: Page, key: str, *typed: str) -> None:
    """In the row that is picked, the form of the key, field by field."""
    press(page, key)
    for place, text in enumerate(typed):
        if place:
            press(page, "Tab")
        page.keyboard.type(text)
    press(page, "Enter")


def test_payments_are_placed_by_keyboard_alone(case: Case, sign_in: SignIn) -> None:
    Case.objects.filter(pk=case.pk).update(number="UG-2026-000017")
    first = Debt.objects.get(parties__debtor=case.debtor)
    second = make_debt(case.debtor, due_minor=40_000, due_since=ON)
    accounts = [first.account_id, second.account_id]
    register_names(kind=NameKind.HOLDER, names=[(accounts[0], "Łucja Wąsik")])
    register_names(kind=NameKind.CASE, names=[(pk, "UG-2026-000017") for pk in accounts])
    bank_tells(
        1,
        ("C100,00", "B1", "WPLATA~32WASIK LUCJA"),
        ("C20,00", "B2", "CZYNSZ~32JAN OBCY"),
        ("C30,00", "B3", "RATA~32JAN NIEZNANY"),
        ("C90,00", "B4", "UG-2026-000017~32FIRMA"),
        ("C7,00", "B5", "WPLATA~32WASIK LUCJA"),
    )
    page = sign_in("pawel")
    page.goto(urljoin(page.url, "/payments/"))
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(5)

    press(page, "j", "a")
    expect(page.get_by_role("status").first).to_contain_text("WASIK LUCJA, 100,00 zł: posted for")
    expect(rows).to_have_count(4)
    expect(page.locator("tr.picked a.name")).to_have_text("JAN OBCY")

    answer(page, "x", "Rent, for the house next door")
    expect(rows).to_have_count(3)

    answer(page, "n", "UG-2026-000018")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(rows.first.get_by_label("Person, case or contract number", exact=True)).to_be_focused()
    press(page, "Escape")
    expect(rows.first.locator("a.name")).to_be_focused()
    answer(page, "n", "UG-2026-000017")
    expect(rows).to_have_count(2)

    answer(page, "s", "60,00", "30,00")
    expect(rows).to_have_count(1)

    press(page, "u")
    expect(rows).to_contain_text("to be found out")

    states = list(StatementEntry.objects.order_by("id").values_list("state", flat=True))
    assert states == [
        EntryState.POSTED, EntryState.NOT_OURS, EntryState.POSTED, EntryState.POSTED,
        EntryState.SUSPENSE,
    ]  # fmt: skip
    assert paid(first) + paid(second) == 100_00 + 30_00 + 90_00
    assert paid(second) == 30_00

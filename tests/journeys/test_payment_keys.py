"""A manager finds out by keyboard alone for which debts the money of the day is."""

from __future__ import annotations

import io
from urllib.parse import urljoin

from playwright.sync_api import Page, expect

from cases.models import Case
from debtors.models import Debt
from kernel.actor import system_actor
from ledger.lifecycle import EntryState, NameKind
from ledger.models import Posting, StatementEntry
from ledger.operations import match_entries, register_names, take_in_statements
from tests.integration.cases.builders import make_debt
from tests.journeys.browsers import AT, IN_A_BROWSER, ON, SignIn
from tests.unit.ledger.statements.samples import OWN

pytestmark = IN_A_BROWSER

ACTOR = system_actor("test")


def bank_tells(*lines: tuple[str, str, str]) -> None:
    """Payments by sender, amount and title; then they look for their debts."""
    entries = "".join(
        f":61:{ON:%y%m%d}{ON:%m%d}C{amount}NTRFNONREF\n:86:020~00PRZELEW~20{title}~32{name}\n"
        for name, amount, title in lines
    )
    content = f":20:S1\n:25:{OWN}\n:28C:1/1\n:60F:C260101PLN1000,00\n{entries}-\n"
    take_in_statements(file=io.BytesIO(content.encode()), name="x.sta", actor=ACTOR, at=AT)
    match_entries(actor=ACTOR, at=AT)


def paid(debt: Debt) -> int:
    found = Posting.objects.filter(account_id=debt.account_id, leg="cash")
    return sum(found.values_list("amount_minor", flat=True))


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_payments_are_placed_by_keyboard_alone(case: Case, sign_in: SignIn) -> None:
    Case.objects.filter(pk=case.pk).update(number="UG-2026-000017")
    first = Debt.objects.get(parties__debtor=case.debtor)
    second = make_debt(case.debtor, due_minor=40_000, due_since=ON)
    accounts = [first.account_id, second.account_id]
    register_names(kind=NameKind.HOLDER, names=[(accounts[0], "Łucja Wąsik")])
    register_names(kind=NameKind.CASE, names=[(pk, "UG-2026-000017") for pk in accounts])
    bank_tells(
        ("WASIK LUCJA", "100,00", "WPLATA"),
        ("JAN OBCY", "20,00", "CZYNSZ"),
        ("JAN NIEZNANY", "30,00", "RATA"),
        ("FIRMA", "90,00", "UG-2026-000017"),
        ("WASIK LUCJA", "7,00", "WPLATA"),
    )
    page = sign_in("pawel")
    page.goto(urljoin(page.url, "/payments/"))
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(5)

    press(page, "j", "a")
    expect(page.get_by_role("status").first).to_contain_text("Posted.")
    expect(rows).to_have_count(4)

    press(page, "j", "x")
    page.keyboard.type("Rent, for the house next door")
    press(page, "Enter")
    expect(rows).to_have_count(3)

    press(page, "j", "n")
    page.keyboard.type("UG-2026-000018")
    press(page, "Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(rows.first.get_by_label("Case or contract number", exact=True)).to_be_focused()
    press(page, "Escape", "j", "n")
    page.keyboard.type("UG-2026-000017")
    press(page, "Enter")
    expect(rows).to_have_count(2)

    press(page, "j", "s")
    page.keyboard.type("60,00")
    press(page, "Tab")
    page.keyboard.type("30,00")
    press(page, "Enter")
    expect(rows).to_have_count(1)

    press(page, "j", "u")
    expect(rows).to_contain_text("to be found out")

    states = list(StatementEntry.objects.order_by("id").values_list("state", flat=True))
    assert states == [
        EntryState.POSTED, EntryState.NOT_OURS, EntryState.POSTED, EntryState.POSTED,
        EntryState.SUSPENSE,
    ]  # fmt: skip
    assert paid(first) + paid(second) == 100_00 + 30_00 + 90_00
    assert paid(second) == 30_00

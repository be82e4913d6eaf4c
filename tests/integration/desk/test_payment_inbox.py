"""What a manager does with money that did not find its debt by itself."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.models import Case
from debtors.models import Debt
from kernel.actor import system_actor
from ledger.lifecycle import EntryState, NameKind
from ledger.models import PaymentName, StatementEntry
from ledger.operations import register_names
from staff.models import User
from tests.integration.cases.builders import make_debt
from tests.integration.desk.bank_tells import bank_tells, paid
from tests.integration.desk.conftest import signed_in
from tests.unit.ledger.statements.samples import SENDER

pytestmark = pytest.mark.django_db

ACTOR = system_actor("test")


@pytest.fixture
def browser(manager: User) -> Client:
    return signed_in(manager)


def decide(browser: Client, entry: StatementEntry, act: str, **form: object) -> int:
    return browser.post(f"/payments/{entry.pk}/{act}/", form).status_code


def state(entry: StatementEntry) -> str | None:
    entry.refresh_from_db()
    return entry.state


@pytest.fixture
def debts(case: Case) -> list[Debt]:
    """Two debts of the case's debtor, known by the case's number."""
    Case.objects.filter(pk=case.pk).update(number="UG-2026-000017")
    case.refresh_from_db()
    made = [make_debt(case.debtor, due_minor=due) for due in (2_000, 4_000)]
    accounts = [(debt.account_id, case.number) for debt in made]
    register_names(kind=NameKind.CASE, names=accounts)
    return made


def test_every_act_of_the_inbox_has_its_key_in_its_row(
    browser: Client, debts: list[Debt], case: Case
) -> None:
    bank_tells(1, ("C50,00", "B1", f"rata {case.number}"))
    page = browser.get("/payments/").content.decode()
    row = page[page.index("<tr data-key-scope") : page.index("</tr>", page.index("data-key-scope"))]
    for key in ("a", "2", "s", "n", "u"):
        assert f'data-key="{key}"' in row
    assert 'value="20,00"' in row, "the split that is proposed is filled in"


def test_a_payment_is_accepted_for_the_chosen_debt(
    browser: Client, debts: list[Debt], case: Case
) -> None:
    (entry,) = bank_tells(1, ("C50,00", "B1", f"rata {case.number}"))
    assert decide(browser, entry, "accept", account=debts[1].account_id) == 302
    assert (state(entry), paid(debts[0]), paid(debts[1])) == (EntryState.POSTED, 0, 5_000)


def test_what_was_posted_is_named_and_the_next_row_is_picked(
    browser: Client, debts: list[Debt], case: Case
) -> None:
    title = f"rata {case.number}"
    _, second, third = bank_tells(1, *((f"C{n}0,00", f"B{n}", title) for n in (5, 7, 8)))
    done = browser.post(
        f"/payments/{second.pk}/accept/", {"account": debts[1].account_id}, follow=True
    ).content.decode()
    notice = done[done.index('id="notices"') : done.index("<table")]
    for part in ("70,00\xa0zł</b>: posted for", case.debtor.display_name, debts[1].contract_no):
        assert part in notice
    assert f"#entry-{second.pk}" in notice, "where it is taken back"
    assert done.count('class="picked"') == 1
    assert f"/payments/{third.pk}/" in done[done.index('class="picked"') :]


def test_a_person_is_suggested_where_a_number_is_asked(
    browser: Client, debts: list[Debt], case: Case
) -> None:
    headers = {"HX-Request": "true", "HX-Target": "for-7", "HX-Trigger-Name": "called"}
    for typed, filled in (
        (case.debtor.display_name, case.number),
        (debts[1].contract_no, debts[1].contract_no),
    ):
        answer = browser.post("/search/suggest/", {"called": typed, "q": ""}, headers=headers)
        assert f'data-fill="{filled}"' in answer.content.decode()
        assert 'id="for-7-' in answer.content.decode()


def test_a_split_goes_where_its_lines_say_and_must_add_up(
    browser: Client, debts: list[Debt], case: Case
) -> None:
    (entry,) = bank_tells(1, ("C50,00", "B1", f"rata {case.number}"))
    one, other = (debt.account_id for debt in debts)
    form = {"account": [one, other], f"share-{one}": "20,00"}
    for wrong in ("29,99", "-30", "thirty", ""):
        assert decide(browser, entry, "split", **{**form, f"share-{other}": wrong}) == 422
    assert state(entry) == EntryState.PROPOSED
    named = {"called-1": debts[1].contract_no, "amount-1": "10"}
    assert decide(browser, entry, "split", **form, **{f"share-{other}": "20"}, **named) == 302
    assert (state(entry), paid(debts[0]), paid(debts[1])) == (EntryState.POSTED, 2_000, 3_000)


def test_a_line_of_a_split_that_names_no_debt_is_refused(
    browser: Client, debts: list[Debt], case: Case
) -> None:
    (entry,) = bank_tells(1, ("C50,00", "B1", f"rata {case.number}"))
    assert decide(browser, entry, "split", **{"called-1": "nothing", "amount-1": "50"}) == 422
    assert state(entry) == EntryState.PROPOSED


def test_a_refused_split_keeps_what_was_typed_on_whatever_page_it_stands(
    browser: Client, debts: list[Debt], case: Case
) -> None:
    title = f"rata {case.number}"
    first, second = bank_tells(1, ("C50,00", "B1", title), ("C51,00", "B2", title))
    form = {
        "account": [debts[0].account_id],
        f"share-{debts[0].account_id}": "12,34",
        "called-1": "CTR/?",
        "amount-1": "5",
    }

    answer = browser.post(f"/payments/{second.pk}/split/?after={first.pk}", form)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'role="alert"' in page
    for typed in ('value="12,34"', 'value="CTR/?"', 'value="5"', 'data-key="s" open'):
        assert typed in page
    done = browser.post(f"/payments/{second.pk}/suspend/?after={first.pk}", {})
    assert done.headers["Location"] == f"/payments/?after={first.pk}&at={second.pk}"


def test_what_is_put_off_waits_without_a_key_for_it(
    browser: Client, debts: list[Debt], case: Case
) -> None:
    (entry,) = bank_tells(1, ("C50,00", "B1", f"rata {case.number}"))
    assert decide(browser, entry, "suspend") == 302
    assert state(entry) == EntryState.SUSPENSE
    assert 'data-key="u"' not in browser.get("/payments/").content.decode()


def test_a_sender_is_forgotten_from_the_row_in_which_they_are_proposed(
    browser: Client, debts: list[Debt]
) -> None:
    (first,) = bank_tells(1, ("C10,00", "B1", f"rata~38{SENDER}"))
    decide(browser, first, "accept", account=debts[0].account_id)
    (second,) = bank_tells(2, ("C20,00", "B2", f"rata~38{SENDER}"))
    assert "/forget/" in browser.get("/payments/").content.decode()
    assert decide(browser, second, "forget", account=debts[0].account_id) == 302
    assert not PaymentName.objects.filter(kind=NameKind.SENDER).exists()
    assert "/forget/" not in browser.get("/payments/").content.decode()
    assert decide(browser, second, "forget", account=debts[0].account_id) == 422


def test_a_return_is_given_back_to_the_payment_that_a_person_names(
    browser: Client, debts: list[Debt]
) -> None:
    title = f"{debts[0].contract_no}~38{SENDER}"
    register_names(
        kind=NameKind.CONTRACT, names=[(debts[0].account_id, debts[0].contract_no + "-00001")]
    )
    (payment,) = bank_tells(1, ("C50,00", "B1", title.replace("~38", "-00001~38")))
    assert (state(payment), paid(debts[0])) == (EntryState.POSTED, 5_000)
    (back,) = bank_tells(2, ("RC50,00", "B7", f"zwrot~34AC04~38{SENDER}"))
    page = browser.get("/payments/").content.decode()
    assert "/give-back/" in page
    assert "the account was closed (AC04)" in page
    assert decide(browser, back, "give-back", returned="x") == 422
    assert decide(browser, back, "give-back", returned=payment.pk) == 302
    assert (state(payment), state(back)) == (EntryState.RETURNED, EntryState.POSTED)
    assert paid(debts[0]) == 0


def test_the_page_takes_the_same_statements_however_many_wait(
    browser: Client, debts: list[Debt], case: Case
) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert browser.get("/payments/").status_code == 200
        return len(caught)

    bank_tells(1, ("C50,00", "B1", f"rata {case.number}"))
    statements()
    few = statements()
    bank_tells(2, *((f"C5{n},00", f"B{n}", f"rata {case.number}") for n in range(8)))
    assert statements() == few


def test_the_ledger_of_the_debt_names_the_transfer_that_paid(
    browser: Client, debts: list[Debt], case: Case, officer: User
) -> None:
    (entry,) = bank_tells(1, ("C50,00", "B1", f"rata za maj {case.number}"))
    decide(browser, entry, "accept", account=debts[0].account_id)
    address = f"/cases/{case.number}/ledger/{debts[0].pk}/"
    file = f"/statements/{entry.statement.file_id}/"
    page = browser.get(address).content.decode()
    assert "rata za maj" in page
    assert file in page
    seen = signed_in(officer).get(address).content.decode()
    assert "rata za maj" in seen
    assert file not in seen


def test_the_list_of_files_counts_what_waits_and_leads_to_it(
    browser: Client, debts: list[Debt], case: Case
) -> None:
    posted, waits = bank_tells(1, ("C60,00", "B1", f"all {case.number}"), ("C7,00", "B2", "gift"))
    assert [state(posted), state(waits)] == [EntryState.POSTED, EntryState.SUSPENSE]
    assert '<a href="/payments/">1</a>' in browser.get("/statements/").content.decode()
    decide(browser, waits, "set-aside", reason="nobody's")
    assert '<a href="/payments/">1</a>' not in browser.get("/statements/").content.decode()

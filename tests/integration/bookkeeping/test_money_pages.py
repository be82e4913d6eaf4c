"""The pages of a case's money: what is entered, what is refused, and what may be taken away."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from python_calamine import CalamineWorkbook

from bookkeeping.models import Charge, Refund, WriteOff, WriteOffBatch
from cases.models import Case
from debtors.models import Debtor
from journal.models import Event
from kernel import clock
from kernel.actor import Actor
from ledger.allocation import Bucket
from ledger.models import Transaction
from ledger.operations import post_payment
from staff.models import User
from staff.rights import Role
from tests.integration.bookkeeping.conftest import APRIL, AT, DUE, account_of
from tests.integration.cases.builders import make_user
from tests.unit.bookkeeping.pdf_text import pdf_text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def stopped_clock() -> Any:
    with clock.fixed_at(AT):
        yield


def browser_of(user: User, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    User.objects.filter(pk=user.pk).update(language=language)
    client.force_login(user)
    return client


def write_off(case: Case, **changes: str) -> dict[str, str]:
    return {
        "account": str(account_of(case).pk), "amount": "20,00", "components": "fees",
        "reason": "hardship", "note": "Lost their job", "submission": "s1", **changes,
    }  # fmt: skip


def test_a_leader_writes_off_on_the_page_and_takes_nothing_back_without_the_right(
    case: Case, leader: User
) -> None:
    browser = browser_of(leader)
    page = browser.get(f"/cases/{case.number}/write-off/")
    assert page.status_code == 200
    assert "you alone up to 200,00" in page.content.decode().replace("\xa0", " ")

    answer: Any = browser.post(
        f"/cases/{case.number}/write-off/", write_off(case, amount="5,00"), follow=True
    )

    assert answer.redirect_chain == [(f"/cases/{case.number}/money/", 302)]
    text = answer.content.decode()
    assert "The amount is written off." in text
    assert "Claim it again" not in text
    assert WriteOff.objects.get().amount_minor == 500


def test_a_refused_form_keeps_what_was_entered_and_says_what_to_do(
    case: Case, officer: User
) -> None:
    answer = browser_of(officer).post(
        f"/cases/{case.number}/write-off/", write_off(case, amount="10,01")
    )
    text = answer.content.decode().replace("\xa0", " ")
    assert answer.status_code == 422
    assert "At most what is owed can be written off: 10,00 zł, not 10,01 zł." in text
    assert 'value="10,01"' in text
    assert "Lost their job" in text


@pytest.mark.parametrize(
    "changes",
    [{"amount": "ten"}, {"amount": "0,001"}, {"reason": "because"}, {"note": ""}, {"account": "0"}],
)
def test_bad_input_is_refused_and_changes_nothing(
    case: Case, officer: User, changes: dict[str, str]
) -> None:
    form = write_off(case, **changes)
    assert browser_of(officer).post(f"/cases/{case.number}/write-off/", form).status_code == 422
    assert not WriteOff.objects.exists()


def test_what_waits_is_withdrawn_on_the_page_and_a_reason_is_asked_for(
    case: Case, officer: User
) -> None:
    browser = browser_of(officer)
    browser.post(f"/cases/{case.number}/write-off/", write_off(case, amount="5,00"))
    row = WriteOff.objects.get()
    address = f"/write-offs/{row.pk}/do/withdraw/"
    assert browser.post(address, {"reason": ""}).status_code == 422
    assert browser.post(address, {"reason": "Mistaken"}).status_code == 302
    row.refresh_from_db()
    assert row.status == "withdrawn"
    assert browser.post(address, {"reason": "Again"}).status_code == 422
    assert browser.post(f"/write-offs/{row.pk}/do/burn/", {}).status_code == 404


def test_an_approval_of_each_kind_is_decided_in_the_inbox(
    case: Case, officer: User, leader: User
) -> None:
    browser_of(officer).post(f"/cases/{case.number}/write-off/", write_off(case, amount="5,00"))
    browser_of(officer).post(
        f"/cases/{case.number}/charge/",
        {"account": str(account_of(case).pk), "fee": "other_cost", "amount": "300,00",
         "occasion": "F/1", "charged_on": "2026-05-12", "submission": "c1"},
    )  # fmt: skip
    inbox = browser_of(leader)
    text = inbox.get("/approvals/").content.decode()
    assert "Write-off" in text
    assert "Fee or cost" in text
    for kind, row in (("write_off", WriteOff.objects.get()), ("charge", Charge.objects.get())):
        inbox.post(f"/approvals/{kind}/{row.pk}/", {"verdict": "approve", "reason": "Seen"})
        row.refresh_from_db()
        assert row.status == "posted"
    assert "Demand" not in text


def test_a_batch_is_decided_on_a_page_of_its_own(
    book: Callable[..., Case], manager: User, machine: Actor
) -> None:
    book((Bucket("fees", APRIL - timedelta(days=100), 900),))
    paid = book((Bucket("fees", APRIL - timedelta(days=100), 900),))
    browser = browser_of(manager)
    answer: Any = browser.post("/write-offs/batches/", {"currency": "PLN"}, follow=True)
    batch = WriteOffBatch.objects.get()
    assert answer.redirect_chain[0][0] == f"/write-offs/batches/{batch.pk}/"
    assert browser.get("/write-offs/").status_code == 200
    other = browser_of(make_user("olga", Role.MANAGER))
    assert f"/write-offs/batches/{batch.pk}/" in other.get("/write-offs/").content.decode()
    address = f"/write-offs/batches/{batch.pk}/decide/"
    assert address in other.get(f"/write-offs/batches/{batch.pk}/").content.decode()
    assert address not in browser.get(f"/write-offs/batches/{batch.pk}/").content.decode()
    for who, form in (
        (browser, {"verdict": "approve", "reason": "Ok"}),
        (other, {"verdict": "approve", "reason": " "}),
        (other, {"verdict": "burn", "reason": "Ok"}),
    ):
        who.post(address, form)
        batch.refresh_from_db()
        assert batch.status == "proposed"
    post_payment(
        account_id=account_of(paid).pk, amount_minor=900, currency="PLN", value_on=AT.date(),
        idempotency_key="p", actor=machine, at=AT,
    )  # fmt: skip
    said: Any = other.post(address, {"verdict": "approve", "reason": "Ok"}, follow=True)
    assert "1 balance is left out: its line says why." in said.content.decode()
    assert "nothing is owed any more" in said.content.decode()
    batch.refresh_from_db()
    assert batch.status == "approved"
    again = browser.post("/write-offs/batches/", {"currency": "PLN"}, follow=True)
    assert "No debtor owes so little for so long" in again.content.decode()


def test_a_refund_goes_its_whole_way_on_the_page(
    book: Callable[..., Case], machine: Actor, officer: User, leader: User
) -> None:
    case = book((Bucket("principal", APRIL, 10_000),))
    post_payment(
        account_id=account_of(case).pk, amount_minor=25_000, currency="PLN",
        value_on=AT.date(), idempotency_key="p", actor=machine, at=AT,
    )  # fmt: skip
    form = {
        "account": str(account_of(case).pk), "amount": "", "to_name": "Jan",
        "to_account_no": "61 1090 1014 0000 0712 1981 2874", "note": "By letter",
        "submission": "r1",
    }  # fmt: skip
    browser = browser_of(officer)
    answer = browser.post(f"/cases/{case.number}/refund/", form, follow=True)
    assert "can be handed over" in answer.content.decode()
    assert "61 1090 1014" not in answer.content.decode(), "the number is masked"
    row = Refund.objects.get()
    desk = browser_of(leader)
    assert browser.post(f"/refunds/{row.pk}/do/hand-over/", {}).status_code == 422
    assert desk.post(f"/refunds/{row.pk}/do/hand-over/", {}).status_code == 302
    desk.post(f"/refunds/{row.pk}/do/confirm/", {"paid_back_on": "2026-05-12"})
    row.refresh_from_db()
    assert row.status == "paid_back"
    assert "paid back" in desk.get("/refunds/?status=paid_back").content.decode()


def test_the_pages_ask_the_database_as_often_for_one_debt_as_for_many(
    book: Callable[..., Case], manager: User
) -> None:
    browser = browser_of(manager)

    def asked(case: Case, page: str) -> int:
        browser.get(f"/cases/{case.number}/{page}/")
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(f"/cases/{case.number}/{page}/").status_code == 200
        return len(queries)

    one, many = book(DUE), book(*[DUE] * 6)
    for page in ("money", "write-off", "charge", "statement"):
        assert asked(one, page) == asked(many, page), page


def test_a_statement_is_shown_and_taken_away_in_two_forms_and_that_is_noted(
    case: Case, officer: User, machine: Actor
) -> None:
    Debtor.objects.filter(pk=case.debtor_id).update(display_name='=cmd|"x" #panic()')
    browser = browser_of(officer)
    page = browser.get(f"/cases/{case.number}/statement/")
    assert page.status_code == 200
    assert page["Cache-Control"] == "no-store"
    assert not Event.objects.filter(kind="statement_of_account.made").exists()

    pdf = browser.get(f"/cases/{case.number}/statement/?language=pl&format=pdf")
    assert pdf["Content-Type"] == "application/pdf"
    text = "".join(pdf_text(pdf.content).split())
    assert '=cmd|"x"#panic()' in text
    assert "5100,00" in text.replace("\xa0", "")

    sheet = browser.get(f"/cases/{case.number}/statement/?language=en&format=xlsx")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(sheet.content)).get_sheet_by_index(1)
    assert 5_100.0 in [row[7] for row in rows.to_python()]
    made = Event.objects.filter(kind="statement_of_account.made").order_by("id")
    assert [event.payload["format"] for event in made] == ["pdf", "xlsx"]
    assert made[0].payload["language"] == "pl"


def test_a_statement_as_it_was_known_does_not_hold_what_came_later(
    case: Case, officer: User, machine: Actor
) -> None:
    later = AT + timedelta(days=3)
    post_payment(
        account_id=account_of(case).pk, amount_minor=7_777, currency="PLN",
        value_on=AT.date(), idempotency_key="p", reference="transfer of Anna", actor=machine,
        at=later,
    )  # fmt: skip
    browser = browser_of(officer)
    with clock.fixed_at(later):
        now = browser.get(f"/cases/{case.number}/statement/?language=en").content.decode()
        then = browser.get(
            f"/cases/{case.number}/statement/?language=en&as_known_on=2026-05-13"
        ).content.decode()
    assert "transfer of Anna" in now
    assert "transfer of Anna" not in then


@pytest.mark.parametrize(
    "query",
    ["language=pl&from_on=2026-05-13&until_on=2026-05-12", "language=pl&until_on=2027-01-01",
     "language=xx", "language=pl&from_on=yesterday"],
)  # fmt: skip
def test_days_that_cannot_be_are_refused_in_words(case: Case, officer: User, query: str) -> None:
    browser = browser_of(officer)
    assert browser.get(f"/cases/{case.number}/statement/?{query}").status_code == 422
    assert browser.get(f"/cases/{case.number}/statement/?{query}&format=pdf").status_code == 422
    assert browser.get(f"/cases/{case.number}/statement/?format=exe").status_code == 404


def payment(case: Case, debt: str, amount: str = "1 200,00", **changes: str) -> dict[str, str]:
    return {"debt": debt, "amount": amount, "value_on": "12.05.2026", "reference": "",
            "submission": "p1", **changes}  # fmt: skip


def test_a_payment_is_shown_before_it_is_posted_and_then_pays_just_that(
    book: Callable[..., Case], leader: User
) -> None:
    case = book(DUE, (Bucket("costs", APRIL - timedelta(days=9), 2_000),))
    browser = browser_of(leader)
    text = browser.post(
        f"/cases/{case.number}/payment/preview/", payment(case, "oldest:PLN"),
        headers={"HX-Request": "true"},
    ).content.decode().replace("\xa0", " ")  # fmt: skip
    assert "art. 451 § 3" in text
    for amount in ("20,00", "10,00", "30,00", "60,00", "1 000,00", "80,00", "1 100,00"):
        assert amount in text, amount
    assert "Nothing is posted yet." in text
    assert not Transaction.objects.filter(kind="payment").exists()

    form = payment(case, "oldest:PLN", reference="Transfer")
    assert browser.post(f"/cases/{case.number}/payment/", form).status_code == 302
    assert browser.post(f"/cases/{case.number}/payment/", form).status_code == 302
    assert Transaction.objects.filter(kind="payment").count() == 2
    left = [account_of(case, place).due_minor for place in (0, 1)]
    assert left == [0, 0]
    assert account_of(case, 1).overpaid_minor == 8_000, "the rest is credit of the oldest"


def test_the_debtors_choice_pays_that_debt_alone_and_the_page_works_without_a_script(
    book: Callable[..., Case], leader: User
) -> None:
    case = book(DUE, (Bucket("costs", APRIL - timedelta(days=9), 2_000),))
    debt = account_of(case, 0).debt
    answer = browser_of(leader).post(
        f"/cases/{case.number}/payment/preview/", payment(case, str(debt.pk), "1 200,00")
    )
    text = answer.content.decode().replace("\xa0", " ")
    assert "<h1>What the payment would pay</h1>" in text
    assert "art. 451 § 1" in text
    assert "Overpaid, kept as credit" in text
    assert "100,00" in text
    refused = browser_of(leader).post(
        f"/cases/{case.number}/payment/preview/", payment(case, str(debt.pk), "ten"),
        headers={"HX-Request": "true"},
    )  # fmt: skip
    assert refused.status_code == 422
    assert "Give an amount" in refused.content.decode()


def run(*arguments: str) -> dict[str, Any]:
    out = io.StringIO()
    with override("en"):
        call_command(arguments[0], "--json", *arguments[1:], stdout=out)
    answer: dict[str, Any] = json.loads(out.getvalue().splitlines()[-1])
    return answer


def test_the_commands_do_the_same_and_answer_in_json(
    case: Case, leader: User, manager: User, tmp_path: Path
) -> None:
    contract = account_of(case).debt.contract_no
    done = run("write_off", case.number, contract, "--amount", "5.00", "--component", "fees",
               "--reason", "goodwill", "--note", "x", "--by", "lena")  # fmt: skip
    assert (done["status"], done["amount_minor"]) == ("posted", 500)
    fee = run("charge_fee", case.number, contract, "demand_letter", "--for", "W/1", "--by", "lena")
    assert (fee["status"], fee["amount_minor"]) == ("posted", 1_500)
    with pytest.raises(CommandError, match="tariff"):
        run("charge_fee", case.number, contract, "bribe", "--for", "W/1", "--by", "lena")
    with pytest.raises(CommandError, match="has no contract"):
        run("write_off", case.number, "X", "--all", "--reason", "goodwill", "--note", "x",
            "--by", "lena")  # fmt: skip
    file = tmp_path / "s.pdf"
    made = run("statement_of_account", case.number, str(file), "--by", "lena")
    assert made["balances"] == {"PLN": 510_000 - 500 + 1_500}
    assert file.read_bytes().startswith(b"%PDF")
    with pytest.raises(CommandError, match="ends in"):
        run("statement_of_account", case.number, "s.doc", "--by", "lena")
    with pytest.raises(CommandError, match="Nothing was proposed"):
        run("propose_small_balances", "--by", "maria")


def test_a_refund_goes_its_way_by_command(
    book: Callable[..., Case], machine: Actor, leader: User, officer: User
) -> None:
    case = book((Bucket("principal", APRIL, 10_000),))
    account = account_of(case)
    post_payment(
        account_id=account.pk, amount_minor=25_000, currency="PLN", value_on=AT.date(),
        idempotency_key="p", actor=machine, at=AT,
    )  # fmt: skip
    made = run(
        "refund", "--by", "lena", "propose", case.number, account.debt.contract_no,
        "--to-account", "PL61109010140000071219812874", "--to-name", "Jan", "--note", "Called",
    )  # fmt: skip
    assert (made["status"], made["amount_minor"]) == ("approved", 15_000)
    pk = made["refund"].removeprefix("refund:")
    assert run("refund", "--by", "lena", "hand-over", pk)["status"] == "handed_over"
    assert run("refund", "--by", "lena", "confirm", pk)["status"] == "paid_back"
    with pytest.raises(CommandError, match="its status is now paid back"):
        run("refund", "--by", "lena", "withdraw", pk, "--reason", "Late")

"""The bank's statement tells that a refund has left; nobody has to say so by hand."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from bookkeeping.models import Refund
from bookkeeping.operations import confirm_refund, hand_over_refund, return_refund
from cases.models import Case
from journal.models import Event
from kernel.actor import Actor, system_actor
from ledger.allocation import Bucket
from ledger.models import StatementEntry, StatementFile
from ledger.operations import post_payment, take_in_statements
from staff.models import User
from tests.integration.bookkeeping.conftest import APRIL, AT, ON, account_of, deliver
from tests.integration.bookkeeping.test_money_pages import browser_of
from tests.integration.bookkeeping.test_refunds import holds, overpaid, propose
from tests.unit.ledger.statements.samples import OWN, SENDER

pytestmark = pytest.mark.django_db

__all__ = ["overpaid"]


OPENING = ":60F:C260511PLN9000,00\n"


def bank_tells(
    *lines: tuple[str, str], form: str = OPENING, ending: str = "", on: date = ON
) -> None:
    """A statement with an entry for each (mark with amount, account of the other side)."""
    number = StatementFile.objects.count() + 1
    entries = "".join(
        f":61:{on:%y%m%d}{on:%m%d}{money}NTRFNONREF//B{number}{place}\n"
        f":86:020~00PRZELEW~20ZWROT NADPLATY~32JAN TESTOWY~38{account}\n"
        for place, (money, account) in enumerate(lines)
    )
    content = f":20:S{number}\n:25:{OWN}\n:28C:{number}/1\n{form}{entries}{ending}-\n"
    take_in_statements(
        file=io.BytesIO(content.encode()), name="x.sta", actor=system_actor("test"), at=AT
    )
    deliver()


@pytest.fixture
def sent(overpaid: Case, as_officer: Actor, as_leader: Actor) -> Refund:
    """100.00 of the overpayment was handed over to be paid."""
    row = propose(overpaid, as_officer, 100_00, to_account_no=SENDER)
    return hand_over_refund(refund_id=row.pk, actor=as_leader, at=AT)


def test_the_debit_confirms_the_refund_and_the_case_waits_no_more(sent: Refund) -> None:
    assert holds(sent.case) == ["refund"]
    bank_tells(("D5,00", SENDER), ("D100,00", SENDER))
    sent.refresh_from_db()
    debit = StatementEntry.objects.get(amount_minor=-100_00)
    assert (sent.status, sent.entry_id, sent.paid_back_on) == ("paid_back", debit.pk, ON)
    assert sent.bank_reference == "B11"
    assert holds(sent.case) == []


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(("D100,00", OWN), id="to another account"),
        pytest.param(("D99,99", SENDER), id="of another amount"),
        pytest.param(("C100,00", SENDER), id="that came in"),
        pytest.param(("RC100,00", SENDER), id="that takes a payment back"),
    ],
)
def test_it_is_not_confirmed_by_money(sent: Refund, line: tuple[str, str]) -> None:
    bank_tells(line)
    sent.refresh_from_db()
    assert (sent.status, sent.entry_id) == ("handed_over", None)


@pytest.mark.parametrize("on", [ON - timedelta(days=1), ON + timedelta(days=1)])
def test_it_is_not_confirmed_by_a_debit_before_it_was_handed_over_nor_ahead(
    sent: Refund, on: date
) -> None:
    bank_tells(("D100,00", SENDER), on=on)
    sent.refresh_from_db()
    assert sent.status == "handed_over"


def test_a_report_of_the_day_is_not_the_banks_last_word(sent: Refund) -> None:
    bank_tells(("D100,00", SENDER), form=":34F:PLN0,\n:13D:2605121200+0200\n")
    sent.refresh_from_db()
    assert sent.status == "handed_over"


@pytest.fixture
def second(
    sent: Refund,
    book: Callable[..., Case],
    machine: Actor,
    as_officer: Actor,
    as_leader: Actor,
) -> Refund:
    """Of another case, the same amount to the same account."""
    other = book((Bucket("principal", APRIL, 10_000),))
    post_payment(
        account_id=account_of(other).pk, amount_minor=50_000, currency="PLN", value_on=ON,
        idempotency_key="too much again", actor=machine, at=AT,
    )  # fmt: skip
    row = propose(other, as_officer, 100_00, to_account_no=SENDER, submission="2")
    return hand_over_refund(refund_id=row.pk, actor=as_leader, at=AT)


def statuses() -> list[str]:
    return list(Refund.objects.order_by("id").values_list("status", flat=True))


def test_each_debit_stands_for_one_refund(sent: Refund, second: Refund) -> None:
    bank_tells(("D100,00", SENDER))
    assert statuses() == ["paid_back", "handed_over"]
    bank_tells(("D7,00", SENDER))
    assert statuses() == ["paid_back", "handed_over"]


def test_two_debits_confirm_two_refunds(sent: Refund, second: Refund) -> None:
    bank_tells(("D100,00", SENDER), ("D100,00", SENDER))
    assert statuses() == ["paid_back", "paid_back"]
    assert Refund.objects.values("entry").distinct().count() == 2


def test_a_debit_that_may_have_been_told_of_before_confirms_nothing(
    sent: Refund, second: Refund
) -> None:
    bank_tells(("D100,00", SENDER))
    bank_tells(("D100,00", SENDER), ("C5,00", SENDER))
    assert statuses() == ["paid_back", "handed_over"]


def test_a_statement_that_does_not_add_up_confirms_nothing(sent: Refund) -> None:
    bank_tells(("D100,00", SENDER), ending=":62F:C260512PLN1,00\n")
    assert statuses() == ["handed_over"]


def test_the_debit_of_what_a_person_confirmed_confirms_no_other(
    sent: Refund, second: Refund, as_leader: Actor
) -> None:
    confirm_refund(
        refund_id=second.pk, paid_back_on=ON, bank_reference="P/1", actor=as_leader, at=AT
    )
    bank_tells(("D100,00", SENDER))
    second.refresh_from_db()
    assert statuses() == ["handed_over", "paid_back"]
    assert (second.bank_reference, second.entry) == ("P/1", StatementEntry.objects.get())


def test_a_debit_that_came_before_anybody_waited_is_kept_with_its_refund(
    sent: Refund, as_leader: Actor, request: pytest.FixtureRequest
) -> None:
    confirm_refund(refund_id=sent.pk, paid_back_on=ON, bank_reference="P/1", actor=as_leader, at=AT)
    bank_tells(("D100,00", SENDER))
    second = request.getfixturevalue("second")
    bank_tells(("D100,00", SENDER), ("D100,00", SENDER))
    second.refresh_from_db()
    sent.refresh_from_db()
    assert sent.entry is not None
    assert sent.entry != second.entry
    assert [e.payload["entry_id"] for e in Event.objects.filter(kind="refund.told_of")] == [
        sent.entry_id
    ]


def test_an_old_refund_that_a_person_confirmed_takes_no_debit_of_today(
    sent: Refund, second: Refund, as_leader: Actor
) -> None:
    long_ago = ON - timedelta(days=30)
    confirm_refund(refund_id=sent.pk, paid_back_on=ON, bank_reference="P/1", actor=as_leader, at=AT)
    Refund.objects.filter(pk=sent.pk).update(handed_over_on=long_ago, paid_back_on=long_ago)
    bank_tells(("D100,00", SENDER))
    assert statuses() == ["paid_back", "paid_back"]
    second.refresh_from_db()
    assert second.entry == StatementEntry.objects.get()


def test_the_debit_of_a_refund_that_came_back_confirms_no_other(
    sent: Refund, second: Refund, as_manager: Actor
) -> None:
    return_refund(refund_id=sent.pk, reason="Account closed", actor=as_manager, at=AT)
    bank_tells(("D100,00", SENDER))
    assert statuses() == ["returned", "handed_over"]


def test_a_debit_on_which_a_refund_stands_is_not_taken_back(sent: Refund, manager: User) -> None:
    bank_tells(("D100,00", SENDER))
    client = browser_of(manager)
    debit = StatementEntry.objects.get()
    address = f"/statements/entries/{debit.pk}/take-back/"
    page = client.post(address, {"reason": "x"}, follow=True).content.decode()
    assert "A refund was paid by it, so that it is not taken back." in page
    debit.refresh_from_db()
    assert debit.state == "not_ours"


def test_the_page_of_the_statement_says_for_whom_the_money_was(sent: Refund, manager: User) -> None:
    bank_tells(("D100,00", SENDER))
    client = browser_of(manager)
    page = client.get(f"/statements/{StatementFile.objects.get().pk}/").content.decode()
    assert "refund paid out" in page
    assert f'<a href="/cases/{sent.case.number}/">{sent.case.debtor.display_name}</a>' in page

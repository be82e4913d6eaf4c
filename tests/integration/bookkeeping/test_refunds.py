"""An overpayment goes back: approved, handed over, paid; and stays where new arrears need it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from bookkeeping.account_numbers import AccountNumberInvalid
from bookkeeping.models import Refund
from bookkeeping.operations import (
    confirm_refund,
    decide_refund,
    hand_over_refund,
    propose_refund,
    return_refund,
    withdraw_refund,
)
from bookkeeping.operations.refunds import (
    ArrearsInTheWay,
    RefundDayInvalid,
    RefundOpenAlready,
)
from cases.models import Case, Hold
from kernel.actor import Actor
from kernel.authority import RightMissing
from kernel.lifecycle import MoveNotAllowed
from ledger.allocation import Bucket
from ledger.lifecycle import Component
from ledger.models import Account
from ledger.operations import NothingToRefund, post_charge, post_payment
from ledger.verification import verify_ledger, verify_replay
from staff.approvals import OverLimit, OwnProposal
from tests.integration.bookkeeping.conftest import APRIL, AT, ON, account_of, deliver

pytestmark = pytest.mark.django_db

IBAN = "PL61 1090 1014 0000 0712 1981 2874"


@pytest.fixture
def overpaid(book: Callable[..., Case], machine: Actor) -> Case:
    """100.00 was owed and 500.00 paid."""
    case = book((Bucket("principal", APRIL, 10_000),))
    post_payment(
        account_id=account_of(case).pk, amount_minor=50_000, currency="PLN", value_on=ON,
        idempotency_key="too much", actor=machine, at=AT,
    )  # fmt: skip
    return case


def propose(case: Case, actor: Actor, amount: int | None = None, **more: Any) -> Refund:
    values = {
        "account_id": account_of(case).pk, "to_account_no": IBAN, "to_name": "Jan Testowy",
        "note": "Called us", "submission": "1", **more,
    }  # fmt: skip
    return propose_refund(case_id=case.pk, amount_minor=amount, actor=actor, at=AT, **values)


def credit(case: Case) -> int:
    return account_of(case).overpaid_minor


def holds(case: Case) -> list[str]:
    return list(
        Hold.objects.filter(case=case, ended_on__isnull=True).values_list("kind", flat=True)
    )


def charge(account: Account, machine: Actor, amount: int = 5_000, key: str = "c") -> None:
    post_charge(
        account_id=account.pk, component=Component.COSTS, amount_minor=amount, due_on=ON,
        reason="court", idempotency_key=key, source="test", actor=machine, at=AT,
    )  # fmt: skip


def test_an_overpayment_goes_its_way_and_holds_the_case_until_it_is_paid(
    overpaid: Case, as_officer: Actor, as_leader: Actor
) -> None:
    row = propose(overpaid, as_officer)
    assert (row.status, row.amount_minor, row.needs_approval) == ("proposed", 40_000, True)
    assert row.to_account_no == "PL61109010140000071219812874"
    assert holds(overpaid) == ["refund"]
    with pytest.raises(MoveNotAllowed):
        hand_over_refund(refund_id=row.pk, actor=as_leader, at=AT)

    decide_refund(refund_id=row.pk, move="approve", reason="Seen", actor=as_leader, at=AT)
    assert credit(overpaid) == 40_000, "the money is still here"
    row = hand_over_refund(refund_id=row.pk, actor=as_leader, at=AT)
    assert (row.status, row.handed_over_on, credit(overpaid)) == ("handed_over", ON, 0)
    assert holds(overpaid) == ["refund"]

    row = confirm_refund(
        refund_id=row.pk, paid_back_on=ON, bank_reference="B/1", actor=as_leader, at=AT
    )
    assert (row.status, row.bank_reference, holds(overpaid)) == ("paid_back", "B/1", [])
    assert verify_ledger() == []
    assert verify_replay() == []


def test_a_small_one_needs_no_second_person(overpaid: Case, as_officer: Actor) -> None:
    assert propose(overpaid, as_officer, 20_000).status == "approved"


def test_above_the_authority_nobody_decides_their_own(
    overpaid: Case, as_officer: Actor, as_leader: Actor, machine: Actor
) -> None:
    post_payment(
        account_id=account_of(overpaid).pk, amount_minor=2_000_000, currency="PLN", value_on=ON,
        idempotency_key="more", actor=machine, at=AT,
    )  # fmt: skip
    row = propose(overpaid, as_leader, 1_000_001)
    with pytest.raises(OwnProposal):
        decide_refund(refund_id=row.pk, move="approve", reason="x", actor=as_leader, at=AT)
    withdraw_refund(refund_id=row.pk, reason="Mistaken", actor=as_officer, at=AT)
    row = propose(overpaid, as_officer, 1_000_001, submission="2")
    with pytest.raises(OverLimit):
        decide_refund(refund_id=row.pk, move="approve", reason="x", actor=as_leader, at=AT)
    with pytest.raises(RightMissing):
        hand_over_refund(refund_id=row.pk, actor=as_officer, at=AT)


def test_what_the_bank_sends_back_is_credit_again(
    overpaid: Case, as_officer: Actor, as_manager: Actor
) -> None:
    row = propose(overpaid, as_officer, 15_000)
    hand_over_refund(refund_id=row.pk, actor=as_manager, at=AT)
    row = return_refund(refund_id=row.pk, reason="Account closed", actor=as_manager, at=AT)
    assert (row.status, credit(overpaid), holds(overpaid)) == ("returned", 40_000, [])
    assert verify_replay() == []


def test_new_arrears_recall_what_has_not_left_and_nothing_else(
    overpaid: Case, as_officer: Actor, machine: Actor
) -> None:
    row = propose(overpaid, as_officer, 20_000)
    charge(account_of(overpaid), machine, 25_000)
    deliver()
    row.refresh_from_db()
    assert (row.status, row.end_reason, holds(overpaid)) == ("recalled", "credit_used", [])
    deliver()
    assert Refund.objects.get().status == "recalled"


def test_a_credit_that_still_covers_it_is_not_recalled_for_a_fee_that_it_pays(
    overpaid: Case, as_officer: Actor, machine: Actor
) -> None:
    row = propose(overpaid, as_officer, 20_000)
    charge(account_of(overpaid), machine, 5_000)
    deliver()
    row.refresh_from_db()
    assert row.status == "approved"


def test_what_has_left_is_not_recalled(
    overpaid: Case, as_officer: Actor, as_leader: Actor, machine: Actor
) -> None:
    row = propose(overpaid, as_officer, 20_000)
    hand_over_refund(refund_id=row.pk, actor=as_leader, at=AT)
    charge(account_of(overpaid), machine, 30_000)
    deliver()
    row.refresh_from_db()
    assert row.status == "handed_over"


@pytest.fixture
def two_debts(book: Callable[..., Case], machine: Actor) -> Case:
    """One debt is overpaid by 400.00, on another one 300.00 is due."""
    case = book((Bucket("principal", APRIL, 10_000),), (Bucket("principal", APRIL, 30_000),))
    post_payment(
        account_id=account_of(case).pk, amount_minor=50_000, currency="PLN", value_on=ON,
        idempotency_key="too much", actor=machine, at=AT,
    )  # fmt: skip
    return case


def test_arrears_elsewhere_stand_in_the_way_unless_it_is_said_and_two_decide(
    two_debts: Case, as_manager: Actor
) -> None:
    with pytest.raises(ArrearsInTheWay) as refused:
        propose(two_debts, as_manager, 100)
    assert refused.value.values["due_minor"] == 30_000
    row = propose(two_debts, as_manager, 100, despite_arrears=True)
    assert (row.status, row.despite_arrears) == ("proposed", True)


def test_arrears_on_another_debt_recall_it_only_where_nobody_decided_despite_them(
    two_debts: Case, as_officer: Actor, as_leader: Actor, machine: Actor
) -> None:
    row = propose(two_debts, as_officer, 100, despite_arrears=True)
    decide_refund(refund_id=row.pk, move="approve", reason="x", actor=as_leader, at=AT)
    charge(account_of(two_debts, 1), machine)
    deliver()
    row.refresh_from_db()
    assert row.status == "approved"


def test_new_arrears_on_another_debt_recall_it(
    two_debts: Case, as_officer: Actor, machine: Actor
) -> None:
    post_payment(
        account_id=account_of(two_debts, 1).pk, amount_minor=30_000, currency="PLN", value_on=ON,
        idempotency_key="rest", actor=machine, at=AT,
    )  # fmt: skip
    deliver()
    row = propose(two_debts, as_officer, 100)
    charge(account_of(two_debts, 1), machine)
    deliver()
    row.refresh_from_db()
    assert (row.status, row.end_reason) == ("recalled", "new_arrears")


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"amount": 40_001}, NothingToRefund),
        ({"amount": 0}, NothingToRefund),
        ({"to_account_no": "PL61109010140000071219812875"}, AccountNumberInvalid),
        ({"to_account_no": ""}, AccountNumberInvalid),
        ({"to_account_no": "=cmd|' /C calc'!A0"}, AccountNumberInvalid),
        ({"to_name": "  "}, AccountNumberInvalid),
    ],
)
def test_bad_input_changes_nothing(
    overpaid: Case, as_officer: Actor, values: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        propose(overpaid, as_officer, values.pop("amount", 100), **values)
    assert not Refund.objects.exists()


def test_one_at_a_time_and_once_per_form(overpaid: Case, as_officer: Actor) -> None:
    first = propose(overpaid, as_officer, 100)
    assert propose(overpaid, as_officer, 100).pk == first.pk
    with pytest.raises(RefundOpenAlready):
        propose(overpaid, as_officer, 100, submission="2")


@pytest.mark.parametrize("on", [ON - timedelta(days=1), ON + timedelta(days=1)])
def test_it_is_not_paid_before_it_is_handed_over_nor_ahead(
    overpaid: Case, as_officer: Actor, as_leader: Actor, on: date
) -> None:
    row = propose(overpaid, as_officer, 100)
    hand_over_refund(refund_id=row.pk, actor=as_leader, at=AT)
    with pytest.raises(RefundDayInvalid):
        confirm_refund(refund_id=row.pk, paid_back_on=on, bank_reference="", actor=as_leader, at=AT)

"""Fees by the tariff, once for their occasion; and small balances, many by one decision."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from bookkeeping.lifecycle import WriteOffReason
from bookkeeping.models import Charge, WriteOff, WriteOffBatch
from bookkeeping.operations import (
    batches,
    cancel_charge,
    charge_fee,
    decide_charge,
    decide_write_off_batch,
    propose_residual_interest,
    propose_small_balances,
    propose_write_off,
    withdraw_charge,
    withdraw_write_off_batch,
)
from bookkeeping.operations.batches import (
    BatchNotYours,
    BatchOpenAlready,
    NoSmallBalanceRule,
    NoSmallBalances,
)
from bookkeeping.operations.charges import ChargedAlready, ChargeDayInvalid, OccasionMissing
from bookkeeping.tariff import FeeOverTariff, FeeUnknown
from bookkeeping.wording import left_out_text, say_refusal
from cases.lifecycle import HoldKind
from cases.models import Case, Hold
from cases.operations import hold_case
from kernel.actor import Actor
from kernel.authority import RightMissing
from ledger.allocation import Bucket
from ledger.models import Account, Balance, OrderTerm
from ledger.operations import post_adjustment, post_payment, start_order
from ledger.verification import verify_ledger, verify_replay
from staff.approvals import DecidedByPersonOnly, OwnProposal
from staff.models import Team
from staff.rights import Role
from tests.integration.bookkeeping.conftest import APRIL, AT, ON, account_of, deliver
from tests.integration.cases.builders import actor_of, make_debtor, make_user

pytestmark = pytest.mark.django_db


def charge(case: Case, actor: Actor, fee: str = "demand_letter", **more: Any) -> Charge:
    values = {
        "account_id": account_of(case).pk, "occasion": "W/12", "charged_on": ON, "note": "", **more
    }  # fmt: skip
    return charge_fee(case_id=case.pk, fee=fee, actor=actor, at=AT, **values)


def fees(case: Case) -> int:
    rows = Balance.objects.filter(account=account_of(case), component="fees")
    return sum(rows.values_list("amount_minor", flat=True))


def test_a_fee_is_charged_by_the_tariff_and_once_for_its_occasion(
    case: Case, as_officer: Actor
) -> None:
    row = charge(case, as_officer)
    assert (row.status, row.amount_minor, fees(case)) == ("posted", 1_500, 1_000 + 1_500)
    assert charge(case, as_officer, occasion="  w/12 ").pk == row.pk
    assert fees(case) == 2_500
    assert charge(case, as_officer, occasion="W/13").pk != row.pk
    assert fees(case) == 4_000
    assert verify_ledger() == []


def test_above_the_authority_a_second_person_decides_and_a_cancelled_one_may_come_again(
    case: Case, as_officer: Actor, as_leader: Actor, as_manager: Actor
) -> None:
    row = charge(case, as_officer, "other_cost", amount_minor=30_000, note="Invoice 5")
    assert row.status == "proposed"
    assert Hold.objects.get(case=case).cause == f"charge:{row.pk}"
    done = decide_charge(charge_id=row.pk, move="approve", reason="Seen", actor=as_leader, at=AT)
    assert done.status == "posted"
    assert not Hold.objects.filter(case=case, ended_on__isnull=True).exists()
    with pytest.raises(RightMissing):
        cancel_charge(charge_id=row.pk, reason="Wrong", actor=as_leader, at=AT)
    assert cancel_charge(charge_id=row.pk, reason="Wrong", actor=as_manager, at=AT).status == (
        "cancelled"
    )
    again = charge(case, as_manager, "other_cost", amount_minor=20_000)
    assert (again.status, again.pk != row.pk) == ("posted", True)
    assert verify_replay() == []


def test_nobody_approves_their_own_charge_and_it_can_be_withdrawn(
    case: Case, as_leader: Actor
) -> None:
    row = charge(case, as_leader, "other_cost", amount_minor=30_000)
    with pytest.raises(OwnProposal):
        decide_charge(charge_id=row.pk, move="approve", reason="x", actor=as_leader, at=AT)
    assert withdraw_charge(charge_id=row.pk, reason="x", actor=as_leader, at=AT).status == (
        "withdrawn"
    )


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"fee": "bribe"}, FeeUnknown),
        ({"amount_minor": 1_501}, FeeOverTariff),
        ({"amount_minor": 0}, FeeOverTariff),
        ({"amount_minor": -1}, FeeOverTariff),
        ({"occasion": "   "}, OccasionMissing),
        ({"charged_on": ON + timedelta(days=1)}, ChargeDayInvalid),
    ],
)
def test_what_the_tariff_does_not_allow_is_refused(
    case: Case, as_manager: Actor, values: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        charge(case, as_manager, **values)
    assert not Charge.objects.exists()


def test_a_fee_is_charged_for_no_day_before_the_debt_was_there(
    case: Case, as_officer: Actor
) -> None:
    account = account_of(case)
    before = account.opened_on - timedelta(days=1)
    with pytest.raises(ChargeDayInvalid) as refused:
        charge(case, as_officer, charged_on=before)
    with override("en"):
        said = say_refusal(refused.value)
    assert "between 01.04.2026, since when the debt is kept here, and 12.05.2026" in said
    assert (account_of(case).due_since, fees(case)) == (account.due_since, 1_000)
    assert charge(case, as_officer, charged_on=account.opened_on).status == "posted"


def test_another_amount_for_the_same_occasion_is_a_mistake(case: Case, as_officer: Actor) -> None:
    charge(case, as_officer)
    with pytest.raises(ChargedAlready):
        charge(case, as_officer, amount_minor=1_400)


SMALL = (Bucket("default_interest", APRIL - timedelta(days=100), 900),)


def outstanding(account: Account) -> int:
    account.refresh_from_db()
    return account.outstanding_minor


def test_small_old_balances_go_in_one_batch_by_one_decision(
    book: Callable[..., Case], as_manager: Actor, as_second_manager: Actor, machine: Actor
) -> None:
    cases = [book(SMALL), book(SMALL), book(SMALL)]
    young = book((Bucket("default_interest", ON - timedelta(days=89), 900),))
    large = book((Bucket("default_interest", APRIL - timedelta(days=100), 1_001),))
    together = book(SMALL, SMALL)

    batch = propose_small_balances(currency="PLN", actor=as_manager, at=AT)

    assert (batch.lines_count, batch.amount_minor) == (3, 2_700)
    with pytest.raises(BatchOpenAlready):
        propose_small_balances(currency="PLN", actor=as_manager, at=AT)
    with pytest.raises(OwnProposal):
        decide(batch, as_manager)
    post_payment(
        account_id=account_of(cases[1]).pk, amount_minor=900, currency="PLN", value_on=ON,
        idempotency_key="p", actor=machine, at=AT,
    )  # fmt: skip
    assert decide(batch, as_second_manager).status == "approved"
    assert [outstanding(account_of(case)) for case in cases] == [0, 0, 0]
    assert list(batch.lines.order_by("id").values_list("outcome", "left_out_code")) == [
        ("written_off", ""), ("left_out", "nothing_owed"), ("written_off", "")
    ]  # fmt: skip
    assert WriteOff.objects.filter(batch=batch, status="posted", kind="small_balance").count() == 2
    assert [outstanding(account_of(case)) for case in (young, large, together)] == [900, 1_001, 900]
    assert verify_ledger() == []
    assert verify_replay() == []


def decide(batch: WriteOffBatch, actor: Actor, move: str = "approve") -> WriteOffBatch:
    return decide_write_off_batch(
        write_off_batch_id=batch.pk, move=move, reason="Seen", actor=actor, at=AT
    )


def test_nothing_is_written_off_of_who_may_not_be_spoken_to(
    book: Callable[..., Case], as_manager: Actor, as_officer: Actor
) -> None:
    case = book(SMALL)
    hold_case(
        case_id=case.pk, kind=HoldKind.BANKRUPTCY, reason="List", from_on=ON, until_on=None,
        actor=as_officer, at=AT,
    )  # fmt: skip
    with pytest.raises(NoSmallBalances):
        propose_small_balances(currency="PLN", actor=as_manager, at=AT)
    with pytest.raises(NoSmallBalanceRule):
        propose_small_balances(currency="JPY", actor=as_manager, at=AT)


def test_a_batch_can_be_refused_or_withdrawn_and_proposed_again(
    book: Callable[..., Case], as_manager: Actor, as_second_manager: Actor, machine: Actor
) -> None:
    case = book(SMALL)
    batch = propose_small_balances(currency="PLN", actor=machine, at=AT)
    with pytest.raises(DecidedByPersonOnly):
        decide(batch, machine)
    assert decide(batch, as_manager, "refuse").status == "refused"
    batch = propose_small_balances(currency="PLN", actor=as_manager, at=AT)
    withdraw_write_off_batch(write_off_batch_id=batch.pk, reason="x", actor=as_manager, at=AT)
    assert outstanding(account_of(case)) == 900


def test_interest_left_when_the_principal_is_paid_is_proposed_where_the_order_says_so(
    book: Callable[..., Case], machine: Actor, as_leader: Actor
) -> None:
    case = book((Bucket("principal", APRIL, 1_000), Bucket("default_interest", APRIL, 300)))
    account = account_of(case)
    start_order(
        account_ids=[account.pk], order_key="principal_first", cause="agreement:1", from_on=ON,
        actor=machine, at=AT,
    )  # fmt: skip
    assert OrderTerm.objects.count() == 1
    paid = post_payment(
        account_id=account.pk, amount_minor=1_100, currency="PLN", value_on=ON,
        idempotency_key="p", actor=machine, at=AT,
    )  # fmt: skip
    assert paid.allocated == {"principal": 1_000, "default_interest": 100}
    deliver()
    row = WriteOff.objects.get()
    assert (row.kind, row.amount_minor, row.proposed_by, row.status) == (
        "residual_interest", 200, None, "proposed",
    )  # fmt: skip
    known = {account.pk: paid.transaction_id}
    assert propose_residual_interest(transactions=known, at=AT, actor=machine) == []


def test_the_standard_order_goes_on_claiming_the_interest(
    book: Callable[..., Case], machine: Actor
) -> None:
    case = book((Bucket("principal", APRIL, 1_000), Bucket("default_interest", ON, 300)))
    post_payment(
        account_id=account_of(case).pk, amount_minor=1_000, currency="PLN", value_on=ON,
        idempotency_key="p", actor=machine, at=AT,
    )  # fmt: skip
    deliver()
    assert not WriteOff.objects.exists()


def outcomes(batch: WriteOffBatch) -> list[tuple[str, str]]:
    return list(batch.lines.order_by("id").values_list("outcome", "left_out_code"))


def owe(case: Case, machine: Actor, minor: int, place: int = 0) -> None:
    post_adjustment(
        account_id=account_of(case, place).pk, changes=[Bucket("principal", APRIL, minor)],
        reason="new", idempotency_key=f"new:{case.pk}:{place}", source="test",
        effective_on=APRIL, actor=machine, at=AT,
    )  # fmt: skip


def test_a_balance_is_not_small_any_more_when_much_has_become_due_on_another_debt(
    book: Callable[..., Case], as_manager: Actor, as_second_manager: Actor, machine: Actor
) -> None:
    cases = [book(SMALL, ()), book(SMALL)]
    batch = propose_small_balances(currency="PLN", actor=as_manager, at=AT)
    owe(cases[0], machine, 5_000_000, 1)
    assert decide(batch, as_second_manager).status == "approved"
    assert outcomes(batch) == [("left_out", "more_owed_in_all"), ("written_off", "")]
    assert [outstanding(account_of(case)) for case in cases] == [900, 0]


def test_each_line_that_the_rule_would_not_find_any_more_says_why_and_none_is_lost(
    book: Callable[..., Case],
    as_manager: Actor,
    as_second_manager: Actor,
    as_officer: Actor,
    machine: Actor,
) -> None:
    held, away, paid, young, grown, waits, moved, fits = cases = [book(SMALL, ()) for _ in range(8)]
    batch = propose_small_balances(currency="PLN", actor=as_manager, at=AT)
    hold_case(
        case_id=held.pk, kind=HoldKind.BANKRUPTCY, reason="List", from_on=ON, until_on=None,
        actor=as_officer, at=AT,
    )  # fmt: skip
    Case.objects.filter(pk=away.pk).update(handled_by="agency")
    for case in (paid, young):
        post_payment(
            account_id=account_of(case).pk, amount_minor=900, currency="PLN", value_on=ON,
            idempotency_key=f"p:{case.pk}", actor=machine, at=AT,
        )  # fmt: skip
    owe(young, machine, 900)
    owe(grown, machine, 1)
    propose_write_off(
        case_id=waits.pk, account_id=account_of(waits).pk, amount_minor=1, submission="w",
        reason=WriteOffReason.HARDSHIP, note="n", actor=as_officer, at=AT,
    )  # fmt: skip
    other = make_debtor()
    account_of(moved).debt.parties.update(debtor=other)

    decide(batch, as_second_manager)

    assert outcomes(batch) == [
        ("left_out", "held"),
        ("left_out", "in_other_hands"),
        ("left_out", "nothing_owed"),
        ("left_out", "not_due_so_long"),
        ("left_out", "more_owed"),
        ("left_out", "write_off_open_already"),
        ("left_out", "not_of_case"),
        ("written_off", ""),
    ]
    assert all(str(left_out_text(code)) for _, code in outcomes(batch) if code)
    assert outstanding(account_of(fits)) == 0
    assert WriteOff.objects.filter(batch=batch).count() == 1
    assert len(cases) == batch.lines_count


def test_the_rule_looks_at_all_lines_of_a_batch_at_once(
    book: Callable[..., Case], as_manager: Actor, as_second_manager: Actor, machine: Actor
) -> None:
    def asked(lines: int) -> int:
        cases = [book(SMALL, ()) for _ in range(lines)]
        batch = propose_small_balances(currency="PLN", actor=as_manager, at=AT)
        for case in cases:
            owe(case, machine, 5_000_000, 1)
        with CaptureQueriesContext(connection) as queries:
            decide(batch, as_second_manager)
        assert outcomes(batch) == [("left_out", "more_owed_in_all")] * lines
        return len(queries)

    assert asked(1) == asked(7)


def withdraw(batch: WriteOffBatch, actor: Actor) -> str:
    done = withdraw_write_off_batch(
        write_off_batch_id=batch.pk, reason="Mistaken", actor=actor, at=AT
    )
    return done.status


def test_a_batch_is_withdrawn_by_who_proposed_it_or_could_decide_it(
    book: Callable[..., Case], as_manager: Actor, as_second_manager: Actor, as_leader: Actor
) -> None:
    book(SMALL)
    stranger = actor_of(make_user("leo", Role.TEAM_LEADER, Team.objects.create(name="South")))
    batch = propose_small_balances(currency="PLN", actor=as_manager, at=AT)
    for leader in (as_leader, stranger):
        with pytest.raises(BatchNotYours):
            withdraw(batch, leader)
    assert WriteOffBatch.objects.get().status == "proposed"
    assert withdraw(batch, as_second_manager) == "withdrawn"
    own = propose_small_balances(currency="PLN", actor=as_leader, at=AT)
    assert withdraw(own, as_leader) == "withdrawn"


def test_who_sees_one_team_decides_about_no_batch_with_cases_of_another(
    book: Callable[..., Case],
    as_manager: Actor,
    as_leader: Actor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(batches, "granted_to", lambda **_: lambda role: {"PLN": 10_000})
    book(SMALL)
    foreign = book(SMALL)
    Case.objects.filter(pk=foreign.pk).update(team=Team.objects.create(name="South"))
    batch = propose_small_balances(currency="PLN", actor=as_manager, at=AT)
    with pytest.raises(BatchNotYours):
        decide(batch, as_leader)
    with pytest.raises(BatchNotYours):
        withdraw(batch, as_leader)
    Case.objects.filter(pk=foreign.pk).update(team_id=as_leader.team_id)
    assert decide(batch, as_leader).status == "approved"

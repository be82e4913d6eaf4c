"""What one person may do without a second one: an amount in parts is still the whole amount."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from django.db import connections, transaction
from django.test import Client

from bookkeeping.lifecycle import WriteOffReason
from bookkeeping.models import Charge, WriteOff
from bookkeeping.operations import (
    cancel_charge,
    charge_fee,
    confirm_refund,
    decide_write_off,
    hand_over_refund,
    propose_refund,
    propose_write_off,
    reverse_write_off,
)
from cases.models import Case
from cases.operations import open_cases
from kernel import clock
from kernel.actor import Actor, system_actor
from ledger.allocation import Bucket
from ledger.lifecycle import Component
from ledger.operations import post_payment
from staff.models import ApprovalLimit, User
from staff.rights import Role
from tests.integration.bookkeeping.conftest import APRIL, AT, DUE, ON, account_of, add_debt
from tests.integration.cases.builders import actor_of, make_debtor, make_user

IBAN = "PL61 1090 1014 0000 0712 1981 2874"


def write_off(case: Case, actor: Actor, amount: int, key: str, **more: Any) -> WriteOff:
    values = {"account_id": account_of(case).pk, "at": AT, **more}
    return propose_write_off(
        case_id=case.pk, amount_minor=amount, reason=WriteOffReason.GOODWILL, note="n",
        submission=key, actor=actor, **values,
    )  # fmt: skip


def charge(case: Case, actor: Actor, occasion: str, **more: Any) -> Charge:
    values = {"fee": "demand_letter", "account_id": account_of(case).pk, **more}
    return charge_fee(
        case_id=case.pk, occasion=occasion, charged_on=ON, actor=actor, at=AT, **values
    )


def limit(role: Role, kind: str, minor: int) -> None:
    ApprovalLimit.objects.create(role=role, kind=kind, currency="PLN", amount_minor=minor)


def test_several_write_offs_of_one_debt_are_together_within_the_authority_or_wait(
    case: Case, as_manager: Actor
) -> None:
    assert write_off(case, as_manager, 60_000, "1").status == "posted"
    assert write_off(case, as_manager, 40_000, "2").status == "posted"
    third = write_off(case, as_manager, 1, "3")
    assert (third.status, third.needs_approval) == ("proposed", True)


def test_what_a_colleague_did_alone_on_the_debt_counts_too_and_another_debt_does_not(
    book: Callable[..., Case], as_manager: Actor, as_second_manager: Actor
) -> None:
    case = book(DUE, DUE)
    write_off(case, as_manager, 100_000, "1")
    other = account_of(case, 1).pk
    assert write_off(case, as_second_manager, 1_000, "2", account_id=other).status == "posted"
    assert write_off(case, as_second_manager, 1_000, "3").status == "proposed"


@pytest.mark.parametrize(("days", "status"), [(30, "proposed"), (31, "posted")])
def test_what_was_done_alone_counts_for_the_days_of_the_table(
    case: Case, as_manager: Actor, days: int, status: str
) -> None:
    write_off(case, as_manager, 100_000, "1")
    later = write_off(case, as_manager, 1_000, "2", at=AT + timedelta(days=days))
    assert later.status == status


def test_what_two_decided_and_what_was_taken_back_uses_nobodys_authority_up(
    case: Case, as_manager: Actor, as_second_manager: Actor
) -> None:
    by_two = write_off(case, as_manager, 150_000, "1")
    decide_write_off(
        write_off_id=by_two.pk, move="approve", reason="Seen", actor=as_second_manager, at=AT
    )
    alone = write_off(case, as_manager, 100_000, "2")
    reverse_write_off(write_off_id=alone.pk, reason="Mistaken", actor=as_manager, at=AT)
    assert write_off(case, as_manager, 100_000, "3").status == "posted"


def test_several_fees_on_one_debt_are_together_within_the_authority_or_wait(
    case: Case, as_officer: Actor, as_manager: Actor
) -> None:
    letters = [charge(case, as_officer, f"W/{number}") for number in range(4)]
    assert [row.status for row in letters] == ["posted", "posted", "posted", "proposed"]
    cancel_charge(charge_id=letters[0].pk, reason="Not sent", actor=as_manager, at=AT)
    assert charge(case, as_officer, "W/5").status == "posted"


def test_several_refunds_from_one_debt_are_together_within_the_authority_or_wait(
    book: Callable[..., Case], machine: Actor, as_officer: Actor, as_leader: Actor
) -> None:
    case = book((Bucket("principal", APRIL, 10_000),))
    post_payment(
        account_id=account_of(case).pk, amount_minor=60_000, currency="PLN", value_on=ON,
        idempotency_key="too much", actor=machine, at=AT,
    )  # fmt: skip

    def refund(amount: int, key: str) -> Any:
        return propose_refund(
            case_id=case.pk, account_id=account_of(case).pk, amount_minor=amount,
            to_account_no=IBAN, to_name="Jan", note="Called", submission=key, actor=as_officer,
            at=AT,
        )  # fmt: skip

    first = refund(15_000, "1")
    hand_over_refund(refund_id=first.pk, actor=as_leader, at=AT)
    confirm_refund(refund_id=first.pk, paid_back_on=ON, bank_reference="", actor=as_leader, at=AT)
    assert (first.status, refund(5_001, "2").status) == ("approved", "proposed")


def test_a_limit_laid_down_binds_also_what_is_done_alone(
    case: Case, as_officer: Actor, as_leader: Actor, as_manager: Actor
) -> None:
    limit(Role.MANAGER, "write_off", 100)
    limit(Role.OFFICER, "charge", 1_499)
    assert write_off(case, as_manager, 100, "1").status == "posted"
    assert write_off(case, as_manager, 1, "2").status == "proposed"
    assert charge(case, as_officer, "W/1").status == "proposed"
    assert charge(case, as_leader, "W/2").status == "posted"


def test_a_limit_above_the_table_gives_nobody_more_than_the_table(
    case: Case, as_manager: Actor
) -> None:
    limit(Role.MANAGER, "write_off", 10_000_000)
    assert write_off(case, as_manager, 100_001, "1").status == "proposed"


def test_the_pages_say_what_one_may_do_alone_and_what_counts_together(
    case: Case, leader: User
) -> None:
    limit(Role.TEAM_LEADER, "write_off", 7_000)
    browser = Client(headers={"accept-language": "en"})
    User.objects.filter(pk=leader.pk).update(language="en")
    browser.force_login(leader)
    with clock.fixed_at(AT):
        form = browser.get(f"/cases/{case.number}/write-off/").content.decode()
        table = browser.get("/write-offs/authority/").content.decode()
    assert "you alone up to 70,00" in form.replace("\xa0", " ")
    for text in (form, table):
        assert "did alone on the same debt in the last 30 days counts with it" in text


@pytest.mark.commits
def test_of_two_at_once_the_later_one_sees_what_the_first_one_did() -> None:
    machine = system_actor("tests")
    managers = [actor_of(make_user(name, Role.MANAGER)) for name in ("maria", "marek")]
    debtor = make_debtor()
    debt = add_debt(debtor, (Bucket("fees", APRIL, 10_000), *DUE), machine, "PLN")
    (case_id,) = open_cases(debtor_ids=[debtor.pk], on=ON, at=AT, actor=machine)
    case = Case.objects.get(pk=case_id)
    made: list[str] = []

    def second() -> None:
        row = write_off(case, managers[1], 60_000, "2", account_id=debt.account_id)
        made.append(row.status)
        connections.close_all()

    colleague = Thread(target=second)
    with transaction.atomic():
        first = write_off(case, managers[0], 60_000, "1", account_id=debt.account_id)
        colleague.start()
        colleague.join(timeout=0.5)
        assert colleague.is_alive(), "the case is locked"
    colleague.join(timeout=20)

    assert (first.status, made) == ("posted", ["proposed"])


def test_side_claims_given_up_alone_count_before_any_of_the_principal(
    case: Case, as_manager: Actor
) -> None:
    side = [Component.CONTRACTUAL_INTEREST, Component.DEFAULT_INTEREST, Component.FEES]
    assert write_off(case, as_manager, 10_000, "1", components=side).status == "posted"
    assert write_off(case, as_manager, 90_001, "2").status == "proposed"

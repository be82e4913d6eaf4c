"""The bank of the demo tells of transfers in statements that a bank could have written."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from cases.models import Case
from collections_app.demo.players import banks, payers
from collections_app.demo.staffing import hire
from collections_app.demo.transfers import Transfer, account_of
from collections_app.demo.world import World
from ledger.lifecycle import EntryState
from ledger.models import Account, AnnouncedPayment, BankStatement, StatementEntry, StatementFile
from tests.integration.debtors.conftest import AS_OF, AT, Import, take_in

pytestmark = pytest.mark.django_db

__all__ = ["take_in"]


@pytest.fixture
def world(take_in: Import, settings: Any) -> World:
    settings.REPAYMENT_ACCOUNTS = {"PLN": "109010149012"}
    hire(at=AT)
    take_in({}, {"debt_ref": "D-2", "contract_no": "U/2", "currency": "EUR"})
    return World.of(7)


def test_every_statement_adds_up_and_begins_where_the_last_one_ended(world: World) -> None:
    for day in range(40):
        on = AS_OF - timedelta(days=40 - day)
        for currency in ("PLN", "EUR"):
            world.transfers.append(
                Transfer(currency, 1_01 + day, "składka", "JAN NOWAK", account_of(5), f"R{day}")
            )
        banks.tell(world, on, AT)
    assert StatementFile.objects.count() == 40
    assert [file.findings for file in StatementFile.objects.all() if file.findings] == []
    statements = BankStatement.objects.order_by("account_no", "id")
    assert [one.findings for one in statements if one.findings] == []
    assert not any(one.same_as_id for one in statements)
    for account in banks.OWN_ACCOUNTS.values():
        own = [one for one in statements if one.account_no == account]
        assert [a.closing_minor for a in own[:-1]] == [b.opening_minor for b in own[1:]]


def test_the_report_of_the_morning_announces_what_is_on_its_way(world: World) -> None:
    number = Account.objects.get(currency="PLN").virtual_account_no
    world.transfers = [
        Transfer("PLN", 10_00, f"RATA {number}", "JAN NOWAK", account_of(5), "R1"),
        Transfer("PLN", 20_00, "CZYNSZ", "JAN OBCY", account_of(6), "R2"),
    ]
    banks.announce(world, AT.date(), AT)
    assert list(StatementFile.objects.values_list("form", "findings")) == [("mt942", [])]
    assert [one.amount_minor for one in AnnouncedPayment.objects.all()] == [10_00]
    assert not StatementEntry.objects.exclude(state=None).exists(), "nothing is posted"


def test_one_debt_is_not_paid_twice_on_a_day_nor_while_its_money_waits(world: World) -> None:
    on = date(2025, 10, 1)
    case_id = Case.objects.get().pk
    for word in ("rata", "wplata"):
        world.plan(on, case_id, 10_00, word)
    payers.pay(world, on, AT)
    assert len(world.transfers) == 1
    reference = world.transfers[0].reference
    banks.tell(world, on, AT)
    StatementEntry.objects.filter(bank_reference=reference).update(state=EntryState.PROPOSED)
    world.plan(on, case_id, 10_00, "rata")
    payers.pay(world, on, AT)
    assert [one for one in world.transfers if one.currency == "PLN"] == []


def test_nobody_else_has_the_account_of_a_debtor() -> None:
    debtors = {account_of(number) for number in range(1, 200)}
    others = {account_of(10**12 + number) for number in range(1, 200)}
    assert len(debtors) == len(others) == 199
    assert not debtors & others

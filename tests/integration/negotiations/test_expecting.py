"""An instalment finds the debts of its agreement by its amount, as long as it is open."""

from __future__ import annotations

import io
from datetime import date, datetime

import pytest

from cases.models import Case
from debtors.models import Debt
from kernel.actor import Actor
from ledger.lifecycle import EntryState, NameKind
from ledger.models import ExpectedPayment, StatementEntry
from ledger.operations import match_entries, register_names, take_in_statements
from negotiations.lifecycle import AgreementKind
from negotiations.models import Agreement
from negotiations.operations import (
    judge_agreements_of_accounts,
    propose_agreement,
    withdraw_agreement,
)
from negotiations.schedule import Terms
from tests.integration.cases.builders import make_debt
from tests.unit.ledger.statements.samples import OWN

pytestmark = pytest.mark.django_db

TWO = Terms(AgreementKind.INSTALMENTS, 2, date(2026, 5, 20))


@pytest.fixture
def agreement(case: Case, as_officer: Actor, at: datetime) -> Agreement:
    """Over two debts; the longer due one is smaller than an instalment."""
    make_debt(case.debtor, due_minor=10_000, due_since=date(2026, 1, 1))
    return propose_agreement(
        case_id=case.pk, currency="PLN", terms=TWO, note="", actor=as_officer, at=at
    )


def expected() -> list[int]:
    rows = ExpectedPayment.objects.order_by("due_on", "account_id")
    return list(rows.values_list("amount_minor", flat=True))


def bank_tells(title: str, minor: int, machine: Actor, at: datetime) -> StatementEntry:
    money = f"{minor // 100},{minor % 100:02}"
    content = (
        f":20:S1\n:25:{OWN}\n:28C:1/1\n:60F:C260510PLN0,00\n:61:2605110511C{money}NTRFNONREF//B1\n"
        f":86:020~00PRZELEW~20{title}\n-\n"
    )
    take_in_statements(file=io.BytesIO(content.encode()), name="x.sta", actor=machine, at=at)
    match_entries(actor=machine, at=at)
    return StatementEntry.objects.get()


def test_an_instalment_that_names_the_case_is_split_over_the_agreement_s_debts(
    agreement: Agreement, case: Case, machine: Actor, at: datetime
) -> None:
    debts = list(Debt.objects.filter(parties__debtor=case.debtor).order_by("account__due_since"))
    register_names(
        kind=NameKind.CASE, names=[(debt.account_id, "UG-2026-000017") for debt in debts]
    )
    first, second = agreement.instalments.order_by("number").values_list("amount_minor", flat=True)
    assert expected() == [first, first, second, second]
    entry = bank_tells("rata UG-2026-000017", first, machine, at)
    assert entry.state == EntryState.POSTED
    assert "split_by_agreement" in {reason["code"] for reason in entry.proposal["reasons"]}
    shares = {p.transaction.account_id: p.amount_minor for p in entry.postings.all()}
    assert shares == {debts[0].account_id: 10_000, debts[1].account_id: first - 10_000}
    judge_agreements_of_accounts(account_ids=list(shares), at=at, actor=machine)
    assert expected() == [second, second]


def test_an_agreement_that_has_ended_expects_nothing(
    agreement: Agreement, as_officer: Actor, at: datetime
) -> None:
    assert len(expected()) == 4
    withdraw_agreement(agreement_id=agreement.pk, reason="asked", actor=as_officer, at=at)
    assert expected() == []

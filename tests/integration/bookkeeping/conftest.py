"""A case with one debt of every component, kept by postings, and the people who decide."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from cases.models import Case
from cases.operations import open_cases
from debtors.lifecycle import Product
from debtors.models import Debt
from journal.delivery import deliver_pending
from kernel.actor import Actor
from ledger.allocation import Bucket
from ledger.models import Account
from ledger.operations import post_adjustment
from staff.models import Team, User
from staff.rights import Role
from tests.integration.cases.builders import actor_of, make_debt, make_debtor, make_user
from tests.integration.cases.conftest import (
    AT,
    ON,
    as_leader,
    as_officer,
    at,
    leader,
    machine,
    officer,
    on,
    team,
)

__all__ = [
    "AT",
    "ON",
    "as_leader",
    "as_officer",
    "at",
    "leader",
    "machine",
    "officer",
    "on",
    "team",
]

APRIL = date(2026, 4, 1)
DUE = (
    Bucket("principal", APRIL, 100_000),
    Bucket("contractual_interest", APRIL, 6_000),
    Bucket("default_interest", APRIL, 3_000),
    Bucket("fees", APRIL, 1_000),
    Bucket("principal", None, 400_000),
)


@pytest.fixture
def manager(team: Team) -> User:
    return make_user("maria", Role.MANAGER)


@pytest.fixture
def as_manager(manager: User) -> Actor:
    return actor_of(manager)


@pytest.fixture
def as_second_manager(team: Team) -> Actor:
    return actor_of(make_user("marek", Role.MANAGER))


@pytest.fixture
def book(officer: User, machine: Actor) -> Callable[..., Case]:
    """Open a case whose debts stand in the ledger by postings, one debt for each set of buckets."""

    def make(*debts: tuple[Bucket, ...], currency: str = "PLN") -> Case:
        debtor = make_debtor()
        for buckets in debts:
            add_debt(debtor, buckets, machine, currency)
        (case_id,) = open_cases(debtor_ids=[debtor.pk], on=ON, at=AT, actor=machine)
        case = Case.objects.get(pk=case_id)
        Case.objects.filter(pk=case_id).update(team=officer.team)
        case.refresh_from_db()
        return case

    return make


def add_debt(debtor: object, buckets: tuple[Bucket, ...], machine: Actor, currency: str) -> Debt:
    debt = make_debt(
        debtor,  # type: ignore[arg-type]
        due_minor=0,
        outstanding_minor=0,
        currency=currency,
        product=Product.CASH_LOAN,
    )
    if buckets:
        post_adjustment(
            account_id=debt.account_id, changes=buckets, reason="start", actor=machine, at=AT,
            idempotency_key=f"start:{debt.pk}", source="test", effective_on=APRIL,
        )  # fmt: skip
    return debt


@pytest.fixture
def case(book: Callable[..., Case]) -> Case:
    """5,100.00 PLN owed, 1,100.00 of it due."""
    return book(DUE)


@pytest.fixture
def account(case: Case) -> Account:
    return account_of(case)


def account_of(case: Case, place: int = 0) -> Account:
    debts = Debt.objects.filter(parties__debtor_id=case.debtor_id).order_by("id")
    return debts[place].account


def deliver() -> None:
    deliver_pending(at=AT)

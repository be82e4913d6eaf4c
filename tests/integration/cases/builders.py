"""Rows of the lower apps that a case stands on."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime

from debtors.lifecycle import (
    AddressKind,
    ContactPointKind,
    DebtorKind,
    PartyRole,
    Product,
    RunStatus,
)
from debtors.models import Address, ContactPoint, Debt, Debtor, DebtParty, IntakeRun
from kernel.actor import Actor, ActorKind, system_actor
from ledger.models import Account, Balance, Posting, Transaction
from ledger.operations import post_payment
from staff.models import Team, User
from staff.rights import ROLE_RIGHTS, Right, Role

_numbers = itertools.count(1)
_AT = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)


def make_user(username: str, role: Role, team: Team | None = None) -> User:
    return User.objects.create(
        username=username, full_name=username.title(), role=role, team=team, created_at=_AT
    )


def actor_of(user: User) -> Actor:
    rights = ROLE_RIGHTS[Role(user.role)]
    team_id = None if Right.SEE_ALL_TEAMS in rights else user.team_id
    return Actor(ActorKind.USER, str(user.pk), frozenset(map(str, rights)), team_id)


def make_debtor(*, kind: DebtorKind = DebtorKind.PERSON, reachable: bool = True) -> Debtor:
    number = next(_numbers)
    debtor = Debtor.objects.create(
        external_id=f"D{number}",
        kind=kind,
        first_name="Jan",
        last_name=f"Testowy{number}",
        display_name=f"Jan Testowy{number}",
        sort_key="1",
        updated_at=_AT,
    )
    if reachable:
        Address.objects.create(
            debtor=debtor,
            kind=AddressKind.REGISTERED,
            street="Prosta 1",
            postal_code="00-001",
            city="Warszawa",
        )
        for point, value in (
            (ContactPointKind.MOBILE, f"+4850000{number:04d}"),
            (ContactPointKind.EMAIL, f"jan{number}@example.org"),
        ):
            ContactPoint.objects.create(debtor=debtor, kind=point, value=value)
    return debtor


def make_debt(
    debtor: Debtor,
    *,
    due_minor: int = 125_000,
    outstanding_minor: int = 500_000,
    due_since: date = date(2026, 4, 1),
    currency: str = "PLN",
    product: Product = Product.CASH_LOAN,
    limitation_on: date | None = None,
    is_consumer: bool = True,
) -> Debt:
    """A debt whose balances stand ready in the ledger: the due part and the rest of principal."""
    number = next(_numbers)
    account = Account.objects.create(
        currency=currency,
        opened_on=due_since,
        outstanding_minor=outstanding_minor,
        due_minor=due_minor,
        due_since=due_since if due_minor > 0 else None,
        virtual_account_no=f"PL{number:026d}",
    )
    if due_minor:
        Balance.objects.create(
            account=account, component="principal", due_on=due_since, amount_minor=due_minor
        )
    if outstanding_minor > due_minor:
        Balance.objects.create(
            account=account,
            component="principal",
            due_on=None,
            amount_minor=outstanding_minor - due_minor,
        )
    debt = Debt.objects.create(
        account=account,
        external_id=f"X{number}",
        product=product,
        contract_no=f"C/{number}",
        contract_on=date(2024, 1, 15),
        currency=currency,
        limitation_on=limitation_on,
        is_consumer=is_consumer,
        seen_in_run=intake_run(),
    )
    DebtParty.objects.create(debt=debt, debtor=debtor, role=PartyRole.MAIN_DEBTOR)
    return debt


def set_due(debt: Debt, due_minor: int, *, outstanding_minor: int | None = None) -> None:
    """As if the ledger had posted: what is due on the debt's account now."""
    account = debt.account
    account.due_minor = due_minor
    account.due_since = date(2026, 4, 1) if due_minor > 0 else None
    if outstanding_minor is not None:
        account.outstanding_minor = outstanding_minor
    account.save()


def intake_run() -> IntakeRun:
    run = IntakeRun.objects.first()
    return run or IntakeRun.objects.create(
        file_name="f.csv",
        file_sha256=b"0" * 32,
        profile="canonical",
        as_of_on=date(2026, 5, 1),
        status=RunStatus.DONE,
        started_at=_AT,
        actor_kind="system",
        actor_id="tests",
    )


def pay(debt: Debt, amount_minor: int, *, on: date, at: datetime) -> None:
    """A payment as the ledger writes it, with its event, by the machine. Of one day, what is paid
    later comes later."""
    post_payment(
        account_id=debt.account_id,
        amount_minor=amount_minor,
        currency=debt.currency,
        value_on=on,
        idempotency_key=f"pay:{next(_numbers):09}",
        actor=system_actor("tests"),
        at=at,
    )


def post_opening(debt: Debt) -> None:
    """The postings behind the balances of ``make_debt``, as an extract would have made them."""
    account = debt.account
    opening = Transaction.objects.create(
        account=account, kind="opening", effective_on=account.opened_on, recorded_at=_AT,
        source="intake", idempotency_key=f"opening:{account.pk}", actor_kind="system",
        actor_id="tests",
    )  # fmt: skip
    balances = list(Balance.objects.filter(account=account))
    total = sum(balance.amount_minor for balance in balances)
    legs = [(b.component, b.due_on, b.amount_minor) for b in balances] + [("opening", None, -total)]
    Posting.objects.bulk_create(
        Posting(transaction=opening, account=account, leg=leg, due_on=due_on, amount_minor=minor)
        for leg, due_on, minor in legs
    )

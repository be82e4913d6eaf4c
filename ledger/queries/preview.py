"""What a payment would pay, before anything is posted: by the same fold that posts it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from kernel.errors import InvalidInput
from ledger.accrual import interest_key
from ledger.allocation import (
    Bucket,
    OrderSource,
    OwedDebt,
    ResidualInterest,
    allocate_payment,
)
from ledger.legs import difference
from ledger.lifecycle import COMPONENTS, Book, Component, TransactionKind
from ledger.models import Account, Balance, InterestState
from ledger.queries.explaining import list_interest_explained
from ledger.queries.facts import AccountFacts, get_account_facts
from ledger.queries.orders import get_account_orders, list_account_orders
from ledger.queries.standing import get_holding, is_newest
from ledger.replay import Fact, Fold, replay_facts

_Left = dict[tuple[str, date | None], int]
#: A payment that is only shown comes after those that are posted for its day.
_LAST_OF_ITS_DAY: Final = ("\uffff", "")
_INTEREST: Final = frozenset({Component.CONTRACTUAL_INTEREST, Component.DEFAULT_INTEREST})


class NoDebtToPay(InvalidInput):
    """None of the debts is kept in the currency of the payment."""

    code = "no_debt_to_pay"


@dataclass(frozen=True, slots=True)
class PaymentPreview:
    """``parts`` are what is paid of each component and due day; ``overpaid_minor`` finds nothing.

    ``corrected`` counts the later facts that would come to something else. ``order_key`` and
    ``source`` say by which order. ``residual_minor`` is interest that would be left when the
    principal has been paid, with the choice of the order about it.
    """

    account_id: int
    amount_minor: int
    parts: tuple[Bucket, ...]
    overpaid_minor: int
    corrected: int
    order_key: str
    source: OrderSource
    residual_minor: int
    residual: ResidualInterest


def get_payment_preview(*, account_id: int, amount_minor: int, value_on: date) -> PaymentPreview:
    """Of a positive amount, in the currency of the account."""
    account = Account.objects.get(pk=account_id)
    orders = get_account_orders(account_id=account_id)
    order = orders.on(value_on)
    fact = Fact(0, TransactionKind.PAYMENT, value_on, _LAST_OF_ITS_DAY, (), amount_minor)
    holding = get_holding(account=account)
    corrected = 0
    bears_interest = InterestState.objects.filter(pk=account_id).exists()
    if not bears_interest and is_newest(account_id=account_id, fact=fact):
        legs = Fold(holding).add(fact, order)
        left = {place: amount for place, amount in holding.buckets.items() if amount > 0}
    else:
        known = get_account_facts(account_id=account_id)
        facts = [*known.facts, *_interest_first(known, account_id, value_on), fact]
        wanted = replay_facts(facts, orders=known.orders, accrual=known.accrual)
        legs = wanted.pop(0)
        corrected = sum(
            bool(difference(each, known.posted[pk]))
            for pk, each in wanted.items()
            if pk in known.posted
        )
        left = _left([legs, *wanted.values()])
    return PaymentPreview(
        account_id,
        amount_minor,
        tuple(
            Bucket(leg, due_on, -amount)
            for leg, due_on, amount in legs
            if leg in COMPONENTS and amount < 0
        ),
        -sum(leg.amount_minor for leg in legs if leg.leg == Book.OVERPAYMENT),
        corrected,
        order.key,
        orders.source_on(value_on),
        _residual(left),
        order.residual_interest,
    )


def _interest_first(known: AccountFacts, account_id: int, on: date) -> list[Fact]:
    """The interest that is posted before a payment of that day, where it is not posted yet."""
    if known.accrual is None or on < known.accrual.terms[0].from_on:
        return []
    key = interest_key(account_id, on)
    if any(fact.key == key for fact in known.facts):
        return []
    return [Fact(-1, TransactionKind.INTEREST, on, key)]


def get_payment_shares(
    *, account_ids: Sequence[int], amount_minor: int, currency: str, on: date
) -> dict[int, int]:
    """How much of a payment without a choice of the debtor each account gets, the oldest due first.

    By what is due on the day, with the interest that a payment posts before it. What finds nothing
    to pay goes to the account that is paid first, or where none is, to the first one given. Raises
    NoDebtToPay.
    """
    ours = Account.objects.filter(pk__in=account_ids, currency=currency)
    known = set(ours.values_list("pk", flat=True))
    accounts = [account_id for account_id in account_ids if account_id in known]
    if not accounts:
        raise NoDebtToPay(currency=currency)
    buckets: dict[int, list[Bucket]] = {account_id: [] for account_id in accounts}
    rows = Balance.objects.filter(account_id__in=accounts, amount_minor__gt=0)
    for account_id, component, due_on, minor in rows.values_list(
        "account_id", "component", "due_on", "amount_minor"
    ):
        buckets[account_id].append(Bucket(component, due_on, minor))
    for account_id, explained in list_interest_explained(account_ids=accounts, on=on).items():
        if explained.not_posted_minor > 0:
            accrued = Bucket(Component.DEFAULT_INTEREST, on, explained.not_posted_minor)
            buckets[account_id].append(accrued)
    orders = list_account_orders(account_ids=accounts)
    found = allocate_payment(
        amount_minor,
        [
            OwedDebt(str(account_id), tuple(owed), orders[account_id].on(on))
            for account_id, owed in buckets.items()
        ],
    )
    shares = {int(debt.debt): sum(part.amount_minor for part in debt.parts) for debt in found.debts}
    if found.rest_minor:
        first = next(iter(shares), accounts[0])
        shares[first] = shares.get(first, 0) + found.rest_minor
    return shares


def _left(legs_of: Sequence[Sequence[tuple[str, date | None, int]]]) -> _Left:
    left: _Left = {}
    for legs in legs_of:
        for leg, due_on, amount in legs:
            if leg in COMPONENTS:
                left[leg, due_on] = left.get((leg, due_on), 0) + amount
    return left


def _residual(left: _Left) -> int:
    """What is left of interest, if nothing is left of the principal; else 0."""
    by_component: dict[str, int] = {}
    for (component, _), amount in left.items():
        by_component[component] = by_component.get(component, 0) + amount
    if by_component.get(Component.PRINCIPAL, 0) > 0:
        return 0
    return sum(by_component.get(component, 0) for component in _INTEREST)

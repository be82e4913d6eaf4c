"""Which part of which debt a payment pays, and by which rule. Pure.

Across debts art. 451 of the Civil Code decides: the debt that the debtor chose, else the one of
the creditor's receipt that the debtor accepted, else the oldest due. Money is never moved to
another debt than the chosen one. Inside a debt the order is data (``allocation_order.toml``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, NamedTuple

from kernel.errors import InvalidInput
from ledger.allocation_orders import (
    AccountOrders,
    AllocationOrderInvalid,
    First,
    Order,
    OrderSource,
    OrderTerm,
    ResidualInterest,
    load_orders,
    named_order,
    order_of_product,
    order_on,
)
from ledger.lifecycle import Component

__all__ = [
    "AccountOrders",
    "Allocation",
    "AllocationOrderInvalid",
    "AllocationRule",
    "Bucket",
    "Choice",
    "ChosenBy",
    "DebtAllocation",
    "DebtNotChoosable",
    "First",
    "InstalmentOpen",
    "Order",
    "OrderSource",
    "OrderTerm",
    "OwedDebt",
    "PaymentAllocation",
    "ResidualInterest",
    "TakenPart",
    "allocate",
    "allocate_payment",
    "load_orders",
    "named_order",
    "order_of_product",
    "order_on",
]

_INTEREST: Final = frozenset({Component.CONTRACTUAL_INTEREST, Component.DEFAULT_INTEREST})


class Bucket(NamedTuple):
    """``amount_minor`` of one component, due from ``due_on``; None: not yet due."""

    component: str
    due_on: date | None
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Allocation:
    """``parts`` are what is paid of each bucket; ``rest_minor`` found nothing to pay."""

    parts: tuple[Bucket, ...]
    rest_minor: int


def allocate(
    amount_minor: int,
    buckets: Sequence[Bucket],
    order: Order,
    *,
    with_not_due: bool = False,
) -> Allocation:
    """Split a positive amount over what is due; over what is not yet due last, if asked for."""
    parts: list[Bucket] = []
    for bucket in _queue(buckets, order, with_not_due=with_not_due):
        if amount_minor == 0:
            break
        paid = min(amount_minor, bucket.amount_minor)
        parts.append(bucket._replace(amount_minor=paid))
        amount_minor -= paid
    return Allocation(tuple(parts), amount_minor)


def _queue(buckets: Iterable[Bucket], order: Order, *, with_not_due: bool) -> list[Bucket]:
    """Interest for delay is due with the oldest principal: that is what bears it, and whoever pays
    a claim pays what it bore before it (art. 451 § 1 of the Civil Code)."""
    rank = {component: place for place, component in enumerate(order.components)}
    payable = [
        bucket
        for bucket in buckets
        if bucket.amount_minor > 0 and (bucket.due_on is not None or with_not_due)
    ]
    bears_since = min(
        (b.due_on for b in payable if b.component == Component.PRINCIPAL and b.due_on is not None),
        default=date.max,
    )

    def place(bucket: Bucket) -> tuple[bool, object, object, date]:
        due_on = told = bucket.due_on or date.max
        if bucket.component == Component.DEFAULT_INTEREST:
            due_on = min(due_on, bears_since)
        by = (due_on, rank[bucket.component])
        return bucket.due_on is None, *(by if order.first is First.OLDEST else by[::-1]), told

    return sorted(payable, key=place)


class DebtNotChoosable(InvalidInput):
    """The chosen debt is not among those that the payment may pay."""

    code = "debt_not_choosable"


class ChosenBy(StrEnum):
    DEBTOR = "debtor"
    CREDITOR_RECEIPT = "creditor_receipt"


class Choice(NamedTuple):
    """Which debt the payment is for, and who said so."""

    debt: str
    by: ChosenBy


class AllocationRule(StrEnum):
    """By which rule a debt, and inside it a part, was paid."""

    DEBTOR_CHOICE = "debtor_choice"
    CREDITOR_RECEIPT = "creditor_receipt"
    OLDEST_DUE = "oldest_due"
    INSTALMENT = "instalment"
    SIDE_CLAIMS_FIRST = "side_claims_first"
    PRINCIPAL = "principal"


#: Where each rule comes from; an order inside a debt is the creditor's right, declared as data.
ARTICLES: Final[dict[AllocationRule, str]] = {
    AllocationRule.DEBTOR_CHOICE: "KC 451 § 1",
    AllocationRule.CREDITOR_RECEIPT: "KC 451 § 2",
    AllocationRule.OLDEST_DUE: "KC 451 § 3",
    AllocationRule.INSTALMENT: "KC 353¹",
    AllocationRule.SIDE_CLAIMS_FIRST: "KC 451 § 1",
    AllocationRule.PRINCIPAL: "KC 451 § 1",
}


class InstalmentOpen(NamedTuple):
    """What is still to be paid of an instalment of an agreement in force, by number."""

    number: int
    due_on: date
    amount_minor: int


@dataclass(frozen=True, slots=True)
class OwedDebt:
    """A debt with what is owed on it, and its agreement's open instalments, oldest first."""

    debt: str
    buckets: tuple[Bucket, ...]
    order: Order
    instalments: tuple[InstalmentOpen, ...] = ()

    @property
    def oldest_due_on(self) -> date:
        """The day of what is longest due; the last day there is when nothing is."""
        return min((b.due_on for b in self.buckets if b.due_on and b.amount_minor > 0),
                   default=date.max)  # fmt: skip


class TakenPart(NamedTuple):
    """``amount_minor`` of the payment, what it pays, and the rule inside the debt.

    ``instalment`` is the number of the agreement's instalment that it counts for.
    """

    debt: str
    component: str
    due_on: date | None
    amount_minor: int
    rule: AllocationRule
    instalment: int | None = None


@dataclass(frozen=True, slots=True)
class DebtAllocation:
    """What one debt got and why it came now; ``residual_interest_minor`` is what is left of
    interest when its principal has been paid, for which ``residual`` says what to do."""

    debt: str
    rule: AllocationRule
    parts: tuple[TakenPart, ...]
    residual_interest_minor: int
    residual: ResidualInterest


@dataclass(frozen=True, slots=True)
class PaymentAllocation:
    """``rest_minor`` found nothing to pay: it is an overpayment of the chosen debt, if any."""

    debts: tuple[DebtAllocation, ...]
    rest_minor: int

    @property
    def parts(self) -> tuple[TakenPart, ...]:
        return tuple(part for debt in self.debts for part in debt.parts)


def allocate_payment(
    amount_minor: int,
    debts: Sequence[OwedDebt],
    *,
    choice: Choice | None = None,
    with_not_due: bool = False,
) -> PaymentAllocation:
    """Split a positive payment over debts, with the rule for every grosz.

    Debts that are equally long due are paid in the given order. Raises DebtNotChoosable.
    """
    paid: list[DebtAllocation] = []
    for owed, rule in _order_of_debts(debts, choice):
        if amount_minor == 0:
            break
        parts = tuple(_take(amount_minor, owed, with_not_due=with_not_due))
        amount_minor -= sum(part.amount_minor for part in parts)
        if parts:
            residual = _residual_interest(owed, parts)
            paid.append(
                DebtAllocation(owed.debt, rule, parts, residual, owed.order.residual_interest)
            )
    return PaymentAllocation(tuple(paid), amount_minor)


def _order_of_debts(
    debts: Sequence[OwedDebt], choice: Choice | None
) -> list[tuple[OwedDebt, AllocationRule]]:
    if choice is None:
        by_age = sorted(debts, key=lambda owed: owed.oldest_due_on)
        return [(owed, AllocationRule.OLDEST_DUE) for owed in by_age]
    by_debtor = choice.by is ChosenBy.DEBTOR
    rule = AllocationRule.DEBTOR_CHOICE if by_debtor else AllocationRule.CREDITOR_RECEIPT
    chosen = [(owed, rule) for owed in debts if owed.debt == choice.debt]
    if not chosen:
        raise DebtNotChoosable(debt=choice.debt)
    return chosen


def _take(amount_minor: int, owed: OwedDebt, *, with_not_due: bool) -> Iterator[TakenPart]:
    """Instalments first, as long as any is open; what is beyond them follows the order alone."""
    left = list(_queue(owed.buckets, owed.order, with_not_due=with_not_due))
    for instalment in owed.instalments:
        share = min(amount_minor, instalment.amount_minor)
        for bucket in _consume(left, share):
            amount_minor -= bucket.amount_minor
            yield TakenPart(owed.debt, *bucket, AllocationRule.INSTALMENT, instalment.number)
    for bucket in _consume(left, amount_minor):
        yield TakenPart(owed.debt, *bucket, _inside(bucket))


def _consume(left: list[Bucket], amount_minor: int) -> Iterator[Bucket]:
    while amount_minor > 0 and left:
        paid = min(amount_minor, left[0].amount_minor)
        amount_minor -= paid
        bucket = left[0]
        if paid == bucket.amount_minor:
            left.pop(0)
        else:
            left[0] = bucket._replace(amount_minor=bucket.amount_minor - paid)
        yield bucket._replace(amount_minor=paid)


def _inside(bucket: Bucket) -> AllocationRule:
    if bucket.component == Component.PRINCIPAL:
        return AllocationRule.PRINCIPAL
    return AllocationRule.SIDE_CLAIMS_FIRST


def _residual_interest(owed: OwedDebt, parts: Sequence[TakenPart]) -> int:
    """What is left of interest, if nothing is left of the principal; else 0."""
    paid: dict[tuple[str, date | None], int] = {}
    for part in parts:
        key = (part.component, part.due_on)
        paid[key] = paid.get(key, 0) + part.amount_minor
    left = [
        (bucket.component, bucket.amount_minor - paid.get((bucket.component, bucket.due_on), 0))
        for bucket in owed.buckets
    ]
    if any(amount > 0 for component, amount in left if component == Component.PRINCIPAL):
        return 0
    return sum(max(amount, 0) for component, amount in left if component in _INTEREST)

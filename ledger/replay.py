"""What every fact of an account comes to, whatever the order in which the facts arrived. Pure.

The facts are put in the order of the days from which they count, and folded: what a payment pays
is decided by what was due on its day, not by what we knew when it reached us. So a payment that
comes late, and a reversal, end in the same balances as if they had come in time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, NamedTuple

from ledger.accrual import Accrual, BaseHistory
from ledger.allocation import AccountOrders, Bucket, Order, allocate
from ledger.legs import Leg, net
from ledger.lifecycle import COMPONENTS, Book, Component, TransactionKind

#: Of two facts of one day the earlier one here comes first: what is owed before what pays it.
_RANK: Final = {
    kind: place
    for place, kind in enumerate(
        (
            TransactionKind.OPENING,
            TransactionKind.ADJUSTMENT,
            TransactionKind.CHARGE,
            TransactionKind.FALLS_DUE,
            TransactionKind.INTEREST,
            TransactionKind.PAYMENT,
            TransactionKind.WRITE_OFF,
            TransactionKind.REFUND,
        )
    )
}
EVERYBODYS: Final = AccountOrders()
#: Facts whose own legs never change; what follows from them stands in corrections.
FIXED: Final = frozenset(
    {TransactionKind.OPENING, TransactionKind.ADJUSTMENT, TransactionKind.CHARGE}
)


class Fact(NamedTuple):
    """Something that happened to an account and has not been reversed.

    ``key`` is what makes it the same fact wherever it stands in the order of arrival. ``legs``
    are its own, for the kinds of ``FIXED``; ``amount_minor`` is what was paid, written off or
    refunded, for the others. ``components`` limit a write-off; empty: all of them.
    """

    id: int
    kind: TransactionKind
    on: date
    key: tuple[str, str]
    legs: tuple[Leg, ...] = ()
    amount_minor: int = 0
    components: tuple[str, ...] = ()


@dataclass(slots=True)
class Holding:
    """What is owed per component and due day, and what the debtor has paid ahead.

    The credit is negative where more was refunded than there was to refund.
    """

    buckets: dict[tuple[str, date | None], int] = field(default_factory=dict)
    credit_minor: int = 0

    def list_buckets(self) -> list[Bucket]:
        return [Bucket(*key, amount) for key, amount in self.buckets.items() if amount > 0]


def sort_facts(facts: Iterable[Fact]) -> list[Fact]:
    """In the order in which they count."""
    return sorted(facts, key=place_of)


def place_of(fact: Fact) -> tuple[date, int, tuple[str, str]]:
    """What an account was opened with comes first, whatever day a payment counts from."""
    on = date.min if fact.kind is TransactionKind.OPENING else fact.on
    return on, _RANK[fact.kind], fact.key


def replay(
    facts: Iterable[Fact], *, order_on: Mapping[date, Order], accrual: Accrual | None = None
) -> dict[int, list[Leg]]:
    """The legs of each fact by its id; each set sums to zero.

    ``order_on`` has the order of allocation for the day of every fact. Without ``accrual`` the
    account bears no interest of ours.
    """
    fold = Fold(Holding(), BaseHistory(accrual) if accrual is not None else None)
    return {fact.id: fold.add(fact, order_on[fact.on]) for fact in sort_facts(facts)}


def replay_facts(
    facts: Sequence[Fact], *, orders: AccountOrders = EVERYBODYS, accrual: Accrual | None = None
) -> dict[int, list[Leg]]:
    """The same with the orders of allocation that hold for the account."""
    order_on = {on: orders.on(on) for on in {fact.on for fact in facts}}
    return replay(facts, order_on=order_on, accrual=accrual)


@dataclass(slots=True)
class Fold:
    """The account after the facts so far."""

    holding: Holding
    history: BaseHistory | None = None

    def add(self, fact: Fact, order: Order) -> list[Leg]:
        """Take one more fact in, the next in order, and return its legs."""
        legs = self._own_legs(fact, order)
        self._apply(legs)
        legs = net([*legs, *self._settle(order)])
        if self.history is not None:
            _tell(self.history, fact.on, legs)
        return legs

    def _own_legs(self, fact: Fact, order: Order) -> list[Leg]:
        if fact.kind in FIXED:
            return list(fact.legs)
        if fact.kind is TransactionKind.PAYMENT:
            return self._pay(fact.amount_minor, order)
        if fact.kind is TransactionKind.WRITE_OFF:
            return self._write_off(fact, order)
        if fact.kind is TransactionKind.REFUND:
            amount = fact.amount_minor
            return [Leg(Book.OVERPAYMENT, None, amount), Leg(Book.CASH, None, -amount)]
        if fact.kind is TransactionKind.INTEREST:
            return self._accrue(fact.on)
        return self._fall_due(fact.on)

    def _pay(self, amount_minor: int, order: Order) -> list[Leg]:
        owed_back = max(-self.holding.credit_minor, 0)
        back = min(amount_minor, owed_back)
        split = allocate(amount_minor - back, self.holding.list_buckets(), order)
        legs = [Leg(part.component, part.due_on, -part.amount_minor) for part in split.parts]
        legs.append(Leg(Book.OVERPAYMENT, None, -(split.rest_minor + back)))
        return [*legs, Leg(Book.CASH, None, amount_minor)]

    def _write_off(self, fact: Fact, order: Order) -> list[Leg]:
        """As much of it as is still owed then."""
        buckets = self.holding.list_buckets()
        if fact.components:
            buckets = [bucket for bucket in buckets if bucket.component in fact.components]
        split = allocate(fact.amount_minor, buckets, order, with_not_due=True)
        legs = [Leg(part.component, part.due_on, -part.amount_minor) for part in split.parts]
        return [*legs, Leg(Book.WRITTEN_OFF, None, fact.amount_minor - split.rest_minor)]

    def _fall_due(self, on: date) -> list[Leg]:
        """Everything that was not yet due becomes due."""
        legs = []
        for (component, due_on), amount in self.holding.buckets.items():
            if due_on is None and amount:
                legs += [Leg(component, None, -amount), Leg(component, on, amount)]
        return legs

    def _accrue(self, on: date) -> list[Leg]:
        amount = self.history.accrue(on) if self.history is not None else 0
        return [Leg(Component.DEFAULT_INTEREST, on, amount), Leg(Book.CHARGE, None, -amount)]

    def _settle(self, order: Order) -> list[Leg]:
        """No part is owed less than nothing, and no credit is kept beside what is due."""
        legs: list[Leg] = []
        for (component, due_on), amount in self.holding.buckets.items():
            if amount < 0:
                legs += [Leg(component, due_on, -amount), Leg(Book.OVERPAYMENT, None, amount)]
        self._apply(legs)
        credit = self.holding.credit_minor
        if credit > 0:
            split = allocate(credit, self.holding.list_buckets(), order)
            paid = [Leg(part.component, part.due_on, -part.amount_minor) for part in split.parts]
            paid.append(Leg(Book.OVERPAYMENT, None, credit - split.rest_minor))
            self._apply(paid)
            legs += paid
        return legs

    def _apply(self, legs: Sequence[Leg]) -> None:
        buckets = self.holding.buckets
        for leg, due_on, amount in legs:
            if leg in COMPONENTS:
                buckets[leg, due_on] = buckets.get((leg, due_on), 0) + amount
            elif leg == Book.OVERPAYMENT:
                self.holding.credit_minor -= amount


def _tell(history: BaseHistory, on: date, legs: Sequence[Leg]) -> None:
    """How the principal that bears interest changes.

    What one fact takes from one due day and puts to another was due on the other all along; what
    only became due, and what was paid, changes from then on.
    """
    principal = [(leg.due_on, leg.amount_minor) for leg in legs if leg.leg == Component.PRINCIPAL]
    added = sum(amount for _, amount in principal if amount > 0)
    fell_due = -sum(amount for due_on, amount in principal if due_on is None and amount < 0)
    moved = max(added - fell_due, 0)
    for due_on, amount in principal:
        if due_on is None:
            continue
        back = min(moved, -amount) if amount < 0 else 0
        moved -= back
        history.correct(due_on, -back)
        history.change(on, due_on, amount + back)

"""Accounts held in memory while thousands of payments are booked on them.

Each payment comes to the same as ``booking.book`` would make of it: the newest fact is added to
what stands, one that counts from an earlier day is replayed with the later ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from ledger.allocation import AccountOrders
from ledger.legs import Leg, difference
from ledger.lifecycle import COMPONENTS, Book
from ledger.operations.booking import Correction
from ledger.queries.facts import AccountFacts
from ledger.replay import Fact, Fold, Holding, place_of, replay_facts

Place = tuple[str, date | None]


class Totals(NamedTuple):
    outstanding_minor: int
    due_minor: int
    due_since: date | None


class Booked(NamedTuple):
    """``legs`` are the payment's own; ``totals`` are the account's after it."""

    legs: Sequence[Leg]
    corrections: Sequence[Correction]
    totals: Totals


@dataclass(slots=True)
class AccountBook:
    """A locked account. ``known`` is needed only where a payment is not the newest fact."""

    account_id: int
    currency: str
    overpaid_minor: int
    orders: AccountOrders = field(default_factory=AccountOrders)
    balances: dict[Place, int] = field(default_factory=dict)
    last_place: tuple[Any, ...] | None = None
    known: AccountFacts | None = None
    changed: set[Place] = field(default_factory=set)
    is_paid: bool = False

    def is_newest(self, fact: Fact) -> bool:
        return self.last_place is None or self.last_place < place_of(fact)

    def move_last(self, fact: Fact) -> None:
        if self.is_newest(fact):
            self.last_place = place_of(fact)

    def pay(self, fact: Fact) -> Booked:
        """``fact.id`` is the transaction's id."""
        corrections: Sequence[Correction] = ()
        if self.is_newest(fact):
            owed = {place: amount for place, amount in self.balances.items() if amount > 0}
            legs = Fold(Holding(owed, self.overpaid_minor)).add(fact, self.orders.on(fact.on))
        else:
            legs, corrections = self._replay(fact)
        self.is_paid = True
        self._apply(legs)
        for correction in corrections:
            self._apply(correction.legs)
        if self.known is not None:
            self._remember(self.known, fact, legs, corrections)
        self.move_last(fact)
        return Booked(legs, corrections, self.totals)

    def _replay(self, fact: Fact) -> tuple[list[Leg], list[Correction]]:
        assert self.known is not None, "a late payment needs the facts of its account"
        wanted = replay_facts(
            [*self.known.facts, fact], orders=self.orders, accrual=self.known.accrual
        )
        legs = wanted.pop(fact.id)
        days = {one.id: one.on for one in self.known.facts}
        found = [
            Correction(pk, days[pk], difference(its, self.known.posted[pk]))
            for pk, its in wanted.items()
        ]
        return legs, [correction for correction in found if correction.legs]

    def _remember(
        self,
        known: AccountFacts,
        fact: Fact,
        legs: Sequence[Leg],
        corrections: Sequence[Correction],
    ) -> None:
        known.facts.append(fact)
        known.posted[fact.id] = list(legs)
        for correction in corrections:
            known.posted[correction.transaction_id] += correction.legs

    def _apply(self, legs: Sequence[Leg]) -> None:
        for leg, due_on, amount in legs:
            if leg in COMPONENTS:
                place = (str(leg), due_on)
                self.balances[place] = self.balances.get(place, 0) + amount
                self.changed.add(place)
            elif leg == Book.OVERPAYMENT:
                self.overpaid_minor -= amount

    @property
    def totals(self) -> Totals:
        due = sum(amount for (_, on), amount in self.balances.items() if on is not None)
        days = [on for (_, on), amount in self.balances.items() if on is not None and amount > 0]
        return Totals(sum(self.balances.values()), due, min(days) if due > 0 else None)


def late_accounts(books: Mapping[int, AccountBook], facts: Sequence[tuple[int, Fact]]) -> set[int]:
    """The accounts on which a payment is not the newest fact when its turn comes."""
    last = {account_id: book.last_place for account_id, book in books.items()}
    late = set()
    for account_id, fact in facts:
        place, before = place_of(fact), last[account_id]
        if before is not None and place < before:
            late.add(account_id)
        else:
            last[account_id] = place
    return late

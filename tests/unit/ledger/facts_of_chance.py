"""Accounts made up by chance, and a second, naive way to say what they come to.

The naive way knows nothing of buckets, corrections or fast paths: it walks the days and moves
single minor units, always to what comes first in the order.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from ledger.allocation import order_on
from ledger.legs import Leg
from ledger.lifecycle import Book, Component, TransactionKind
from ledger.replay import Fact, place_of

FIRST = date(2026, 3, 2)
ORDER = order_on(FIRST)
_RANK = {component: place for place, component in enumerate(ORDER.components)}
DAYS = st.integers(0, 6).map(lambda days: FIRST + timedelta(days=days))
AMOUNTS = st.integers(1, 60)


def charge(number: int, on: date, component: str, amount: int) -> Fact:
    legs = (Leg(component, on, amount), Leg(Book.CHARGE, None, -amount))
    return Fact(number, TransactionKind.CHARGE, on, ("test", f"{number:03}"), legs)


def adjustment(number: int, on: date, component: str, due_on: date | None, amount: int) -> Fact:
    legs = (Leg(component, due_on, amount), Leg(Book.ADJUSTMENT, None, -amount))
    return Fact(number, TransactionKind.ADJUSTMENT, on, ("test", f"{number:03}"), legs)


def moving(number: int, kind: TransactionKind, on: date, amount: int = 0) -> Fact:
    return Fact(number, kind, on, ("test", f"{number:03}"), (), amount)


@st.composite
def facts(draw: st.DrawFn, *, most: int = 9) -> list[Fact]:
    """Charges, adjustments up and down, payments, write-offs, terms that fall due, refunds."""
    made: list[Fact] = []
    components = st.sampled_from(list(Component))
    for number in range(draw(st.integers(1, most))):
        kind = draw(
            st.sampled_from(["charge", "up", "down", "payment", "payment", "write_off", "falls_due",
                             "refund"])
        )  # fmt: skip
        on, amount = draw(DAYS), draw(AMOUNTS)
        if kind == "charge":
            made.append(charge(number, on, draw(components), amount))
        elif kind in ("up", "down"):
            due_on = draw(st.none() | DAYS)
            sign = 1 if kind == "up" else -1
            made.append(adjustment(number, on, draw(components), due_on, sign * amount))
        else:
            made.append(moving(number, TransactionKind(kind), on, amount))
    return made


def naive_balances(facts: Iterable[Fact]) -> tuple[dict[tuple[str, date | None], int], int]:
    """What is owed per component and due day, and the credit, unit by unit."""
    walk = _Walk()
    for fact in sorted(facts, key=place_of):
        walk.live_through(fact)
    return {place: amount for place, amount in walk.owed.items() if amount}, walk.credit


class _Walk:
    def __init__(self) -> None:
        self.owed: dict[tuple[str, Any], int] = {}
        self.credit = 0

    def live_through(self, fact: Fact) -> None:
        for leg, due_on, amount in fact.legs:
            if leg in _RANK:
                self.owed[leg, due_on] = self.owed.get((leg, due_on), 0) + amount
        match fact.kind:
            case TransactionKind.FALLS_DUE:
                for component in _RANK:
                    waiting = self.owed.pop((component, None), 0)
                    self.owed[component, fact.on] = self.owed.get((component, fact.on), 0) + waiting
            case TransactionKind.REFUND:
                self.credit -= fact.amount_minor
            case TransactionKind.PAYMENT:
                self.credit += fact.amount_minor
            case TransactionKind.WRITE_OFF:
                for _ in range(fact.amount_minor):
                    self._take_one(with_not_due=True)
        self._settle()

    def _settle(self) -> None:
        for place, amount in self.owed.items():
            if amount < 0:
                self.credit -= amount
                self.owed[place] = 0
        while self.credit > 0 and self._take_one(with_not_due=False):
            self.credit -= 1

    def _take_one(self, *, with_not_due: bool) -> bool:
        """One unit of what comes first: the oldest due day, then the component. Interest for delay
        has no day of its own while there is overdue principal that is older."""
        places = [k for k, n in self.owed.items() if n > 0 and (k[1] is not None or with_not_due)]
        if not places:
            return False
        principal = [k[1] for k in places if k[0] == "principal" and k[1] is not None]

        def day(place: tuple[str, Any]) -> date:
            own = place[1] or date.max
            return min([own, *principal]) if place[0] == "default_interest" else own

        first = min(places, key=lambda k: (k[1] is None, day(k), _RANK[k[0]], k[1] or date.max))
        self.owed[first] -= 1
        return True

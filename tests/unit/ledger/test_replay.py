"""What the facts of an account come to does not depend on the order in which they arrived."""

from __future__ import annotations

import random
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from ledger.allocation import order_on
from ledger.legs import Leg, difference, net
from ledger.lifecycle import COMPONENTS, Book, Component, TransactionKind
from ledger.replay import Fact, replay
from tests.unit.ledger.facts_of_chance import (
    FIRST,
    adjustment,
    charge,
    facts,
    moving,
    naive_balances,
)

ORDERS = {date(2026, 3, day): order_on(FIRST) for day in range(1, 20)}
SECOND, THIRD = date(2026, 3, 3), date(2026, 3, 4)


def balances(legs_of: dict[int, list[Leg]]) -> tuple[dict[tuple[str, date | None], int], int]:
    legs = net(leg for legs in legs_of.values() for leg in legs)
    owed = {(leg, due_on): amount for leg, due_on, amount in legs if leg in COMPONENTS}
    return owed, -sum(leg.amount_minor for leg in legs if leg.leg == Book.OVERPAYMENT)


@given(facts())
def test_any_facts_come_to_what_a_naive_walk_over_the_days_says(made: list[Fact]) -> None:
    assert balances(replay(made, order_on=ORDERS)) == naive_balances(made)


@given(facts(), st.randoms())
def test_the_order_of_arrival_changes_nothing(made: list[Fact], chance: random.Random) -> None:
    shuffled = chance.sample(made, len(made))
    assert replay(shuffled, order_on=ORDERS) == replay(made, order_on=ORDERS)


@given(facts())
def test_every_fact_balances_and_nothing_is_owed_less_than_nothing(made: list[Fact]) -> None:
    legs_of = replay(made, order_on=ORDERS)
    for legs in legs_of.values():
        assert sum(leg.amount_minor for leg in legs) == 0
    owed, _ = balances(legs_of)
    assert all(amount > 0 for amount in owed.values())


@given(facts())
def test_no_grosz_of_a_payment_is_lost(made: list[Fact]) -> None:
    legs_of = replay(made, order_on=ORDERS)
    for fact in made:
        if fact.kind is TransactionKind.PAYMENT:
            cash = [leg.amount_minor for leg in legs_of[fact.id] if leg.leg == Book.CASH]
            assert cash == [fact.amount_minor]


def test_a_payment_that_comes_late_pays_what_was_due_on_its_day() -> None:
    made = [
        charge(1, FIRST, Component.FEES, 50),
        charge(2, THIRD, Component.COSTS, 50),
        moving(3, TransactionKind.PAYMENT, THIRD, 50),
        moving(4, TransactionKind.PAYMENT, SECOND, 50),
    ]
    legs_of = replay(made, order_on=ORDERS)
    assert Leg(Component.FEES, FIRST, -50) in legs_of[4]
    assert Leg(Component.COSTS, THIRD, -50) in legs_of[3]


def test_what_was_paid_ahead_pays_what_falls_due_later() -> None:
    made = [
        moving(1, TransactionKind.PAYMENT, FIRST, 70),
        charge(2, THIRD, Component.FEES, 50),
    ]
    assert balances(replay(made, order_on=ORDERS)) == ({}, 20)


def test_more_was_refunded_than_there_was_so_the_next_payment_makes_up_for_it() -> None:
    made = [
        moving(1, TransactionKind.REFUND, FIRST, 30),
        charge(2, SECOND, Component.FEES, 50),
        moving(3, TransactionKind.PAYMENT, THIRD, 50),
    ]
    assert balances(replay(made, order_on=ORDERS)) == ({(Component.FEES, SECOND): 30}, 0)


def test_what_an_extract_takes_away_twice_becomes_credit() -> None:
    made = [
        adjustment(1, FIRST, Component.PRINCIPAL, FIRST, 100),
        moving(2, TransactionKind.PAYMENT, SECOND, 100),
        adjustment(3, THIRD, Component.PRINCIPAL, FIRST, -40),
    ]
    assert balances(replay(made, order_on=ORDERS)) == ({}, 40)


def test_the_difference_makes_what_is_posted_what_is_wanted() -> None:
    wanted = [Leg(Component.FEES, FIRST, -30), Leg(Book.CASH, None, 30)]
    posted = [Leg(Component.COSTS, FIRST, -30), Leg(Book.CASH, None, 30)]
    assert net([*posted, *difference(wanted, posted)]) == net(wanted)
    assert difference(wanted, wanted) == []

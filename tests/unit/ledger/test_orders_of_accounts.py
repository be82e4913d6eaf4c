"""Which order decides inside an account: the agreement's, else the product's, else everybody's."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.allocation import (
    AccountOrders,
    AllocationOrderInvalid,
    OrderSource,
    OrderTerm,
    order_on,
)
from ledger.legs import Leg, net
from ledger.lifecycle import COMPONENTS, Component, TransactionKind
from ledger.replay import Fact, replay_facts
from tests.unit.ledger.facts_of_chance import FIRST, charge

DAY = timedelta(days=1)


def test_an_agreement_decides_on_its_days_and_the_product_on_the_others() -> None:
    orders = AccountOrders("cash_loan", (OrderTerm("principal_first", FIRST, FIRST + DAY),))
    days = [FIRST - DAY, FIRST, FIRST + DAY, FIRST + 2 * DAY]
    assert [orders.on(day).key for day in days] == [
        "standard", "principal_first", "principal_first", "standard",
    ]  # fmt: skip
    assert [orders.source_on(day) for day in days] == [
        OrderSource.EVERYBODY, OrderSource.AGREEMENT, OrderSource.AGREEMENT, OrderSource.EVERYBODY,
    ]  # fmt: skip


def test_of_two_agreements_on_one_day_the_later_decides() -> None:
    orders = AccountOrders(
        terms=(OrderTerm("principal_first", FIRST), OrderTerm("standard", FIRST + DAY))
    )
    assert orders.on(FIRST).key == "principal_first"
    assert orders.on(FIRST + DAY).key == "standard"


def test_an_account_of_which_nothing_is_known_follows_everybodys_order() -> None:
    assert AccountOrders().on(FIRST) == order_on(FIRST)


def test_an_order_that_there_is_not_is_refused() -> None:
    with pytest.raises(AllocationOrderInvalid):
        AccountOrders(terms=(OrderTerm("alphabetical", FIRST),)).on(FIRST)


def owed(facts: list[Fact], orders: AccountOrders) -> dict[str, int]:
    legs = net(leg for its in replay_facts(facts, orders=orders).values() for leg in its)
    return {leg.leg: leg.amount_minor for leg in legs if leg.leg in COMPONENTS}


def test_a_payment_counts_by_the_order_of_its_own_day_whenever_it_arrives() -> None:
    orders = AccountOrders(terms=(OrderTerm("principal_first", FIRST + DAY),))
    facts = [charge(1, FIRST, Component.PRINCIPAL, 50), charge(2, FIRST, Component.FEES, 50)]
    early = Fact(3, TransactionKind.PAYMENT, FIRST, ("t", "3"), (), 30)
    late = Fact(4, TransactionKind.PAYMENT, FIRST + DAY, ("t", "4"), (), 30)
    assert owed([*facts, early, late], orders) == {"principal": 20, "fees": 20}
    assert owed([*facts, late, early], orders) == {"principal": 20, "fees": 20}


@given(
    st.lists(st.tuples(st.sampled_from(list(Component)), st.integers(1, 60)), max_size=8),
    st.sets(st.sampled_from(list(Component)), min_size=1),
    st.integers(1, 300),
)
def test_a_write_off_by_component_takes_of_these_alone_and_as_much_as_is_owed(
    charges: list[tuple[Component, int]], components: set[Component], amount: int
) -> None:
    facts = [charge(n, FIRST, component, minor) for n, (component, minor) in enumerate(charges, 1)]
    fact = Fact(
        99, TransactionKind.WRITE_OFF, FIRST + DAY, ("t", "99"), (), amount, tuple(components)
    )
    before = owed(facts, AccountOrders())
    after = owed([*facts, fact], AccountOrders())
    reachable = sum(before.get(component, 0) for component in components)
    taken = {part: before[part] - after.get(part, 0) for part in before}
    assert sum(taken.values()) == min(amount, reachable)
    assert all(not minor for part, minor in taken.items() if part not in components)


def test_the_parts_of_a_write_off_balance() -> None:
    facts = [charge(1, FIRST, Component.FEES, 40)]
    fact = Fact(2, TransactionKind.WRITE_OFF, date(2026, 3, 5), ("t", "2"), (), 60, ("fees",))
    legs = replay_facts([*facts, fact])[2]
    assert sum(leg.amount_minor for leg in legs) == 0
    assert Leg("fees", FIRST, -40) in legs

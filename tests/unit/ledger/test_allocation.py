"""A payment pays the chosen debt and no other, the oldest first; no grosz is lost."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.allocation import (
    ARTICLES,
    AllocationOrderInvalid,
    AllocationRule,
    Bucket,
    Choice,
    ChosenBy,
    DebtNotChoosable,
    First,
    InstalmentOpen,
    Order,
    OwedDebt,
    PaymentAllocation,
    ResidualInterest,
    allocate,
    allocate_payment,
    load_orders,
    named_order,
    order_of_product,
    order_on,
)
from ledger.lifecycle import COMPONENTS

ON = date(2025, 10, 1)
STANDARD = order_on(ON)
PRINCIPAL_FIRST = named_order("principal_first", ON)
ORDERS = st.sampled_from([STANDARD, PRINCIPAL_FIRST])
JULY, AUGUST = date(2025, 7, 1), date(2025, 8, 1)
DAYS = st.none() | st.dates(date(2025, 1, 1), date(2025, 1, 6))
BUCKETS = st.lists(
    st.builds(Bucket, st.sampled_from(sorted(COMPONENTS)), DAYS, st.integers(1, 60)),
    max_size=8,
    unique_by=lambda bucket: (bucket.component, bucket.due_on),
)
DEBTS = st.lists(
    st.builds(
        OwedDebt,
        st.sampled_from("ABCD"),
        BUCKETS.map(tuple),
        ORDERS,
        st.lists(st.integers(1, 40), max_size=3).map(
            lambda amounts: tuple(
                InstalmentOpen(number, date(2025, 1, number), amount)
                for number, amount in enumerate(amounts, start=1)
            )
        ),
    ),
    max_size=4,
    unique_by=lambda owed: owed.debt,
)


def naive(
    amount: int, buckets: list[Bucket], order: Order, with_not_due: bool
) -> dict[tuple[str, object], int]:
    """Grosz by grosz: each pays the first thing that is still owed."""
    left = {(b.component, b.due_on): b.amount_minor for b in buckets}
    paid: dict[tuple[str, object], int] = {}
    days = sorted({b.due_on for b in buckets if b.due_on is not None})
    queue: list[tuple[str, date | None]]
    if order.first is First.OLDEST:
        queue = [(c, day) for day in days for c in order.components]
    else:
        queue = [(c, day) for c in order.components for day in days]
    queue += [(c, None) for c in order.components] if with_not_due else []
    for _ in range(amount):
        for key in queue:
            if left.get(key, 0) > 0:
                left[key] -= 1
                paid[key] = paid.get(key, 0) + 1
                break
        else:
            paid["rest", None] = paid.get(("rest", None), 0) + 1
    return paid


@given(st.integers(1, 400), BUCKETS, ORDERS, st.booleans())
def test_allocation_equals_paying_grosz_by_grosz(
    amount: int, buckets: list[Bucket], order: Order, with_not_due: bool
) -> None:
    found = allocate(amount, buckets, order, with_not_due=with_not_due)
    paid: dict[tuple[str, object], int] = {
        (p.component, p.due_on): p.amount_minor for p in found.parts
    }
    if found.rest_minor:
        paid["rest", None] = found.rest_minor
    assert paid == naive(amount, buckets, order, with_not_due)


@given(st.integers(1, 400), BUCKETS)
def test_the_order_of_the_buckets_does_not_matter(amount: int, buckets: list[Bucket]) -> None:
    assert allocate(amount, buckets, STANDARD) == allocate(amount, buckets[::-1], STANDARD)


def test_within_a_day_costs_go_before_fees_and_interest_before_principal() -> None:
    owed = [Bucket(component, JULY, 10) for component in sorted(COMPONENTS)]
    paid = allocate(35, [*owed, Bucket("costs", AUGUST, 10)], STANDARD)
    assert [(part.component, part.amount_minor) for part in paid.parts] == [
        ("costs", 10),
        ("fees", 10),
        ("default_interest", 10),
        ("contractual_interest", 5),
    ]


def test_by_component_the_principal_of_a_later_day_waits_for_interest_of_every_day() -> None:
    owed = [Bucket("principal", JULY, 10), Bucket("contractual_interest", AUGUST, 10)]
    by_component = Order("x", ON, (), First.COMPONENT, STANDARD.components, ResidualInterest.CLAIM)
    assert next(p.component for p in allocate(15, owed, STANDARD).parts) == "principal"
    paid = allocate(15, owed, by_component).parts
    assert next(part.component for part in paid) == "contractual_interest"


def test_interest_for_delay_is_paid_before_the_principal_that_bore_it() -> None:
    owed = [
        Bucket("principal", JULY, 1_000),
        Bucket("default_interest", AUGUST, 20),
        Bucket("principal", AUGUST, 1_000),
        Bucket("default_interest", ON, 30),
    ]
    paid = allocate(60, owed, STANDARD)
    assert [(part.component, part.due_on, part.amount_minor) for part in paid.parts] == [
        ("default_interest", AUGUST, 20),
        ("default_interest", ON, 30),
        ("principal", JULY, 10),
    ]


def test_what_is_not_yet_due_is_left_alone() -> None:
    paid = allocate(100, [Bucket("principal", None, 500), Bucket("fees", AUGUST, 30)], STANDARD)
    assert (len(paid.parts), paid.rest_minor) == (1, 70)


def sums(found: PaymentAllocation) -> dict[tuple[str, str, date | None], int]:
    paid: dict[tuple[str, str, date | None], int] = {}
    for part in found.parts:
        key = (part.debt, part.component, part.due_on)
        paid[key] = paid.get(key, 0) + part.amount_minor
    return paid


@given(st.integers(1, 900), DEBTS, st.booleans())
def test_no_grosz_is_lost_and_nothing_is_paid_twice(
    amount: int, debts: list[OwedDebt], with_not_due: bool
) -> None:
    found = allocate_payment(amount, debts, with_not_due=with_not_due)
    paid = sums(found)
    owed = {(d.debt, b.component, b.due_on): b.amount_minor for d in debts for b in d.buckets}
    assert sum(paid.values()) + found.rest_minor == amount
    assert all(0 < paid[key] <= owed[key] for key in paid)
    payable = sum(v for (_, _, due_on), v in owed.items() if due_on or with_not_due)
    assert found.rest_minor == max(0, amount - payable)


@given(st.integers(1, 900), DEBTS)
def test_instalments_count_money_but_do_not_change_what_it_pays(
    amount: int, debts: list[OwedDebt]
) -> None:
    without = [OwedDebt(d.debt, d.buckets, d.order) for d in debts]
    assert sums(allocate_payment(amount, debts)) == sums(allocate_payment(amount, without))


@given(st.integers(1, 900), DEBTS)
def test_instalments_are_filled_in_turn_and_never_over(amount: int, debts: list[OwedDebt]) -> None:
    found = allocate_payment(amount, debts)
    for owed in debts:
        parts = [part for part in found.parts if part.debt == owed.debt]
        left = sum(part.amount_minor for part in parts)
        for instalment in owed.instalments:
            got = sum(p.amount_minor for p in parts if p.instalment == instalment.number)
            assert got == min(left, instalment.amount_minor)
            left -= got


@given(st.integers(1, 900), DEBTS.filter(bool), st.sampled_from(ChosenBy), st.data())
def test_money_for_a_chosen_debt_never_goes_to_another(
    amount: int, debts: list[OwedDebt], by: ChosenBy, data: st.DataObject
) -> None:
    chosen = data.draw(st.sampled_from([owed.debt for owed in debts]))
    found = allocate_payment(amount, debts, choice=Choice(chosen, by))
    assert {part.debt for part in found.parts} <= {chosen}
    due = sum(b.amount_minor for d in debts if d.debt == chosen for b in d.buckets if b.due_on)
    assert found.rest_minor == max(0, amount - due)


@given(st.integers(1, 900), DEBTS)
def test_without_a_choice_an_older_debt_is_paid_before_a_younger_one(
    amount: int, debts: list[OwedDebt]
) -> None:
    found = allocate_payment(amount, debts)
    days = {owed.debt: owed.oldest_due_on for owed in debts}
    order = [days[debt.debt] for debt in found.debts]
    assert order == sorted(order)
    for debt in found.debts[:-1]:
        due = sum(
            b.amount_minor for d in debts if d.debt == debt.debt for b in d.buckets if b.due_on
        )
        assert sum(part.amount_minor for part in debt.parts) == due, "paid up before the next"


def two_debts() -> list[OwedDebt]:
    return [
        OwedDebt("1", (Bucket("principal", AUGUST, 5000), Bucket("default_interest", AUGUST, 1000)),
                 STANDARD),
        OwedDebt("2", (Bucket("principal", JULY, 7000), Bucket("default_interest", JULY, 2000)),
                 STANDARD),
    ]  # fmt: skip


def test_inside_the_chosen_debt_interest_goes_first_and_every_part_says_why() -> None:
    found = allocate_payment(5000, two_debts(), choice=Choice("1", ChosenBy.DEBTOR))
    (debt,) = found.debts
    assert debt.rule is AllocationRule.DEBTOR_CHOICE
    assert [(part.component, part.amount_minor, part.rule) for part in debt.parts] == [
        ("default_interest", 1000, AllocationRule.SIDE_CLAIMS_FIRST),
        ("principal", 4000, AllocationRule.PRINCIPAL),
    ]
    assert all(ARTICLES[rule] for rule in AllocationRule)


def test_without_a_choice_the_oldest_due_debt_comes_first() -> None:
    found = allocate_payment(10_000, two_debts())
    assert [(debt.debt, debt.rule) for debt in found.debts] == [
        ("2", AllocationRule.OLDEST_DUE),
        ("1", AllocationRule.OLDEST_DUE),
    ]


def test_a_debt_that_is_not_there_cannot_be_chosen() -> None:
    with pytest.raises(DebtNotChoosable):
        allocate_payment(1, two_debts(), choice=Choice("3", ChosenBy.DEBTOR))


def test_interest_left_over_when_the_principal_is_paid_is_named_with_the_choice() -> None:
    owed = OwedDebt(
        "1", (Bucket("principal", JULY, 100), Bucket("default_interest", JULY, 30)), PRINCIPAL_FIRST
    )
    found = allocate_payment(110, [owed])
    assert found.debts[0].residual_interest_minor == 20
    assert found.debts[0].residual is ResidualInterest.PROPOSE_WRITE_OFF
    assert allocate_payment(99, [owed]).debts[0].residual_interest_minor == 0


TABLE = """
[[order]]
key = "standard"
from_on = 1965-01-01
products = []
first = "oldest"
components = ["costs", "fees", "default_interest", "contractual_interest", "principal"]
residual_interest = "claim"
"""


def table(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "order.toml"
    path.write_text(text)
    return path


def test_a_product_has_its_own_order_from_its_day(tmp_path: Path) -> None:
    own = TABLE.replace('"standard"', '"cards"').replace("[]", '["credit_card"]')
    later = own.replace("1965-01-01", "2026-01-01").replace('"oldest"', '"component"')
    path = table(tmp_path, TABLE + own + later)
    firsts = [
        order_of_product("credit_card", day, path).first
        for day in (date(2025, 12, 31), date(2026, 1, 1))
    ]
    assert firsts == [First.OLDEST, First.COMPONENT]
    assert order_of_product("mortgage", date(2026, 1, 1), path).key == "standard"
    assert order_of_product("mortgage", date(2026, 1, 1)) == STANDARD


@pytest.mark.parametrize(
    "text",
    [
        "",
        TABLE.replace('"fees", ', ""),
        TABLE.replace('"fees", ', '"fees", "fees", '),
        TABLE.replace('"oldest"', '"youngest"'),
        TABLE.replace('"claim"', '"keep"'),
        TABLE.replace("residual_interest", "residual"),
        TABLE + "cap = 3\n",
        TABLE + TABLE,
        TABLE + TABLE.replace('"standard"', '"other"'),
        TABLE
        + TABLE.replace('"standard"', '"a"').replace("[]", '["x"]')
        + TABLE.replace('"standard"', '"b"').replace("[]", '["x"]'),
    ],
)
def test_a_table_that_leaves_a_doubt_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(AllocationOrderInvalid):
        load_orders(table(tmp_path, text))


def test_an_order_that_is_not_there_is_refused() -> None:
    with pytest.raises(AllocationOrderInvalid):
        named_order("alphabetical", ON)

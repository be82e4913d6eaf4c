"""A payment pays the oldest first; the table of orders says what comes first within a day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.allocation import (
    AllocationOrderInvalid,
    Bucket,
    allocate,
    load_orders,
    order_on,
)
from ledger.lifecycle import COMPONENTS

ORDER = order_on(date(2025, 10, 1))
JULY, AUGUST = date(2025, 7, 1), date(2025, 8, 1)
DAYS = st.none() | st.dates(date(2025, 1, 1), date(2025, 1, 6))
BUCKETS = st.lists(
    st.builds(Bucket, st.sampled_from(sorted(COMPONENTS)), DAYS, st.integers(1, 60)),
    max_size=8,
    unique_by=lambda bucket: (bucket.component, bucket.due_on),
)


def naive(amount: int, buckets: list[Bucket], with_not_due: bool) -> dict[tuple[str, object], int]:
    """Grosz by grosz: each pays the first thing that is still owed."""
    left = {(b.component, b.due_on): b.amount_minor for b in buckets}
    paid: dict[tuple[str, object], int] = {}
    days = sorted({b.due_on for b in buckets if b.due_on is not None})
    queue: list[tuple[str, date | None]] = [(c, day) for day in days for c in ORDER]
    queue += [(c, None) for c in ORDER] if with_not_due else []
    for _ in range(amount):
        for key in queue:
            if left.get(key, 0) > 0:
                left[key] -= 1
                paid[key] = paid.get(key, 0) + 1
                break
        else:
            paid["rest", None] = paid.get(("rest", None), 0) + 1
    return paid


@given(st.integers(1, 400), BUCKETS, st.booleans())
def test_allocation_equals_paying_grosz_by_grosz(
    amount: int, buckets: list[Bucket], with_not_due: bool
) -> None:
    found = allocate(amount, buckets, ORDER, with_not_due=with_not_due)
    paid: dict[tuple[str, object], int] = {
        (p.component, p.due_on): p.amount_minor for p in found.parts
    }
    if found.rest_minor:
        paid["rest", None] = found.rest_minor
    assert paid == naive(amount, buckets, with_not_due)


@given(st.integers(1, 400), BUCKETS)
def test_the_order_of_the_buckets_does_not_matter(amount: int, buckets: list[Bucket]) -> None:
    assert allocate(amount, buckets, ORDER) == allocate(amount, buckets[::-1], ORDER)


def test_within_a_day_costs_go_before_fees_and_interest_before_principal() -> None:
    owed = [Bucket(component, JULY, 10) for component in sorted(COMPONENTS)]
    paid = allocate(35, [*owed, Bucket("costs", AUGUST, 10)], ORDER)
    assert [(part.component, part.amount_minor) for part in paid.parts] == [
        ("costs", 10),
        ("fees", 10),
        ("default_interest", 10),
        ("contractual_interest", 5),
    ]


def test_what_is_not_yet_due_is_left_alone() -> None:
    paid = allocate(100, [Bucket("principal", None, 500), Bucket("fees", AUGUST, 30)], ORDER)
    assert (len(paid.parts), paid.rest_minor) == (1, 70)


@pytest.mark.parametrize(
    "table",
    [
        "",
        '[[order]]\nfrom_on = 2020-01-01\ncomponents = ["costs"]\n',
        f"[[order]]\nfrom_on = 2020-01-01\ncomponents = {['costs', *sorted(COMPONENTS)]}\n",
    ],
)
def test_a_table_that_misses_a_component_is_refused(tmp_path: Path, table: str) -> None:
    path = tmp_path / "order.toml"
    path.write_text(table)
    with pytest.raises(AllocationOrderInvalid):
        load_orders(path)

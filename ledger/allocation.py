"""Which part of a debt a payment pays: oldest due day first, then by the declared order. Pure."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from ledger.lifecycle import COMPONENTS

_FILE: Final = Path(__file__).with_name("allocation_order.toml")


class AllocationOrderInvalid(ValueError):
    """The table of orders does not name every component once, or its days do not rise."""


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


@cache
def load_orders(path: Path = _FILE) -> tuple[tuple[date, tuple[str, ...]], ...]:
    """The orders with the day from which each holds. Raises AllocationOrderInvalid."""
    rows = tomllib.loads(path.read_text(encoding="utf-8")).get("order", [])
    orders = tuple((row["from_on"], tuple(row["components"])) for row in rows)
    days = [day for day, _ in orders]
    if not orders or days != sorted(set(days)):
        raise AllocationOrderInvalid("days")
    for _, components in orders:
        if sorted(components) != sorted(COMPONENTS):
            raise AllocationOrderInvalid(components)
    return orders


def order_on(on: date) -> tuple[str, ...]:
    """The components in the order in which a payment of that day is credited."""
    orders = load_orders()
    held = [components for day, components in orders if day <= on]
    return held[-1] if held else orders[0][1]


def allocate(
    amount_minor: int,
    buckets: Sequence[Bucket],
    order: Sequence[str],
    *,
    with_not_due: bool = False,
) -> Allocation:
    """Split a positive amount over what is due; over what is not yet due last, if asked for."""
    rank = {component: place for place, component in enumerate(order)}
    payable = [
        bucket
        for bucket in buckets
        if bucket.amount_minor > 0 and (bucket.due_on is not None or with_not_due)
    ]
    payable.sort(key=lambda b: (b.due_on is None, b.due_on or date.max, rank[b.component]))
    parts: list[Bucket] = []
    for bucket in payable:
        if amount_minor == 0:
            break
        paid = min(amount_minor, bucket.amount_minor)
        parts.append(bucket._replace(amount_minor=paid))
        amount_minor -= paid
    return Allocation(tuple(parts), amount_minor)

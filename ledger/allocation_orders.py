"""Orders in which a payment is credited inside a debt, as dated data per product. Pure."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from ledger.lifecycle import COMPONENTS

_FILE: Final = Path(__file__).with_name("allocation_order.toml")
_KEYS: Final = frozenset(
    {"key", "from_on", "products", "first", "components", "residual_interest", "only_by_name"}
)


class AllocationOrderInvalid(ValueError):
    """The table does not name every component once, its days do not rise, or a key is unknown."""


class First(StrEnum):
    """What sorts first: the due day, or the component over all due days."""

    OLDEST = "oldest"
    COMPONENT = "component"


class ResidualInterest(StrEnum):
    """What becomes of interest that is left when the principal has been paid."""

    CLAIM = "claim"
    PROPOSE_WRITE_OFF = "propose_write_off"


@dataclass(frozen=True, slots=True)
class Order:
    key: str
    from_on: date
    products: tuple[str, ...]
    first: First
    components: tuple[str, ...]
    residual_interest: ResidualInterest
    only_by_name: bool = False


class OrderSource(StrEnum):
    """Why an order holds for an account."""

    AGREEMENT = "agreement"
    PRODUCT = "product"
    EVERYBODY = "everybody"


class OrderTerm(NamedTuple):
    """Days on which an agreement names the order; ``until_on`` is included, None: it goes on."""

    key: str
    from_on: date
    until_on: date | None = None


@dataclass(frozen=True, slots=True)
class AccountOrders:
    """What decides inside one account: the order that an agreement in force names, else that of
    the product, else everybody's. Which account a payment goes to was decided before (art. 451
    § 1 of the Civil Code: the debtor's choice)."""

    product: str = ""
    terms: tuple[OrderTerm, ...] = ()

    def on(self, day: date) -> Order:
        """Of two agreements that hold on one day the later one. Raises AllocationOrderInvalid."""
        term = self._term(day)
        return named_order(term.key, day) if term else order_of_product(self.product, day)

    def source_on(self, day: date) -> OrderSource:
        if self._term(day) is not None:
            return OrderSource.AGREEMENT
        of_product = any(self.product in order.products for order in load_orders())
        return OrderSource.PRODUCT if of_product else OrderSource.EVERYBODY

    def _term(self, day: date) -> OrderTerm | None:
        held = [
            term
            for term in self.terms
            if term.from_on <= day and (term.until_on is None or day <= term.until_on)
        ]
        return max(held, key=lambda term: term.from_on, default=None)


@cache
def load_orders(path: Path = _FILE) -> tuple[Order, ...]:
    """Every order, as the file has them. Raises AllocationOrderInvalid."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    orders = tuple(_order(row) for row in table.get("order", []))
    days: dict[str, list[date]] = {}
    for order in orders:
        days.setdefault(order.key, []).append(order.from_on)
    if any(its != sorted(set(its)) for its in days.values()):
        raise AllocationOrderInvalid("days")
    defaults = {order.key for order in orders if not order.products and not order.only_by_name}
    if len(defaults) != 1:
        raise AllocationOrderInvalid("one order is everybody's")
    owners: dict[str, str] = {}
    for order in orders:
        for product in order.products:
            if owners.setdefault(product, order.key) != order.key:
                raise AllocationOrderInvalid(product)
    return orders


def named_order(key: str, on: date, path: Path = _FILE) -> Order:
    """The order of that name on a day; its first one before. Raises AllocationOrderInvalid."""
    orders = [order for order in load_orders(path) if order.key == key]
    if not orders:
        raise AllocationOrderInvalid(key)
    held = [order for order in orders if order.from_on <= on]
    return held[-1] if held else orders[0]


def order_of_product(product: str, on: date, path: Path = _FILE) -> Order:
    """The order for debts of a product on a day: its own, else everybody's."""
    for order in load_orders(path):
        if product in order.products:
            return named_order(order.key, on, path)
    return order_on(on, path)


def order_on(on: date, path: Path = _FILE) -> Order:
    """The order of products without one of their own, on a day."""
    default = next(o for o in load_orders(path) if not o.products and not o.only_by_name)
    return named_order(default.key, on, path)


def _order(row: Mapping[str, Any]) -> Order:
    try:
        order = Order(
            row["key"],
            row["from_on"],
            tuple(row["products"]),
            First(row["first"]),
            tuple(row["components"]),
            ResidualInterest(row["residual_interest"]),
            row.get("only_by_name", False),
        )
    except (KeyError, ValueError) as error:
        raise AllocationOrderInvalid(str(error)) from error
    if set(row) - _KEYS or sorted(order.components) != sorted(COMPONENTS):
        raise AllocationOrderInvalid(row)
    return order

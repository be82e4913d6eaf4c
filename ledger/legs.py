"""The legs of a transaction, and sums of them. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple


class Leg(NamedTuple):
    """``leg`` is a component or a book; books carry no day."""

    leg: str
    due_on: date | None
    amount_minor: int


def net(legs: Iterable[Leg]) -> list[Leg]:
    """One leg for each component and day and each book; those that come to nothing are left out."""
    sums: dict[tuple[str, date | None], int] = {}
    for leg, due_on, amount in legs:
        sums[leg, due_on] = sums.get((leg, due_on), 0) + amount
    return [
        Leg(leg, due_on, amount)
        for (leg, due_on), amount in sorted(
            sums.items(), key=lambda item: (item[0][0], item[0][1] or date.max)
        )
        if amount
    ]


def difference(wanted: Iterable[Leg], posted: Iterable[Leg]) -> list[Leg]:
    """What has to be posted so that ``posted`` becomes ``wanted``."""
    return net([*wanted, *(leg._replace(amount_minor=-leg.amount_minor) for leg in posted)])

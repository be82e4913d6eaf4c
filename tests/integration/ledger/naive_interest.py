"""A second, naive way to say what an account with interest of ours comes to.

It walks the days one by one, keeps what is owed as plain numbers and counts interest per day as
a fraction; days with one rate and one base are added before they are rounded.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from math import floor
from typing import NamedTuple

from kernel.calendar import POLAND
from ledger.rates import Rates, Tariff
from tests.unit.ledger.facts_of_chance import ORDER

DAY = timedelta(days=1)
Place = tuple[str, date | None]
_RANK = {component: place for place, component in enumerate(ORDER.components)}


class Told(NamedTuple):
    """``kind``: ``principal`` due on ``due_on``, ``fee``, ``payment``, or ``interest``, when what
    has grown is posted. ``key`` orders those of one kind and day."""

    kind: str
    on: date
    amount: int
    key: str
    due_on: date | None = None


_FIRST = ("principal", "fee", "interest", "payment")


def naive_standing(
    told: Iterable[Told],
    *,
    on: date,
    free: Sequence[date],
    first_on: date,
    tariff: Tariff,
    rates: Rates,
) -> tuple[dict[Place, int], int]:
    """What is owed at the end of ``on`` per component and due day, and the credit.

    Interest is borne from ``first_on``, but on none of the days ``free``.
    """
    owed: dict[Place, int] = {}
    base_of: dict[date, int] = {}
    credit = posted = 0
    for one in sorted(told, key=lambda t: (t.on, _FIRST.index(t.kind), t.key)):
        if one.on > on:
            continue
        before = dict(owed)
        if one.kind == "principal":
            owed["principal", one.due_on] = owed.get(("principal", one.due_on), 0) + one.amount
        elif one.kind == "fee":
            owed["fees", one.on] = owed.get(("fees", one.on), 0) + one.amount
        elif one.kind == "interest":
            grown = _interest(base_of, one.on, free, first_on, tariff, rates)
            place: Place = ("default_interest", one.on)
            owed[place] = owed.get(place, 0) + grown - posted
            posted = grown
        else:
            credit += one.amount
        for place, minor in owed.items():
            if minor < 0:
                credit, owed[place] = credit - minor, 0
        while credit and (places := [p for p, minor in owed.items() if minor > 0]):
            place = min(places, key=lambda p: (_ranked_on(p, places), _RANK[p[0]], p[1]))
            paid = min(credit, owed[place])
            owed[place] -= paid
            credit -= paid
        for (component, due_on), minor in owed.items():
            if component == "principal" and due_on is not None:
                change = minor - before.get((component, due_on), 0)
                if change:
                    _change_base(base_of, change, one.on, due_on)
    return {place: minor for place, minor in owed.items() if minor}, credit


def _ranked_on(place: Place, places: Sequence[Place]) -> date:
    """Interest for delay goes before the oldest principal: that is what bore it."""
    own = place[1] or date.max
    principal = [due_on for component, due_on in places if component == "principal" and due_on]
    return min([own, *principal]) if place[0] == "default_interest" else own


def _change_base(base_of: dict[date, int], change: int, on: date, due_on: date) -> None:
    bears_from = due_on
    while bears_from.weekday() >= 5 or not POLAND.is_working_day(bears_from):
        bears_from += DAY
    bears_from += DAY
    day = bears_from if change > 0 else max(on + DAY, bears_from)
    while day <= on + timedelta(days=60):
        base_of[day] = base_of.get(day, 0) + change
        day += DAY


def _interest(
    base_of: dict[date, int],
    through: date,
    free: Sequence[date],
    first_on: date,
    tariff: Tariff,
    rates: Rates,
) -> int:
    days = []
    day = first_on
    while day <= through:
        base = 0 if day in free else base_of.get(day, 0)
        days.append((day in free, _percent(rates, tariff, day), max(base, 0)))
        day += DAY
    total = 0
    for (_, percent, base), same in groupby(days):
        grown = Fraction(base) * Fraction(percent) * len(list(same)) / 36500
        total += floor(grown + Fraction(1, 2))
    return total


_PERCENTS: dict[tuple[Tariff, date], Decimal] = {}


def _percent(rates: Rates, tariff: Tariff, day: date) -> Decimal:
    if (tariff, day) not in _PERCENTS:
        _PERCENTS[tariff, day] = rates.percent(tariff, day)
    return _PERCENTS[tariff, day]

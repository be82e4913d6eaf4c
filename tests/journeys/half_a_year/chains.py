"""Exactly one decision for each day on which a case was due.

Rebuilt from the decisions alone: each says on which day to look again, so the next close that
decides about the enrolment must be that of this day, and no other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import groupby
from typing import Any, NamedTuple

from escalation.models import Decision, Enrolment
from journal.models import BusinessDay, Event

_DAY = timedelta(days=1)


class _Row(NamedTuple):
    enrolment_id: int
    cause: str
    decided_on: date
    outcome: str
    look_again_on: date | None


def read(counts: Counter[str], first: date, last: date) -> Iterator[str]:
    rows = [
        _Row(*row)
        for row in Decision.objects.order_by("enrolment_id", "id").values_list(*_Row._fields)
    ]
    chains = {pk: list(chain) for pk, chain in groupby(rows, key=lambda row: row.enrolment_id)}
    for enrolment in Enrolment.objects.order_by("id").values(
        "id", "status", "entered_on", "next_due_on"
    ):
        counts["enrolments"] += 1
        yield from _walk(enrolment, chains.pop(enrolment["id"], []), last, counts)
    yield from (f"decisions about an enrolment that is not there: {pk}" for pk in chains)
    yield from _against_the_manifest(rows, first, last)
    yield from _against_the_events(rows)


def _walk(
    enrolment: Mapping[str, Any], chain: Iterable[_Row], last: date, counts: Counter[str]
) -> Iterator[str]:
    """``due_on`` is the day whose close has to decide next; None when the strategy is over."""
    name = f"enrolment {enrolment['id']}"
    due_on: date | None = enrolment["entered_on"]
    look_again_on: date | None = enrolment["entered_on"]
    decided_through = date.min
    for row in chain:
        if due_on is None:
            yield f"{name}: decided on {row.decided_on} after its end"
            return
        if row.cause.startswith("close:"):
            counts["decisions_of_a_close"] += 1
            counts[f"closes_with_{row.outcome}"] += 1
            decided_through = date.fromisoformat(row.cause.removeprefix("close:"))
            yield from _close(name, row, due_on, decided_through)
        else:
            counts["decisions_of_an_event"] += 1
            yield from _event(name, row, due_on)
        look_again_on = row.look_again_on
        due_on = look_again_on and max(look_again_on, decided_through + _DAY)
    if (enrolment["status"] == "active") != (due_on is not None):
        yield f"{name}: is {enrolment['status']}, its last decision says otherwise"
    if enrolment["next_due_on"] != look_again_on:
        yield f"{name}: is due on {enrolment['next_due_on']}, decided was {look_again_on}"
    if due_on is not None and due_on <= last:
        yield f"{name}: was due on {due_on}, no close decided"


def _close(name: str, row: _Row, due_on: date, on: date) -> Iterator[str]:
    if on != due_on:
        yield f"{name}: was due on {due_on}, the next close that decided was that of {on}"
    if row.decided_on != on:
        yield f"{name}: the close of {on} decided for {row.decided_on}"
    yield from _put_off(name, row)


def _event(name: str, row: _Row, due_on: date) -> Iterator[str]:
    if row.outcome == "perform":
        yield f"{name}: {row.cause} performed a step"
    if due_on < row.decided_on:
        yield f"{name}: was due on {due_on}, nothing decided before {row.cause}"
    yield from _put_off(name, row)


def _put_off(name: str, row: _Row) -> Iterator[str]:
    if row.look_again_on and row.look_again_on - row.decided_on > timedelta(days=30):
        yield f"{name}: on {row.decided_on} put off until {row.look_again_on}"


def _against_the_manifest(rows: Iterable[_Row], first: date, last: date) -> Iterator[str]:
    """Every day is closed once, and counted what stands in the decisions."""
    stored: dict[str, Counter[str]] = {}
    for row in rows:
        stored.setdefault(row.cause, Counter())[row.outcome] += 1
    closed = {day.on: day for day in BusinessDay.objects.exclude(closed_at=None)}
    wanted = {first + timedelta(days=i) for i in range((last - first).days + 1)}
    if set(closed) != wanted:
        yield f"closed days differ: {sorted(set(closed) ^ wanted)}"
    for on, day in closed.items():
        decided = Counter({key: int(n) for key, n in day.steps["decide"].items()})
        if decided != stored.get(f"close:{on}", Counter()):
            yield f"the close of {on} counted {decided}, stored are {stored.get(f'close:{on}')}"


def _against_the_events(rows: Iterable[_Row]) -> Iterator[str]:
    """Each decision that an event caused names one that was recorded."""
    named = {int(row.cause[6:]) for row in rows if row.cause.startswith("event:")}
    recorded = set(Event.objects.filter(id__in=named).values_list("id", flat=True))
    yield from (f"a decision names event {pk}, which is not there" for pk in named - recorded)

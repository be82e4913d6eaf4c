"""The standing of debts, and of the debtor over all of them, from what was posted. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from debtors.default_rules import Segment
from debtors.regulatory import (
    Amount,
    Count,
    DefaultReason,
    Forborne,
    Measure,
    Position,
    Status,
    Timeline,
    positions,
    walk,
    while_owed,
)

_DAY: Final = timedelta(days=1)
_PERFORMING: Final = Status()
#: The graver one first.
_DEFAULTS: Final = (DefaultReason.PAST_DUE, DefaultReason.RESTRUCTURING, DefaultReason.CURING)
_FORBORNE: Final = (Forborne.CURE, Forborne.PROBATION_AFTER, Forborne.PROBATION)


class Movement(NamedTuple):
    """A leg of a posting: ``minor`` more or less is owed, due from ``due_on``; None: not yet.

    ``fact_id`` is the transaction, of a reversal the reversed one. ``tells_past``: it says what
    is owed, as an opening or an extract does, and was so before the day on which it counts.
    """

    fact_id: int
    is_reversal: bool
    tells_past: bool
    on: date
    due_on: date | None
    minor: int


@dataclass(frozen=True, slots=True)
class DebtHistory:
    """What the standing of one debt is made from; ``known_on`` is the first day told."""

    debt_id: int
    account_id: int
    currency: str
    segment: Segment
    known_on: date
    amounts: Sequence[Amount]
    measures: Sequence[Measure]


class Spell(NamedTuple):
    """Days of one status; ``grounds`` are plain values, as they are kept."""

    from_on: date
    until_on: date | None
    status: Status
    grounds: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Judged:
    """``review_on`` is the next day on which it may change without news."""

    spells: Sequence[Spell]
    counted: Count | None
    review_on: date | None


def amounts_of(movements: Iterable[Movement]) -> list[Amount]:
    """When each amount came to be owed.

    What an extract says to be overdue since a day was overdue since that day, whenever it was
    posted; what it takes away, it takes away on its own day.
    """
    by_fact: dict[int, list[Movement]] = defaultdict(list)
    for movement in movements:
        by_fact[movement.fact_id].append(movement)
    amounts: list[Amount] = []
    for parts in by_fact.values():
        first = min([part.on for part in parts] + [p.due_on for p in parts if p.due_on])
        for part in parts:
            on = part.on
            adds = (part.minor > 0) != part.is_reversal
            if part.tells_past and part.due_on is None:
                on = min(on, first)
            elif part.tells_past and adds and part.due_on is not None:
                on = min(on, part.due_on)
            amounts.append(Amount(on, part.due_on, part.minor))
    return amounts


def judge_debts(debts: Sequence[DebtHistory], *, through: date) -> dict[int, Judged]:
    """The standing of each debt of one debtor by its id, through a day.

    A retail debt is judged by itself; the others of one currency together, as long as each is
    owed (RTS 2018/171, art. 1 and 2).
    """
    own = {debt.debt_id: positions(debt.amounts) for debt in debts}
    wholes: dict[str, list[Position]] = {}
    for currency in {debt.currency for debt in debts if debt.segment is Segment.OTHER}:
        wholes[currency] = positions(
            amount
            for debt in debts
            if debt.currency == currency and debt.segment is Segment.OTHER
            for amount in debt.amounts
        )
    judged: dict[int, Judged] = {}
    for debt in debts:
        history = own[debt.debt_id]
        if debt.segment is Segment.OTHER:
            history = while_owed(history, wholes[debt.currency])
        timeline = walk(
            history=history, measures=debt.measures, segment=debt.segment,
            currency=debt.currency, from_on=debt.known_on, through=through,
        )  # fmt: skip
        judged[debt.debt_id] = Judged(_spells(timeline, debt), timeline.counted, timeline.review_on)
    return judged


def judge_debtor(debts: Mapping[int, Sequence[Spell]]) -> list[Spell]:
    """The gravest of the debts on each day; the grounds name the debts that make it so."""
    all_spells = [spell for spells in debts.values() for spell in spells]
    turns = {spell.from_on for spell in all_spells}
    turns |= {spell.until_on + _DAY for spell in all_spells if spell.until_on}
    found: list[Spell] = []
    for day in sorted(turns):
        held = {pk: status for pk, spells in debts.items() if (status := _on(spells, day))}
        if found and found[-1].until_on is None:
            found[-1] = found[-1]._replace(until_on=day - _DAY)
        if not held:
            continue
        status = _gravest(list(held.values()))
        grounds = {"debts": sorted(pk for pk, one in held.items() if one.stage == status.stage)}
        if found and found[-1].until_on == day - _DAY and found[-1][2:] == (status, grounds):
            found[-1] = found[-1]._replace(until_on=None)
        else:
            found.append(Spell(day, None, status, grounds))
    return found


def _on(spells: Iterable[Spell], day: date) -> Status | None:
    for from_on, until_on, status, _ in spells:
        if from_on <= day and (until_on is None or day <= until_on):
            return status
    return None


def _gravest(statuses: Sequence[Status]) -> Status:
    defaults = [status for status in statuses if status.default is not None]
    forborne = [status for status in statuses if status.forborne is not Forborne.NO]
    ends = [status.ends_on for status in statuses]
    return Status(
        default=min((s.default for s in defaults if s.default), key=_DEFAULTS.index, default=None),
        default_since=min((s.default_since for s in defaults if s.default_since), default=None),
        forborne=min((s.forborne for s in forborne), key=_FORBORNE.index, default=Forborne.NO),
        forborne_since=min((s.forborne_since for s in forborne if s.forborne_since), default=None),
        ends_on=None if len(statuses) > 1 else ends[0],
        stage=max(status.stage for status in statuses),
    )


def _spells(timeline: Timeline, debt: DebtHistory) -> list[Spell]:
    """Of what is not simply performing."""
    starts = [span.from_on for span in timeline.spans]
    ends = [day - _DAY for day in starts[1:]]
    return [
        Spell(span.from_on, until_on, span.status, _grounds(span.counted, debt.currency))
        for span, until_on in zip(timeline.spans, [*ends, None], strict=True)
        if span.status != _PERFORMING
    ]


def _grounds(counted: Count, currency: str) -> dict[str, Any]:
    limits = counted.limits
    return {
        "material_since": counted.material_since and counted.material_since.isoformat(),
        "due_since": counted.due_since and counted.due_since.isoformat(),
        "overdue_minor": counted.overdue_minor,
        "exposure_minor": counted.exposure_minor,
        "currency": currency,
        "absolute_minor": limits.absolute_minor,
        "relative_percent": str(limits.relative_percent),
        "days_limit": limits.days,
    }

"""Whose figures hold for an account on a day, and on which days it bears interest of ours. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Final, NamedTuple

from ledger.accrual import InterestTerm
from ledger.lifecycle import Keeper
from ledger.rates import RateKind, Tariff

_DAY: Final = timedelta(days=1)


class BookPeriod(NamedTuple):
    """``keeper``'s figures hold from a day on; ``tariff`` is what our book bears, if anything."""

    from_on: date
    keeper: Keeper
    tariff: Tariff | None = None
    reason: str = ""


class Pause(NamedTuple):
    """No interest from a day through another, both included; None where it goes on."""

    from_on: date
    until_on: date | None


def delay_tariff(contract_percent: Decimal | None) -> Tariff:
    """Statutory interest for delay, or the capital's rate where that is higher (KC 481 § 2)."""
    return Tariff(RateKind.STATUTORY_DELAY, contract_percent)


def period_on(entries: Sequence[BookPeriod], on: date) -> BookPeriod | None:
    """What holds on a day of entries in the order in which they were recorded."""
    begun = [entry for entry in entries if entry.from_on <= on]
    return begun[-1] if begun else None


def keeper_on(entries: Sequence[BookPeriod], on: date) -> Keeper:
    period = period_on(entries, on)
    return period.keeper if period else Keeper.CORE


def interest_terms(
    entries: Sequence[BookPeriod], pauses: Iterable[Pause] = ()
) -> tuple[InterestTerm, ...]:
    """The days on which our book bears interest, in their order, without those of a pause."""
    pauses = list(pauses)
    days = {entry.from_on for entry in entries}
    for pause in pauses:
        days.add(pause.from_on)
        if pause.until_on is not None:
            days.add(pause.until_on + _DAY)
    terms: list[InterestTerm] = []
    for since, following in pairwise([*sorted(days), None]):
        assert since is not None
        period = period_on(entries, since)
        if period is None or period.tariff is None or _is_paused(pauses, since):
            continue
        until_on = following - _DAY if following else None
        if terms and terms[-1].tariff == period.tariff and terms[-1].until_on == since - _DAY:
            terms[-1] = InterestTerm(period.tariff, terms[-1].from_on, until_on)
        else:
            terms.append(InterestTerm(period.tariff, since, until_on))
    return tuple(terms)


def month_end_after(on: date) -> date:
    """The last day of a month that comes after ``on``."""
    day = on + _DAY
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - _DAY


def _is_paused(pauses: Iterable[Pause], on: date) -> bool:
    return any(
        pause.from_on <= on and (pause.until_on is None or on <= pause.until_on) for pause in pauses
    )

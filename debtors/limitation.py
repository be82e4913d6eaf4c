"""Limitation of claims: the last day on which a claim may still be demanded. Pure.

Articles 112, 117–125 of the Civil Code and the transitional rules of Dz.U. 2018/1104 art. 5 and
Dz.U. 2021/2459 art. 8. ``start_on`` is the first day on which the claim can be demanded
(art. 120): the day after the last day to pay.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Final, NamedTuple

from kernel.calendar import years_later
from kernel.dated_tables import RuleBook, rule_book
from kernel.errors import InvalidInput

DATA: Final = Path(__file__).parent / "data" / "limitation.csv"
_DAY: Final = timedelta(days=1)


class ClaimKind(StrEnum):
    """What the claim comes from; it sets the term. A judgment's year-end is disputed."""

    BANK = "bank"
    PERIODIC = "periodic"
    GENERAL = "general"
    JUDGMENT = "judgment"
    JUDGMENT_PERIODIC = "judgment_periodic"
    SALE = "sale"
    ACCOUNT = "account"


#: Whether art. 118 (end of the year) applies to art. 125 is disputed.
DISPUTED: Final = frozenset({ClaimKind.JUDGMENT, ClaimKind.JUDGMENT_PERIODIC})


class PauseInvalid(InvalidInput):
    """A mediation that ends before it begins."""

    code = "pause_invalid"


class Pause(NamedTuple):
    """Mediation, or the conciliation that a call to it opens; both days included."""

    first_on: date
    last_on: date


class Transition(StrEnum):
    """Which rule of art. 5 of Dz.U. 2018/1104 decided."""

    NEW_LAW = "new_law"
    BARRED_BEFORE = "barred_before"
    STARTED_ANEW = "started_anew"
    OLD_END_EARLIER = "old_end_earlier"
    CONSUMER_KEEPS_OLD = "consumer_keeps_old"


@dataclass(frozen=True, slots=True)
class Term:
    """Years of the term now, and before 2018-07-09; ``disputed``: see ``DISPUTED``.

    ``of_consumer``: the claim belongs to a consumer, who keeps the old terms (art. 5 (3)).
    """

    years: int
    old_years: int
    disputed: bool = False
    of_consumer: bool = False


@dataclass(frozen=True, slots=True)
class Limitation:
    """The last days on which the claim can be demanded.

    ``last_on`` is the day to rely on: for a disputed year-end the earlier one. ``safe_on`` leaves
    the year-end out where it is disputed, ``year_end_on`` applies it. ``bare_on`` is where the
    term ends before any year-end; ``old_end_on`` where the law of before 2018-07-09 ended it.
    """

    last_on: date
    safe_on: date
    year_end_on: date
    bare_on: date
    old_end_on: date | None
    transition: Transition
    suspended_days: int = 0
    restarted_on: date | None = None


def term_of(kind: ClaimKind, *, of_consumer: bool = False) -> Term:
    """The term of a kind of claim, now and before the reform."""
    book, reform = _book(), _reform_on()
    now = int(book.value(f"{kind}_years", reform))
    before = int(book.value(f"{kind}_years", reform - _DAY))
    return Term(now, before, kind in DISPUTED, of_consumer)


def limitation(*, start_on: date, term: Term, pauses: Sequence[Pause] = ()) -> Limitation:
    """When a claim is barred; pauses count in the order in which they began.

    Mediation or conciliation begun since 2022-06-30 suspends: its days are added before the
    step to the end of the year. Begun earlier it interrupts: the term runs anew from its end.
    Raises PauseInvalid.
    """
    found = _without_pauses(start_on, term)
    for pause in sorted(pauses):
        if pause.last_on < pause.first_on:
            raise PauseInvalid(first_on=pause.first_on, last_on=pause.last_on)
    for pause in _apart(sorted(pauses)):
        if pause.first_on > found.last_on:
            break
        if _book().find("mediation_suspends", pause.first_on) is None:
            anew = _without_pauses(pause.last_on, term)
            found = replace(anew, restarted_on=pause.last_on)
        else:
            found = _suspended(found, term, (pause.last_on - pause.first_on).days + 1)
    return found


def _without_pauses(start_on: date, term: Term) -> Limitation:
    reform = _reform_on()
    if start_on >= reform:
        return _new_law(years_later(start_on, term.years), term, None, Transition.NEW_LAW)
    old_end = years_later(start_on, term.old_years)
    if old_end < reform:
        return _fixed(old_end, Transition.BARRED_BEFORE)
    if term.of_consumer:
        return _fixed(old_end, Transition.CONSUMER_KEEPS_OLD)
    if term.years >= term.old_years:
        end = years_later(start_on, term.years)
        return _new_law(end, term, old_end, Transition.NEW_LAW)
    anew = _new_law(years_later(reform, term.years), term, old_end, Transition.STARTED_ANEW)
    transition = Transition.OLD_END_EARLIER if old_end < anew.last_on else anew.transition
    return replace(
        anew,
        last_on=min(anew.last_on, old_end),
        safe_on=min(anew.safe_on, old_end),
        year_end_on=min(anew.year_end_on, old_end),
        bare_on=min(anew.bare_on, old_end),
        transition=transition,
    )


def _new_law(end: date, term: Term, old_end: date | None, transition: Transition) -> Limitation:
    year_end = _year_end(end, term)
    safe = end if term.disputed else year_end
    return Limitation(min(safe, year_end), safe, year_end, end, old_end, transition)


def _fixed(end: date, transition: Transition) -> Limitation:
    return Limitation(end, end, end, end, end, transition)


def _suspended(found: Limitation, term: Term, days: int) -> Limitation:
    """The days are added to the bare end; a term of the old law has no year-end."""
    more = timedelta(days=days)
    if found.transition in (Transition.NEW_LAW, Transition.STARTED_ANEW):
        moved = _new_law(found.bare_on + more, term, found.old_end_on, found.transition)
    else:
        moved = replace(_fixed(found.bare_on + more, found.transition), old_end_on=found.old_end_on)
    return replace(
        moved, suspended_days=found.suspended_days + days, restarted_on=found.restarted_on
    )


def _year_end(end: date, term: Term) -> date:
    """31 December of the year in which the term ends, unless it is a short one (art. 118)."""
    least = int(_book().value("year_end_from_years", _reform_on()))
    return date(end.year, 12, 31) if term.years >= least else end


def _apart(pauses: Iterable[Pause]) -> list[Pause]:
    """Pauses that overlap or touch are one."""
    apart: list[Pause] = []
    for pause in pauses:
        if apart and pause.first_on <= apart[-1].last_on + _DAY:
            apart[-1] = Pause(apart[-1].first_on, max(apart[-1].last_on, pause.last_on))
        else:
            apart.append(pause)
    return apart


def _book() -> RuleBook:
    return rule_book(DATA)


def _reform_on() -> date:
    """The day since which terms end with the year: 2018-07-09."""
    return next(r.valid.since for r in _book().rules if r.code == "year_end_from_years")

"""How long an exposure stays forborne (FINREP Annex V, Q&A 2014_1018, 2014_878). Pure.

Granted to a performing debtor: a probation from the grant. Granted to a non-performing one: a cure
period from the grant, then the probation from the day on which the exposure became performing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from debtors.default_rules import Clocks
from kernel.calendar import years_later
from kernel.errors import InvalidInput


class NotForborneThen(InvalidInput):
    """A day before the measure was granted."""

    code = "not_forborne_then"


@dataclass(frozen=True, slots=True)
class ForbearanceExit:
    """``performing_on`` is the first day on which the exposure may be performing again; it is
    the grant for one that always was. The probation ends on ``earliest_exit_on``."""

    performing_on: date
    earliest_exit_on: date
    min_years: int


def forbearance_exit(
    *,
    granted_on: date,
    was_non_performing: bool,
    clocks: Clocks,
    performing_since: date | None = None,
    relapsed_on: date | None = None,
) -> ForbearanceExit:
    """The earliest end of being forborne.

    ``performing_since`` is the day on which the exposure really became performing; it cannot
    come before the cure period ends. ``relapsed_on`` is a new measure, or the day on which
    arrears of the probation lasted too long: everything starts anew there, non-performing.
    Raises NotForborneThen.
    """
    early = [day for day in (performing_since, relapsed_on) if day and day < granted_on]
    if early:
        raise NotForborneThen(on=early[0], granted_on=granted_on)
    if relapsed_on is not None:
        return forbearance_exit(granted_on=relapsed_on, was_non_performing=True, clocks=clocks)
    probation = clocks.forborne_probation_years
    if not was_non_performing:
        return ForbearanceExit(granted_on, years_later(granted_on, probation), probation)
    cured_on = years_later(granted_on, clocks.forborne_cure_years)
    performing_on = max(cured_on, performing_since or cured_on)
    return ForbearanceExit(
        performing_on,
        years_later(performing_on, probation),
        clocks.forborne_cure_years + probation,
    )

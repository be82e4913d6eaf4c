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
    the grant for one that always was. The probation ends on ``earliest_exit_on``.
    ``was_cured``: it follows a cure period."""

    performing_on: date
    earliest_exit_on: date
    min_years: int
    was_cured: bool


def forbearance_exit(
    *,
    granted_on: date,
    was_non_performing: bool,
    clocks: Clocks,
    performing_since: date | None = None,
    new_measure_on: date | None = None,
    past_due_on: date | None = None,
) -> ForbearanceExit:
    """The earliest end of being forborne.

    ``performing_since`` is the day on which a non-performing exposure really became performing;
    it cannot come before the cure period ends. ``past_due_on`` is the day on which arrears lasted
    too long: on probation after a cure they make the exposure non-performing again, and so does
    ``new_measure_on``. Arrears of the cure period or of one that always performed restart nothing,
    a new measure is then a new grant; so it is when the probation is over. Raises NotForborneThen.
    """
    later = (performing_since if was_non_performing else None, new_measure_on, past_due_on)
    if early := [day for day in later if day and day < granted_on]:
        raise NotForborneThen(on=early[0], granted_on=granted_on)
    found = _granted(granted_on, clocks, performing_since, was_non_performing=was_non_performing)
    events = ((past_due_on, False), (new_measure_on, True))
    for on, is_measure in sorted((on, measure) for on, measure in events if on):
        relapses = found.was_cured and found.performing_on <= on <= found.earliest_exit_on
        if relapses or is_measure:
            in_cure = found.was_cured and on < found.performing_on
            found = _granted(on, clocks, performing_since, was_non_performing=relapses or in_cure)
    return found


def _granted(
    on: date, clocks: Clocks, performing_since: date | None, *, was_non_performing: bool
) -> ForbearanceExit:
    probation = clocks.forborne_probation_years
    if not was_non_performing:
        return ForbearanceExit(on, years_later(on, probation), probation, was_cured=False)
    cured_on = years_later(on, clocks.forborne_cure_years)
    performing_on = max(cured_on, performing_since or cured_on)
    return ForbearanceExit(
        performing_on,
        years_later(performing_on, probation),
        clocks.forborne_cure_years + probation,
        was_cured=True,
    )

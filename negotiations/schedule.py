"""What is paid when: instalments, a deferral, or a settlement with a partial write-off. Pure.

Amounts are exact to the minor unit: the parts always sum to what is to be paid.
"""

from __future__ import annotations

import calendar as months
from dataclasses import dataclass
from datetime import date

from kernel.calendar import WorkingCalendar
from kernel.errors import InvalidInput
from kernel.money import Money
from negotiations.lifecycle import AgreementKind

#: A limit on everything: fifty years of monthly instalments.
MAX_INSTALMENTS = 600


class InvalidTerms(InvalidInput):
    """``field`` names the term that is impossible, ``why`` says how, as a code."""

    code = "invalid_terms"


@dataclass(frozen=True, slots=True)
class Terms:
    """What debtor and officer agree on. Instalments fall due every month from ``first_due_on``.

    A deferral has one instalment; ``write_off_minor`` is more than 0 in a settlement only.
    """

    kind: AgreementKind
    count: int
    first_due_on: date
    write_off_minor: int = 0


@dataclass(frozen=True, slots=True)
class PlannedInstalment:
    number: int
    due_on: date
    amount: Money


@dataclass(frozen=True, slots=True)
class Schedule:
    total: Money
    write_off: Money
    to_pay: Money
    instalments: tuple[PlannedInstalment, ...]

    @property
    def last_due_on(self) -> date:
        return self.instalments[-1].due_on


def build_schedule(*, total: Money, terms: Terms, calendar: WorkingCalendar) -> Schedule:
    """The schedule of the terms over what is due now. Raises InvalidTerms.

    A due day that is no working day moves to the next one; the month it counts from does not.
    """
    _check(total, terms)
    write_off = Money(terms.write_off_minor, total.currency)
    to_pay = total - write_off
    if to_pay.minor < terms.count:
        raise InvalidTerms(field="count", why="instalment_of_nothing")
    parts = to_pay.split(terms.count)
    return Schedule(
        total,
        write_off,
        to_pay,
        tuple(
            PlannedInstalment(
                place + 1, calendar.on_or_after(months_later(terms.first_due_on, place)), amount
            )
            for place, amount in enumerate(parts)
        ),
    )


def months_later(on: date, count: int) -> date:
    """The same day ``count`` months later, or the last day of a month that is too short."""
    years, month = divmod(on.month - 1 + count, 12)
    year = on.year + years
    return date(year, month + 1, min(on.day, months.monthrange(year, month + 1)[1]))


def _check(total: Money, terms: Terms) -> None:
    if total.minor <= 0:
        raise InvalidTerms(field="total", why="nothing_due")
    if not 1 <= terms.count <= MAX_INSTALMENTS:
        raise InvalidTerms(field="count", why="out_of_range")
    if terms.kind is AgreementKind.DEFERRAL and terms.count != 1:
        raise InvalidTerms(field="count", why="deferral_is_one_payment")
    if terms.kind is AgreementKind.INSTALMENTS and terms.count < 2:
        raise InvalidTerms(field="count", why="instalments_are_several")
    if terms.kind is AgreementKind.SETTLEMENT:
        if not 0 < terms.write_off_minor < total.minor:
            raise InvalidTerms(field="write_off", why="out_of_range")
    elif terms.write_off_minor:
        raise InvalidTerms(field="write_off", why="only_in_a_settlement")

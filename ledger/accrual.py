"""Interest for delay on an account whose overdue principal changes. Pure.

Every day bears interest on what was overdue on it. What is accrued on a day is the interest
computed from the first day, less what was accrued before: so it does not depend on how often.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from kernel.calendar import WorkingCalendar
from ledger.interest import BaseStep, Segment, interest_between
from ledger.rates import Rates, Tariff

_DAY: Final = timedelta(days=1)
SOURCE: Final = "interest"


def interest_key(account_id: int, on: date) -> tuple[str, str]:
    """Source and key of the interest that is posted for an account through a day."""
    return SOURCE, f"{account_id}:{on}"


@dataclass(frozen=True, slots=True)
class InterestTerm:
    """Days on which the account bears interest of ours at one tariff; ``until_on`` is included,
    and None where it goes on."""

    tariff: Tariff
    from_on: date
    until_on: date | None = None


@dataclass(frozen=True, slots=True)
class Accrual:
    """``terms`` do not overlap."""

    terms: tuple[InterestTerm, ...]
    rates: Rates
    calendar: WorkingCalendar


@dataclass(slots=True)
class BaseHistory:
    """How the overdue principal developed, and what has been accrued on it."""

    accrual: Accrual
    changes: dict[date, int] = field(default_factory=dict)
    accrued_minor: int = 0

    def change(self, on: date, due_on: date, amount_minor: int) -> None:
        """``amount_minor`` more, or less, is overdue since ``due_on``; told on the day ``on``.

        What is owed bears interest from the day after its due day, also when we learn of it
        later; what is paid still bears it on the day of payment.
        """
        first_on = self._bears_from(due_on)
        self._add(first_on if amount_minor > 0 else max(on + _DAY, first_on), amount_minor)

    def correct(self, due_on: date, amount_minor: int) -> None:
        """So much more, or less, was overdue since ``due_on`` all along."""
        self._add(self._bears_from(due_on), amount_minor)

    def _bears_from(self, due_on: date) -> date:
        return self.accrual.calendar.end_of_term(due_on) + _DAY

    def _add(self, day: date, amount_minor: int) -> None:
        if amount_minor:
            self.changes[day] = self.changes.get(day, 0) + amount_minor

    def accrue(self, on: date) -> int:
        """What has to be added so that interest is accrued through ``on``; it may be negative."""
        amount = self.interest_through(on) - self.accrued_minor
        self.accrued_minor += amount
        return amount

    def interest_through(self, on: date) -> int:
        return sum(segment.amount_minor for segment in self.segments(on))

    def segments(self, on: date) -> Iterator[Segment]:
        steps = self._steps()
        for term in self.accrual.terms:
            last_on = on if term.until_on is None else min(on, term.until_on)
            if steps and term.from_on <= last_on:
                yield from interest_between(
                    bases=steps,
                    first_on=term.from_on,
                    last_on=last_on,
                    tariff=term.tariff,
                    rates=self.accrual.rates,
                ).segments

    def _steps(self) -> list[BaseStep]:
        steps, base = [], 0
        for day in sorted(self.changes):
            base += self.changes[day]
            steps.append(BaseStep(day, max(base, 0)))
        return steps

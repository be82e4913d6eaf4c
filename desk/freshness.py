"""How old what the page shows is. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from kernel.calendar import WorkingCalendar
from kernel.clock import legal_day


@dataclass(frozen=True, slots=True)
class Freshness:
    """None where there has been none yet; ``statement_received_at`` is the last file of bank
    statements that was taken in."""

    payment_recorded_at: datetime | None
    statement_received_at: datetime | None
    extract_as_of_on: date | None
    closed_on: date | None


@dataclass(frozen=True, slots=True)
class Stale:
    """What is older than a working day."""

    payments: bool
    extract: bool
    close: bool

    def __bool__(self) -> bool:
        return self.payments or self.extract or self.close


def stale_parts(found: Freshness, *, on: date, calendar: WorkingCalendar) -> Stale:
    """What should have come on the last working day before ``on`` and has not.

    A file of statements without a payment is news as well: nobody has paid.
    """

    def is_old(day: date | None) -> bool:
        return day is None or calendar.working_days_between(day, on) > 1

    heard = [at for at in (found.payment_recorded_at, found.statement_received_at) if at]
    heard_on = legal_day(max(heard)) if heard else None
    return Stale(is_old(heard_on), is_old(found.extract_as_of_on), is_old(found.closed_on))

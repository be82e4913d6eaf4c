"""Statutory terms that run from delivery. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from kernel.calendar import WorkingCalendar

#: Art. 75c (1) and (2) of the Banking Act, art. 21a of the Consumer Credit Act, art. 33 of the
#: Mortgage Act: the least time to pay, and the time to ask for restructuring.
NOTICE_TERM_WORKING_DAYS: Final = 14
#: Art. 75 (2) of the Banking Act, where the contract gives no longer term.
TERMINATION_NOTICE_DAYS: Final = 30


def notice_term_ends_on(delivered_on: date, calendar: WorkingCalendar) -> date:
    """The last day on which the debtor may pay or ask for restructuring."""
    return calendar.add_working_days(delivered_on, NOTICE_TERM_WORKING_DAYS)


def termination_effective_on(delivered_on: date) -> date:
    """The last day of a contract whose statement of termination was delivered.

    The day of delivery is not counted (art. 111 of the Civil Code).
    """
    return delivered_on + timedelta(days=TERMINATION_NOTICE_DAYS)

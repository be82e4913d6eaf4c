"""Statutory terms that run from delivery. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from contacts.lifecycle import Template
from kernel.calendar import WorkingCalendar

#: Art. 75c (1) and (2) of the Banking Act, art. 21a of the Consumer Credit Act, art. 33 of the
#: Mortgage Act: the least time to pay, and the time to ask for restructuring.
NOTICE_TERM_WORKING_DAYS: Final = 14
#: Art. 75 (2) of the Banking Act, where the contract gives no longer term.
TERMINATION_NOTICE_DAYS: Final = 30
#: What the letters themselves say: so many days from delivery to pay or to answer.
LETTER_TERM_DAYS: Final = {Template.DEMAND: 7, Template.PRECOURT_DEMAND: 14}
#: The longest that a letter is under way: a week to be carried, and the 14 days for which the
#: post keeps it (compare art. 139 § 1 of the Code of Civil Procedure).
POST_DAYS: Final = 21


def letter_term_ends_on(
    template: Template, delivered_on: date, calendar: WorkingCalendar
) -> date | None:
    """The last day of the term that the delivery of a letter started; None where none runs."""
    if template is Template.NOTICE_75C:
        return notice_term_ends_on(delivered_on, calendar)
    if template is Template.TERMINATION:
        return termination_effective_on(delivered_on)
    days = LETTER_TERM_DAYS.get(template)
    return delivered_on + timedelta(days=days) if days else None


def first_running_delivery(template: Template, on: date, calendar: WorkingCalendar) -> date | None:
    """The earliest day of delivery whose term still runs on ``on``; None without a term."""
    if letter_term_ends_on(template, on, calendar) is None:
        return None
    day = on
    while True:
        before = day - timedelta(days=1)
        ends_on = letter_term_ends_on(template, before, calendar)
        if ends_on is None or ends_on < on:
            return day
        day = before


def notice_term_ends_on(delivered_on: date, calendar: WorkingCalendar) -> date:
    """The last day on which the debtor may pay or ask for restructuring."""
    return calendar.add_working_days(delivered_on, NOTICE_TERM_WORKING_DAYS)


def termination_effective_on(delivered_on: date) -> date:
    """The last day of a contract whose statement of termination was delivered.

    The day of delivery is not counted (art. 111 of the Civil Code).
    """
    return delivered_on + timedelta(days=TERMINATION_NOTICE_DAYS)

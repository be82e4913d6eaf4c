"""Until when a complaint of a natural person must be answered. Pure.

Act of 5 August 2015 on complaints, art. 6–9: calendar days from receipt, sending the answer
suffices, silence is consent. A free day does not put the end off: that would be our own risk.
Complaints about payment services have working days (Payment Services Act art. 15a).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from kernel.calendar import WorkingCalendar
from kernel.dated_tables import rule_book

DATA: Final = Path(__file__).parent / "data" / "complaints.csv"


@dataclass(frozen=True, slots=True)
class ComplaintTerms:
    """Last days to send the answer; ``complex_on`` only with a notice of the reasons before
    ``standard_on``."""

    standard_on: date
    complex_on: date


def complaint_terms(
    *, received_on: date, calendar: WorkingCalendar, about_payment_service: bool = False
) -> ComplaintTerms:
    """Raises NoRuleOnDay."""
    book = rule_book(DATA)
    if about_payment_service:
        names = ("payment_service_answer_working_days", "payment_service_complex_working_days")
        days = [int(book.value(name, received_on)) for name in names]
        return ComplaintTerms(*(calendar.add_working_days(received_on, count) for count in days))
    names = ("answer_days", "answer_complex_days")
    return ComplaintTerms(
        *(received_on + timedelta(days=int(book.value(name, received_on))) for name in names)
    )


def fulfilment_ends_on(*, answered_on: date) -> date:
    """Until when an accepted complaint must be fulfilled (art. 9 pkt 4)."""
    return answered_on + timedelta(days=int(rule_book(DATA).value("fulfil_days", answered_on)))

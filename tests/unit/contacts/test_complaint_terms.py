"""A complaint must be answered in time: calendar days, or working days for payment services."""

from __future__ import annotations

from datetime import date

from contacts.complaint_terms import complaint_terms, fulfilment_ends_on
from kernel.calendar import POLAND


def test_the_answer_is_due_in_thirty_or_sixty_calendar_days_and_is_not_moved() -> None:
    terms = complaint_terms(received_on=date(2026, 3, 2), calendar=POLAND)
    assert (terms.standard_on, terms.complex_on) == (date(2026, 4, 1), date(2026, 5, 1))


def test_payment_services_are_answered_in_working_days() -> None:
    terms = complaint_terms(
        received_on=date(2026, 4, 1), calendar=POLAND, about_payment_service=True
    )
    assert terms.standard_on == date(2026, 4, 23)  # Good Friday counts, Easter Monday does not
    assert terms.complex_on == date(2026, 5, 22)


def test_an_accepted_complaint_is_fulfilled_within_thirty_days() -> None:
    assert fulfilment_ends_on(answered_on=date(2026, 4, 1)) == date(2026, 5, 1)

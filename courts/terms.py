"""Terms of a court case: what the electronic court takes, and until when one may object. Pure."""

from __future__ import annotations

from datetime import date, timedelta

from courts.dated_tables import find_rule, rule
from courts.lifecycle import Procedure
from kernel.calendar import WorkingCalendar, months_later, years_later
from kernel.money import Money


def is_admissible_in_epu(*, claim: Money, due_on: date, filed_on: date) -> bool:
    """Whether the electronic court takes a claim: in PLN, below its limit, and due within the
    three years before filing (KPC 505²⁹ᵃ)."""
    if claim.currency != "PLN" or claim.to_decimal() >= rule("epu_claim_below", filed_on):
        return False
    years = int(rule("epu_due_within_years", filed_on))
    return years_later(filed_on, -years) <= due_on <= filed_on


def objection_ends_on(*, served_on: date, procedure: Procedure, calendar: WorkingCalendar) -> date:
    """The last day to pay or object after service in Poland (KPC 480²), by KC 115."""
    months = find_rule("nakazowe_order_term_months", served_on)
    if procedure is Procedure.NAKAZOWE and months is not None:
        return calendar.end_of_term(months_later(served_on, int(months)))
    days = int(rule("order_term_days", served_on))
    return calendar.end_of_term(served_on + timedelta(days=days))


def refiling_ends_on(*, discontinued_on: date) -> date:
    """The last day for a new lawsuit that keeps the day of filing in the electronic court.

    Three months from the order of discontinuance (KPC 505³⁷ § 2). An end on a free day is not
    moved: our own filing must not depend on that.
    """
    return months_later(discontinued_on, int(rule("epu_refiling_months", discontinued_on)))


def bailiff_service_ends_on(*, ordered_on: date) -> date:
    """Until when to prove service by a bailiff, or to return the letter (KPC 139¹ § 2)."""
    return months_later(ordered_on, int(rule("bailiff_service_months", ordered_on)))

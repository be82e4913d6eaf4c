"""Terms of a court case: what the electronic court takes, and until when one may object. Pure."""

from __future__ import annotations

from datetime import date, timedelta

from courts.dated_tables import find_rule, rule
from courts.lifecycle import Procedure
from kernel.calendar import WorkingCalendar
from kernel.money import Money


def is_admissible_in_epu(*, claim: Money, due_on: date, filed_on: date) -> bool:
    """Whether the electronic court takes a claim: in PLN, below its limit, and due within the
    three years before filing (KPC 505²⁹ᵃ)."""
    if claim.currency != "PLN" or claim.to_decimal() >= rule("epu_claim_below", filed_on):
        return False
    years = int(rule("epu_due_within_years", filed_on))
    return _years_before(filed_on, years) <= due_on <= filed_on


def objection_ends_on(*, served_on: date, procedure: Procedure, calendar: WorkingCalendar) -> date:
    """The last day to pay or object after service in Poland (KPC 480²), by KC 115."""
    months = find_rule("nakazowe_order_term_months", served_on)
    if procedure is Procedure.NAKAZOWE and months is not None:
        return calendar.end_of_term(_months_after(served_on, int(months)))
    days = int(rule("order_term_days", served_on))
    return calendar.end_of_term(served_on + timedelta(days=days))


def _years_before(on: date, years: int) -> date:
    try:
        return on.replace(year=on.year - years)
    except ValueError:  # 29 February
        return on.replace(year=on.year - years, day=28)


def _months_after(on: date, months: int) -> date:
    year, month = divmod(on.month - 1 + months, 12)
    day = on.day
    while True:
        try:
            return date(on.year + year, month + 1, day)
        except ValueError:
            day -= 1

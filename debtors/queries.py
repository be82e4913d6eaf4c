"""Reading debtors, debts and intake runs."""

from __future__ import annotations

from datetime import date

from django.db.models import Min

from debtors.lifecycle import RunStatus
from debtors.models import IntakeRun


def get_first_intake_day() -> date | None:
    """The earliest as-of day of a file that was taken in: the first business day there is."""
    runs = IntakeRun.objects.filter(status=RunStatus.DONE)
    first: date | None = runs.aggregate(first=Min("as_of_on"))["first"]
    return first

"""A few cases as the API finds them."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta

from cases.lifecycle import CaseStatus, Stage
from cases.models import Case
from debtors.lifecycle import Product
from staff.models import Team
from tests.integration.cases.builders import make_debt, make_debtor

_numbers = itertools.count(1)
CHANGED = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)


def make_case(
    *,
    stage: Stage = Stage.DIRECT_CONTACT,
    closed: bool = False,
    team: Team | None = None,
    updated_at: datetime = CHANGED,
    days_past_due: int = 41,
    currency: str = "PLN",
    due_minor: int = 125_000,
    product: Product = Product.CASH_LOAN,
) -> Case:
    """Open and with one debt, overdue for so many days on 12 May 2026."""
    debtor = make_debtor()
    if not closed:
        make_debt(
            debtor,
            due_since=date(2026, 5, 12) - timedelta(days=days_past_due),
            currency=currency,
            due_minor=due_minor,
            product=product,
        )
    return Case.objects.create(
        number=f"UG-2026-{next(_numbers):06d}",
        debtor=debtor,
        status=CaseStatus.CLOSED if closed else CaseStatus.OPEN,
        stage=stage,
        team=team,
        opened_on=date(2026, 4, 2),
        closed_on=date(2026, 5, 2) if closed else None,
        updated_at=updated_at,
    )

"""A small book: five debtors in two stages, two teams and two currencies."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from cases.lifecycle import Stage
from cases.models import Case
from staff.models import Team
from tests.integration.cases.builders import make_debt, make_debtor

ON = date(2026, 5, 12)
AT = datetime(2026, 5, 13, 1, 0, tzinfo=UTC)


def make_case(
    number: str,
    team: Team,
    *,
    days: int,
    due_minor: int,
    stage: Stage = Stage.DIRECT_CONTACT,
    currency: str = "PLN",
) -> Case:
    debtor = make_debtor()
    make_debt(
        debtor,
        due_minor=due_minor,
        outstanding_minor=2 * due_minor,
        currency=currency,
        due_since=ON - timedelta(days=days),
    )
    return Case.objects.create(
        number=number, debtor=debtor, team=team, stage=stage, opened_on=ON, updated_at=AT
    )


@pytest.fixture
def north(db: None) -> Team:
    return Team.objects.create(name="North")


@pytest.fixture
def south(db: None) -> Team:
    return Team.objects.create(name="South")


@pytest.fixture
def book(north: Team, south: Team) -> dict[str, Case]:
    return {
        "fresh": make_case("C-1", north, days=5, due_minor=10_000),
        "older": make_case("C-2", north, days=45, due_minor=20_000),
        "letters": make_case("C-3", south, days=45, due_minor=40_000, stage=Stage.FORMAL_LETTERS),
        "euro": make_case("C-4", south, days=45, due_minor=80_000, currency="EUR"),
        "second": make_case("C-5", south, days=31, due_minor=30_000),
    }

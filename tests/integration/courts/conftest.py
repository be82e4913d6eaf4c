"""A case that may go to court, and the people who take it there."""

from __future__ import annotations

from datetime import date

import pytest

from cases.models import Case
from debtors.models import Debt
from kernel.actor import Actor
from staff.models import User
from staff.rights import Role
from tests.integration.cases.builders import actor_of, make_user
from tests.integration.cases.conftest import (
    as_leader,
    as_officer,
    at,
    case,
    leader,
    machine,
    make_case,
    officer,
    on,
    team,
)

__all__ = [
    "as_leader",
    "as_officer",
    "at",
    "case",
    "leader",
    "machine",
    "make_case",
    "officer",
    "on",
    "team",
]


@pytest.fixture
def legal(db: None) -> User:
    return make_user("lucja", Role.LEGAL)


@pytest.fixture
def as_legal(legal: User) -> Actor:
    return actor_of(legal)


@pytest.fixture
def ready_case(case: Case) -> Case:
    """Terminated with effect since a week: 1,250.00 PLN, due since 2026-04-01."""
    Debt.objects.filter(parties__debtor=case.debtor).update(
        terminated_on=date(2026, 5, 5), limitation_on=date(2029, 12, 31)
    )
    return case

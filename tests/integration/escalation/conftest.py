"""Cases on strategies, people who publish, and the subscribers of this app."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from cases.models import Case
from cases.operations import open_cases
from debtors.lifecycle import Product
from journal.delivery import deliver_pending
from kernel.actor import Actor, system_actor
from staff.models import Team
from staff.rights import Role
from tests.integration.cases.builders import actor_of, make_debt, make_debtor, make_user

ON = date(2026, 5, 12)
AT = datetime(2026, 5, 12, 9, 0, tzinfo=UTC)
MACHINE = system_actor("tests")


@pytest.fixture
def open_case(db: None) -> Callable[..., Case]:
    """Opens a case as intake does, and delivers: it is enrolled when this returns."""

    def make(
        *, due_since: date = date(2026, 4, 1), product: Product = Product.CASH_LOAN, **debt: object
    ) -> Case:
        debtor = make_debtor()
        make_debt(debtor, due_since=due_since, product=product, **debt)  # type: ignore[arg-type]
        (case_id,) = open_cases(debtor_ids=[debtor.pk], on=ON, at=AT, actor=MACHINE)
        deliver_pending(at=AT)
        return Case.objects.get(pk=case_id)

    return make


@pytest.fixture
def team(db: None) -> Team:
    return Team.objects.create(name="Team North")


@pytest.fixture
def as_manager(team: Team) -> Actor:
    return actor_of(make_user("maria", Role.MANAGER, team))


@pytest.fixture
def as_second_manager(team: Team) -> Actor:
    return actor_of(make_user("marek", Role.MANAGER, team))


@pytest.fixture
def as_officer(team: Team) -> Actor:
    return actor_of(make_user("anna", Role.OFFICER, team))

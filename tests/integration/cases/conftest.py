"""People, teams and debtors in arrears, as small builders."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from cases.models import Case
from cases.operations import open_cases
from kernel.actor import Actor, system_actor
from staff.models import Team, User
from staff.rights import Role
from tests.integration.cases.builders import actor_of, make_debt, make_debtor, make_user

AT = datetime(2026, 5, 12, 9, 0, tzinfo=UTC)
ON = date(2026, 5, 12)


@pytest.fixture
def at() -> datetime:
    return AT


@pytest.fixture
def on() -> date:
    return ON


@pytest.fixture
def machine() -> Actor:
    return system_actor("tests")


@pytest.fixture
def team(db: None) -> Team:
    return Team.objects.create(name="Team North")


@pytest.fixture
def officer(team: Team) -> User:
    return make_user("anna", Role.OFFICER, team)


@pytest.fixture
def leader(team: Team) -> User:
    return make_user("lena", Role.TEAM_LEADER, team)


@pytest.fixture
def as_officer(officer: User) -> Actor:
    return actor_of(officer)


@pytest.fixture
def as_leader(leader: User) -> Actor:
    return actor_of(leader)


@pytest.fixture
def case(officer: User, at: datetime, on: date, machine: Actor) -> Case:
    """An open case of the officer's team: 1,250.00 PLN due since 2026-04-01."""
    debtor = make_debtor()
    make_debt(debtor)
    (case_id,) = open_cases(debtor_ids=[debtor.pk], on=on, at=at, actor=machine)
    return Case.objects.get(pk=case_id)


@pytest.fixture
def make_case(officer: User, at: datetime, on: date, machine: Actor) -> Callable[[], Case]:
    def make(due_minor: int = 125_000) -> Case:
        debtor = make_debtor()
        make_debt(debtor, due_minor=due_minor)
        (case_id,) = open_cases(debtor_ids=[debtor.pk], on=on, at=at, actor=machine)
        return Case.objects.get(pk=case_id)

    return make

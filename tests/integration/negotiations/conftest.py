"""The people and the case of the case tests, and terms to agree on."""

from __future__ import annotations

import pytest

from kernel.actor import Actor
from staff.models import Team, User
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
def manager(team: Team) -> User:
    return make_user("maria", Role.MANAGER, team)


@pytest.fixture
def as_manager(manager: User) -> Actor:
    return actor_of(manager)

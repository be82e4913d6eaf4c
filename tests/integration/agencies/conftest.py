"""A case that may go to an agency, and the people who send it there."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from agencies.lifecycle import ExclusionGround
from agencies.models import Agency
from agencies.operations import add_agency
from cases.models import Case
from contacts.lifecycle import MessageChannel, MessageStatus, Template
from contacts.models import Message
from debtors.models import Debt
from kernel.actor import Actor
from staff.models import ApprovalLimit, Team, User
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


@pytest.fixture
def as_second_manager(team: Team) -> Actor:
    return actor_of(make_user("marek", Role.MANAGER, team))


def deliver_letter(case: Case, template: Template, on: date) -> Message:
    return Message.objects.create(
        case=case,
        debtor=case.debtor,
        channel=MessageChannel.LETTER,
        template=template,
        language="pl",
        recipient={},
        figures={},
        cause=f"test:{case.pk}:{template}",
        status=MessageStatus.DELIVERED,
        queued_on=on,
        delivered_on=on,
    )


def terminate(case: Case, on: date) -> None:
    Debt.objects.filter(parties__debtor=case.debtor).update(terminated_on=on)


@pytest.fixture
def ready_case(case: Case) -> Case:
    """Delivered notice, terminated contract: nothing stands in the way."""
    deliver_letter(case, Template.NOTICE_75C, date(2026, 3, 2))
    terminate(case, date(2026, 5, 4))
    return case


@pytest.fixture
def agency(as_manager: Actor, at: datetime) -> Agency:
    return add_agency(
        name="Słowik Windykacja Sp. z o.o.",
        permit_no="",
        permit_until=None,
        exclusion_ground=ExclusionGround.FUND_MANAGER,
        commission_bp=1250,
        actor=as_manager,
        at=at,
    )


@pytest.fixture
def limit(db: None) -> ApprovalLimit:
    return ApprovalLimit.objects.create(
        role=Role.MANAGER, kind="placement", currency="PLN", amount_minor=10_000_000
    )

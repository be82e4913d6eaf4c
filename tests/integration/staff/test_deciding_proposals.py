"""Who may decide what hurts: not the proposer, not the machine, not above the limit."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import ClassVar

import pytest
from django.db import models

from kernel.actor import Actor, ActorKind, system_actor
from staff import operations
from staff.approvals import (
    DecidedByPersonOnly,
    OverLimit,
    OwnProposal,
    ReasonMissing,
    check_may_decide,
)
from staff.models import Proposal, User
from staff.queries import get_actor
from staff.rights import Right, Role

AT = datetime(2026, 5, 12, 10, 0, tzinfo=UTC)
ACTOR = Actor(ActorKind.USER, "1", frozenset({Right.MANAGE_STAFF}))

pytestmark = pytest.mark.django_db


class Thing(Proposal):
    """A proposal of no app; it is never stored."""

    class Meta(Proposal.Meta):
        app_label = "staff"
        managed = False
        constraints: ClassVar[list[models.BaseConstraint]] = []
        indexes: ClassVar[list[models.Index]] = []


def _user(username: str, role: Role) -> User:
    return operations.create_user(
        username=username,
        full_name=username,
        role=role,
        team=None,
        password="correct horse battery",
        actor=ACTOR,
        at=AT,
    )


def _proposal(amount_minor: int = 1_000, by: User | None = None, currency: str = "PLN") -> Thing:
    return Thing(amount_minor=amount_minor, currency=currency, proposed_by=by, proposed_at=AT)


def _check(
    proposal: Thing, actor: Actor, reason: str = "looked at it", kind: str = "termination"
) -> User:
    decider = check_may_decide(proposal=proposal, kind=kind, actor=actor, reason=reason, at=AT)
    assert decider.on_behalf_of is None
    return decider.user


def _limit(role: Role, amount_minor: int, currency: str = "PLN") -> None:
    operations.set_approval_limit(
        role=role, kind="termination", currency=currency, amount_minor=amount_minor,
        actor=ACTOR, at=AT,
    )  # fmt: skip


def test_a_manager_decides_what_the_machine_proposed() -> None:
    manager = _user("m", Role.MANAGER)
    assert _check(_proposal(10**12), get_actor(user=manager)) == manager


def test_nobody_decides_their_own_proposal() -> None:
    manager = _user("m", Role.MANAGER)
    with pytest.raises(OwnProposal):
        _check(_proposal(by=manager), get_actor(user=manager))
    _check(_proposal(by=_user("o", Role.OFFICER)), get_actor(user=manager))


@pytest.mark.parametrize("actor", [system_actor("day_close"), Actor(ActorKind.CLIENT, "1")])
def test_the_machine_decides_nothing_that_hurts(actor: Actor) -> None:
    with pytest.raises(DecidedByPersonOnly):
        _check(_proposal(), actor)


def test_a_decision_has_a_reason() -> None:
    with pytest.raises(ReasonMissing):
        _check(_proposal(), get_actor(user=_user("m", Role.MANAGER)), reason="  ")


def test_a_limit_is_reached_but_not_passed() -> None:
    leader = get_actor(user=_user("l", Role.TEAM_LEADER))
    _limit(Role.TEAM_LEADER, 1_000)
    _check(_proposal(1_000), leader)
    with pytest.raises(OverLimit) as refused:
        _check(_proposal(1_001), leader)
    assert (refused.value.values["limit_minor"], refused.value.values["currency"]) == (1_000, "PLN")


def test_without_a_limit_only_managers_and_legal_officers_decide() -> None:
    for role in (Role.MANAGER, Role.LEGAL):
        _check(_proposal(10**9), get_actor(user=_user(role, role)))
    with pytest.raises(OverLimit):
        _check(_proposal(1), get_actor(user=_user("l", Role.TEAM_LEADER)))


def test_a_limit_binds_a_manager_too_and_only_in_its_currency() -> None:
    manager = get_actor(user=_user("m", Role.MANAGER))
    _limit(Role.MANAGER, 500)
    with pytest.raises(OverLimit):
        _check(_proposal(501), manager)
    _check(_proposal(501, currency="EUR"), manager)

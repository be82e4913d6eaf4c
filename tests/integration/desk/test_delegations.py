"""Authority lent for a while: within the giver's own, and with a record of whose it was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from agencies.models import Placement
from cases.models import Case
from desk.approvals import Verdict, decide_approval
from journal.models import Event
from kernel.actor import Actor
from kernel.authority import RightMissing
from staff.approvals import OverLimit, OwnProposal, ProposedByGiver
from staff.lifecycle import ApprovalKind
from staff.models import ApprovalLimit, Delegation, Team, User
from staff.operations import (
    DelegationEnded,
    DelegationNotYours,
    DelegationOverlaps,
    DelegationPeriodInvalid,
    DelegationReasonMissing,
    DeputyNotSuitable,
    NothingToDelegate,
    delegate_authority,
    end_delegation,
)
from staff.queries import get_actor, get_deciding_actor
from staff.rights import Right, Role
from tests.integration.cases.builders import make_user
from tests.integration.desk.conftest import AT, ON, signed_in
from tests.integration.desk.test_approvals_page import make_placement

pytestmark = pytest.mark.django_db

PLACEMENT = ApprovalKind.PLACEMENT


@pytest.fixture
def leader(north: Team) -> User:
    return make_user("lena", Role.TEAM_LEADER, north)


def lend(giver: User, deputy: User, **changes: Any) -> Delegation:
    return delegate_authority(
        **{
            "deputy_id": deputy.pk,
            "kinds": [PLACEMENT],
            "from_on": ON,
            "until_on": ON + timedelta(days=7),
            "reason": "on leave",
            "actor": get_actor(user=giver),
            "at": AT,
            **changes,
        }
    )


def acting(user: User, on: date = ON) -> Actor:
    actor, _authority = get_deciding_actor(user=user, on=on)
    return actor


def refuse(placement: Placement, actor: Actor, *, days: int = 0) -> Placement:
    decide_approval(
        kind="placement",
        proposal_id=placement.pk,
        verdict=Verdict.REFUSE,
        reason="not yet",
        actor=actor,
        at=AT + timedelta(days=days),
    )
    placement.refresh_from_db()
    return placement


def test_the_decision_says_on_whose_behalf_it_was_made(
    case: Case, manager: User, leader: User
) -> None:
    placement = make_placement(case)
    lend(manager, leader)

    refuse(placement, acting(leader))

    assert (placement.decided_by, placement.decided_for) == (leader, manager)
    event = Event.objects.get(kind="placement.refused")
    assert event.payload["on_behalf_of"] == manager.full_name
    assert event.actor_id == str(leader.pk)
    page = signed_in(manager).get(f"/approvals/placement/{placement.pk}/").content.decode()
    assert f"on behalf of {manager.full_name}" in page


def test_without_it_the_role_alone_counts(case: Case, leader: User) -> None:
    with pytest.raises(RightMissing):
        refuse(make_placement(case), acting(leader))


@pytest.mark.parametrize(("days", "holds"), [(-1, False), (0, True), (7, True), (8, False)])
def test_it_holds_from_its_first_through_its_last_day(
    manager: User, leader: User, days: int, holds: bool
) -> None:
    lend(manager, leader)

    rights = acting(leader, ON + timedelta(days=days)).rights

    assert (Right.APPROVE_PLACEMENT in rights) is holds


def test_an_actor_of_yesterday_decides_nothing_when_it_is_over(
    case: Case, manager: User, leader: User
) -> None:
    placement = make_placement(case)
    lend(manager, leader)

    with pytest.raises(RightMissing):
        refuse(placement, acting(leader), days=8)


def test_taken_back_it_ends_at_once(case: Case, manager: User, leader: User) -> None:
    placement, delegation = make_placement(case), lend(manager, leader)
    actor = acting(leader)

    end_delegation(delegation_id=delegation.pk, actor=get_actor(user=manager), at=AT)

    with pytest.raises(RightMissing):
        refuse(placement, actor)
    with pytest.raises(DelegationEnded):
        end_delegation(delegation_id=delegation.pk, actor=get_actor(user=leader), at=AT)


def test_it_never_reaches_above_the_giver_s_own_limit(
    case: Case, manager: User, leader: User
) -> None:
    placement = make_placement(case, amount_minor=125_000)
    lend(manager, leader)
    limit = ApprovalLimit.objects.create(
        role=Role.MANAGER, kind="placement", currency="PLN", amount_minor=124_999
    )

    with pytest.raises(OverLimit) as refused:
        refuse(placement, acting(leader))
    assert refused.value.values["limit_minor"] == 124_999

    limit.amount_minor = 125_000
    limit.save()
    assert refuse(placement, acting(leader)).decided_for == manager


def test_it_decides_neither_what_the_deputy_nor_what_the_giver_proposed(
    case: Case, make_case: Callable[..., Case], manager: User, leader: User
) -> None:
    lend(manager, leader)

    with pytest.raises(OwnProposal):
        refuse(make_placement(case, proposed_by=leader), acting(leader))
    with pytest.raises(ProposedByGiver):
        refuse(make_placement(make_case(), proposed_by=manager), acting(leader))


def test_the_database_itself_refuses_a_decision_for_the_proposer(
    case: Case, manager: User, leader: User
) -> None:
    placement = make_placement(case, proposed_by=manager)
    decided = {"status": "refused", "decided_by": leader, "decided_at": AT}
    rows = Placement.objects.filter(pk=placement.pk)

    with pytest.raises(IntegrityError, match="decided_for_another"), transaction.atomic():
        rows.update(**decided, decided_for=manager)
    with pytest.raises(IntegrityError, match="decided_for_another"), transaction.atomic():
        rows.update(**decided, decided_for=leader)
    with pytest.raises(IntegrityError, match="decided_for_another"), transaction.atomic():
        rows.update(decided_for=make_user("x", Role.MANAGER))


def test_what_was_lent_is_not_lent_further(manager: User, leader: User, north: Team) -> None:
    lend(manager, leader)
    other = make_user("olga", Role.TEAM_LEADER, north)

    with pytest.raises(NothingToDelegate):
        lend(leader, other, actor=acting(leader))


def test_it_ends_with_the_giver_s_role_and_employment(manager: User, leader: User) -> None:
    lend(manager, leader)
    User.objects.filter(pk=manager.pk).update(is_active=False)
    assert Right.APPROVE_PLACEMENT not in acting(leader).rights

    User.objects.filter(pk=manager.pk).update(is_active=True, role=Role.OFFICER)
    assert Right.APPROVE_PLACEMENT not in acting(leader).rights


def test_the_deputy_needs_a_role_and_a_reach_that_are_enough(
    manager: User, leader: User, officer: User, south: Team
) -> None:
    far = make_user("sven", Role.TEAM_LEADER, south)
    legal = make_user("lidia", Role.LEGAL)
    gone = make_user("gone", Role.MANAGER)
    User.objects.filter(pk=gone.pk).update(is_active=False)

    for giver, deputy, kind in (
        (manager, officer, PLACEMENT),
        (manager, manager, PLACEMENT),
        (manager, gone, PLACEMENT),
        (manager, legal, ApprovalKind.AGREEMENT),
        (legal, leader, ApprovalKind.REFERRAL),
        (leader, far, ApprovalKind.AGREEMENT),
    ):
        with pytest.raises(DeputyNotSuitable):
            lend(giver, deputy, kinds=[kind])
    for giver, kinds in ((leader, [PLACEMENT]), (manager, []), (officer, [PLACEMENT])):
        with pytest.raises((NothingToDelegate, RightMissing)):
            lend(giver, make_user(f"d{giver.pk}{len(kinds)}", Role.MANAGER), kinds=kinds)


def test_the_days_and_the_reason_are_looked_at(manager: User, leader: User) -> None:
    day = timedelta(days=1)
    for changes in (
        {"from_on": ON - day},
        {"until_on": ON - day},
        {"until_on": ON + 92 * day},
    ):
        with pytest.raises(DelegationPeriodInvalid):
            lend(manager, leader, **changes)
    with pytest.raises(DelegationReasonMissing):
        lend(manager, leader, reason="  ")
    lend(manager, leader, until_on=ON + 91 * day)
    with pytest.raises(DelegationOverlaps):
        lend(manager, leader, from_on=ON + 91 * day, until_on=ON + 95 * day)


def test_the_database_itself_refuses_an_overlap_and_a_loan_to_oneself(
    manager: User, leader: User
) -> None:
    made = lend(manager, leader)
    fields = {"giver": manager, "kinds": ["placement"], "from_on": ON, "until_on": ON,
              "reason": "x", "made_at": AT}  # fmt: skip

    with pytest.raises(IntegrityError, match="once_at_a_time"), transaction.atomic():
        Delegation.objects.create(deputy=leader, **fields)
    with pytest.raises(IntegrityError, match="to_another"), transaction.atomic():
        Delegation.objects.create(deputy=manager, **fields)
    Delegation.objects.filter(pk=made.pk).update(ended_at=AT, ended_by=manager)
    Delegation.objects.create(deputy=leader, **fields)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_only_the_two_of_them_end_it(manager: User, leader: User, north: Team) -> None:
    delegation = lend(manager, leader)
    other = get_actor(user=make_user("olga", Role.TEAM_LEADER, north))

    with pytest.raises(DelegationNotYours):
        end_delegation(delegation_id=delegation.pk, actor=other, at=AT)
    end_delegation(delegation_id=delegation.pk, actor=get_actor(user=leader), at=AT)

    kinds = list(Event.objects.filter(subject_kind="delegation").values_list("kind", flat=True))
    assert sorted(kinds) == ["authority.lent", "authority.taken_back"]


def test_it_is_lent_and_taken_back_on_a_page_that_auditors_see(manager: User, leader: User) -> None:
    browser = signed_in(manager)
    form = {
        "deputy": leader.pk,
        "kinds": ["placement", "agreement"],
        "from_on": "2026-05-12",
        "until_on": "2026-05-20",
        "reason": "Leave",
    }

    wrong = browser.post("/staff/delegations/", {**form, "until_on": "2026-05-01"})
    made = browser.post("/staff/delegations/", form)
    seen = signed_in(make_user("ewa", Role.AUDITOR)).get("/staff/delegations/").content.decode()
    delegation = Delegation.objects.get()
    ended = browser.post(f"/staff/delegations/{delegation.pk}/end/", follow=True)
    again = browser.post(f"/staff/delegations/{delegation.pk}/end/", follow=True)
    register = signed_in(make_user("eva", Role.AUDITOR)).get("/staff/journal/").content.decode()

    assert wrong.status_code == 422
    assert "ends no earlier than it begins" in wrong.content.decode()
    assert made.status_code == 302
    assert delegation.kinds == ["agreement", "placement"]
    assert leader.full_name in seen
    assert "in force" in seen
    assert "<form" not in seen[seen.index("In force and to come") :].split("</section>")[0]
    assert "Taken back." in ended.content.decode()
    assert "It has ended already." in again.content.decode()
    assert "Authority lent to a colleague" in register


def test_the_inbox_says_for_whom_the_reader_decides(
    case: Case, manager: User, leader: User
) -> None:
    make_placement(case)
    browser = signed_in(leader)
    before = browser.get("/approvals/").content.decode()
    lend(manager, leader)
    after = browser.get("/approvals/?mine=1").content.decode()

    assert "To be seen only" in before
    assert 'name="item"' not in before
    assert f"for {manager.full_name}" in after
    assert 'name="item"' in after

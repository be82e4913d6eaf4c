"""Somebody is locked out or changes teams: their cases lie in the team's shared list."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from cases.lifecycle import WorkKind
from cases.models import Case, WorkItem
from cases.operations import assign_case, open_work_item
from journal.delivery import deliver_pending
from journal.operations import Subject
from journal.queries import list_events
from kernel.actor import Actor
from staff.models import Team, User
from staff.operations import change_user
from staff.rights import Role

MakeCase = Callable[[], Case]


@pytest.fixture
def owned(make_case: MakeCase, officer: User, machine: Actor, at: datetime) -> Case:
    case = make_case()
    assign_case(case_id=case.pk, team_id=officer.team_id, owner_id=officer.pk, actor=machine, at=at)
    return case


def change(user: User, team: Team | None, by: Actor, at: datetime, *, active: bool = True) -> None:
    change_user(user_id=user.pk, role=Role.OFFICER, team=team, is_active=active, actor=by, at=at)
    deliver_pending(at=at)


def owner_of(case: Case) -> tuple[int | None, int | None]:
    case.refresh_from_db()
    return case.team_id, case.owner_id


def test_cases_of_who_is_locked_out_go_back_to_the_team_with_their_work(
    owned: Case, officer: User, machine: Actor, at: datetime
) -> None:
    WorkItem.objects.filter(case=owned).delete()
    open_work_item(
        case_id=owned.pk, kind=WorkKind.CALL, due_on=at.date(), note="", actor=machine, at=at
    )
    assert WorkItem.objects.get(case=owned).owner_id == officer.pk

    change(officer, officer.team, machine, at, active=False)

    assert owner_of(owned) == (officer.team_id, None)
    assert WorkItem.objects.get(case=owned).owner_id is None
    newest = list_events(subjects=[Subject("case", owned.pk)], kinds=["case.assigned"])[0]
    assert newest.payload["from_owner_id"] == officer.pk


def test_who_changes_teams_leaves_their_cases_behind(
    owned: Case, officer: User, team: Team, machine: Actor, at: datetime
) -> None:
    change(officer, Team.objects.create(name="South"), machine, at)

    assert owner_of(owned) == (team.pk, None)


def test_who_stays_in_the_team_keeps_their_cases(
    owned: Case, officer: User, team: Team, machine: Actor, at: datetime
) -> None:
    change(officer, team, machine, at)

    assert owner_of(owned) == (team.pk, officer.pk)

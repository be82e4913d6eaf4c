"""What stands around every page: counts of the reader's own reach, in one statement."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agencies.models import Placement
from cases.models import Case, WorkItem
from contacts.models import Attempt, Promise
from desk.queries.frame import FrameCounts, get_frame_counts
from staff.models import Delegation, Team, User
from staff.rights import Role
from tests.integration.cases.builders import actor_of, make_user
from tests.integration.desk.conftest import AT, ON, add_work, signed_in

pytestmark = pytest.mark.django_db
MakeCase = Callable[..., Case]


def _counts(user: User) -> FrameCounts:
    with CaptureQueriesContext(connection) as seen:
        found = get_frame_counts(actor=actor_of(user), on=ON)
    assert len(seen) <= 1
    return found


def _attempt(case: Case, by: User, **values: object) -> Attempt:
    fields = {
        "case": case, "debtor": case.debtor, "channel": "phone", "direction": "out",
        "result": "promised", "is_conversation": True, "happened_at": AT, "happened_on": ON,
        "logged_by": by, **values,
    }  # fmt: skip
    return Attempt.objects.create(**fields)


def _propose(case: Case) -> None:
    Placement.objects.create(
        case=case, amount_minor=1, currency="PLN", proposed_at=AT, cause=case.number
    )


def test_work_due_by_tonight_is_ones_own_or_the_teams_where_one_has_none(
    make_case: MakeCase, officer: User, south: Team
) -> None:
    add_work(make_case())
    add_work(make_case(), due_on=ON + timedelta(days=1))
    add_work(make_case(team=south))
    assert _counts(officer).work == 1

    add_work(make_case(owner=officer), due_on=ON - timedelta(days=3))
    add_work(make_case(owner=officer), due_on=ON + timedelta(days=3))
    assert _counts(officer).work == 1

    WorkItem.objects.filter(owner=officer, due_on__lte=ON).update(status="done")
    assert _counts(officer).work == 0


def test_what_waits_for_approval_is_counted_in_ones_reach(
    make_case: MakeCase, north: Team, south: Team, officer: User, manager: User
) -> None:
    _propose(make_case())
    _propose(make_case(team=south))
    leader = make_user("ewa", Role.TEAM_LEADER, north)

    assert _counts(manager).approvals == 2
    assert _counts(leader).approvals == 0, "a role that does not decide placements"
    Delegation.objects.create(
        giver=manager, deputy=leader, kinds=["placement"], from_on=ON, until_on=ON,
        reason="Leave", made_at=AT,
    )  # fmt: skip
    assert _counts(leader).approvals == 1, "of one's own team, while it is lent"
    Placement.objects.update(proposed_by=manager)
    assert _counts(manager).approvals == 0, "nobody decides their own"
    assert _counts(officer).approvals == 0, "who may not see approvals counts none"


def test_todays_contacts_and_promises_are_ones_own_and_those_struck_out_count_no_more(
    make_case: MakeCase, officer: User, manager: User
) -> None:
    case = make_case()
    kept = _attempt(case, officer)
    _attempt(case, manager)
    _attempt(case, officer, happened_on=ON - timedelta(days=1))
    Promise.objects.create(
        case=case, attempt=kept, amount_minor=1, currency="PLN", made_on=ON, due_on=ON
    )
    assert _counts(officer)[2:] == (1, 1)

    Attempt.objects.filter(pk=kept.pk).update(struck_at=AT)
    assert _counts(officer)[2:] == (0, 0)


def test_the_rail_shows_the_counts_and_the_top_bar_the_day(
    at_desk: Client, make_case: MakeCase, officer: User
) -> None:
    add_work(make_case(owner=officer))
    _attempt(make_case(), officer)

    page = at_desk.get("/preferences/").content.decode()

    assert '<span class="count" data-count>1</span>' in page
    assert "<b>1</b> contact," in page
    assert "<b>0</b> promises" in page


def test_an_administrator_sees_neither_search_nor_counts(db: None) -> None:
    with CaptureQueriesContext(connection) as seen:
        page = signed_in(make_user("root", Role.ADMINISTRATOR)).get("/preferences/")

    assert 'id="find"' not in page.content.decode()
    assert not any("cases_workitem" in query["sql"] for query in seen)


def test_a_part_of_a_page_counts_nothing(at_desk: Client, case: Case) -> None:
    with CaptureQueriesContext(connection) as seen:
        at_desk.post("/search/suggest/", {"q": "wasik"})

    assert not any("cases_workitem" in query["sql"] for query in seen)

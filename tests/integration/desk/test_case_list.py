from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from cases.lifecycle import CaseStatus, Stage
from cases.models import Case
from staff.models import Team, User
from tests.integration.desk.conftest import ON

pytestmark = pytest.mark.django_db
MakeCase = Callable[..., Case]


def _numbers(page: bytes) -> list[str]:
    return re.findall(r'class="name" href="/cases/(T-\d+)/"', page.decode())


def test_days_past_due_stage_and_status_filter_the_list(
    at_desk: Client, make_case: MakeCase, south: Team
) -> None:
    fresh, older, court, closed = (make_case(days=days) for days in (5, 60, 61, 5))
    make_case(team=south)
    Case.objects.filter(pk=court.pk).update(stage=Stage.COURT)
    Case.objects.filter(pk=closed.pk).update(status=CaseStatus.CLOSED, closed_on=ON)

    def listed(query: str) -> list[str]:
        return _numbers(at_desk.get(f"/cases/?{query}").content)

    assert listed("status=open") == [fresh.number, older.number, court.number]
    assert listed("status=open&days_past_due_min=31&days_past_due_max=60") == [older.number]
    assert listed("days_past_due_min=61") == [court.number]
    assert listed("stage=court&days_past_due_max=60") == []
    assert listed("status=closed") == [closed.number]
    assert len(listed("stage=")) == 4
    assert len(listed("days_past_due_min=x&stage=y")) == 4


def test_the_list_goes_on_where_it_stopped(at_desk: Client, make_case: MakeCase) -> None:
    made = [make_case().number for _ in range(52)]

    first = at_desk.get("/cases/?status=open")
    next_url = re.search(r'href="([^"]*after=[^"]*)"', first.content.decode())
    assert next_url is not None
    second = at_desk.get(next_url[1].replace("&amp;", "&"))

    assert _numbers(first.content) + _numbers(second.content) == made


def test_the_bare_list_is_that_of_open_cases(at_desk: Client) -> None:
    assert at_desk.get("/cases/").headers["Location"] == "/cases/?status=open"


def test_a_team_and_an_officer_are_asked_for_by_id_and_told_by_name(
    at_desk: Client, officer: User, north: Team
) -> None:
    page = at_desk.get(f"/cases/?team={north.pk}&owner={officer.pk}").content.decode()
    chips = re.sub(r"<[^>]+>", "", page)

    assert re.search(r"Team:?\s*North", chips)
    assert re.search(r"Owner:?\s*Anna", chips)
    assert at_desk.get(f"/cases/?team={'9' * 18}&owner=0").status_code == 200

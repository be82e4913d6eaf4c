from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.lifecycle import WorkKind
from cases.models import Case, InHand
from staff.models import Team, User
from staff.rights import Role
from tests.integration.cases.builders import make_user
from tests.integration.desk.conftest import ON, add_work, signed_in

pytestmark = pytest.mark.django_db
MakeCase = Callable[..., Case]


def _numbers(page: bytes) -> list[str]:
    return re.findall(r'href="/cases/(T-\d+)/"', page.decode())


def test_work_stands_in_the_order_of_urgency_with_its_reason(
    at_desk: Client, make_case: MakeCase, officer: User
) -> None:
    later, late, today = (make_case(owner=officer) for _ in range(3))
    add_work(later, due_on=ON + timedelta(days=1))
    add_work(late, kind=WorkKind.BROKEN_PROMISE, due_on=ON - timedelta(days=2))
    add_work(today)

    page = at_desk.get("/").content

    assert _numbers(page) == [late.number, today.number, later.number]
    text = page.decode()
    assert text.index("First: late") < text.index("By tonight") < text.index("Tomorrow and later")
    assert "A promise was not kept" in text


def test_work_of_another_team_is_never_shown(
    at_desk: Client, make_case: MakeCase, south: Team
) -> None:
    mine, theirs = make_case(), make_case(team=south)
    add_work(mine)
    add_work(theirs)

    assert _numbers(at_desk.get("/?whose=team").content) == [mine.number]


def test_the_filters_of_the_address_hold(
    at_desk: Client, make_case: MakeCase, officer: User
) -> None:
    call, review = make_case(owner=officer), make_case(owner=officer)
    add_work(call)
    add_work(review, kind=WorkKind.REVIEW)

    assert _numbers(at_desk.get("/?kind=review").content) == [review.number]
    assert _numbers(at_desk.get("/?stage=court").content) == []
    assert _numbers(at_desk.get("/?kind=nonsense").content) == [call.number, review.number]


def test_the_next_page_goes_on_exactly_where_the_first_stopped(
    at_desk: Client, make_case: MakeCase, officer: User
) -> None:
    for _ in range(53):
        add_work(make_case(owner=officer))

    first = at_desk.get("/")
    next_url = re.search(r'href="([^"]*after=[^"]*)"', first.content.decode())
    assert next_url is not None
    second = at_desk.get(next_url[1].replace("&amp;", "&"))

    numbers = _numbers(first.content) + _numbers(second.content)
    assert len(numbers) == len(set(numbers)) == 53


def test_a_list_of_fifty_needs_no_more_queries_than_a_list_of_two(
    at_desk: Client, make_case: MakeCase, officer: User
) -> None:
    for _ in range(2):
        add_work(make_case(owner=officer))
    at_desk.get("/")
    with CaptureQueriesContext(connection) as few:
        at_desk.get("/")
    for _ in range(20):
        add_work(make_case(owner=officer))
    with CaptureQueriesContext(connection) as many:
        at_desk.get("/")

    assert len(many) == len(few)


def test_start_next_takes_the_most_urgent_work_and_opens_its_case(
    at_desk: Client, make_case: MakeCase, officer: User
) -> None:
    add_work(make_case(owner=officer), due_on=ON)
    urgent = add_work(make_case(owner=officer), due_on=ON - timedelta(days=1))

    answer = at_desk.post("/next/")

    assert answer.headers["Location"] == f"/cases/{urgent.case.number}/"
    assert InHand.objects.get(work_item=urgent).user == officer


def test_nobody_starts_next_who_may_only_look(db: None) -> None:
    assert signed_in(make_user("ewa", Role.AUDITOR)).post("/next/").status_code == 403


def test_an_empty_list_says_what_will_come(at_desk: Client) -> None:
    assert "Nothing waits here" in at_desk.get("/").content.decode()


def test_who_has_not_signed_in_is_sent_to_the_gate(client: Client) -> None:
    assert client.get("/").headers["Location"].startswith("/sign-in/")

"""What is done from the list: putting aside, assigning, looking, and keeping views."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.models import Case, InHand, Presence, WorkItem
from cases.operations import take_case_in_hand
from debtors.models import ContactPoint
from desk.models import LastView, SavedView
from staff.models import Team, User
from staff.rights import Role
from tests.integration.cases.builders import actor_of, make_user
from tests.integration.desk.conftest import AT, ON, add_work, signed_in

pytestmark = pytest.mark.django_db
MakeCase = Callable[..., Case]
TOMORROW = (ON + timedelta(days=1)).isoformat()


@pytest.fixture
def leader(north: Team) -> User:
    return make_user("lena", Role.TEAM_LEADER, north)


def text(client: Client, path: str) -> str:
    return html.unescape(client.get(path).content.decode())


# Putting aside


def test_one_row_is_put_aside_and_the_list_comes_back_as_it_was(
    make_case: MakeCase, at_desk: Client, officer: User
) -> None:
    item = add_work(make_case(owner=officer))
    back = "/?tab=now&whose=mine"
    page = at_desk.get("/tasks/aside/", {"item": str(item.pk), "next": back})
    assert item.case.debtor.display_name in page.content.decode()
    answer = at_desk.post(
        "/tasks/aside/",
        {"item": str(item.pk), "next": back, "day": TOMORROW, "reason": "Pays on Friday"},
    )
    assert answer.headers["Location"] == back
    item.refresh_from_db()
    assert (item.due_on, item.put_aside_reason) == (ON + timedelta(days=1), "Pays on Friday")
    shown = text(at_desk, back)
    assert "Put aside: Pays on Friday" in shown
    assert "Tomorrow and later" in shown
    assert item.case.number in text(at_desk, f"{back}&aside=1")


def test_another_day_counts_before_the_one_that_a_key_chooses(
    make_case: MakeCase, at_desk: Client, officer: User
) -> None:
    item = add_work(make_case(owner=officer))
    other = (ON + timedelta(days=9)).isoformat()
    form = {"item": str(item.pk), "day": TOMORROW, "other_day": other, "reason": "x"}
    at_desk.post("/tasks/aside/", form)
    item.refresh_from_db()
    assert item.due_on.isoformat() == other


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"day": TOMORROW, "reason": ""}, "This field is required"),
        ({"reason": "x"}, "Choose a day"),
        ({"other_day": "2027-01-01", "reason": "x"}, "at the latest 11.06.2026"),
        ({"other_day": ON.isoformat(), "reason": "x"}, "until a day after today"),
    ],
)
def test_without_a_day_or_a_reason_nothing_is_put_aside(
    make_case: MakeCase, at_desk: Client, officer: User, form: dict[str, str], words: str
) -> None:
    item = add_work(make_case(owner=officer))
    answer = at_desk.post("/tasks/aside/", {"item": str(item.pk), **form})
    assert answer.status_code == 422
    assert words in html.unescape(answer.content.decode())
    item.refresh_from_db()
    assert item.due_on == ON


def test_of_many_rows_each_one_that_stays_says_why(
    make_case: MakeCase, at_desk: Client, officer: User, north: Team
) -> None:
    fine, taken = (add_work(make_case(owner=officer)) for _ in range(2))
    ben = make_user("ben", Role.OFFICER, north)
    take_case_in_hand(case_id=taken.case_id, actor=actor_of(ben), at=AT)
    form = {"item": [str(fine.pk), str(taken.pk)], "day": TOMORROW, "reason": "Inventory"}
    answer = at_desk.post("/tasks/aside/", form)
    assert answer.status_code == 422
    page = html.unescape(answer.content.decode())
    assert "1 row was left as it is" in page
    assert "Ben has the case in hand" in page
    assert WorkItem.objects.get(pk=fine.pk).due_on > ON
    assert WorkItem.objects.get(pk=taken.pk).due_on == ON
    assert f'value="{taken.pk}"' in page
    assert f'name="item" value="{fine.pk}"' not in page


def test_work_of_another_team_is_neither_named_nor_put_aside(
    make_case: MakeCase, at_desk: Client, south: Team
) -> None:
    theirs = add_work(make_case(team=south, name="Secret Person"))
    assert "Secret Person" not in text(at_desk, f"/tasks/aside/?item={theirs.pk}")
    at_desk.post("/tasks/aside/", {"item": str(theirs.pk), "day": TOMORROW, "reason": "x"})
    theirs.refresh_from_db()
    assert theirs.due_on == ON


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:x"])
def test_nobody_is_sent_elsewhere(
    make_case: MakeCase, at_desk: Client, officer: User, target: str
) -> None:
    item = add_work(make_case(owner=officer))
    form = {"item": str(item.pk), "day": TOMORROW, "reason": "x", "next": target}
    assert at_desk.post("/tasks/aside/", form).headers["Location"] == "/"


# Assigning


def test_a_leader_gives_the_chosen_cases_to_an_officer(
    make_case: MakeCase, leader: User, officer: User, north: Team
) -> None:
    by_work, by_case = add_work(make_case()), make_case()
    client = signed_in(leader)
    page = text(client, f"/tasks/assign/?item={by_work.pk}&case={by_case.pk}")
    assert officer.full_name in page
    assert by_case.number in page
    answer = client.post(
        "/tasks/assign/",
        {"case": [by_work.case_id, by_case.pk], "to": f"user:{north.pk}:{officer.pk}"},
    )
    assert answer.status_code == 302
    assert set(Case.objects.values_list("owner", flat=True)) == {officer.pk}
    by_work.refresh_from_db()
    assert by_work.owner == officer


def test_a_leader_is_offered_the_own_team_and_a_manager_every_team(
    make_case: MakeCase, leader: User, manager: User, south: Team
) -> None:
    case = make_case()
    theirs = make_user("sven", Role.OFFICER, south)
    assert theirs.full_name not in text(signed_in(leader), f"/tasks/assign/?case={case.pk}")
    assert theirs.full_name in text(signed_in(manager), f"/tasks/assign/?case={case.pk}")
    forged = {"case": str(case.pk), "to": f"user:{south.pk}:{theirs.pk}"}
    assert signed_in(leader).post("/tasks/assign/", forged).status_code == 422
    case.refresh_from_db()
    assert case.owner is None
    signed_in(manager).post("/tasks/assign/", forged)
    case.refresh_from_db()
    assert case.owner == theirs


def test_a_closed_case_is_left_and_the_page_says_why(
    make_case: MakeCase, leader: User, north: Team
) -> None:
    closed = make_case()
    Case.objects.filter(pk=closed.pk).update(status="closed", closed_on=ON)
    form = {"case": str(closed.pk), "to": f"team:{north.pk}"}
    Case.objects.filter(pk=closed.pk).update(owner=leader)
    answer = signed_in(leader).post("/tasks/assign/", form)
    assert answer.status_code == 422
    assert "The case is closed." in answer.content.decode()


def test_an_officer_assigns_nothing_and_is_offered_no_button(
    make_case: MakeCase, at_desk: Client, officer: User
) -> None:
    case = make_case(owner=officer)
    add_work(case)
    assert "/tasks/assign/" not in text(at_desk, "/?pane=1")
    assert at_desk.post("/tasks/assign/", {"case": str(case.pk)}).status_code == 403


# The preview


def test_the_preview_says_what_now_and_masks_the_person(
    make_case: MakeCase, at_desk: Client, officer: User
) -> None:
    case = make_case(owner=officer, name="Wąsik Łucja", due_minor=618_301, days=63)
    add_work(case)
    page = text(at_desk, f"/cases/{case.number}/preview/")
    assert "Wąsik Łucja" in page
    assert "6\u00a0183,01" in page
    assert "overdue for 63 days" in page
    assert "What now and why" in page
    for point in ContactPoint.objects.filter(debtor=case.debtor):
        assert point.value not in page


def test_looking_at_a_preview_is_not_being_at_the_case(
    make_case: MakeCase, at_desk: Client, officer: User
) -> None:
    case = make_case(owner=officer)
    at_desk.get(f"/cases/{case.number}/preview/")
    assert not Presence.objects.exists()
    assert not InHand.objects.exists()


def test_nothing_of_a_preview_stays_in_the_browser(make_case: MakeCase, at_desk: Client) -> None:
    answer = at_desk.get(f"/cases/{make_case().number}/preview/")
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_preview_of_another_team_is_not_there(
    make_case: MakeCase, at_desk: Client, south: Team
) -> None:
    theirs = make_case(team=south, name="Secret Person")
    assert at_desk.get(f"/cases/{theirs.number}/preview/").status_code == 404
    assert "Secret Person" not in text(at_desk, f"/?pane=1&open={theirs.number}")


def test_the_address_opens_the_list_with_the_preview_of_a_row(
    make_case: MakeCase, at_desk: Client, officer: User
) -> None:
    first, second = (make_case(owner=officer) for _ in range(2))
    for case in (first, second):
        add_work(case)
    assert f'data-shown="{first.number}"' in text(at_desk, "/?pane=1&whose=mine")
    opened = text(at_desk, f"/?pane=1&whose=mine&open={second.number}")
    assert f'data-shown="{second.number}"' in opened
    assert len(re.findall(r'class="picked"', opened)) == 1


def test_a_preview_of_many_debts_needs_no_more_queries(
    make_case: MakeCase, at_desk: Client, officer: User
) -> None:
    from tests.integration.cases.builders import make_debt

    case = make_case(owner=officer)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            at_desk.get(f"/cases/{case.number}/preview/")
        return len(seen)

    queries()
    few = queries()
    for _ in range(11):
        make_debt(case.debtor)
    assert queries() == few


# Views


def test_the_desk_comes_back_as_it_was_left(
    make_case: MakeCase, at_desk: Client, officer: User
) -> None:
    page = "/?tab=held&whose=team&stage=court&after=2026-06-01~7"
    at_desk.get(f"{page}&open=T-1")
    assert at_desk.get("/").headers["Location"] == page
    assert at_desk.get(page).headers["Location"] == "/?tab=held&whose=team&stage=court"
    assert signed_in(make_user("ben", Role.OFFICER, officer.team)).get("/").status_code == 200


def test_reset_takes_every_filter_off_and_is_remembered_too(at_desk: Client) -> None:
    page = text(at_desk, "/?tab=now&whose=team&stage=court&kind=review&days_past_due_min=31")
    reset = re.search(r'class="reset" href="([^"]+)"', page)
    assert reset is not None
    assert reset[1] == "/?tab=now&whose=team"
    at_desk.get(reset[1])
    assert at_desk.get("/").headers["Location"] == "/?tab=now&whose=team"


def test_looking_again_at_the_same_list_writes_nothing(at_desk: Client) -> None:
    at_desk.get("/?tab=now&whose=team")
    with CaptureQueriesContext(connection) as seen:
        at_desk.get("/?tab=now&whose=team")
    assert [q["sql"] for q in seen if re.match(r"INSERT|UPDATE", q["sql"])] == []
    assert LastView.objects.count() == 1


def test_a_view_is_kept_under_a_name_replaced_and_dropped(at_desk: Client, officer: User) -> None:
    query = "tab=now&whose=team&days_past_due_min=61&evil=1"
    at_desk.post("/tasks/views/", {"name": "  Far   overdue ", "query": query})
    view = SavedView.objects.get()
    assert (view.name, view.query) == ("Far overdue", "tab=now&whose=team&days_past_due_min=61")
    assert 'href="/?tab=now&whose=team&days_past_due_min=61"' in text(at_desk, "/?tab=held")
    at_desk.post("/tasks/views/", {"name": "Far overdue", "query": "tab=held&whose=mine"})
    assert SavedView.objects.get().query == "tab=held&whose=mine"
    ben = signed_in(make_user("ben", Role.OFFICER, officer.team))
    assert "Far overdue" not in text(ben, "/?tab=now")
    ben.post(f"/tasks/views/{view.pk}/drop/")
    assert SavedView.objects.count() == 1, "a colleague's view is not theirs to drop"
    at_desk.post(f"/tasks/views/{view.pk}/drop/")
    assert SavedView.objects.count() == 0


def test_a_view_needs_a_name_and_there_are_not_endlessly_many(
    at_desk: Client, officer: User
) -> None:
    answer = at_desk.post("/tasks/views/", {"name": " ", "query": "tab=now"}, follow=True)
    assert "A view is kept under a name." in answer.content.decode()
    for number in range(20):
        SavedView.objects.create(user=officer, name=f"View {number}", query="tab=now")
    answer = at_desk.post("/tasks/views/", {"name": "One more", "query": "tab=now"}, follow=True)
    assert "20 views are kept; delete one of them first." in answer.content.decode()
    assert SavedView.objects.count() == 20


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "ż" * 400])
def test_a_hostile_name_is_only_text(at_desk: Client, name: str) -> None:
    at_desk.post("/tasks/views/", {"name": name, "query": "tab=now&whose=team"})
    page = at_desk.get("/?tab=now&whose=team").content.decode()
    assert "<script>alert" not in page
    assert len(SavedView.objects.get().name) <= 40

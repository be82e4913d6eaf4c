"""The band of the case page: who has the case, and what can be done about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from cases.lifecycle import WorkKind
from cases.models import Case, Hold, InHand, TakenOver, WorkItem
from cases.operations import take_case_in_hand
from kernel import clock
from staff.models import Team, User
from staff.rights import Role
from tests.integration.cases.builders import actor_of, make_user
from tests.integration.desk.conftest import AT, ON, add_work, signed_in

pytestmark = pytest.mark.django_db
MakeCase = Callable[..., Case]


@pytest.fixture
def ben(north: Team) -> User:
    return make_user("ben", Role.OFFICER, north)


def text(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def test_the_second_sees_who_has_the_case_and_since_when(
    case: Case, officer: User, ben: User
) -> None:
    take_case_in_hand(case_id=case.pk, actor=actor_of(officer), at=AT)
    page = text(signed_in(ben), f"/cases/{case.number}/")
    assert "Anna has this case in hand" in page
    assert "since 11:00" in page
    assert "/hand/take-over/" in page
    assert "In your hands" in text(signed_in(officer), f"/cases/{case.number}/")


def test_looking_is_seen_by_others_and_takes_nothing(case: Case, ben: User, officer: User) -> None:
    text(signed_in(officer), f"/cases/{case.number}/")
    page = text(signed_in(ben), f"/cases/{case.number}/")
    assert "Nobody has this case in hand" in page
    assert "Anna looks at it too" in page
    assert not InHand.objects.exists()


def test_who_may_only_look_is_not_seen_and_gets_no_button(case: Case, at_desk: Client) -> None:
    auditor = signed_in(make_user("hanna", Role.AUDITOR))
    assert "/hand/" not in text(auditor, f"/cases/{case.number}/").replace("/hand/?state", "")
    assert "looks at it too" not in text(at_desk, f"/cases/{case.number}/")


def test_the_page_asks_again_and_gets_an_answer_only_when_something_changed(
    case: Case, at_desk: Client, ben: User
) -> None:
    page = text(at_desk, f"/cases/{case.number}/")
    asked = page.split('hx-get="')[1].split('"')[0]
    assert at_desk.get(asked).status_code == 204
    take_case_in_hand(case_id=case.pk, actor=actor_of(ben), at=AT)
    assert "Ben has this case in hand" in text(at_desk, asked)


def test_a_page_that_only_stays_open_does_not_keep_the_case_in_hand(
    case: Case, at_desk: Client, officer: User
) -> None:
    take_case_in_hand(case_id=case.pk, actor=actor_of(officer), at=AT)
    with clock.fixed_at(AT + timedelta(minutes=10)):
        at_desk.get(f"/cases/{case.number}/hand/")
        assert InHand.objects.get().until == AT + timedelta(minutes=30)
        at_desk.get(f"/cases/{case.number}/")
        assert InHand.objects.get().until == AT + timedelta(minutes=40)


def test_an_act_on_a_case_that_a_colleague_has_is_refused_and_keeps_what_was_entered(
    case: Case, at_desk: Client, officer: User, ben: User
) -> None:
    take_case_in_hand(case_id=case.pk, actor=actor_of(ben), at=AT)
    form = {"kind": "dispute", "reason": "Says it is paid", "until_on": ""}
    answer = at_desk.post(f"/cases/{case.number}/hold/", form)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Ben has the case in hand since 12.05.2026" in page
    assert "Says it is paid" in page
    assert not Hold.objects.exists()


def test_an_act_takes_the_free_case_in_hand(case: Case, at_desk: Client, officer: User) -> None:
    form = {"kind": "dispute", "reason": "Says it is paid", "until_on": ""}
    assert at_desk.post(f"/cases/{case.number}/hold/", form).status_code == 302
    assert InHand.objects.get().user == officer


def test_taking_over_needs_a_reason_and_the_first_reads_it_on_every_page_until_read(
    case: Case, at_desk: Client, officer: User, ben: User
) -> None:
    take_case_in_hand(case_id=case.pk, actor=actor_of(officer), at=AT)
    second = signed_in(ben)
    second.post(f"/cases/{case.number}/hand/take-over/", {"reason": ""})
    assert InHand.objects.get().user == officer
    second.post(f"/cases/{case.number}/hand/take-over/", {"reason": "He called me"})
    assert InHand.objects.get().user == ben
    for path in ("/", "/cases/?status=open"):
        assert "Ben took over your case" in text(at_desk, path)
        assert "He called me" in text(at_desk, path)
    assert "took over your case" not in text(second, "/")
    told = TakenOver.objects.get()
    second.post(f"/told/{told.pk}/")
    assert "took over your case" in text(at_desk, "/")
    at_desk.post(f"/told/{told.pk}/")
    assert "took over your case" not in text(at_desk, "/")


def test_done_and_next_goes_from_case_to_case_without_the_list(
    make_case: MakeCase, at_desk: Client, officer: User
) -> None:
    first, second = (
        add_work(make_case(owner=officer), due_on=ON - timedelta(days=late)) for late in (2, 1)
    )
    at_desk.post("/next/")
    answer = at_desk.post(
        f"/cases/{first.case.number}/done/", {"note": "Spoke", "work_item": str(first.pk)}
    )
    assert answer.headers["Location"] == f"/cases/{second.case.number}/"
    first.refresh_from_db()
    assert first.status == "done"
    assert "Done: Call" in text(at_desk, answer.headers["Location"])
    answer = at_desk.post(f"/cases/{second.case.number}/done/", {"work_item": str(second.pk)})
    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize(
    ("kind", "finish"), [(WorkKind.CALL, "log the contact"), (WorkKind.REVIEW, "Done and next")]
)
def test_a_call_is_finished_by_what_came_of_it_and_other_work_in_words(
    make_case: MakeCase, at_desk: Client, officer: User, kind: WorkKind, finish: str
) -> None:
    item = add_work(make_case(owner=officer), kind=kind)
    page = text(at_desk, f"/cases/{item.case.number}/")
    band = page[page.index('id="in-hand"') : page.index("</section>", page.index('id="in-hand"'))]
    assert finish in band
    assert ('href="#contact-log" data-key="d"' in band) is (kind is WorkKind.CALL)
    assert ("Done without a contact" in page) is (kind is WorkKind.CALL)


def test_work_of_another_case_is_not_finished_by_naming_it(
    make_case: MakeCase, at_desk: Client, officer: User
) -> None:
    mine, other = (add_work(make_case(owner=officer)) for _ in range(2))
    at_desk.post(f"/cases/{mine.case.number}/done/", {"work_item": str(other.pk)})
    assert set(WorkItem.objects.values_list("status", flat=True)) == {"open"}


def test_putting_back_frees_the_case(case: Case, at_desk: Client) -> None:
    at_desk.post("/next/")
    assert InHand.objects.exists()
    assert at_desk.post(f"/cases/{case.number}/hand/put-back/").headers["Location"] == "/"
    assert not InHand.objects.exists()
    answer = at_desk.post(f"/cases/{case.number}/hand/put-back/", follow=True)
    assert "You do not have the case in hand any more." in answer.content.decode()


def test_no_hand_of_another_team_is_shown_or_taken(case: Case, south: Team) -> None:
    stranger = signed_in(make_user("sven", Role.OFFICER, south))
    assert stranger.get(f"/cases/{case.number}/hand/").status_code == 404
    for act in ("hand/take", "hand/take-over", "hand/put-back", "done"):
        assert stranger.post(f"/cases/{case.number}/{act}/", {"reason": "x"}).status_code == 404


def test_what_was_typed_is_not_lost_when_a_colleague_has_the_case(
    case: Case, at_desk: Client, ben: User
) -> None:
    item = WorkItem.objects.get(case=case)
    take_case_in_hand(case_id=case.pk, actor=actor_of(ben), at=AT)
    typed = {"note": "Spoke with the sister", "work_item": str(item.pk)}

    done = at_desk.post(f"/cases/{case.number}/done/", typed)
    finished = at_desk.post(f"/cases/{case.number}/todo/{item.pk}/finish/", typed)

    assert (done.status_code, finished.status_code) == (422, 422)
    assert "Not saved: “Spoke with the sister”" in done.content.decode()
    assert 'value="Spoke with the sister"' in finished.content.decode()
    item.refresh_from_db()
    assert item.status == "open"

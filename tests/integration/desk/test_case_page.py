from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.lifecycle import HoldKind, WorkStatus
from cases.models import Case, Hold, WorkItem
from contacts.models import Attempt, Promise
from ledger.models import Posting
from staff.models import Team, User
from staff.rights import Role
from tests.integration.cases.builders import make_debt, make_user
from tests.integration.desk.conftest import ON, signed_in

pytestmark = pytest.mark.django_db
MakeCase = Callable[..., Case]


def _contact(**changes: str) -> dict[str, str]:
    return {
        "way": "phone.out",
        "result": "spoke",
        "note": "",
        "submission": "f-1",
        **changes,
    }


def test_the_page_names_the_debtor_the_debt_and_what_to_do(at_desk: Client, case: Case) -> None:
    page = at_desk.get(f"/cases/{case.number}/").content.decode()

    assert "Wąsik Łucja" in page
    assert "1\u00a0250,00" in page
    assert "The strategy asks for a call" in page
    assert "Cash loan" in page


def test_contact_points_are_masked(at_desk: Client, case: Case) -> None:
    value = case.debtor.contact_points.get(kind="mobile").value

    page = at_desk.get(f"/cases/{case.number}/").content.decode()

    assert value not in page
    assert value[-2:] in page


def test_a_case_of_another_team_is_as_if_it_were_not_there(
    at_desk: Client, make_case: MakeCase, south: Team
) -> None:
    theirs = make_case(team=south)

    assert at_desk.get(f"/cases/{theirs.number}/").status_code == 404
    assert at_desk.post(f"/cases/{theirs.number}/hold/", {}).status_code == 404


def test_an_auditor_may_look_and_change_nothing(case: Case) -> None:
    auditor = signed_in(make_user("ewa", Role.AUDITOR))

    assert auditor.get(f"/cases/{case.number}/").status_code == 200
    for act in ("hold", "todo", "payment", "contact"):
        assert auditor.post(f"/cases/{case.number}/{act}/", {}).status_code == 403


def test_more_debts_need_no_more_queries(at_desk: Client, case: Case) -> None:
    at_desk.get(f"/cases/{case.number}/")
    with CaptureQueriesContext(connection) as few:
        at_desk.get(f"/cases/{case.number}/")
    for _ in range(11):
        make_debt(case.debtor)
    with CaptureQueriesContext(connection) as many:
        at_desk.get(f"/cases/{case.number}/")

    assert len(many) == len(few)


def test_a_hold_is_placed_and_told_on_the_timeline(at_desk: Client, case: Case) -> None:
    answer = at_desk.post(
        f"/cases/{case.number}/hold/",
        {"kind": HoldKind.DISPUTE, "reason": "Says the fee is wrong", "until_on": "2026-05-20"},
        follow=True,
    )

    hold = Hold.objects.get(case=case)
    assert (hold.kind, hold.from_on) == (HoldKind.DISPUTE, ON)
    page = answer.content.decode()
    assert "The case is on hold." in page
    assert "Dispute until 20.05.2026: Says the fee is wrong" in page


def test_a_refused_hold_keeps_what_was_entered_and_says_why(at_desk: Client, case: Case) -> None:
    form = {"kind": HoldKind.DISPUTE, "reason": "Once more", "until_on": "2026-01-01"}

    answer = at_desk.post(f"/cases/{case.number}/hold/", form)

    assert answer.status_code == 422
    page = answer.content.decode()
    assert "01.01.2026 has passed." in page
    assert "Once more" in page
    assert not Hold.objects.exists()


def test_a_hold_placed_by_hand_is_ended_with_a_reason(at_desk: Client, case: Case) -> None:
    at_desk.post(f"/cases/{case.number}/hold/", {"kind": HoldKind.OTHER, "reason": "Waits"})
    hold = Hold.objects.get(case=case)

    at_desk.post(f"/cases/{case.number}/holds/{hold.pk}/end/", {"reason": "No more"})

    hold.refresh_from_db()
    assert hold.ended_on == ON


def test_a_hold_that_is_ended_without_a_reason_says_so_in_its_own_form(
    at_desk: Client, case: Case
) -> None:
    for kind in (HoldKind.OTHER, HoldKind.DISPUTE):
        at_desk.post(f"/cases/{case.number}/hold/", {"kind": kind, "reason": "Waits"})
    hold = Hold.objects.filter(case=case).latest("id")

    answer = at_desk.post(f"/cases/{case.number}/holds/{hold.pk}/end/", {"reason": " "})

    page = answer.content.decode()
    assert answer.status_code == 422
    forms = page.split("End the hold: ")[1:]
    told = [form for form in forms if "This field is required." in form.split("</form>")[0]]
    assert len(told) == 1
    assert page.count('<details class="fold" open><summary>End the hold') == 1


def test_a_logged_call_with_a_promise_holds_the_case_and_does_the_work(
    at_desk: Client, case: Case
) -> None:
    form = _contact(result="promised", amount="1 250,00", promised_on="2026-05-15")

    answer = at_desk.post(f"/cases/{case.number}/contact/", form, follow=True)

    assert answer.status_code == 200
    promise = Promise.objects.get(case=case)
    assert (promise.amount_minor, promise.currency) == (125_000, "PLN")
    assert Hold.objects.get(case=case).kind == HoldKind.PROMISE
    assert WorkItem.objects.get(case=case).status == WorkStatus.DONE


def test_a_promise_without_an_amount_is_asked_for(at_desk: Client, case: Case) -> None:
    answer = at_desk.post(f"/cases/{case.number}/contact/", _contact(result="promised"))

    assert answer.status_code == 422
    page = answer.content.decode()
    assert "How much?" in page
    assert "By when?" in page
    assert not Attempt.objects.exists()


def test_the_same_form_sent_twice_logs_once(at_desk: Client, case: Case) -> None:
    for _ in range(2):
        at_desk.post(f"/cases/{case.number}/contact/", _contact(result="no_answer"))

    assert Attempt.objects.filter(case=case).count() == 1


def test_a_second_conversation_on_one_day_is_refused_with_its_rule(
    at_desk: Client, case: Case
) -> None:
    at_desk.post(f"/cases/{case.number}/contact/", _contact())

    answer = at_desk.post(f"/cases/{case.number}/contact/", _contact(submission="f-2"))

    assert answer.status_code == 422
    assert "Spoken with today: 1 of 1" in answer.content.decode()


def test_a_payment_whose_form_came_twice_is_posted_once_to_the_chosen_debt(
    case: Case, north: Team
) -> None:
    leader = signed_in(make_user("lena", Role.TEAM_LEADER, north))
    debt = case.debtor.parties.get().debt
    form = {
        "debt": str(debt.pk),
        "amount": "250",
        "value_on": "2026-05-11",
        "reference": "Transfer 7",
        "submission": "p-1",
    }

    page = leader.get(f"/cases/{case.number}/").content.decode()
    assert page.count('name="submission"') == 5  # contact, work, hold, note and payment
    leader.post(f"/cases/{case.number}/payment/", form)
    answer = leader.post(f"/cases/{case.number}/payment/", form, follow=True)

    debt.account.refresh_from_db()
    assert debt.account.due_minor == 100_000
    assert Posting.objects.filter(account=debt.account, amount_minor=-25_000).count() == 1
    assert "Transfer 7" in answer.content.decode()


def test_a_payment_names_only_a_debt_of_the_case(
    case: Case, make_case: MakeCase, north: Team
) -> None:
    leader = signed_in(make_user("lena", Role.TEAM_LEADER, north))
    foreign = make_case().debtor.parties.get().debt
    form = {
        "debt": str(foreign.pk),
        "amount": "250",
        "value_on": "2026-05-11",
        "reference": "x",
        "submission": "p-2",
    }

    assert leader.post(f"/cases/{case.number}/payment/", form).status_code == 422
    assert not Posting.objects.exists()


def test_work_is_put_on_the_list_and_finished(at_desk: Client, case: Case, officer: User) -> None:
    form = {"kind": "review", "due_on": "2026-05-14", "note": "Look at the fee"}
    at_desk.post(f"/cases/{case.number}/todo/", form)
    item = WorkItem.objects.get(case=case, kind="review")

    page = at_desk.get(f"/cases/{case.number}/").content.decode()
    at_desk.post(f"/cases/{case.number}/todo/{item.pk}/finish/", {"note": "Seen"})

    item.refresh_from_db()
    assert "Look at the fee" in page
    assert item.status == WorkStatus.DONE

"""Logging a contact at the desk: said back as one types, refused at the field, undone in time."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.lifecycle import HoldKind, WorkKind
from cases.models import Case, Hold, Note, WorkItem
from cases.operations import take_case_in_hand
from contacts.models import Attempt, ContactDraft, Promise
from debtors.lifecycle import PartyRole
from debtors.models import ContactPoint, DebtParty
from kernel import clock
from staff.models import Team, User
from staff.rights import Role
from tests.integration.cases.builders import actor_of, make_debt, make_debtor, make_user
from tests.integration.desk.conftest import AT, ON, add_work, name_debtor, signed_in

pytestmark = pytest.mark.django_db
MakeCase = Callable[..., Case]
HTMX = {"HX-Request": "true"}


def fields(case: Case, **changes: str) -> dict[str, str]:
    """The form as it leaves the browser."""
    return {
        "way": "phone.out",
        "person": str(case.debtor_id),
        "contact_point": "",
        "result": "no_answer",
        "note": "",
        "submission": "f-1",
        "then": "stay",
        **changes,
    }


def log(client: Client, case: Case, **changes: str) -> str:
    """Log a contact and follow to the next page."""
    answer = client.post(f"/cases/{case.number}/contact/", fields(case, **changes), follow=True)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def refused(client: Client, case: Case, **changes: str) -> str:
    answer = client.post(f"/cases/{case.number}/contact/", fields(case, **changes))
    assert answer.status_code == 422
    assert not Attempt.objects.exists()
    return answer.content.decode()


def echo(client: Client, case: Case, **changes: str) -> str:
    address = f"/cases/{case.number}/contact/echo/"
    answer = client.post(address, fields(case, **changes), headers=HTMX)
    assert answer.status_code == 200
    return answer.content.decode()


def undo_form(page: str) -> dict[str, str]:
    found = re.search(r'name="kind" value="(\w+)".*?name="ids" value="([\d.]+)"', page, re.DOTALL)
    assert found is not None
    return {"kind": found[1], "ids": found[2]}


@pytest.fixture
def wife(case: Case) -> None:
    debt = case.debtor.parties.get().debt
    wife = make_debtor()
    name_debtor(wife, "Wąsik Maria")
    DebtParty.objects.create(debt=debt, debtor=wife, role=PartyRole.CO_DEBTOR)


def test_everybody_on_the_debt_is_offered_by_name_and_somebody_else(
    at_desk: Client, case: Case, wife: None
) -> None:
    page = at_desk.get(f"/cases/{case.number}/").content.decode()
    choices = re.findall(r'name="person".*?<kbd[^>]*>(\w)</kbd><span>([^<]+)<', page)
    assert choices == [("B", "Jan T."), ("O", "Jan T."), ("T", "Somebody else")]
    assert page.count('data-kind="phone"') == 2


def test_the_first_number_that_may_be_called_is_chosen_already(at_desk: Client, case: Case) -> None:
    mobile = ContactPoint.objects.get(debtor=case.debtor, kind="mobile")
    page = at_desk.get(f"/cases/{case.number}/").content.decode()
    assert re.search(rf'<option value="{mobile.pk}"[^>]* selected>', page)
    assert mobile.value not in page


@pytest.mark.parametrize("line", ["500 pt", "500 friday", "500 15.5", "500 za 3 dni", "40% fri"])
def test_a_promise_in_one_line_is_logged_as_it_was_said_back(
    at_desk: Client, case: Case, line: str
) -> None:
    said = echo(at_desk, case, result="promised", quick=line)
    assert "500,00\u00a0zł by Fri\u00a015.05.2026" in said
    assert "750,00\u00a0zł stays overdue." in said
    assert "check the promise" in said
    assert "Mon\u00a018.05.2026" in said
    assert "Spoke with Wąsik Łucja. Promised 500,00\u00a0zł by 15.05.2026." in said
    assert 'data-amount="500,00"' in said
    assert 'data-day="15.05.2026"' in said

    log(at_desk, case, result="promised", quick=line)
    promise = Promise.objects.get()
    assert (promise.amount_minor, promise.due_on) == (50_000, date(2026, 5, 15))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"quick": "500"}, "By when?"),
        ({"quick": "friday"}, "How much?"),
        ({"quick": "500 soon"}, "Not understood: “soon”."),
        ({"quick": "500 next friday"}, "It can be read in more than one way"),
        ({"quick": "500 11.5"}, "11.05.2026 has passed."),
        ({"quick": "500 27.5"}, "That is too late: 26.05.2026 is the last day."),
        ({"quick": "6000 friday"}, "No more can be promised than is owed: 5\u00a0000,00\u00a0zł."),
        ({"amount": "500", "promised_on": "27.5"}, "That is too late"),
        ({"amount": "6000", "promised_on": "15.5"}, "No more can be promised"),
        ({"amount": "500,555", "promised_on": "15.5"}, "Too many decimal places"),
        ({"amount": "x", "promised_on": "15.5"}, "Give an amount such as"),
        ({"amount": "500"}, "By when?"),
    ],
)
def test_a_promise_that_cannot_be_taken_is_refused_at_its_field(
    at_desk: Client, case: Case, changes: dict[str, str], why: str
) -> None:
    page = refused(at_desk, case, result="promised", note="He was polite", **changes)
    assert why in page
    assert "He was polite" in page
    assert "autofocus" in page


def test_the_line_wins_over_fields_that_it_has_filled(at_desk: Client, case: Case) -> None:
    log(at_desk, case, result="promised", quick="half fri", amount="999,99", promised_on="nope")
    assert Promise.objects.get().amount_minor == 62_500


def test_what_may_be_promised_is_said_before_anybody_tries(
    at_desk: Client, case: Case, north: Team
) -> None:
    page = at_desk.get(f"/cases/{case.number}/").content.decode()
    assert "At most 10 working days ahead, until 26.05.2026; until 12.06.2026: Team leader" in page
    leader = signed_in(make_user("lena", Role.TEAM_LEADER, north))
    assert "At the latest 12.06.2026." in leader.get(f"/cases/{case.number}/").content.decode()


def test_after_two_broken_promises_the_form_says_that_no_third_is_taken(
    at_desk: Client, case: Case
) -> None:
    for day in (1, 2):
        Promise.objects.create(
            case=case,
            amount_minor=100,
            currency="PLN",
            made_on=case.opened_on,
            due_on=case.opened_on + timedelta(days=day),
            status="broken",
        )
    page = at_desk.get(f"/cases/{case.number}/").content.decode()
    assert "only a team leader takes another one" in page
    assert "A call after a broken promise" in page, "in the reader's language"
    assert "only a team leader" in refused(at_desk, case, result="promised", quick="500 fri")


def test_the_guard_says_at_the_form_until_when_and_who_may_set_it_aside(
    at_desk: Client, case: Case
) -> None:
    log(at_desk, case, result="spoke")
    page = at_desk.get(f"/cases/{case.number}/").content.decode()
    assert "Spoken with today: 1 of 1 (13.05.2026)." in page
    assert "May set it aside: Compliance officer." in page


def test_a_rule_of_law_is_set_aside_by_nobody(at_desk: Client, case: Case) -> None:
    Hold.objects.create(
        case=case, kind=HoldKind.DEATH, from_on=ON, placed_at=AT, actor_kind="user", actor_id="1"
    )
    page = at_desk.get(f"/cases/{case.number}/").content.decode()
    assert "It is the law: nobody can set it aside." in page


def test_the_note_is_made_of_the_choices_and_only_own_words_are_kept(
    at_desk: Client, case: Case
) -> None:
    made = "Spoke with Wąsik Łucja. Refuses to pay: has no money."
    said = echo(at_desk, case, result="refused", refusal="no_money")
    assert f'data-note="{made}"' in said

    page = log(
        at_desk, case, result="refused", refusal="no_money", note=f"{made} Salary on the 19th"
    )
    attempt = Attempt.objects.get()
    assert attempt.note == "Salary on the 19th"
    assert attempt.details == {"refusal": "no_money"}
    assert "Refused to pay, has no money: Salary on the 19th" in page


def test_a_call_back_names_its_moment_and_is_on_the_list(at_desk: Client, case: Case) -> None:
    said = echo(at_desk, case, result="call_back", call_back="thu 14:00")
    assert "call back" in said
    assert "Thu\u00a014.05.2026 at 14:00" in said
    log(at_desk, case, result="call_back", call_back="thu 14:00")
    item = WorkItem.objects.get(status="open")
    assert (item.kind, item.due_on) == (WorkKind.CALL, date(2026, 5, 14))
    page = at_desk.get(f"/cases/{case.number}/").content.decode()
    assert "The debtor asked to be called on 14.05.2026\u00a014:00" in page


@pytest.mark.parametrize(
    ("moment", "why"),
    [
        ("", "When? Write it as tomorrow 14:00."),
        ("thursday", "At what time? Write it as 14:00."),
        ("thursday 21:00", "Calls are allowed from 08:00 to 20:00"),
        ("sunday 12:00", "Nobody is called on Sundays and public holidays."),
        ("10:00", "That moment has passed."),
    ],
)
def test_a_call_back_at_an_impossible_moment_is_refused_at_its_field(
    at_desk: Client, case: Case, moment: str, why: str
) -> None:
    assert why in refused(at_desk, case, result="call_back", call_back=moment)


def test_a_wrong_number_is_given_up_and_another_one_looked_for(at_desk: Client, case: Case) -> None:
    mobile = ContactPoint.objects.get(debtor=case.debtor, kind="mobile")
    choices = {
        "result": "wrong_person",
        "person": "other",
        "contact_point": str(mobile.pk),
        "gives_up_point": "on",
    }
    assert "find another phone number by" in echo(at_desk, case, **choices)
    log(at_desk, case, **choices)
    mobile.refresh_from_db()
    assert not mobile.is_usable
    assert WorkItem.objects.filter(kind=WorkKind.FIND_PHONE, status="open").exists()


def test_a_dispute_is_held_only_where_it_is_said_what_is_disputed(
    at_desk: Client, case: Case
) -> None:
    page = refused(at_desk, case, result="disputes", holds_dispute="on")
    assert "Say what is disputed; it is the reason of the hold." in page
    log(at_desk, case, result="disputes", holds_dispute="on", dispute="The fee of May")
    hold = Hold.objects.get()
    assert (hold.kind, hold.reason) == (HoldKind.DISPUTE, "The fee of May")


def test_a_dispute_may_be_noted_without_a_hold(at_desk: Client, case: Case) -> None:
    log(at_desk, case, result="disputes", dispute="The fee of May")
    assert not Hold.objects.exists()
    assert Attempt.objects.get().details == {"dispute": "The fee of May"}


def test_somebody_else_promises_nothing(at_desk: Client, case: Case) -> None:
    page = refused(at_desk, case, result="promised", person="other", quick="500 fri")
    assert "Somebody else can only take a message or be the wrong person." in page


def test_steps_of_the_script_that_were_ticked_are_kept_with_its_version(
    at_desk: Client, case: Case
) -> None:
    form = {**fields(case, result="spoke", script="call/1"), "said": ["identify", "purpose"]}
    at_desk.post(f"/cases/{case.number}/contact/", form)
    details = Attempt.objects.get().details
    assert details == {"script": "call/1", "said": ["identify", "purpose"]}


def test_a_refusal_of_a_part_of_the_page_is_that_part_alone(at_desk: Client, case: Case) -> None:
    answer = at_desk.post(
        f"/cases/{case.number}/contact/", fields(case, result="promised"), headers=HTMX
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "How much?" in page
    assert "<html" not in page
    done = at_desk.post(f"/cases/{case.number}/contact/", fields(case), headers=HTMX)
    assert done.headers["HX-Redirect"] == f"/cases/{case.number}/"


def test_saying_back_writes_nothing(at_desk: Client, case: Case) -> None:
    with CaptureQueriesContext(connection) as queries:
        echo(at_desk, case, result="promised", quick="500 pt")
    assert not Attempt.objects.exists()
    assert not ContactDraft.objects.exists()
    writing = [q["sql"] for q in queries if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert [sql for sql in writing if "django_session" not in sql] == []


def test_what_is_typed_is_kept_and_stands_there_when_the_page_is_opened_again(
    at_desk: Client, case: Case
) -> None:
    address = f"/cases/{case.number}/contact/draft/"
    kept = at_desk.post(address, fields(case, result="promised", quick="500 pt", note="Polite"))
    assert "Kept at 11:00, not logged yet" in kept.content.decode()

    page = at_desk.get(f"/cases/{case.number}/").content.decode()
    assert 'value="500 pt"' in page
    assert "Polite" in page
    assert re.search(r'value="promised" checked', page)
    assert "500,00\u00a0zł by Fri" in page

    log(at_desk, case, result="promised", quick="500 pt")
    assert not ContactDraft.objects.exists()


def test_a_draft_is_discarded_and_an_untouched_form_is_none(at_desk: Client, case: Case) -> None:
    address = f"/cases/{case.number}/contact/draft/"
    at_desk.post(address, fields(case, result=""))
    assert not ContactDraft.objects.exists()
    at_desk.post(address, fields(case, note="Polite"))
    assert ContactDraft.objects.exists()
    at_desk.post(address, {"discard": "1"})
    assert not ContactDraft.objects.exists()


def test_save_and_next_finishes_what_the_call_settles_and_opens_the_next_case(
    at_desk: Client, case: Case, make_case: MakeCase, officer: User
) -> None:
    other = make_case(owner=officer, name="Nowak Adam")
    add_work(other)
    review = add_work(case, kind=WorkKind.REVIEW, due_on=ON + timedelta(days=1))
    take_case_in_hand(case_id=case.pk, actor=actor_of(officer), at=AT)

    answer = at_desk.post(
        f"/cases/{case.number}/contact/",
        fields(case, result="spoke", then="next"),
        follow=True,
    )
    assert answer.redirect_chain[-1][0] == f"/cases/{other.number}/"
    page = answer.content.decode()
    assert "Wąsik Łucja, T-001." in page
    assert "The contact is logged." in page
    assert WorkItem.objects.get(case=case, kind=WorkKind.CALL).status == "done"
    review.refresh_from_db()
    assert review.status == "open"


def test_what_a_case_was_taken_for_and_nobody_was_reached_about_waits(
    at_desk: Client, case: Case, make_case: MakeCase, officer: User
) -> None:
    WorkItem.objects.all().delete()
    broken = add_work(case, kind=WorkKind.BROKEN_PROMISE, due_on=ON - timedelta(days=1))
    other = make_case(owner=officer)
    add_work(other)
    assert at_desk.post("/next/").headers["Location"] == f"/cases/{case.number}/"

    answer = at_desk.post(f"/cases/{case.number}/contact/", fields(case, then="next"), follow=True)
    assert answer.redirect_chain[-1][0] == f"/cases/{other.number}/"
    broken.refresh_from_db()
    assert broken.status == "open"


def test_what_a_case_was_taken_for_is_done_once_it_was_talked_about(
    at_desk: Client, case: Case, officer: User
) -> None:
    WorkItem.objects.all().delete()
    review = add_work(case, kind=WorkKind.REVIEW)
    at_desk.post("/next/")

    answer = at_desk.post(
        f"/cases/{case.number}/contact/", fields(case, result="spoke", then="next"), follow=True
    )
    assert answer.redirect_chain[-1][0] == "/"
    review.refresh_from_db()
    assert review.status == "done"
    page = answer.content.decode()
    assert "Wąsik Łucja, T-001." in page

    at_desk.post(f"/cases/{case.number}/undo/", undo_form(page))
    review.refresh_from_db()
    assert review.status == "open"


def test_who_wants_instalments_is_worked_out_at_once(at_desk: Client, case: Case) -> None:
    form = fields(case, result="wants_instalments", then="instalments")
    answer = at_desk.post(f"/cases/{case.number}/contact/", form)
    assert answer.headers["Location"] == f"/negotiate/{case.number}/"


def test_a_contact_is_undone_from_the_next_page_and_both_stand_on_the_timeline(
    at_desk: Client, case: Case
) -> None:
    page = log(at_desk, case, result="promised", quick="500 pt")
    assert "for another 10 seconds" in page

    answer = at_desk.post(f"/cases/{case.number}/undo/", undo_form(page), follow=True)

    page = answer.content.decode()
    assert "Taken back. Both stand on the timeline." in page
    assert "Struck out: Phone, Promised to pay" in page
    assert Promise.objects.get().status == "withdrawn"
    assert "data-countdown" not in page


def test_after_its_time_undo_is_neither_offered_nor_granted(at_desk: Client, case: Case) -> None:
    form = undo_form(log(at_desk, case))
    with clock.fixed_at(AT + timedelta(seconds=11)):
        page = at_desk.get(f"/cases/{case.number}/").content.decode()
        assert "data-countdown" not in page
    with clock.fixed_at(AT + timedelta(seconds=16)):
        answer = at_desk.post(f"/cases/{case.number}/undo/", form, follow=True)
        assert "It can be taken back for ten seconds only." in answer.content.decode()
    assert Attempt.objects.get().struck_at is None


def test_nobody_undoes_what_another_did(at_desk: Client, case: Case, north: Team) -> None:
    form = undo_form(log(at_desk, case))
    colleague = signed_in(make_user("olga", Role.OFFICER, north))
    answer = colleague.post(f"/cases/{case.number}/undo/", form, follow=True)
    assert "Only who did it can take it back." in answer.content.decode()
    stranger = signed_in(make_user("sven", Role.OFFICER, Team.objects.create(name="South")))
    assert stranger.post(f"/cases/{case.number}/undo/", form).status_code == 404
    assert Attempt.objects.get().struck_at is None


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"kind": "contact"},
        {"kind": "x", "ids": "1"},
        {"kind": "hold", "ids": "x"},
        {"kind": "hold", "ids": "1..2"},
        {"kind": "hold", "ids": ".".join(["1"] * 101)},
        {"kind": "hold", "ids": "9" * 30},
    ],
)
def test_an_undo_of_nothing_is_not_found(at_desk: Client, case: Case, form: dict[str, str]) -> None:
    assert at_desk.post(f"/cases/{case.number}/undo/", form).status_code == 404


def test_holds_notes_and_finished_work_are_undone_too(
    at_desk: Client, case: Case, officer: User
) -> None:
    address = f"/cases/{case.number}"
    acts = {
        "hold": {"kind": HoldKind.OTHER, "reason": "Waits", "submission": "h"},
        "note": {"text": "Works nights", "submission": "n"},
        f"todo/{WorkItem.objects.get().pk}/finish": {"note": "Seen"},
    }
    for act, form in acts.items():
        page = at_desk.post(f"{address}/{act}/", form, follow=True).content.decode()
        at_desk.post(f"{address}/undo/", undo_form(page))
    assert Hold.objects.get().ended_on == ON
    assert Note.objects.get().struck_at == AT
    assert WorkItem.objects.get().status == "open"


def test_rows_that_were_put_aside_are_brought_back_together(
    at_desk: Client, case: Case, make_case: MakeCase, officer: User
) -> None:
    rows = [WorkItem.objects.get(), add_work(make_case(owner=officer))]
    form = {
        "item": [str(row.pk) for row in rows],
        "day": "2026-05-14",
        "reason": "Waits for the bank",
    }
    page = at_desk.post("/tasks/aside/", form, follow=True).content.decode()
    assert {row.due_on for row in WorkItem.objects.all()} == {date(2026, 5, 14)}

    answer = at_desk.post(f"/cases/{case.number}/undo/", undo_form(page), follow=True)
    assert answer.redirect_chain[-1][0] == "/"
    assert {row.due_on for row in WorkItem.objects.all()} == {ON}


def test_save_and_next_sent_twice_logs_once_and_leads_to_the_same_case(
    at_desk: Client, case: Case, make_case: MakeCase, officer: User
) -> None:
    other = make_case(owner=officer)
    add_work(other)
    at_desk.post("/next/")
    form = fields(case, result="spoke", then="next")
    found = {
        at_desk.post(f"/cases/{case.number}/contact/", form).headers["Location"] for _ in range(2)
    }
    assert found == {f"/cases/{other.number}/"}
    assert Attempt.objects.count() == 1


def test_while_a_colleague_has_the_case_nothing_is_logged(
    at_desk: Client, case: Case, north: Team
) -> None:
    olga = make_user("olga", Role.OFFICER, north)
    take_case_in_hand(case_id=case.pk, actor=actor_of(olga), at=AT)
    page = refused(at_desk, case, note="He was polite")
    assert "Olga" in page
    assert "He was polite" in page


def test_a_note_is_written_pinned_and_taken_down(at_desk: Client, case: Case) -> None:
    form = {"text": "Works nights\nCall after 16", "is_pinned": "on", "submission": "n"}
    for _ in range(2):
        page = at_desk.post(f"/cases/{case.number}/note/", form, follow=True).content.decode()
    assert Note.objects.count() == 1
    assert "Works nights<br>Call after 16" in page
    note = Note.objects.get()
    at_desk.post(f"/cases/{case.number}/notes/{note.pk}/pin/")
    page = at_desk.get(f"/cases/{case.number}/").content.decode()
    assert "Works nights<br>" not in page


def test_an_empty_note_is_refused_in_its_part(at_desk: Client, case: Case) -> None:
    answer = at_desk.post(f"/cases/{case.number}/note/", {"text": " "}, headers=HTMX)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.lstrip().startswith("<details")
    assert "open" in page
    assert not Note.objects.exists()


def test_the_same_hold_sent_twice_is_one(at_desk: Client, case: Case) -> None:
    form = {"kind": HoldKind.OTHER, "reason": "Waits", "until_on": "in 2 weeks", "submission": "h"}
    for _ in range(2):
        assert at_desk.post(f"/cases/{case.number}/hold/", form).status_code == 302
    assert Hold.objects.get().until_on == date(2026, 5, 26)


def test_an_auditor_sees_no_panel_and_logs_nothing(case: Case) -> None:
    auditor = signed_in(make_user("ewa", Role.AUDITOR))
    assert "contact-form" not in auditor.get(f"/cases/{case.number}/").content.decode()
    for act in ("contact", "contact/echo", "contact/draft", "note"):
        assert auditor.post(f"/cases/{case.number}/{act}/", {}).status_code == 403


def test_compliance_may_not_log_but_is_shown_the_page(case: Case) -> None:
    compliance = signed_in(make_user("cora", Role.COMPLIANCE))
    answer = compliance.get(f"/cases/{case.number}/")
    assert answer.status_code == 200
    assert "contact-form" not in answer.content.decode()


def test_a_hostile_value_is_an_answer_and_no_error(at_desk: Client, case: Case) -> None:
    for name, value in (
        ("way", "phone.sideways"),
        ("person", "999999999999999999999"),
        ("contact_point", "-1"),
        ("result", "<script>"),
        ("quick", "\x00" * 10),
        ("said", "everything"),
        ("submission", "x" * 65),
    ):
        form = {**fields(case), name: value}
        assert at_desk.post(f"/cases/{case.number}/contact/", form).status_code == 422
        assert at_desk.post(f"/cases/{case.number}/contact/echo/", form).status_code == 200
    assert not Attempt.objects.exists()


def test_more_people_need_no_more_queries(at_desk: Client, case: Case) -> None:
    debt = case.debtor.parties.get().debt
    address = f"/cases/{case.number}/"
    at_desk.get(address)
    with CaptureQueriesContext(connection) as few:
        at_desk.get(address)
    for _ in range(6):
        DebtParty.objects.create(debt=debt, debtor=make_debtor(), role=PartyRole.GUARANTOR)
        make_debt(case.debtor)
    with CaptureQueriesContext(connection) as many:
        at_desk.get(address)
    assert len(many) == len(few)


def test_the_promise_reaches_the_debtor_of_the_day_on_which_it_is_logged(
    at_desk: Client, case: Case
) -> None:
    evening = datetime(2026, 5, 15, 17, 30, tzinfo=AT.tzinfo)
    with clock.fixed_at(evening):
        assert "Fri\u00a022.05.2026" in echo(at_desk, case, result="promised", quick="500 pt")


def test_only_the_caller_s_own_numbers_are_shown_when_they_have_identified_themselves(
    at_desk: Client, case: Case
) -> None:
    guarantor = make_debtor()
    debt = case.debtor.parties.get().debt
    DebtParty.objects.create(debt=debt, debtor=guarantor, role=PartyRole.GUARANTOR)
    own = case.debtor.contact_points.get(kind="email").value
    theirs = guarantor.contact_points.get(kind="email").value

    at_desk.post(f"/cases/{case.number}/identity/", {"named": ["pesel", "address"]}, follow=True)

    page = at_desk.get(f"/cases/{case.number}/").content.decode()
    assert own in page
    assert theirs not in page

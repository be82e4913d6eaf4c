"""The pages of messages and correspondence, as people use them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from cases.models import Case
from contacts.events import MESSAGE_RECIPIENT_REVEALED
from contacts.guard import Rule
from contacts.lifecycle import MessageChannel, Template
from contacts.models import (
    GuardOverride,
    Message,
    Promise,
    RestructuringRequest,
    Termination,
)
from contacts.operations import NewMessage, make_promise, queue_messages
from debtors.models import Debt
from journal.operations import Subject
from journal.queries import list_events
from kernel import clock
from kernel.actor import Actor
from staff.models import User
from staff.rights import Role
from tests.integration.cases.builders import make_user, set_due

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 12, 9, 0, tzinfo=UTC)


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


def post(user: User, name: str, data: dict[str, Any], **kwargs: Any) -> Any:
    with clock.fixed_at(NOW):
        return browser(user).post(reverse(name, kwargs=kwargs), data, follow=True)


def get(user: User, name: str, **kwargs: Any) -> str:
    with clock.fixed_at(NOW):
        return browser(user).get(reverse(name, kwargs=kwargs)).content.decode()


@pytest.fixture
def demand(case: Case, machine: Actor, at: datetime) -> Message:
    new = NewMessage(case.pk, MessageChannel.LETTER, Template.DEMAND, "d")
    (pk,) = queue_messages(messages=[new], on=date(2026, 5, 11), at=at, actor=machine)
    return Message.objects.get(pk=pk)


def test_what_waits_is_shown_with_the_answer_of_the_rules_and_handed_over(
    case: Case, demand: Message, leader: User
) -> None:
    assert "may go out" in get(leader, "messages")
    set_due(Debt.objects.get(), 0)
    page = get(leader, "messages")
    assert "will not be sent" in page
    assert "Nothing is due that could be demanded" in page
    set_due(Debt.objects.get(), 100)
    post(leader, "hand-over-messages", {"channel": "letter"})
    demand.refresh_from_db()
    assert (demand.status, demand.handed_over_on) == ("handed_over", date(2026, 5, 12))


def test_a_message_is_shown_as_it_was_written_and_its_delivery_recorded(
    case: Case, demand: Message, leader: User, officer: User
) -> None:
    page = get(officer, "message", message_id=demand.pk)
    assert "Wezwanie do zapłaty" in page
    assert "1\u00a0250,00\u00a0zł" in page
    assert reverse("record-delivery", args=[demand.pk]) not in page
    data = {"status": "delivered", "happened_on": "2026-05-12"}
    post(leader, "record-delivery", data, message_id=demand.pk)
    demand.refresh_from_db()
    assert demand.delivered_on == date(2026, 5, 12)
    again = post(leader, "record-delivery", {**data, "happened_on": "2026-05-11"},
                 message_id=demand.pk)  # fmt: skip
    assert "look at its days" in again.content.decode()


def test_to_whom_a_letter_went_is_masked_until_somebody_says_what_for(
    demand: Message, officer: User
) -> None:
    assert demand.recipient["street"] == "Prosta 1"
    page = get(officer, "message", message_id=demand.pk)
    assert demand.recipient["name"] in page
    assert "P••• ••1" in page
    for hidden in ("Prosta 1,", "00-001"):
        assert hidden not in page
    refused = post(officer, "message-recipient", {"reason": " "}, message_id=demand.pk)
    assert (refused.status_code, b"Prosta 1," in refused.content) == (422, False)
    assert _looks(demand) == []

    shown = post(officer, "message-recipient", {"reason": "It came back"}, message_id=demand.pk)
    assert "Prosta 1, 00-001 Warszawa" in shown.content.decode()
    assert shown["Cache-Control"] == "no-store"
    assert _looks(demand) == [{"message_id": demand.pk, "reason": "It came back"}]
    assert "Prosta 1," not in get(officer, "message", message_id=demand.pk)


def test_who_looked_to_whom_a_letter_went_is_named_to_those_who_watch_over_it(
    case: Case, demand: Message, officer: User
) -> None:
    post(officer, "message-recipient", {"reason": "It came back"}, message_id=demand.pk)
    page = get(make_user("ewa", Role.AUDITOR), "case", number=case.number)
    looks = page[page.index('id="looks"') :]
    assert "Recipient of a message looked at: It came back" in looks
    assert officer.full_name in looks


def _looks(message: Message) -> list[dict[str, Any]]:
    events = list_events(
        subjects=[Subject("case", message.case_id)], kinds=[MESSAGE_RECIPIENT_REVEALED]
    )
    return [dict(event.payload) for event in events]


def test_a_file_of_the_post_is_recorded_and_its_bad_lines_shown(
    demand: Message, leader: User
) -> None:
    text = f"message,status,day\n{demand.pk},delivered,2026-05-12\nx,delivered,2026-05-12\n"
    file = SimpleUploadedFile("post.csv", text.encode())
    page = post(leader, "upload-deliveries", {"file": file}).content.decode()
    assert "1 line recorded" in page
    assert "Line 3: there is no message x." in page
    bad = post(leader, "upload-deliveries", {"file": SimpleUploadedFile("x.csv", b"\xff\xfe")})
    assert bad.status_code == 422
    columns = post(leader, "upload-deliveries", {"file": SimpleUploadedFile("x.csv", b"a,b\n")})
    assert "Columns are missing" in columns.content.decode()


def test_a_request_is_recorded_and_answered_with_reasons(case: Case, officer: User) -> None:
    data = {"received_on": "2026-05-11", "note": "longer terms"}
    post(officer, "add-restructuring-request", data, number=case.number)
    request = RestructuringRequest.objects.get()
    assert "longer terms" in get(officer, "correspondence", number=case.number)
    where = {"number": case.number, "request_id": request.pk}
    refused = post(officer, "answer-restructuring-request", {"move": "refuse", "reasons": ""},
                   **where)  # fmt: skip
    assert "detailed reasons" in refused.content.decode()
    post(officer, "answer-restructuring-request", {"move": "refuse", "reasons": "no income"},
         **where)  # fmt: skip
    request.refresh_from_db()
    assert (request.status, request.answered_on) == ("refused", date(2026, 5, 12))


def test_a_promise_is_taken_back(case: Case, officer: User, as_officer: Actor) -> None:
    promise = make_promise(
        case_id=case.pk, amount_minor=1_000, currency="PLN", due_on=date(2026, 5, 20),
        actor=as_officer, at=NOW,
    )  # fmt: skip
    where = {"number": case.number, "promise_id": promise.pk}
    post(officer, "withdraw-promise", {"reason": "wrong case"}, **where)
    assert Promise.objects.get().status == "withdrawn"
    again = post(officer, "withdraw-promise", {"reason": "wrong case"}, **where)
    assert "changed meanwhile" in again.content.decode()


def test_a_termination_is_proposed_when_the_law_allows_it_and_not_before(
    case: Case, officer: User, delivered_notice: Callable[[Case, date], Message]
) -> None:
    data = {"reason": "no answer for months"}
    refused = post(officer, "propose-termination", data, number=case.number)
    assert "No delivered notice under art. 75c" in refused.content.decode()
    delivered_notice(case, date(2026, 4, 20))
    post(officer, "propose-termination", data, number=case.number)
    termination = Termination.objects.get()
    assert termination.proposed_by == officer
    where = {"number": case.number, "termination_id": termination.pk}
    post(officer, "rework-termination", {"reason": "paid", "move": "withdraw"}, **where)
    termination.refresh_from_db()
    assert termination.status == "withdrawn"


def test_compliance_sets_a_rule_aside_and_not_the_law(case: Case) -> None:
    compliance = make_user("cora", Role.COMPLIANCE)
    data = {"rule": Rule.OUTSIDE_HOURS, "on": "2026-05-12", "reason": "works nights"}
    post(compliance, "override-guard", data, number=case.number)
    assert GuardOverride.objects.get().rule == Rule.OUTSIDE_HOURS
    post(compliance, "override-guard", {**data, "rule": Rule.DEATH}, number=case.number)
    assert GuardOverride.objects.count() == 1

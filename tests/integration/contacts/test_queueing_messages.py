"""A queued message has its recipient, language and figures fixed."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from cases.lifecycle import WorkKind
from cases.models import Case, WorkItem
from cases.operations import open_cases
from contacts.creditor import load_creditor
from contacts.lifecycle import MessageChannel, Template
from contacts.models import Message
from contacts.operations import NewMessage, queue_messages
from contacts.rendering import render_message
from debtors.lifecycle import AddressKind
from debtors.models import Address, Debt
from journal.operations import Subject
from journal.queries import list_events
from kernel.actor import Actor
from ledger.models import Balance
from tests.integration.cases.builders import make_debt, make_debtor, set_due

pytestmark = pytest.mark.django_db


def queue(
    case: Case, template: Template, channel: MessageChannel | None, **kw: object
) -> list[int]:
    new = NewMessage(case.pk, channel, template, f"{template}:{case.pk}")
    return queue_messages(messages=[new], **kw)  # type: ignore[arg-type]


def test_a_letter_goes_to_the_correspondence_address_with_amounts_by_component(
    case: Case, at: datetime, on: date, machine: Actor
) -> None:
    debt = Debt.objects.get(parties__debtor=case.debtor)
    Balance.objects.create(
        account=debt.account, component="fees", due_on=date(2026, 4, 1), amount_minor=2_500
    )
    Address.objects.create(
        debtor=case.debtor,
        kind=AddressKind.CORRESPONDENCE,
        street="Inna 2",
        postal_code="80-001",
        city="Gdańsk",
    )
    (message_id,) = queue(case, Template.DEMAND, MessageChannel.LETTER, on=on, at=at, actor=machine)
    message = Message.objects.get(pk=message_id)
    assert message.recipient["street"] == "Inna 2"
    assert message.language == "pl"
    (fixed,) = message.figures["debts"]
    assert fixed["due"] == {"principal": 125_000, "fees": 2_500}
    assert fixed["owed"]["principal"] == 500_000
    assert fixed["contract_no"] == debt.contract_no
    set_due(debt, 50)
    message.refresh_from_db()
    assert message.figures["debts"][0]["due_minor"] == 125_000


def test_the_same_cause_makes_one_message(
    case: Case, at: datetime, on: date, machine: Actor
) -> None:
    assert len(queue(case, Template.REMINDER, None, on=on, at=at, actor=machine)) == 1
    assert queue(case, Template.REMINDER, None, on=on, at=at, actor=machine) == []
    assert Message.objects.get().channel == MessageChannel.SMS


def test_the_preferred_channel_is_taken_where_the_debtor_has_it(
    case: Case, at: datetime, on: date, machine: Actor
) -> None:
    case.debtor.preferred_channel = "email"
    case.debtor.save()
    queue(case, Template.REMINDER, None, on=on, at=at, actor=machine)
    assert Message.objects.get().channel == MessageChannel.EMAIL


def test_without_an_address_a_person_is_asked_to_find_one(
    case: Case, at: datetime, on: date, machine: Actor
) -> None:
    Address.objects.update(is_usable=False)
    assert queue(case, Template.DEMAND, MessageChannel.LETTER, on=on, at=at, actor=machine) == []
    item = WorkItem.objects.get(case=case)
    assert (item.kind, item.due_on) == (WorkKind.FIND_ADDRESS, date(2026, 5, 13))
    (event, *_) = [
        e
        for e in list_events(subjects=[Subject("case", case.pk)])
        if e.kind == "message.not_queued"
    ]
    assert event.payload["reason"] == "no_recipient"


def test_a_time_barred_consumer_debt_is_not_demanded(
    at: datetime, on: date, machine: Actor
) -> None:
    debtor = make_debtor()
    make_debt(debtor, limitation_on=date(2025, 12, 31))
    live = make_debt(debtor, limitation_on=date(2026, 12, 31))
    (case_id,) = open_cases(debtor_ids=[debtor.pk], on=on, at=at, actor=machine)
    case = Case.objects.get(pk=case_id)
    queue(case, Template.DEMAND, MessageChannel.LETTER, on=on, at=at, actor=machine)
    (fixed,) = Message.objects.get().figures["debts"]
    assert fixed["debt_id"] == live.pk
    Debt.objects.update(limitation_on=date(2025, 12, 31))
    assert queue(case, Template.REMINDER, None, on=on, at=at, actor=machine) == []


def test_a_business_debt_is_demanded_although_it_is_old(
    at: datetime, on: date, machine: Actor
) -> None:
    debtor = make_debtor()
    make_debt(debtor, limitation_on=date(2025, 12, 31), is_consumer=False)
    (case_id,) = open_cases(debtor_ids=[debtor.pk], on=on, at=at, actor=machine)
    case = Case.objects.get(pk=case_id)
    assert queue(case, Template.DEMAND, MessageChannel.LETTER, on=on, at=at, actor=machine)


@pytest.mark.parametrize("language", ["pl", "en"])
@pytest.mark.parametrize("template", list(Template))
def test_every_template_renders_what_was_queued(
    case: Case, at: datetime, on: date, machine: Actor, template: Template, language: str
) -> None:
    case.debtor.language = language
    case.debtor.save()
    channel = (
        None
        if template in (Template.REMINDER, Template.LAST_REMINDER, Template.SETTLEMENT_INVITATION)
        else MessageChannel.LETTER
    )
    new = NewMessage(case.pk, channel, template, "c", None, {"notice_delivered_on": "2026-04-10"})
    queue_messages(messages=[new], on=on, at=at, actor=machine)
    message = Message.objects.get()
    text = render_message(
        template=template,
        version=message.template_version,
        channel=MessageChannel(message.channel),
        language=message.language,
        recipient=message.recipient,
        figures=message.figures,
        creditor=load_creditor(),
    ).as_text()
    assert "1\u00a0250,00\u00a0zł" in text
    assert "{" not in text
    assert load_creditor().name in text

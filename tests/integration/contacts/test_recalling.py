"""A payment recalls at once what is queued and says otherwise; nothing recalled comes back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from cases.models import Case
from cases.operations import NewProposal
from contacts.lifecycle import MessageChannel, MessageStatus, Template
from contacts.models import Message, Termination
from contacts.operations import (
    NewMessage,
    decide_termination,
    dispatch_messages,
    propose_terminations,
    queue_messages,
    recall_messages_of_steps,
    recall_unfit_messages,
)
from debtors.models import Debt
from journal.delivery import deliver_pending
from journal.operations import Subject
from journal.queries import list_events
from kernel.actor import Actor
from ledger.models import Transaction
from ledger.operations import reverse_posting
from staff.rights import Role
from tests.integration.cases.builders import actor_of, make_debt, make_user, pay

pytestmark = pytest.mark.django_db


def letter(
    case: Case, on: date, machine: Actor, at: datetime, *, cause: str = "step:1:demand:1",
    template: Template = Template.DEMAND, channel: MessageChannel = MessageChannel.LETTER,
) -> Message:  # fmt: skip
    new = NewMessage(case.pk, channel, template, cause)
    (pk,) = queue_messages(messages=[new], on=on, at=at, actor=machine)
    return Message.objects.get(pk=pk)


def debt_of(case: Case) -> Debt:
    return Debt.objects.get(parties__debtor=case.debtor)


def told(case: Case) -> list[dict[str, Any]]:
    events = list_events(subjects=[Subject("case", case.pk)], kinds=["message.recalled"])
    return [event.payload for event in events]


def test_a_letter_about_what_is_paid_is_recalled_with_the_reason(
    case: Case, on: date, at: datetime, machine: Actor
) -> None:
    message = letter(case, on, machine, at)
    other = make_debt(case.debtor, due_minor=5_000)
    pay(debt_of_first(case), 125_000, on=on, at=at)
    deliver_pending(at=at)
    message.refresh_from_db()
    assert (message.status, message.skip_reason) == ("recalled", {"recalled": "paid"})
    (payload,) = told(case)
    assert payload["recalled"] == "paid"
    assert payload["message_id"] == message.pk
    assert other.account.due_minor == 5_000
    assert not Message.objects.filter(status="queued").exists()


def debt_of_first(case: Case) -> Debt:
    return Debt.objects.filter(parties__debtor=case.debtor).order_by("id")[0]


@pytest.mark.parametrize("channel", list(MessageChannel))
def test_a_part_payment_recalls_the_message_and_writes_it_anew(
    case: Case, on: date, at: datetime, machine: Actor, channel: MessageChannel
) -> None:
    old = letter(case, on, machine, at, channel=channel)
    pay(debt_of(case), 25_000, on=on, at=at)
    deliver_pending(at=at)
    old.refresh_from_db()
    assert (old.status, old.skip_reason["recalled"]) == ("recalled", "other_amount")
    new = Message.objects.get(status="queued")
    assert (new.cause, new.template, new.channel) == ("step:1:demand:1~2", old.template, channel)
    assert [debt["due_minor"] for debt in new.figures["debts"]] == [100_000]
    assert [debt["due_minor"] for debt in old.figures["debts"]] == [125_000], "kept as it was"


def test_a_second_part_payment_counts_on(
    case: Case, on: date, at: datetime, machine: Actor
) -> None:
    letter(case, on, machine, at)
    for _ in range(2):
        pay(debt_of(case), 25_000, on=on, at=at)
        deliver_pending(at=at)
    new = Message.objects.get(status="queued")
    assert new.cause == "step:1:demand:1~3"
    assert new.figures["debts"][0]["due_minor"] == 75_000


def test_what_was_handed_over_is_not_recalled(
    case: Case, on: date, at: datetime, machine: Actor
) -> None:
    message = letter(case, on, machine, at)
    legal = actor_of(make_user("lucja", Role.LEGAL))
    dispatch_messages(channel=MessageChannel.LETTER, actor=legal, at=at)
    pay(debt_of(case), 25_000, on=on, at=at)
    deliver_pending(at=at)
    message.refresh_from_db()
    assert message.status == MessageStatus.HANDED_OVER
    assert Message.objects.count() == 1


def test_a_payment_taken_back_brings_no_letter_back(
    case: Case, on: date, at: datetime, machine: Actor
) -> None:
    make_debt(case.debtor, due_minor=5_000)
    message = letter(case, on, machine, at)
    Message.objects.filter(pk=message.pk).update(
        figures={**message.figures, "debts": message.figures["debts"][:1]}
    )
    pay(debt_of_first(case), 125_000, on=on, at=at)
    deliver_pending(at=at)
    before = len(list_events(subjects=[Subject("case", case.pk)], kinds=None))
    paid = Transaction.objects.get(kind="payment")
    reverse_posting(transaction_id=paid.pk, reason="another's", actor=machine, at=at)
    deliver_pending(at=at)
    message.refresh_from_db()
    assert message.status == "recalled"
    assert not Message.objects.filter(status="queued").exists()
    assert len(list_events(subjects=[Subject("case", case.pk)], kinds=None)) >= before


def test_a_letter_written_anew_is_put_right_when_the_payment_is_taken_back(
    case: Case, on: date, at: datetime, machine: Actor
) -> None:
    letter(case, on, machine, at)
    pay(debt_of(case), 25_000, on=on, at=at)
    deliver_pending(at=at)
    paid = Transaction.objects.get(kind="payment")
    reverse_posting(transaction_id=paid.pk, reason="another's", actor=machine, at=at)
    deliver_pending(at=at)
    new = Message.objects.get(status="queued")
    assert new.cause == "step:1:demand:1~3"
    assert [payload["recalled"] for payload in told(case)] == ["other_amount"] * 2


def test_the_same_news_twice_recalls_once(
    case: Case, on: date, at: datetime, machine: Actor
) -> None:
    letter(case, on, machine, at)
    pay(debt_of(case), 25_000, on=on, at=at)
    first = recall_unfit_messages(case_ids=[case.pk], actor=machine, at=at)
    again = recall_unfit_messages(case_ids=[case.pk], actor=machine, at=at)
    assert (len(first), again) == (1, [])


def test_a_closed_case_has_nothing_left_in_the_queue(
    case: Case, on: date, at: datetime, machine: Actor
) -> None:
    message = letter(case, on, machine, at)
    pay(debt_of(case), 125_000, on=on, at=at)
    deliver_pending(at=at)
    case.refresh_from_db()
    message.refresh_from_db()
    assert (case.status, message.status) == ("closed", "recalled")


def test_leaving_a_strategy_recalls_what_its_steps_queued_and_nothing_else(
    case: Case, on: date, at: datetime, machine: Actor
) -> None:
    of_it = letter(case, on, machine, at, cause="step:17:demand:1~2")
    of_another = letter(case, on, machine, at, cause="step:171:demand:1")
    by_hand = letter(case, on, machine, at, cause="user:1")
    recalled = recall_messages_of_steps(enrolments={17: case.pk}, actor=machine, at=at)
    assert recalled == [of_it.pk]
    assert set(Message.objects.filter(status="queued").values_list("id", flat=True)) == {
        of_another.pk, by_hand.pk,
    }  # fmt: skip
    assert told(case)[0]["recalled"] == "not_called_for"


def test_the_statement_of_a_granted_termination_is_written_anew_and_stays_its_statement(
    case: Case, on: date, at: datetime, machine: Actor,
    delivered_notice: Callable[[Case, date], Message],
) -> None:  # fmt: skip
    delivered_notice(case, on - timedelta(days=40))
    new = NewProposal(case.pk, "step:1", {})
    propose_terminations(proposals=[new], on=on, at=at, actor=machine)
    legal = actor_of(make_user("lucja", Role.LEGAL))
    proposed = Termination.objects.get()
    decide_termination(
        termination_id=proposed.pk, move="approve", reason="seen", actor=legal, at=at
    )
    pay(debt_of(case), 25_000, on=on, at=at)
    deliver_pending(at=at)
    proposed.refresh_from_db()
    assert proposed.statement is not None
    assert proposed.statement.status == "queued"
    assert proposed.statement.figures["debts"][0]["due_minor"] == 100_000
    assert proposed.statement.figures["notice_delivered_on"] == str(on - timedelta(days=40))
    assert proposed.done_on is None


def test_a_payment_on_many_cases_recalls_in_a_handful_of_statements(
    make_case: Callable[[], Case], on: date, at: datetime, machine: Actor,
    django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    cases = [make_case() for _ in range(30)]
    for one in cases:
        letter(one, on, machine, at, cause=f"step:{one.pk}:demand:1")
        pay(debt_of(one), 25_000, on=on, at=at)
    with django_assert_max_num_queries(45):
        recalled = recall_unfit_messages(case_ids=[one.pk for one in cases], actor=machine, at=at)
    assert len(recalled) == 30
    assert Message.objects.filter(status="queued").count() == 30

"""The people and cases of the tests of cases, and letters on their way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest

from cases.models import Case
from contacts.lifecycle import MessageChannel, MessageStatus, Template
from contacts.models import Message
from contacts.operations import NewMessage, queue_messages
from kernel.actor import Actor
from tests.integration.cases.conftest import (  # noqa: F401
    as_leader,
    as_officer,
    at,
    case,
    leader,
    machine,
    make_case,
    officer,
    on,
    team,
)


@pytest.fixture
def delivered_notice(at: datetime, machine: Actor) -> Callable[[Case, date], Message]:  # noqa: F811
    """A notice under art. 75c that the debtor of the case received on a day."""

    def deliver(case: Case, delivered_on: date) -> Message:  # noqa: F811
        new = NewMessage(case.pk, MessageChannel.LETTER, Template.NOTICE_75C, f"notice:{case.pk}")
        (message_id,) = queue_messages(messages=[new], on=delivered_on, at=at, actor=machine)
        Message.objects.filter(pk=message_id).update(
            status=MessageStatus.DELIVERED, delivered_on=delivered_on
        )
        return Message.objects.get(pk=message_id)

    return deliver

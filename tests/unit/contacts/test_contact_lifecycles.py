"""Every status of promises, messages, requests and terminations can be reached."""

from __future__ import annotations

from contacts.guard import FINAL, MAY_BE_OVERRIDDEN, Rule
from contacts.lifecycle import (
    MESSAGE_LIFECYCLE,
    PROMISE_LIFECYCLE,
    REQUEST_LIFECYCLE,
    TERMINATION_LIFECYCLE,
    MessageStatus,
    PromiseStatus,
    RequestStatus,
)
from staff.lifecycle import ProposalStatus


def test_every_status_can_be_reached_from_the_first() -> None:
    assert MESSAGE_LIFECYCLE.unreachable(MessageStatus.QUEUED) == set()
    assert PROMISE_LIFECYCLE.unreachable(PromiseStatus.OPEN) == set()
    assert REQUEST_LIFECYCLE.unreachable(RequestStatus.RECEIVED) == set()
    assert TERMINATION_LIFECYCLE.unreachable(ProposalStatus.PROPOSED) == set()


def test_what_is_delivered_or_returned_stays_so() -> None:
    assert MESSAGE_LIFECYCLE.allowed(MessageStatus.DELIVERED) == []
    assert MESSAGE_LIFECYCLE.allowed(MessageStatus.RETURNED) == []


def test_no_statutory_rule_may_be_set_aside() -> None:
    law = {
        Rule.DEATH,
        Rule.BANKRUPTCY,
        Rule.TIME_BARRED,
        Rule.NO_DELIVERED_NOTICE,
        Rule.NOTICE_TERM_RUNNING,
        Rule.RESTRUCTURING_OPEN,
        Rule.LEGAL_HOLD,
    }
    assert not law & MAY_BE_OVERRIDDEN
    assert {Rule.NOTHING_DUE, Rule.DEATH} <= FINAL

from __future__ import annotations

import pytest
from django.utils.translation import override

from desk.timeline_kinds import (
    TimelineKind,
    channels_of,
    event_kinds_of,
    group_of,
    shows_decisions,
)
from desk.wording.events import LINES
from desk.wording.timeline import timeline_kind_name


def test_every_kind_of_event_is_found_under_one_choice_and_no_more() -> None:
    choices = [
        kind for kind in TimelineKind if kind not in (TimelineKind.PEOPLE, TimelineKind.LETTERS)
    ]
    found = [kind for choice in choices for kind in event_kinds_of(choice, LINES)]

    assert sorted(found) == sorted(LINES)


@pytest.mark.parametrize("kind", list(TimelineKind))
def test_every_choice_has_events_and_a_name(kind: TimelineKind) -> None:
    assert event_kinds_of(kind, LINES)
    with override("en"):
        english = timeline_kind_name(kind)
    with override("pl"):
        assert timeline_kind_name(kind) != english


def test_without_the_machine_what_people_said_sent_and_paid_stays() -> None:
    shown = event_kinds_of(TimelineKind.PEOPLE, LINES)

    assert {"contact.logged", "payment.posted", "promise.broken", "hold.placed"} <= set(shown)
    assert not {"escalation.step_performed", "work_item.opened", "debtor.changed"} & set(shown)


def test_letters_and_messages_are_told_apart_by_their_channel() -> None:
    assert event_kinds_of(TimelineKind.LETTERS, LINES) == event_kinds_of(
        TimelineKind.MESSAGES, LINES
    )
    assert channels_of(TimelineKind.LETTERS) == ("letter",)
    assert channels_of(TimelineKind.MESSAGES) == ("sms", "email")
    assert channels_of(TimelineKind.CONTACTS) == ()


def test_what_a_ledger_may_yet_record_is_among_the_payments() -> None:
    assert group_of("interest.accrued") is TimelineKind.PAYMENTS


def test_decisions_that_waited_are_shown_where_decisions_are() -> None:
    assert shows_decisions(None)
    assert shows_decisions(TimelineKind.DECISIONS)
    assert not shows_decisions(TimelineKind.PEOPLE)

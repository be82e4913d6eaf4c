"""The due runner over a small made-up book, in one transaction."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from agencies.models import Placement
from cases.models import Case, Hold, WorkItem
from contacts.models import Message
from courts.models import Referral
from escalation.benchmarks.book import write_book
from escalation.models import Decision, Enrolment, PerformedStep
from escalation.operations import decide_due
from kernel.actor import system_actor

ON = date(2026, 5, 12)
AT = datetime(2026, 5, 12, 22, 30, tzinfo=UTC)
MACHINE = system_actor("tests")


@pytest.fixture
def book(db: None) -> None:
    write_book(cases=200, on=ON)


def decide(on: date = ON, **more: Any) -> dict[str, int]:
    return dict(decide_due(on=on, at=AT + (on - ON), actor=MACHINE, **more))


def test_every_due_enrolment_gets_exactly_one_decision(book: None) -> None:
    assert sum(decide(batch_cases=64).values()) == 200
    assert Decision.objects.count() == 200
    assert set(Decision.objects.values_list("cause", flat=True)) == {"close:2026-05-12"}


def test_eleven_of_twenty_perform_and_the_rest_wait_or_are_held(book: None) -> None:
    assert decide() == {"perform": 110, "wait": 80, "hold": 10}


def test_asking_again_on_the_same_day_decides_nothing(book: None) -> None:
    decide()
    assert decide() == {}


def test_batch_size_does_not_change_what_is_decided(book: None) -> None:
    decide(batch_cases=7)
    outcomes = Counter(Decision.objects.values_list("outcome", flat=True))
    assert outcomes == {"perform": 110, "wait": 80, "hold": 10}


def test_steps_make_real_work(book: None) -> None:
    decide()
    assert Counter(WorkItem.objects.values_list("kind", flat=True)) == {"call": 30}
    assert Counter(Message.objects.values_list("template", "channel")) == {
        ("reminder", "sms"): 20,
        ("last_reminder", "sms"): 10,
        ("demand", "letter"): 20,
        ("notice_75c", "letter"): 10,
    }
    assert Placement.objects.filter(status="proposed").count() == 10
    assert Referral.objects.filter(status="proposed").count() == 10
    assert PerformedStep.objects.count() == 110
    assert Hold.objects.filter(kind="approval", ended_on=None).count() == 20


def test_work_is_due_on_the_next_working_day(book: None) -> None:
    friday = date(2026, 5, 15)
    Enrolment.objects.update(next_due_on=friday)
    decide(friday)
    assert set(WorkItem.objects.values_list("due_on", flat=True)) == {date(2026, 5, 18)}


def test_performed_step_brings_the_case_into_its_stage(book: None) -> None:
    decide()
    demanded = PerformedStep.objects.filter(step_key="demand").values("enrolment__case_id")
    stages = Case.objects.filter(pk__in=demanded).values_list("stage", flat=True)
    assert set(stages) == {"formal_letters"}


def test_next_look_is_after_the_day_and_within_30_days(book: None) -> None:
    decide()
    due = Enrolment.objects.filter(status="active").values_list("next_due_on", flat=True)
    assert all(day is not None and ON < day <= ON + timedelta(days=30) for day in due)


def test_record_holds_every_condition_with_its_value(book: None) -> None:
    decide()
    called = Decision.objects.filter(outcome="perform", step_key="call").first()
    assert called is not None
    looked = {place: (held, value) for place, held, value in called.record["looked"]}
    assert looked["exit_when.overdue"][0] is False
    assert looked["exit_when.overdue"][1].keys() == {"PLN"}
    assert looked["call.wait.days_after_previous_step"] == (True, "2026-04-06")
    assert looked["call.when.phone"] == (True, True)


def test_paid_case_exits_and_is_not_looked_at_again(book: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_account SET due_minor = 0, due_since = NULL WHERE id = 2")
    decide()
    enrolment = Enrolment.objects.get(case_id=2)
    assert (enrolment.status, enrolment.end_reason) == ("exited", "exit_when.overdue")
    assert enrolment.next_due_on is None


def test_proposal_carries_the_grounds_of_the_machine(book: None) -> None:
    decide()
    referral = Referral.objects.first()
    assert referral is not None
    places = {look["place"]: look for look in referral.grounds["looked"]}
    assert places["court.when.termination"]["held"] is True
    assert places["court.when.termination"]["wanted"] == {"test": "is", "wanted": "in_effect"}


def test_nights_that_follow_never_repeat_a_step(book: None) -> None:
    for days in range(40):
        decide(ON + timedelta(days=days))
    steps = list(PerformedStep.objects.values_list("enrolment_id", "step_key", "round"))
    assert len(steps) == len(set(steps))
    per_day = Counter(PerformedStep.objects.values_list("enrolment_id", "performed_on"))
    assert max(per_day.values()) == 1

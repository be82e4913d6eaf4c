"""The due runner in two lanes, each with a connection of its own, over a committed book."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection, transaction

from cases.models import WorkItem
from contacts.models import Message
from escalation.benchmarks.book import write_book
from escalation.models import Decision, Enrolment, PerformedStep
from escalation.operations import decide_due, deciding
from escalation.operations.performing import carry_out
from kernel.actor import system_actor

pytestmark = pytest.mark.commits

ON = date(2026, 5, 12)
AT = datetime(2026, 5, 12, 22, 30, tzinfo=UTC)
CASES, BATCH = 200, 20


@pytest.fixture(autouse=True)
def book(committed_db: dict[str, Any]) -> None:
    write_book(cases=CASES, on=ON)


def decide() -> dict[str, int]:
    actor = system_actor("tests")
    return dict(decide_due(on=ON, at=AT, actor=actor, batch_cases=BATCH))


def is_alone() -> bool:
    """No other connection is open to the database; the server takes a moment to notice."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND backend_type = 'client backend'"
            )
            if cursor.fetchone()[0] == 1:
                return True
        time.sleep(0.05)
    return False


class Failing:
    """An operation of a batch that fails at its nth call, in whatever lane that is."""

    def __init__(self, operation: Callable[..., Any], at_call: int) -> None:
        self.operation = operation
        self.at_call = at_call
        self.lanes: list[str] = []

    def __call__(self, **arguments: Any) -> None:
        self.operation(**arguments)
        self.lanes.append(threading.current_thread().name)
        if len(self.lanes) == self.at_call:
            raise ArithmeticError


def test_all_is_decided_once_and_the_second_connection_is_closed() -> None:
    assert decide() == {"perform": 110, "wait": 80, "hold": 10}
    assert Decision.objects.count() == CASES
    assert PerformedStep.objects.count() == 110
    assert is_alone()


@pytest.mark.parametrize("operation", ["write_decisions", "carry_out"])
@pytest.mark.parametrize("at_call", [1, 2, 3, 4])
def test_an_error_in_a_lane_leaves_whole_batches_and_the_rest_for_the_next_time(
    monkeypatch: pytest.MonkeyPatch, operation: str, at_call: int
) -> None:
    failing = Failing(getattr(deciding, operation), at_call)
    with monkeypatch.context() as patched:
        patched.setattr(deciding, operation, failing)
        with pytest.raises(ArithmeticError):
            decide()
    assert is_alone()
    decided = Decision.objects.count()
    assert decided in ((at_call - 1) * BATCH, at_call * BATCH)
    assert Enrolment.objects.filter(closed_through_on=ON).count() == decided
    performed = PerformedStep.objects.filter(step_key="call").count()
    assert WorkItem.objects.filter(kind="call").count() == performed
    decide()
    assert Decision.objects.count() == CASES
    assert Message.objects.count() == 60


def test_both_lanes_take_part(monkeypatch: pytest.MonkeyPatch) -> None:
    watching = Failing(carry_out, at_call=0)
    monkeypatch.setattr(deciding, "carry_out", watching)
    decide()
    assert len(watching.lanes) == CASES // BATCH
    assert len(set(watching.lanes)) == 2


def test_inside_of_the_callers_transaction_there_is_one_lane(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    watching = Failing(carry_out, at_call=0)
    monkeypatch.setattr(deciding, "carry_out", watching)
    with transaction.atomic():
        Enrolment.objects.filter(case_id__gt=100).update(next_due_on=date(2026, 6, 1))
        decide()
        transaction.set_rollback(True)
    assert set(watching.lanes) == {threading.current_thread().name}
    assert not Decision.objects.exists()


def test_one_batch_needs_no_second_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    watching = Failing(carry_out, at_call=0)
    monkeypatch.setattr(deciding, "carry_out", watching)
    Enrolment.objects.filter(case_id__gt=BATCH).update(next_due_on=date(2026, 6, 1))
    decide()
    assert watching.lanes == [threading.current_thread().name]

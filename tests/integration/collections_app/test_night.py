"""Workers that decide beside whoever closes a day."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime

import pytest

from collections_app.night import call_helper, decide_beside
from escalation.benchmarks.book import write_book
from escalation.models import Decision
from escalation.operations import decide_due
from journal.models import BusinessDay
from kernel.actor import system_actor
from tests.conftest import StartWorker

ON = date(2026, 5, 12)
AT = datetime(2026, 5, 12, 22, 30, tzinfo=UTC)
CASES = 60
BEFORE = {"deliver_judgements": {"events": 0}}
WAIT_SECONDS = 30


def begin(steps: dict[str, dict[str, int]]) -> None:
    write_book(cases=CASES, on=ON)
    BusinessDay.objects.create(on=ON, started_at=AT, steps=steps)


@pytest.mark.django_db
@pytest.mark.parametrize("steps", [{}, {**BEFORE, "decide": {"perform": 1}}])
def test_nobody_decides_before_or_after_its_step_of_the_close(
    steps: dict[str, dict[str, int]],
) -> None:
    begin(steps)

    assert decide_beside() == 0
    assert not Decision.objects.exists()


@pytest.mark.django_db
def test_a_helper_takes_all_batches_and_leaves_none_for_the_caller() -> None:
    begin(BEFORE)

    assert decide_beside() == CASES
    assert decide_due(on=ON, at=AT, actor=system_actor("tests")) == {}


@pytest.mark.commits
@pytest.mark.broker
def test_a_worker_that_is_called_decides_what_is_due_once(
    start_worker: StartWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(BEFORE)
    monkeypatch.setenv("DECIDE_BATCH_CASES", "10")
    start_worker(["batch"])
    start_worker(["batch"])

    call_helper()

    until = time.monotonic() + WAIT_SECONDS
    while Decision.objects.count() < CASES and time.monotonic() < until:
        time.sleep(0.1)
    assert Decision.objects.count() == CASES
    assert Decision.objects.values("enrolment").distinct().count() == CASES

"""Real Celery workers on a real broker."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable

import pytest
from celery import current_app
from django.db import transaction

from collections_app.beat import QUEUES
from collections_app.heartbeat import list_silent_queues
from collections_app.models import Heartbeat
from journal.bell import ring
from journal.models import UnsealedBatch
from journal.operations import Subject, record_event
from kernel import clock
from kernel.actor import system_actor
from tests.conftest import StartWorker

pytestmark = [pytest.mark.commits, pytest.mark.broker]
WAIT_SECONDS = 30


def wait_for(condition: Callable[[], bool]) -> bool:
    until = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.1)
    return False


def send_heartbeats() -> None:
    for queue in QUEUES:
        current_app.send_task("collections_app.beat_heart", kwargs={"queue": queue}, queue=queue)


def test_a_worker_takes_from_every_queue(start_worker: StartWorker) -> None:
    start_worker()

    send_heartbeats()

    assert wait_for(lambda: not list_silent_queues(queues=QUEUES, at=clock.now()))


def test_a_worker_is_rung_after_the_commit(start_worker: StartWorker) -> None:
    start_worker(["system"])

    with transaction.atomic():
        record_event(
            kind="team.renamed",
            subject=Subject("team", 1),
            actor=system_actor("test"),
            at=clock.now(),
        )
        ring(queue="system", task="journal.seal")
        time.sleep(1)
        assert UnsealedBatch.objects.exists()

    assert wait_for(lambda: not UnsealedBatch.objects.exists())


def test_messages_that_a_killed_worker_did_not_take_are_taken_by_the_next(
    start_worker: StartWorker,
) -> None:
    worker = start_worker(["system"])
    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()

    send_heartbeats()
    assert not Heartbeat.objects.exists()
    start_worker(QUEUES)

    assert wait_for(lambda: Heartbeat.objects.count() == len(QUEUES))


def test_a_broker_that_is_away_keeps_nobody_waiting(
    broker: str, committed_db: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody = "redis://127.0.0.1:1/0"
    monkeypatch.setenv("CELERY_BROKER_URL", nobody)
    monkeypatch.setitem(current_app.conf, "broker_url", nobody)

    started = time.monotonic()
    ring(queue="system", task="journal.seal")

    assert time.monotonic() - started < WAIT_SECONDS

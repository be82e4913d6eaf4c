"""Workers of the night are killed in the middle of their batches, and nothing is half done.

``make chaos`` runs it at full length: 20 kills over 20,000 cases in batches of 500.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, connections, transaction

from cases.lifecycle import HoldKind
from cases.models import Hold
from cases.operations import NewHold, place_holds
from cases.switches import action_switch
from contacts.lifecycle import AttemptResult, Direction
from contacts.models import Attempt, Message
from contacts.operations import log_contact
from debtors.lifecycle import Channel
from escalation.benchmarks.book import write_book
from escalation.benchmarks.scratch import scratch_database
from escalation.models import Decision, PerformedStep
from escalation.operations import decide_due, switch_off, switch_on
from kernel.actor import Actor, system_actor
from staff.models import Team
from staff.rights import Role
from tests.integration.cases.builders import actor_of, make_user

pytestmark = [pytest.mark.commits, pytest.mark.chaos]

ON = date(2026, 5, 12)
AT = datetime(2026, 5, 12, 22, 30, tzinfo=UTC)
MACHINE = system_actor("day_close")
FULL = os.environ.get("CHAOS") == "full"
CASES, BATCH, KILLS = (20_000, 500, 20) if FULL else (600, 60, 6)
ROOT = Path(__file__).parents[2]

#: What a night writes, without the ids that a sequence gives and without hashes over them.
ROWS = {
    "escalation_enrolment": (
        "id, step_key, round, asked, previous_on, status, end_reason, next_due_on,"
        " closed_through_on"
    ),
    "escalation_decision": (
        "enrolment_id, cause, decided_on, decided_at, outcome, step_key, round, look_again_on,"
        " record::text"
    ),
    "escalation_performedstep": "enrolment_id, step_key, round, performed_on",
    "cases_case": "id, status, stage, handled_by, updated_at",
    "cases_workitem": "case_id, kind, status, due_on, priority, reason::text",
    "contacts_message": (
        "case_id, channel, template, recipient::text, figures::text, cause, status, queued_on"
    ),
    "agencies_placement": "case_id, cause, status, amount_minor, grounds::text",
    "courts_referral": "case_id, cause, status, amount_minor, grounds::text",
    "cases_hold": "case_id, kind, from_on, until_on, ended_on",
    "journal_event": (
        "kind, subject_kind, subject_id, effective_on, recorded_at, (payload - 'work_item_id'"
        " - 'message_id' - 'placement_id' - 'referral_id' - 'hold_id' - 'cause')::text"
    ),
}


def rows_written() -> list[list[tuple[Any, ...]]]:
    with connection.cursor() as cursor:
        found = []
        for table, columns in ROWS.items():
            cursor.execute(f"SELECT {columns} FROM {table}")
            found.append(sorted(cursor.fetchall(), key=repr))
        return found


class Worker:
    """A process of the night on the database that the connection points at."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "tests.journeys.night_worker",
                str(ON),
                AT.isoformat(),
                str(BATCH),
            ],
            cwd=ROOT,
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "collections_app.settings.test",
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def next_stop(self) -> str:
        assert self.process.stdout is not None
        return str(self.process.stdout.readline()).strip()

    def go_on(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def finish(self) -> None:
        """Let it run to the end of the night."""
        while self.next_stop() not in ("night over", ""):
            self.go_on()
        assert self.process.wait(timeout=60) == 0


@pytest.fixture
def book(committed_db: dict[str, Any]) -> str:
    write_book(cases=CASES, on=ON)
    connections.close_all()
    return str(committed_db["NAME"])


@pytest.fixture
def calm_night(book: str) -> list[list[tuple[Any, ...]]]:
    with scratch_database(f"{book}_calm", template=book):
        decide_due(on=ON, at=AT, actor=MACHINE, batch_cases=BATCH)
        return rows_written()


@pytest.fixture
def worker(book: str) -> Iterator[Worker]:
    started = Worker()
    yield started
    started.kill()


def test_killed_workers_leave_nothing_half_done_and_nothing_done_twice(
    book: str, calm_night: list[list[tuple[Any, ...]]]
) -> None:
    chance = random.Random(20260512)
    kills = 0
    while kills < KILLS:
        worker = Worker()
        for _ in range(chance.randrange(1, 4)):
            assert worker.next_stop() in ("decisions written", "steps carried out")
            worker.go_on()
        assert worker.next_stop() in ("decisions written", "steps carried out")
        worker.kill()
        kills += 1
    assert Decision.objects.exists()
    assert Decision.objects.count() < CASES
    Worker().finish()
    assert Decision.objects.count() == CASES
    assert rows_written() == calm_night
    out = StringIO()
    call_command("verify", json=True, stdout=out)
    assert json.loads(out.getvalue()) == {"clean": True, "findings": []}


def test_two_workers_side_by_side_write_what_one_writes(
    book: str, calm_night: list[list[tuple[Any, ...]]]
) -> None:
    workers = [Worker(), Worker()]
    threads = [threading.Thread(target=worker.finish) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert rows_written() == calm_night


def test_officer_logs_a_call_without_waiting_for_an_open_batch(
    officer: Actor, worker: Worker
) -> None:
    assert worker.next_stop() == "decisions written"
    # The worker stands still inside its transaction: a wait for it would end in CaseBusy.
    log_contact(
        case_id=1,
        channel=Channel.PHONE,
        direction=Direction.IN,
        result=AttemptResult.SPOKE,
        note="",
        actor=officer,
        at=AT,
    )
    assert Attempt.objects.filter(case_id=1).exists()


def test_hold_placed_during_a_batch_comes_after_its_step(worker: Worker) -> None:
    assert worker.next_stop() == "decisions written"
    case_id = _case_in_open_batch()
    holder = threading.Thread(target=_hold, args=[case_id])
    holder.start()
    holder.join(timeout=0.5)
    assert holder.is_alive(), "the hold waits for the batch"
    worker.go_on()
    for _ in ("one lane carries out", "the other decides"):
        worker.next_stop()
        worker.go_on()
    holder.join(timeout=20)
    assert not holder.is_alive()
    assert PerformedStep.objects.filter(enrolment__case_id=case_id).exists()


def test_hold_placed_on_a_case_of_the_next_batch_comes_after_its_step_and_stops_nobody(
    worker: Worker,
) -> None:
    assert worker.next_stop() == "decisions written"
    worker.go_on()
    while worker.next_stop() != "decisions written":
        worker.go_on()
    case_id = _case_in_open_batch(newest=True)
    assert not Decision.objects.filter(enrolment__case_id__gte=case_id).exists()
    holder = threading.Thread(target=_hold, args=[case_id])
    holder.start()
    holder.join(timeout=0.5)
    assert holder.is_alive(), "the hold waits for the batch"
    worker.go_on()
    worker.finish()
    holder.join(timeout=20)
    assert not holder.is_alive()
    (decision,) = Decision.objects.filter(enrolment__case_id=case_id)
    assert decision.outcome == "perform"
    assert Hold.objects.filter(case_id=case_id, kind="dispute").exists()
    assert Decision.objects.count() == CASES


def test_hold_placed_before_the_batch_reaches_the_case_stops_its_step(book: str) -> None:
    with transaction.atomic():
        _place(case_id=2)
        started = Worker()
        for _ in range(2 * (CASES // BATCH)):
            started.next_stop()
            started.go_on()
        assert Decision.objects.filter(enrolment__case_id=2).count() == 0
    started.finish()
    (decision,) = Decision.objects.filter(enrolment__case_id=2)
    assert decision.outcome == "hold"
    assert Decision.objects.count() == CASES


def test_a_switch_thrown_in_the_middle_of_a_close_leaves_every_case_with_one_decision(
    book: str, worker: Worker
) -> None:
    """The workers before it are killed, so that their batches are decided anew, and held."""
    demand = action_switch("send_letter", "demand")
    manager = actor_of(make_user("maria", Role.MANAGER))
    for _ in range(5):
        worker.next_stop()
        worker.go_on()
    worker.next_stop()
    stopped = switch_off(switch=demand, reason="A wrong wording", actor=manager, at=AT)
    worker.kill()
    demanded = _of_demand("perform")
    assert stopped.cases == CASES * 2 // 10 - len(demanded)
    second = Worker()
    for _ in range(3):
        second.next_stop()
        second.go_on()
    second.kill()

    Worker().finish()

    assert Decision.objects.count() == CASES
    assert Decision.objects.values("enrolment_id").distinct().count() == CASES
    held = _of_demand("hold")
    assert _of_demand("perform") == demanded, "none was taken after the switch was thrown"
    assert len(held) + len(demanded) == CASES // 10
    assert Message.objects.filter(template="demand").count() == len(demanded)

    switch_on(switch=demand, reason="Put right", actor=manager, at=AT)
    tomorrow = ON + timedelta(days=1)
    decide_due(on=tomorrow, at=AT + timedelta(days=1), actor=MACHINE)

    taken = PerformedStep.objects.filter(step_key="demand", enrolment_id__in=held | demanded)
    assert Counter(taken.values_list("enrolment_id", flat=True)) == dict.fromkeys(
        held | demanded, 1
    )


def _of_demand(outcome: str) -> set[int]:
    decided = Decision.objects.filter(step_key="demand", outcome=outcome, cause=f"close:{ON}")
    return set(decided.values_list("enrolment_id", flat=True))


@pytest.fixture
def officer(book: str) -> Actor:
    """Of the team to which every case belongs; made before a worker begins."""
    team = Team.objects.create(name="Team North")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_case SET team_id = %s", [team.pk])
    return actor_of(make_user("anna", Role.OFFICER, team))


def _case_in_open_batch(*, newest: bool = False) -> int:
    """A case that the worker has locked and whose step it takes, of its oldest open batch."""
    direction = "DESC" if newest else "ASC"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM cases_case WHERE id % 20 = 2 AND id NOT IN ("
            " SELECT id FROM cases_case WHERE id % 20 = 2 FOR NO KEY UPDATE SKIP LOCKED)"
            f" ORDER BY id {direction} LIMIT 1"
        )
        return int(cursor.fetchone()[0])


def _hold(case_id: int) -> None:
    try:
        _place(case_id=case_id)
    finally:
        connections.close_all()


def _place(case_id: int) -> None:
    new = NewHold(case_id, HoldKind.DISPUTE, "", "", ON)
    place_holds(holds=[new], at=AT, actor=MACHINE)

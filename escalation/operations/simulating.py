"""Simulations asked for in the browser: a row that waits, run by a worker, kept with its draft."""

from __future__ import annotations

import io
import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import connection, transaction
from django.db.models import QuerySet

from escalation.lifecycle import OPEN_RUN_STATUSES, RunStatus
from escalation.lint import lint
from escalation.loading import load_strategy
from escalation.models import Draft, SimulatedChange, SimulationRun
from escalation.operations.drafting import DraftIsClosed, person_of
from escalation.operations.publishing import StrategyUnsound
from escalation.queries.drafts import DraftNotFound
from escalation.queries.simulation import get_simulation
from escalation.simulated import Batch, ChangedCase, days_to_play, to_plain
from journal.bell import ring
from kernel.actor import Actor
from kernel.authority import by_machine, requires
from kernel.clock import legal_day
from kernel.errors import Conflict, InvalidInput, NotFound
from staff.queries import get_daily_capacity
from staff.rights import Right

logger: Final = logging.getLogger(__name__)

TASK: Final = "escalation.simulate_drafts"
MOST_WORKING_DAYS: Final = 120
_LOCK: Final = "escalation.simulations"


class SimulationRunsAlready(Conflict):
    """One of the draft is being played; stop it first."""

    code = "simulation_runs_already"


class SimulationNotFound(NotFound):
    code = "simulation_not_found"


class SimulatorBusy(Conflict):
    """Another simulation is being played; one runs at a time."""

    code = "simulator_busy"


class TooManyDays(InvalidInput):
    """``working_days`` lies between 1 and ``limit``."""

    code = "too_many_days"


class _Stopped(Exception):
    """Somebody stopped the run."""


@requires(Right.DRAFT_STRATEGY)
@transaction.atomic
def queue_simulation(
    *, draft_id: int, working_days: int, grants_all: bool, actor: Actor, at: datetime
) -> SimulationRun:
    """Ask a worker to play the draft as it stands; one that still waits is replaced.

    Whoever may draft may simulate, also the draft of another. Raises DraftNotFound,
    DraftIsClosed, StrategyInvalid, StrategyUnsound, TooManyDays, SimulationRunsAlready.
    """
    if not 1 <= working_days <= MOST_WORKING_DAYS:
        raise TooManyDays(working_days=working_days, limit=MOST_WORKING_DAYS)
    draft = Draft.objects.select_for_update().filter(pk=draft_id).first()
    if draft is None:
        raise DraftNotFound(draft_id=draft_id)
    if draft.discarded_at is not None:
        raise DraftIsClosed(draft_id=draft_id)
    faults = [finding for finding in lint(load_strategy(draft.source)) if finding.is_error]
    if faults:
        raise StrategyUnsound(faults)
    before = SimulationRun.objects.filter(draft=draft, status__in=OPEN_RUN_STATUSES)
    _stop(before.filter(status=RunStatus.QUEUED), at)
    if before.exists():
        raise SimulationRunsAlready(draft_id=draft_id)
    run = SimulationRun.objects.create(
        draft=draft,
        revision=draft.revision,
        source=draft.source,
        on=legal_day(at),
        working_days=working_days,
        grants_all=grants_all,
        asked_by_id=person_of(actor),
        asked_at=at,
    )
    ring(queue="batch", task=TASK)
    return run


@requires(Right.DRAFT_STRATEGY)
@transaction.atomic
def stop_simulation(*, run_id: int, actor: Actor, at: datetime) -> SimulationRun:
    """It ends with its next batch, and keeps nothing. Raises SimulationNotFound."""
    runs = SimulationRun.objects.filter(pk=run_id)
    _stop(runs, at)
    run = runs.first()
    if run is None:
        raise SimulationNotFound(run_id=run_id)
    return run


@by_machine
def run_queued_simulations(*, at: datetime) -> int:
    """Play every draft that waits, oldest first; return how many.

    One worker does so at a time, and another one that is asked meanwhile returns at once. The
    lock goes with the worker: what a lost one had begun is begun anew.
    """
    if not _try_lock():
        return 0
    done = 0
    try:
        while run := _next_run():
            _play(run, at)
            done += 1
    finally:
        _unlock()
    return done


@requires(Right.DRAFT_STRATEGY)
def run_simulation_here(*, run_id: int, actor: Actor, at: datetime) -> SimulationRun:
    """Play one that waits in this process, where no worker comes. Its caller waits for it.

    Raises SimulationNotFound, SimulatorBusy.
    """
    if not _try_lock():
        raise SimulatorBusy
    try:
        run = SimulationRun.objects.filter(pk=run_id).first()
        if run is None:
            raise SimulationNotFound(run_id=run_id)
        if run.status in OPEN_RUN_STATUSES:
            _play(run, at)
            run.refresh_from_db()
        return run
    finally:
        _unlock()


def _next_run() -> SimulationRun | None:
    waiting = SimulationRun.objects.filter(status__in=OPEN_RUN_STATUSES)
    return waiting.order_by("pk").first()


def _play(run: SimulationRun, at: datetime) -> None:
    own = SimulationRun.objects.filter(pk=run.pk, status__in=OPEN_RUN_STATUSES)
    started = {"status": RunStatus.RUNNING, "started_at": at, "cases_done": 0}
    if not own.update(**started):
        return
    SimulatedChange.objects.filter(run=run).delete()
    try:
        result = _simulate(run)
    except _Stopped:
        SimulatedChange.objects.filter(run=run).delete()
        return
    except Exception:
        logger.exception("simulation failed: run=%s", run.pk)
        failed = {"status": RunStatus.FAILED, "finished_at": at, "failure": "unexpected"}
        own.update(**failed)
        return
    with transaction.atomic():
        own.update(status=RunStatus.DONE, finished_at=at, result=result)
        _forget_older(run)


def _simulate(run: SimulationRun) -> dict[str, object]:
    own = SimulationRun.objects.filter(pk=run.pk, status=RunStatus.RUNNING)

    def keep(batch: Batch) -> None:
        with transaction.atomic():
            if not own.update(cases_done=batch.done, cases_total=batch.total):
                raise _Stopped
            _keep_changes(run.pk, batch.changed)

    simulation = get_simulation(
        draft=load_strategy(run.source),
        on=run.on,
        days=days_to_play(run.on, run.working_days),
        grants_all=run.grants_all,
        on_batch=keep,
    )
    return to_plain(simulation, working_days=run.working_days, capacity=get_daily_capacity())


def _keep_changes(run_id: int, changed: Sequence[ChangedCase]) -> None:
    """Keys and codes hold neither tabs nor backslashes."""
    lines = [
        f"{run_id}\t{case.case_id}\t{case.today.outcome}\t{case.today.step}\t"
        f"{case.draft.outcome}\t{case.draft.step}\t{case.since_on}\n"
        for case in changed
    ]
    with connection.cursor() as cursor:
        cursor.copy_expert(
            "COPY escalation_simulatedchange (run_id, case_id, today_outcome, today_step,"
            " draft_outcome, draft_step, since_on) FROM STDIN",
            io.StringIO("".join(lines)),
        )


def _forget_older(run: SimulationRun) -> None:
    """A draft keeps its latest result."""
    older = SimulationRun.objects.filter(draft_id=run.draft_id, pk__lt=run.pk)
    SimulatedChange.objects.filter(run__in=older).delete()
    older.delete()


def _stop(runs: QuerySet[SimulationRun], at: datetime) -> None:
    runs.filter(status__in=OPEN_RUN_STATUSES).update(status=RunStatus.STOPPED, finished_at=at)


def _try_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [_LOCK])
        return bool(cursor.fetchone()[0])


def _unlock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [_LOCK])

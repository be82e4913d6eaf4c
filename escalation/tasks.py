"""Work that a worker does for the browser."""

from __future__ import annotations

from celery import shared_task

from escalation.operations.simulating import TASK, run_queued_simulations
from kernel import clock

#: A book of a million cases is played in about seven minutes; several may wait.
_HOUR: int = 60 * 60


@shared_task(name=TASK, soft_time_limit=_HOUR, time_limit=_HOUR + 60)
def simulate_drafts() -> int:
    return run_queued_simulations(at=clock.now())

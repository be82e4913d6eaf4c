"""What workers do for the project as a whole."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Final

from celery import shared_task

from collections_app import heartbeat, night
from collections_app.day_close import NothingTakenIn, close_days
from collections_app.proving import prove as prove_everything
from kernel import clock

logger: Final = logging.getLogger(__name__)

#: A day is closed this long after it has ended in Warsaw.
_AFTER_MIDNIGHT: Final = timedelta(minutes=30)
_NIGHT_SECONDS: Final = 6 * 60 * 60


@shared_task(name="collections_app.beat_heart")
def beat_heart(*, queue: str) -> None:
    heartbeat.beat_heart(queue=queue, at=clock.now())


@shared_task(
    name="collections_app.close_day", soft_time_limit=_NIGHT_SECONDS, time_limit=_NIGHT_SECONDS + 60
)
def close_day() -> int:
    """Close every day that has ended, also the missed ones, in order. Returns how many."""
    at = clock.now()
    through = clock.legal_day(at - _AFTER_MIDNIGHT) - timedelta(days=1)
    closed = 0
    try:
        for day in close_days(through=through, today=clock.legal_day(at), at=at):
            logger.info("day closed: on=%s", day.on)
            closed += 1
    except NothingTakenIn:
        logger.info("no day to close: nothing was taken in yet")
    return closed


@shared_task(
    name="collections_app.prove", soft_time_limit=_NIGHT_SECONDS, time_limit=_NIGHT_SECONDS + 60
)
def prove() -> int:
    """Each fault is an error in the log; the oversight page and ``/readyz`` say so too."""
    faults = prove_everything(at=clock.now())
    for fault in faults:
        logger.error("not as it should be: code=%s values=%s", fault["code"], fault["values"])
    return len(faults)


@shared_task(name=night.TASK, soft_time_limit=_NIGHT_SECONDS, time_limit=_NIGHT_SECONDS + 60)
def decide_beside() -> int:
    """Help whoever closes a day, wherever they run."""
    return night.decide_beside()

"""Workers beside whoever closes a day: each that finds work calls the next one."""

from __future__ import annotations

import logging
from typing import Final

from django.conf import settings

from escalation.operations import decide_batch
from journal.bell import ring
from journal.models import BusinessDay
from kernel.actor import system_actor

logger: Final = logging.getLogger(__name__)

ACTOR: Final = system_actor("day_close")
TASK: Final = "collections_app.decide_beside"


def call_helper() -> None:
    """Ask a worker of the night to decide beside the caller; nobody need come."""
    ring(queue="batch", task=TASK)


def get_day_being_decided() -> BusinessDay | None:
    """The day whose close has come to deciding and is not through with it."""
    return (
        BusinessDay.objects.filter(closed_at=None, steps__has_key="deliver_judgements")
        .exclude(steps__has_key="decide")
        .order_by("on")
        .first()
    )


def decide_beside() -> int:
    """Take batches of the day that is being decided until there are none; count the decisions.

    Whoever closes the day takes the last batch and waits for those that are held here.
    """
    decided = 0
    while (day := get_day_being_decided()) is not None:
        counts = decide_batch(
            on=day.on,
            at=day.started_at,
            actor=ACTOR,
            limit=settings.DECIDE_BATCH_CASES,
            waits=False,
        )
        if not counts:
            break
        if not decided:
            call_helper()
        decided += sum(counts.values())
        logger.info("decided beside: day=%s cases=%s", day.on, decided)
    return decided

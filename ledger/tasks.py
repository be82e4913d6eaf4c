"""What workers do for the ledger."""

from __future__ import annotations

from typing import Final

from celery import shared_task

from kernel import clock
from kernel.actor import system_actor
from ledger.operations import match_entries
from ledger.operations.statements import MATCH_TASK

#: A statement of 100,000 payments takes minutes; several may wait.
_HOUR: Final = 60 * 60


@shared_task(name=MATCH_TASK, soft_time_limit=_HOUR, time_limit=_HOUR + 60)
def match_waiting_entries() -> int:
    """Payments of statements that wait find their debts; returns how many were looked at."""
    return sum(match_entries(actor=system_actor("statements"), at=clock.now()).values())

"""What workers do for the journal."""

from __future__ import annotations

from celery import shared_task

from journal.delivery import deliver_pending
from journal.partitions import ensure_partitions
from journal.sealing import seal_batches
from kernel import clock


@shared_task(name="journal.deliver")
def deliver() -> int:
    return deliver_pending(at=clock.now())


@shared_task(name="journal.seal")
def seal() -> int:
    return seal_batches(at=clock.now())


@shared_task(name="journal.extend_partitions")
def extend_partitions() -> int:
    return ensure_partitions(since=clock.today())

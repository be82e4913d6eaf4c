"""Work that a worker does for the browser."""

from __future__ import annotations

from celery import shared_task

from debtors.operations.uploading import TASK, run_queued_imports
from kernel import clock


@shared_task(name=TASK)
def import_uploads() -> int:
    return run_queued_imports(at=clock.now())

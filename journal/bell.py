"""Waking a worker. A lost ring loses nothing: the rows wait, and a sweep looks at them."""

from __future__ import annotations

import logging
from typing import Final

from celery import current_app
from django.conf import settings
from django.db import connection, transaction
from kombu.exceptions import OperationalError

logger: Final = logging.getLogger(__name__)


def ring(*, queue: str, task: str) -> None:
    """After commit, ask a worker of ``queue`` to run ``task``, named ``app.verb``.

    Silent without a broker, and rung once per transaction however often it is asked for.
    """
    if not settings.CELERY_BROKER_URL:
        return
    waiting = {getattr(entry[1], "bell", None) for entry in connection.run_on_commit}
    if (queue, task) in waiting:
        return

    def send() -> None:
        try:
            current_app.send_task(task, queue=queue, retry=False, ignore_result=True)
        except (OSError, OperationalError) as error:
            logger.warning("bell not heard: queue=%s task=%s error=%s", queue, task, error)

    send.bell = (queue, task)  # type: ignore[attr-defined]
    transaction.on_commit(send)

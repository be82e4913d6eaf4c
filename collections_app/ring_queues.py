"""How many messages wait in the broker for a worker, by queue."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Final

from celery import current_app
from django.conf import settings
from kombu.exceptions import ChannelError, OperationalError

from collections_app.beat import QUEUES

logger: Final = logging.getLogger(__name__)

#: A page does not wait longer for a broker that is away.
_PATIENCE_SECONDS: Final = 2


def list_rings() -> Mapping[str, int] | None:
    """None without a broker, or when it does not answer."""
    if not settings.CELERY_BROKER_URL:
        return None
    try:
        with current_app.connection_for_read(connect_timeout=_PATIENCE_SECONDS) as broker:
            broker.ensure_connection(max_retries=1, interval_start=0, timeout=_PATIENCE_SECONDS)
            return {queue: _length(broker.default_channel, queue) for queue in QUEUES}
    except (OperationalError, OSError) as error:
        logger.warning("broker does not answer: error=%s", type(error).__name__)
        return None


def _length(channel: object, queue: str) -> int:
    try:
        declared = channel.queue_declare(queue=queue, passive=True)  # type: ignore[attr-defined]
    except ChannelError:  # nobody has ever taken from it, nor put anything in
        return 0
    return int(declared.message_count)

"""Is anybody working? A worker can be alive and take nothing from its queue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import connection

from collections_app.models import Heartbeat
from kernel.authority import by_machine

SILENCE: Final = timedelta(minutes=3)


@by_machine
def beat_heart(*, queue: str, at: datetime) -> None:
    """Note that a worker took a message of ``queue``; a late message moves nothing back."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO collections_app_heartbeat AS kept (queue, beaten_at) VALUES (%s, %s)
            ON CONFLICT (queue) DO UPDATE SET beaten_at = excluded.beaten_at
            WHERE kept.beaten_at < excluded.beaten_at
            """,
            [queue, at],
        )


def list_silent_queues(*, queues: Sequence[str], at: datetime) -> list[str]:
    """The queues from which nothing was taken for three minutes."""
    alive = Heartbeat.objects.filter(beaten_at__gte=at - SILENCE).values_list("queue", flat=True)
    return sorted(set(queues) - set(alive))


def list_heartbeats() -> Mapping[str, datetime]:
    """By queue: when something was last taken from it."""
    return dict(Heartbeat.objects.values_list("queue", "beaten_at"))

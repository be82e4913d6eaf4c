"""The queues, and what beat asks for and when. Plain data: the settings read it.

Days are closed at 00:30 in Warsaw and the books proved at 04:30: nothing is planned between two and
three, which the change of the clock skips or repeats. All else runs by interval, which no change of
the clock disturbs, and does nothing when there is nothing to do; two beats at once are harmless.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from celery.schedules import crontab

#: interactive: somebody waits; batch: the night; io: gateways; system: sweepers, heartbeats.
QUEUES = ("interactive", "batch", "io", "system")


def _every(seconds: int, task: str, queue: str = "system") -> dict[str, Any]:
    """A message that nobody took within two rounds is stale, and the next one does its work."""
    return {
        "task": task,
        "schedule": timedelta(seconds=seconds),
        "options": {"queue": queue, "expires": 2 * seconds},
    }


SCHEDULE: dict[str, dict[str, Any]] = {
    "close the day": {
        "task": "collections_app.close_day",
        "schedule": crontab(minute=30, hour=0),
        "options": {"queue": "batch"},
    },
    "prove the books": {
        "task": "collections_app.prove",
        "schedule": crontab(minute=30, hour=4),
        "options": {"queue": "batch"},
    },
    "catch up with missed days": _every(60 * 60, "collections_app.close_day", "batch"),
    "make partitions": _every(6 * 60 * 60, "journal.extend_partitions"),
    "deliver events": _every(30, "journal.deliver"),
    "take in uploaded files": _every(60, "debtors.import_uploads", "batch"),
    "find the debts of payments": _every(60, "ledger.match_entries", "batch"),
    "play drafts that wait": _every(60, "escalation.simulate_drafts", "batch"),
    "forget sessions that are over": _every(6 * 60 * 60, "staff.clear_sessions"),
    "seal the journal": _every(60, "journal.seal"),
    **{
        f"heartbeat of {queue}": {
            **_every(60, "collections_app.beat_heart", queue),
            "kwargs": {"queue": queue},
        }
        for queue in QUEUES
    },
}

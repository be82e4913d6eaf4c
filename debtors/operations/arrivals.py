"""What came of a run's news: the cases that its delivery opened."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.db import connection

from journal.models import BATCH_BITS

#: Recorded by the app above; known here by its name only.
_CASE_OPENED: Final = "case.opened"


def get_last_batch() -> int:
    """The newest batch of events; whatever is recorded from now on has a higher one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM journal_batch_seq"
        )
        return int(cursor.fetchone()[0])


def count_cases_opened(*, after_batch: int, recorded_on: date) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM journal_event WHERE recorded_on = %s AND id >= %s AND kind = %s",
            [recorded_on, (after_batch + 1) << BATCH_BITS, _CASE_OPENED],
        )
        return int(cursor.fetchone()[0])

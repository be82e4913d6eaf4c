"""Monthly partitions of the journal, made ahead of time."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.db import connection

from kernel.authority import by_machine

MONTHS_AHEAD: Final = 12


@by_machine
def ensure_partitions(*, since: date, months: int = MONTHS_AHEAD) -> int:
    """Make the partitions from the month of ``since`` through ``months`` later; returns how many.

    A month whose rows already lie in the default partition is left there.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT journal_ensure_partitions(%s, %s)", [since, months])
        return int(cursor.fetchone()[0])

"""When a case last changed, as clients ask for changes since an instant."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import connection, transaction

from cases.locking import lock_cases
from kernel.authority import by_machine


@by_machine
@transaction.atomic
def touch_cases(*, case_ids: Iterable[int], at: datetime) -> None:
    """Move ``updated_at`` of the cases to ``at``; never back."""
    locked = lock_cases(case_ids=case_ids)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cases_case SET updated_at = %s WHERE id = ANY(%s) AND updated_at < %s",
            [at, locked, at],
        )

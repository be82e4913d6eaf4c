"""When a case last changed, as clients ask for changes since an instant."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.db import connection, transaction

from kernel.authority import by_machine
from kernel.sql_text import array_text

_TOUCH: Final = """
    WITH locked AS MATERIALIZED (
        SELECT id FROM cases_case WHERE id = ANY(%(cases)s::bigint[]) AND updated_at < %(at)s
        ORDER BY id FOR NO KEY UPDATE
    )
    UPDATE cases_case c SET updated_at = %(at)s FROM locked WHERE c.id = locked.id
"""


@by_machine
@transaction.atomic
def touch_cases(*, case_ids: Iterable[int], at: datetime) -> None:
    """Move ``updated_at`` of the cases to ``at``; never back."""
    ids = set(case_ids)
    if ids:
        with connection.cursor() as cursor:
            cursor.execute(_TOUCH, {"cases": array_text(ids), "at": at})

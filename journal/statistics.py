"""What the planner knows of the tables, after many rows came at once.

A new database has been analysed while it was empty. Until the server looks again by itself, a
minute or more later, it takes every table for one row, and joins a whole book row by row.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.db import connection

#: Fewer new rows do no harm, and the server sees them in time.
MANY_ROWS: Final = 1_000


def look_at_tables(*, tables: Sequence[str], new_rows: int) -> None:
    """Let the planner look at the tables anew where ``new_rows`` came in this transaction."""
    if new_rows >= MANY_ROWS:
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {', '.join(tables)}")

"""The days of which the book was kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from django.db import connection
from django.db.models import Min

from portfolio.models import Snapshot

# Of the days whose rows per case are still kept: the newest by the wanted day, else the oldest
# after it. Each part stops at the first day that it finds.
_KEPT: Final = """
    (t.cases = 0 OR (SELECT s.id FROM portfolio_casesnapshot s
                     WHERE s.taken_on = t.taken_on LIMIT 1) IS NOT NULL)
"""
_COMPARED: Final = f"""
    SELECT taken_on FROM (
        (SELECT taken_on FROM portfolio_snapshot t
         WHERE t.taken_on < %(before)s AND t.taken_on <= %(wanted)s AND {_KEPT}
         ORDER BY t.taken_on DESC LIMIT 1)
        UNION ALL
        (SELECT taken_on FROM portfolio_snapshot t
         WHERE t.taken_on < %(before)s AND t.taken_on > %(wanted)s AND {_KEPT}
         ORDER BY t.taken_on LIMIT 1)
    ) found
    ORDER BY taken_on
    LIMIT 1
"""


def get_last_snapshot(*, until: date | None = None) -> Snapshot | None:
    """The newest day of which the book was kept, at or before ``until``."""
    snapshots = Snapshot.objects.order_by("-taken_on")
    return (snapshots.filter(taken_on__lte=until) if until else snapshots).first()


def get_compared_day(*, wanted: date, before: date) -> date | None:
    """The close that one of ``before`` is held against: the wanted one, or the nearest to it.

    In a young book that is its first close; None where there is none before ``before``.
    """
    with connection.cursor() as cursor:
        cursor.execute(_COMPARED, {"wanted": wanted, "before": before})
        row = cursor.fetchone()
    return row[0] if row else None


def list_kept_days(*, days: Sequence[date]) -> set[date]:
    """Those of the days of which the book was kept."""
    rows = Snapshot.objects.filter(taken_on__in=list(days))
    return set(rows.values_list("taken_on", flat=True))


def get_first_day() -> date | None:
    """The first close of which the book was kept."""
    first: date | None = Snapshot.objects.aggregate(first=Min("taken_on"))["first"]
    return first

"""Taking the snapshot that the boards are read from."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import connection, transaction

from kernel.authority import by_machine
from portfolio.entries import STOCKS
from portfolio.models import Snapshot
from portfolio.operations.acts import write_acts
from portfolio.operations.case_rows import write_case_rows
from portfolio.operations.flows import write_flows
from portfolio.operations.sums import sum_day, sum_rolls
from portfolio.operations.waiting import write_waiting
from portfolio.periods import Preset, stretch_to
from portfolio.queries import get_compared_day

#: Rows per case are kept for so long, those of the end of a month for longer.
CASES_KEPT_FOR: Final = timedelta(days=35)
MONTH_ENDS_KEPT_FOR: Final = timedelta(days=400)
#: The lines behind figures are kept as far back as trends are drawn, what merely waited at a
#: close as long as the rows per case; the sums are kept for good.
LINES_KEPT_FOR: Final = timedelta(days=190)

#: The one lock of everybody who takes a snapshot.
_LOCK_KEY: Final = 0x75676F64

_FORGET: Final = (
    """
    DELETE FROM portfolio_casesnapshot
    WHERE taken_on < %(month_ends_until)s OR (
        taken_on < %(cases_until)s AND taken_on <> (
            date_trunc('month', taken_on) + interval '1 month - 1 day')::date)
    """,
    """
    DELETE FROM portfolio_dayentry
    WHERE taken_on < %(lines_until)s
       OR (taken_on < %(cases_until)s AND kind = ANY(%(stocks)s))
    """,
)


@by_machine
@transaction.atomic
def take_snapshot(*, on: date, at: datetime) -> int:
    """Keep the book as it stands now as that of the close of ``on``; returns rows per case.

    Taken again, it replaces what was kept for that day, and what followed from it for the day
    kept next.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK_KEY])
        noted = Snapshot.objects.filter(through_transaction_id__isnull=False)
        previous = noted.filter(taken_on__lt=on).order_by("-taken_on").first()
        for table in ("casesnapshot", "dailysummary", "dayentry"):
            cursor.execute(f"DELETE FROM portfolio_{table} WHERE taken_on = %s", [on])
        rows, through = write_case_rows(cursor, {"on": on})
        taken, _ = Snapshot.objects.update_or_create(
            taken_on=on,
            defaults={
                "taken_at": at,
                "cases": rows,
                "previous_on": previous.taken_on if previous else None,
                "through_transaction_id": through,
            },
        )
        values = _values(taken, previous)
        write_acts(cursor, values)
        write_waiting(cursor, values)
        _settle(cursor, taken, previous)
        following = noted.filter(taken_on__gt=on).order_by("taken_on").first()
        if following is not None:
            following.previous_on = on
            following.save(update_fields=["previous_on"])
            _settle(cursor, following, taken)
        _forget(cursor, on)
    return rows


def _values(taken: Snapshot, previous: Snapshot | None) -> dict[str, Any]:
    """On the first day, what people did on that day counts, and nothing has flowed."""
    before = previous.taken_on if previous else None
    return {
        "on": taken.taken_on,
        "previous": before,
        "since": before or taken.taken_on - timedelta(days=1),
    }


def _settle(cursor: Any, taken: Snapshot, previous: Snapshot | None) -> None:
    """What follows from the rows of two closes, and the sums of everything."""
    if previous is not None:
        values = _values(taken, previous) | {
            "after": previous.through_transaction_id,
            "through": taken.through_transaction_id,
        }
        write_flows(cursor, values)
    sum_day(cursor, taken.taken_on)
    sum_rolls(cursor, taken.taken_on, _compared_days(taken.taken_on))


def _compared_days(on: date) -> list[date]:
    """The closes that the boards of ``on`` are held against."""
    found = [get_compared_day(wanted=stretch_to(on, preset).after, before=on) for preset in Preset]
    return [day for day in found if day is not None]


def _forget(cursor: Any, on: date) -> None:
    values = {
        "cases_until": on - CASES_KEPT_FOR,
        "month_ends_until": on - MONTH_ENDS_KEPT_FOR,
        "lines_until": on - LINES_KEPT_FOR,
        "stocks": sorted(STOCKS),
    }
    for statement in _FORGET:
        cursor.execute(statement, values)

"""Business days: begun, step by step done, and closed once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Max

from journal.models import BusinessDay
from kernel.authority import by_machine


@by_machine
def begin_day(*, on: date, at: datetime) -> BusinessDay:
    """The manifest of the day, made if it is not there; whoever begins second joins in."""
    day, _ = BusinessDay.objects.get_or_create(on=on, defaults={"started_at": at})
    return day


@by_machine
def mark_step(*, on: date, step: str, counts: Mapping[str, Any]) -> None:
    """Record that a step is done; what another closer of the same day counted is kept."""
    with connection.cursor() as cursor:
        cursor.execute(
            'UPDATE journal_businessday SET steps = %s::jsonb || steps WHERE "on" = %s',
            [json.dumps({step: dict(counts)}), on],
        )


@by_machine
def report_progress(*, on: date, progress: Mapping[str, Any]) -> None:
    """What a page shows while the day is being closed."""
    BusinessDay.objects.filter(on=on).update(progress=dict(progress))


@by_machine
def finish_day(*, on: date, at: datetime) -> bool:
    """Mark the day closed; False when someone else already has."""
    return bool(BusinessDay.objects.filter(on=on, closed_at=None).update(closed_at=at))


def get_last_closed_day() -> date | None:
    """The newest closed day, None before the first."""
    latest: date | None = BusinessDay.objects.filter(closed_at__isnull=False).aggregate(
        latest=Max("on")
    )["latest"]
    return latest


def list_business_days(*, limit: int = 60, before: date | None = None) -> list[BusinessDay]:
    """The newest first; page on with ``before``."""
    days = BusinessDay.objects.order_by("-on")
    if before is not None:
        days = days.filter(on__lt=before)
    return list(days[:limit])

"""What beat asks for, and when, also in the nights in which the clock changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from celery.schedules import crontab

from collections_app.beat import QUEUES, SCHEDULE
from collections_app.celery import app
from kernel.clock import WARSAW


@pytest.mark.parametrize("change", [date(2026, 10, 25), date(2027, 3, 28)])
def test_the_day_is_closed_once_a_night_also_when_the_clock_changes(change: date) -> None:
    start = datetime.combine(change - timedelta(days=2), datetime.min.time(), tzinfo=UTC)
    moment = start
    schedule = crontab(minute=30, hour=0, app=app, nowfun=lambda: moment)
    assert SCHEDULE["close the day"]["schedule"] == crontab(minute=30, hour=0)

    runs = []
    while moment < start + timedelta(days=5):
        moment += schedule.remaining_estimate(moment)
        runs.append(moment.astimezone(WARSAW))

    assert [(run.hour, run.minute) for run in runs] == [(0, 30)] * len(runs)
    days = [run.date() for run in runs]
    assert days == [days[0] + timedelta(days=i) for i in range(len(days))]


def test_every_scheduled_task_is_known_to_the_workers() -> None:
    app.loader.import_default_modules()

    unknown = {entry["task"] for entry in SCHEDULE.values()} - set(app.tasks)

    assert unknown == set()


@pytest.mark.parametrize("entry", SCHEDULE.values(), ids=SCHEDULE.keys())
def test_every_entry_goes_to_a_queue_that_somebody_takes_from(entry: dict[str, Any]) -> None:
    assert entry["options"]["queue"] in QUEUES


@pytest.mark.parametrize("entry", SCHEDULE.values(), ids=SCHEDULE.keys())
def test_nothing_is_planned_for_the_hour_that_the_clock_skips_or_repeats(
    entry: dict[str, Any],
) -> None:
    schedule = entry["schedule"]
    assert isinstance(schedule, timedelta) or not schedule.hour & {2}

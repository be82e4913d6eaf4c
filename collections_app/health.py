"""``/healthz``: the process answers. ``/readyz``: everything it needs is there and keeps up."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from celery import current_app
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError

from collections_app.beat import QUEUES
from collections_app.heartbeat import list_silent_queues
from collections_app.proving import get_last_proof
from debtors.queries import get_first_intake_day
from journal.business_days import get_last_closed_day
from journal.queries import get_backlog
from kernel import clock
from staff.access import public

logger: Final = logging.getLogger(__name__)

#: Events that wait longer than this are not being delivered.
_BACKLOG: Final = timedelta(minutes=15)
#: The night has this long after the end of a day to close it.
_CLOSING: Final = timedelta(hours=6)

Finding = dict[str, Any]
Check = Callable[[datetime], Finding]


def _database(_: datetime) -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return {"ok": True}


def _migrations(_: datetime) -> Finding:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return {"ok": not plan, "missing": len(plan)}


def _broker(_: datetime) -> Finding:
    if not settings.CELERY_BROKER_URL:
        return {"ok": False, "error": "not configured"}
    try:
        with current_app.connection_for_read(connect_timeout=2) as broker:
            broker.ensure_connection(max_retries=1, interval_start=0, timeout=2)
    except (OperationalError, OSError) as error:
        return {"ok": False, "error": type(error).__name__}
    return {"ok": True}


def _workers(at: datetime) -> Finding:
    silent = list_silent_queues(queues=QUEUES, at=at)
    return {"ok": not silent, "silent_queues": silent}


def _day_close(at: datetime) -> Finding:
    last = get_last_closed_day()
    expected = clock.legal_day(at - _CLOSING) - timedelta(days=1)
    first = get_first_intake_day()
    due = first is not None and first <= expected
    return {
        "ok": not due or (last is not None and last >= expected),
        "last_closed_on": last,
        "expected_on": expected if due else None,
    }


def _deliveries(at: datetime) -> Finding:
    backlog = get_backlog()
    oldest = backlog.oldest_recorded_at
    age = max((at - oldest).total_seconds(), 0.0) if oldest else 0.0
    return {
        "ok": age <= _BACKLOG.total_seconds() and not backlog.parked,
        "waiting": backlog.waiting,
        "parked": backlog.parked,
        "oldest_age_seconds": round(age),
    }


def _partitions(_: datetime) -> Finding:
    """An event in the default partition: the months ahead were not made in time."""
    return {"ok": not get_backlog().in_default_partition}


def _proof(_: datetime) -> Finding:
    """The books were not proved yet, or nothing was wrong when they were last."""
    last = get_last_proof()
    if last is None:
        return {"ok": True}
    return {"ok": not last.faults_count, "proved_at": last.proved_at, "faults": last.faults_count}


CHECKS: Final[dict[str, Check]] = {
    "database": _database,
    "migrations": _migrations,
    "broker": _broker,
    "workers": _workers,
    "day_close": _day_close,
    "deliveries": _deliveries,
    "partitions": _partitions,
    "proof": _proof,
}


def run_checks(at: datetime) -> Iterator[tuple[str, Finding]]:
    """Every check by name; one that cannot be made has failed. Nothing secret is told."""
    for name, check in CHECKS.items():
        try:
            yield name, check(at)
        except DatabaseError as error:
            logger.warning("not ready: check=%s error=%s", name, error)
            yield name, {"ok": False, "error": type(error).__name__}


def list_findings(*, at: datetime, names: Sequence[str]) -> list[tuple[str, Finding]]:
    """Of these checks, those that do not hold."""
    made = ((name, CHECKS[name](at)) for name in names)
    return [(name, finding) for name, finding in made if not finding["ok"]]


@public
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 as long as the process answers at all."""
    return JsonResponse({"ok": True})


@public
@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when every check holds, else 503; the body names each with what it saw."""
    checks = dict(run_checks(clock.now()))
    ready = all(finding["ok"] for finding in checks.values())
    return JsonResponse({"ok": ready, "checks": checks}, status=200 if ready else 503)

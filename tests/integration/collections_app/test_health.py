"""``/healthz`` and ``/readyz``."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from kombu.exceptions import OperationalError

from collections_app import health
from collections_app.beat import QUEUES
from collections_app.celery import app as celery_app
from collections_app.heartbeat import beat_heart, list_silent_queues
from journal.models import BusinessDay
from kernel import clock

pytestmark = pytest.mark.django_db


def checks(client: Client) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/readyz").json()["checks"]
    return found


def test_the_process_is_alive_without_any_service(client: Client) -> None:
    answer = client.get("/healthz")

    assert answer.status_code == 200
    assert answer.json() == {"ok": True}


def test_a_site_without_workers_is_not_ready_and_says_which_queues_are_silent(
    client: Client,
) -> None:
    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["checks"]["workers"] == {"ok": False, "silent_queues": sorted(QUEUES)}
    assert answer.json()["checks"]["database"] == {"ok": True}
    assert answer.json()["checks"]["migrations"] == {"ok": True, "missing": 0}


def test_a_site_whose_queues_are_all_taken_from_is_ready(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(health.CHECKS, "broker", lambda at: {"ok": True})
    for queue in QUEUES:
        beat_heart(queue=queue, at=clock.now())

    answer = client.get("/readyz")

    assert answer.status_code == 200, answer.json()


def test_a_broker_that_cannot_be_reached_is_told_without_its_address(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**options: Any) -> Any:
        raise OperationalError("redis://user:password@host")

    monkeypatch.setattr(settings, "CELERY_BROKER_URL", "redis://user:password@host")
    monkeypatch.setattr(celery_app, "connection_for_read", refuse)

    answer = client.get("/readyz")

    assert answer.json()["checks"]["broker"] == {"ok": False, "error": "OperationalError"}
    assert "password" not in answer.content.decode()


def test_an_older_heartbeat_that_comes_late_moves_nothing_back() -> None:
    now = clock.now()
    beat_heart(queue="batch", at=now)
    beat_heart(queue="batch", at=now - timedelta(hours=1))

    assert list_silent_queues(queues=["batch"], at=now) == []
    assert list_silent_queues(queues=["batch"], at=now + timedelta(minutes=4)) == ["batch"]


def test_a_day_that_was_not_closed_by_the_morning_is_red(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    yesterday = clock.today() - timedelta(days=1)
    noon = clock.instant(clock.today()) + timedelta(hours=12)
    monkeypatch.setattr(health, "get_first_intake_day", lambda: yesterday - timedelta(days=1))

    with clock.fixed_at(noon):
        assert not checks(client)["day_close"]["ok"]
        BusinessDay.objects.create(on=yesterday, started_at=noon, closed_at=noon)
        assert checks(client)["day_close"]["ok"]

"""The close of a day beside people who hold rows, and beside another closer."""

from __future__ import annotations

import threading
import time
from datetime import UTC, date, datetime

import pytest
from django.db import connection

from collections_app import day_close
from collections_app.day_close import Step, close_day
from escalation.benchmarks.book import write_book
from journal.business_days import mark_step
from journal.models import BusinessDay

ON = date(2026, 5, 12)
AT = datetime(2026, 5, 12, 22, 30, tzinfo=UTC)


@pytest.mark.django_db
def test_a_step_that_another_closer_has_done_meanwhile_is_not_done_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ran: list[str] = []

    def first(on: date, at: datetime) -> dict[str, int]:
        ran.append("first")
        mark_step(on=on, step="second", counts={"by_the_other": 1})
        return {}

    def second(on: date, at: datetime) -> dict[str, int]:
        ran.append("second")
        return {}

    monkeypatch.setattr(day_close, "STEPS", (Step("first", first), Step("second", second)))

    closed = close_day(on=ON, at=AT)

    assert ran == ["first"]
    assert closed.counts["second"] == {"by_the_other": 1}


@pytest.mark.commits
def test_the_night_waits_for_a_row_for_longer_than_a_person_would(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write_book(cases=1, on=ON)
    officer = connection.copy()
    officer.set_autocommit(False)
    with officer.cursor() as cursor:
        cursor.execute("SELECT id FROM cases_case FOR NO KEY UPDATE")
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        before = cursor.fetchone()

    def needs_the_row(on: date, at: datetime) -> dict[str, int]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT id FROM cases_case FOR NO KEY UPDATE")
            return {"locked": len(cursor.fetchall())}

    monkeypatch.setattr(day_close, "STEPS", (Step("lock", needs_the_row),))

    def let_go() -> None:
        time.sleep(4)
        officer.rollback()

    officer.inc_thread_sharing()
    helper = threading.Thread(target=let_go)
    helper.start()
    try:
        closed = close_day(on=ON, at=AT)
    finally:
        helper.join()
        officer.dec_thread_sharing()
        officer.close()

    assert closed.counts["lock"] == {"locked": 1}
    assert BusinessDay.objects.get(on=ON).closed_at == AT
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == before, "people of the same process wait as before"

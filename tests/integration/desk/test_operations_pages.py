"""Intake runs and day closes, as their readers find them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import Settings

from debtors.lifecycle import RunStatus
from debtors.models import IntakeRun
from journal.business_days import begin_day, finish_day, mark_step, report_progress
from staff.models import User
from staff.rights import Role
from tests.integration.cases.builders import make_user
from tests.integration.desk.conftest import AT, signed_in

pytestmark = pytest.mark.django_db


def test_an_uploaded_file_waits_as_a_run(manager: User, settings: Settings, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    form = {
        "file": SimpleUploadedFile("book.csv", b"a;b\n1;2\n"),
        "profile": "canonical",
        "as_of": "2026-05-11",
    }

    answer = signed_in(manager).post("/intake/upload/", form, follow=True)

    run = IntakeRun.objects.get()
    assert (run.status, run.as_of_on) == (RunStatus.QUEUED, date(2026, 5, 11))
    assert "book.csv" in answer.content.decode()


def test_the_page_of_a_run_says_how_far_it_is_and_asks_again_until_it_is_over(
    manager: User, settings: Settings, tmp_path: Path
) -> None:
    settings.VAR_DIR = tmp_path
    browser = signed_in(manager)
    form = {
        "file": SimpleUploadedFile("book.csv", b"a;b\n1;2\n"),
        "profile": "canonical",
        "as_of": "2026-05-11",
    }
    address = browser.post("/intake/upload/", form)["Location"]

    waits = browser.get(address).content.decode()
    IntakeRun.objects.update(status=RunStatus.RUNNING, rows_done=12_000)
    runs = browser.get(address).content.decode()
    IntakeRun.objects.update(status=RunStatus.DONE)
    over = browser.get(address).content.decode()

    asks = f'data-by-itself hx-get="{address}" hx-trigger="every 2s" hx-select="#intake-run"'
    assert (asks in waits, asks in runs, asks in over) == (True, True, False)
    assert "12\u00a0000 rows so far" in runs
    assert "so far" not in waits + over
    assert '<div id="intake-run" data-say="' in over


def test_who_may_not_import_sees_no_form_and_is_refused(db: None) -> None:
    auditor = signed_in(make_user("ewa", Role.AUDITOR))

    assert 'type="file"' not in auditor.get("/intake/").content.decode()
    assert auditor.post("/intake/upload/", {}).status_code == 403


def test_an_upload_without_a_file_is_asked_for(manager: User) -> None:
    answer = signed_in(manager).post("/intake/upload/", {"profile": "canonical"})

    assert answer.status_code == 422
    assert not IntakeRun.objects.exists()


def test_day_closes_say_what_was_decided(manager: User) -> None:
    begin_day(on=date(2026, 5, 10), at=AT)
    mark_step(on=date(2026, 5, 10), step="decide", counts={"perform": 1234, "wait": 5})
    finish_day(on=date(2026, 5, 10), at=AT)
    begin_day(on=date(2026, 5, 11), at=AT)
    report_progress(
        on=date(2026, 5, 11), progress={"decided": 2003, "wait": 2, "perform": 2000, "hold": 1}
    )

    page = signed_in(manager).get("/days/").content.decode()

    assert "steps taken 1\u00a0234, waiting 5" in page
    assert "decided 2\u00a0003: steps taken 2\u00a0000, waiting 2, on hold 1" in page
    assert "being closed" in page

"""Intake runs, day closes and strategies, as their readers find them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from debtors.lifecycle import RunStatus
from debtors.models import IntakeRun
from escalation.lifecycle import VersionStatus
from escalation.models import StrategyVersion
from journal.business_days import begin_day, finish_day, mark_step
from staff.models import User
from staff.rights import Role
from tests.integration.cases.builders import make_user
from tests.integration.desk.conftest import AT, signed_in

pytestmark = pytest.mark.django_db


def _draft(source: str, act: str) -> dict[str, str]:
    return {"source": source, "act": act, "days": "10"}


@pytest.fixture
def source(db: None) -> str:
    version = StrategyVersion.objects.get(
        strategy__key="small_balances", status=VersionStatus.IN_FORCE
    )
    return version.source


@pytest.fixture
def changed(source: str) -> str:
    return source.replace("days_past_due = 5", "days_past_due = 6", 1).replace(
        "days_past_due = 3", "days_past_due = 4", 1
    )


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

    page = signed_in(manager).get("/days/").content.decode()

    assert "steps taken 1\u00a0234, waiting 5" in page
    assert "being closed" in page


def test_a_strategy_reads_as_a_path_in_the_language_of_its_reader(at_desk: Client) -> None:
    english = at_desk.get("/strategies/unsecured_retail/").content.decode()
    at_desk.post("/look/", {"language": "pl", "next": "/"})
    polish = at_desk.get("/strategies/unsecured_retail/").content.decode()

    assert "Demand for payment" in english
    assert "Wezwanie do zapłaty" in polish
    assert "14 dni roboczych po doręczeniu: wezwanie z art. 75c" in polish
    assert at_desk.get("/strategies/nothing/").status_code == 404
    assert at_desk.get("/strategies/unsecured_retail/?version=99").status_code == 404


def test_a_misspelt_draft_is_told_its_line_and_nothing_is_proposed(
    manager: User, source: str
) -> None:
    bad = source.replace("[exit_when]", "[exit_wen]", 1)

    answer = signed_in(manager).post("/strategies/draft/", _draft(bad, "propose"))

    assert answer.status_code == 422
    page = answer.content.decode()
    assert "exit_wen" in page
    assert "Line " in page
    assert not StrategyVersion.objects.filter(status=VersionStatus.PROPOSED).exists()


def test_a_draft_is_checked_and_simulated_without_a_trace(manager: User, changed: str) -> None:
    browser = signed_in(manager)
    before = StrategyVersion.objects.count()

    checked = browser.post("/strategies/draft/", _draft(changed, "check")).content.decode()
    simulated = browser.post("/strategies/draft/", _draft(changed, "simulate")).content.decode()

    assert "It can be read and proposed." in checked
    assert "would take another next step than today" in simulated
    assert StrategyVersion.objects.count() == before


def test_publishing_takes_two_people_and_a_reason(manager: User, changed: str) -> None:
    author, second = signed_in(manager), signed_in(make_user("karolina", Role.MANAGER))
    author.post("/strategies/draft/", _draft(changed, "propose"))
    version = StrategyVersion.objects.get(status=VersionStatus.PROPOSED)
    address = f"/strategies/small_balances/versions/{version.pk}/decide/"
    yes = {"verdict": "approve", "reason": "Agreed"}

    own = author.post(address, yes, follow=True)
    silent = second.post(address, {"verdict": "approve", "reason": ""}, follow=True)
    version.refresh_from_db()
    assert "Publishing takes two people." in own.content.decode()
    assert "A reason is needed" in silent.content.decode()
    assert version.status == VersionStatus.PROPOSED

    second.post(address, yes)
    version.refresh_from_db()
    assert (version.status, version.decision_reason) == (VersionStatus.IN_FORCE, "Agreed")


def test_an_author_may_withdraw_a_proposed_version(manager: User, changed: str) -> None:
    author = signed_in(manager)
    author.post("/strategies/draft/", _draft(changed, "propose"))
    version = StrategyVersion.objects.get(status=VersionStatus.PROPOSED)

    author.post(f"/strategies/small_balances/versions/{version.pk}/withdraw/")

    version.refresh_from_db()
    assert version.status == VersionStatus.WITHDRAWN


def test_an_officer_reads_strategies_and_drafts_none(at_desk: Client) -> None:
    assert at_desk.get("/strategies/").status_code == 200
    assert at_desk.get("/strategies/draft/").status_code == 403

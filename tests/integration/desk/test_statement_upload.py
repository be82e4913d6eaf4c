"""Files of statements handed in on the page, many at once or one by one."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from desk.views.statements import MOST_FILES
from ledger.models import StatementFile
from staff.models import User
from tests.integration.desk.conftest import signed_in
from tests.unit.ledger.statements.samples import CAMT053, MT940

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(manager: User) -> Client:
    return signed_in(manager)


def test_a_file_sent_by_itself_is_answered_by_its_line_alone(browser: Client) -> None:
    file = SimpleUploadedFile("may.sta", MT940)
    answer = browser.post("/statements/upload/", {"files": [file]}, headers={"X-Part": "outcomes"})
    text = answer.content.decode()
    assert (answer.status_code, text.count("<li>"), "<html" in text) == (200, 1, False)
    assert "3 entries: 3 booked" in text
    bad = SimpleUploadedFile("bad.sta", b"hello")
    answer = browser.post("/statements/upload/", {"files": [bad]}, headers={"X-Part": "outcomes"})
    assert answer.status_code == 422
    assert "line 1: This is no bank statement" in answer.content.decode()


def test_many_files_are_sent_at_once_without_a_script(browser: Client) -> None:
    files = [SimpleUploadedFile("a.sta", MT940), SimpleUploadedFile("b.xml", CAMT053)]
    page = browser.post("/statements/upload/", {"files": files}).content.decode()
    assert StatementFile.objects.count() == 2
    assert "What became of your files" in page
    assert "multiple" in page
    assert "data-drop" in page


def test_files_beyond_the_limit_are_named_and_not_dropped_silently(browser: Client) -> None:
    files = [SimpleUploadedFile(f"{n}.sta", b"hello %d" % n) for n in range(MOST_FILES + 1)]
    answer = browser.post("/statements/upload/", {"files": files}, headers={"X-Part": "outcomes"})
    text = answer.content.decode()
    assert text.count("<li>") == MOST_FILES + 1
    assert "At most 50 files at once" in text

"""What people see when something went wrong: in our look and in their language."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from desk.views import home
from kernel import clock
from staff.rights import Role
from tests.integration.cases.builders import make_user
from tests.integration.desk.conftest import AT

LANGUAGES = ("pl", "en")


def _browser(language: str, **options: Any) -> Client:
    return Client(headers={"Accept-Language": language}, raise_request_exception=False, **options)


@pytest.fixture
def breaks(monkeypatch: pytest.MonkeyPatch, db: None) -> Iterator[Callable[[Exception], None]]:
    """Makes the start page fail; it is asked for by somebody who has signed in."""

    def fail_with(error: Exception) -> None:
        def home_of(_role: Role) -> str:
            raise error

        monkeypatch.setattr(home, "home_of", home_of)

    with clock.fixed_at(AT):
        yield fail_with


def _signed_in(language: str) -> Client:
    browser = _browser(language)
    browser.force_login(make_user(f"anna-{language}", Role.OFFICER))
    return browser


@pytest.mark.parametrize(
    ("language", "said"), [("pl", "Coś się nie udało"), ("en", "Something went wrong")]
)
def test_an_error_is_said_in_the_language_of_the_reader(
    breaks: Callable[[Exception], None], language: str, said: str
) -> None:
    breaks(ValueError("a secret of the code"))
    answer = _signed_in(language).get("/home/")
    page = answer.content.decode()

    assert answer.status_code == 500
    assert said in page
    assert f'<html lang="{language}"' in page
    assert "secret" not in page


@pytest.mark.parametrize(
    ("language", "said"), [("pl", "Baza danych jest zajęta"), ("en", "The database is busy")]
)
def test_a_database_that_does_not_answer_in_time_is_busy_and_not_an_error(
    breaks: Callable[[Exception], None], language: str, said: str
) -> None:
    breaks(OperationalError("canceling statement due to lock timeout"))
    answer = _signed_in(language).get("/home/")

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "10"
    assert said in answer.content.decode()


@pytest.mark.parametrize(
    ("language", "said"), [("pl", "Trwa przerwa techniczna"), ("en", "Closed for maintenance")]
)
def test_while_the_site_is_closed_no_page_opens_and_the_database_is_left_alone(
    settings: Settings, tmp_path: Path, db: None, language: str, said: str
) -> None:
    settings.VAR_DIR = tmp_path
    (tmp_path / "maintenance").write_text("14:00 <b>")
    browser = _browser(language)

    with CaptureQueriesContext(connection) as seen:
        answer = browser.get("/sign-in/")
        problem = browser.get("/api/v1/cases")
    page = answer.content.decode()

    assert (answer.status_code, len(seen)) == (503, 0)
    assert said in page
    assert "14:00 &lt;b&gt;" in page
    assert problem.json()["code"] == "maintenance"
    assert problem.headers["Content-Type"] == "application/problem+json"
    assert browser.get("/healthz").status_code == 200

    (tmp_path / "maintenance").unlink()
    assert browser.get("/sign-in/").status_code == 200


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.django_db
def test_pages_that_are_not_there_or_not_allowed_have_our_look(language: str) -> None:
    with clock.fixed_at(AT):
        browser = _signed_in(language)
        for address, status in (("/nowhere/", 404), ("/staff/users/", 403)):
            answer = browser.get(address)
            page = answer.content.decode()
            assert answer.status_code == status
            assert "css/frame.css" in page
            assert f'<html lang="{language}"' in page


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.django_db
def test_a_form_older_than_the_session_is_refused_in_our_look(language: str) -> None:
    answer = _browser(language, enforce_csrf_checks=True).post("/sign-in/", {"login": "x"})
    page = answer.content.decode()

    assert answer.status_code == 403
    assert "css/frame.css" in page
    assert f'<html lang="{language}"' in page
    assert "CSRF" not in page


@pytest.mark.parametrize(
    ("language", "said"),
    [("pl", "Tego nie da się odczytać"), ("en", "This could not be read")],
)
def test_a_text_that_no_database_keeps_is_refused_before_anything_is_done(
    db: None, language: str, said: str
) -> None:
    browser = _signed_in(language)
    answer = browser.get(reverse("work-list"), {"segment": "\x00"})

    assert answer.status_code == 400
    assert said in answer.content.decode()


def test_the_interface_says_so_in_its_own_words(db: None) -> None:
    answer = _browser("en").get("/api/v1/cases", headers={"Host": "a host of somebody else"})

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"

from __future__ import annotations

import pytest
from django.test import Client

from staff.models import User

pytestmark = pytest.mark.django_db

CHOSEN = {"language": "pl", "theme": "dark", "density": "compact"}


def test_preferences_are_kept_with_the_person_and_hold_in_another_browser(
    at_desk: Client, officer: User
) -> None:
    at_desk.post("/preferences/", CHOSEN)

    elsewhere = Client()
    elsewhere.force_login(officer)
    for browser in (at_desk, elsewhere):
        page = browser.get("/preferences/").content.decode()
        assert 'data-theme="dark" data-density="compact" data-single-keys="off"' in page


def test_the_language_is_that_of_the_person_from_the_next_page_on(at_desk: Client) -> None:
    answer = at_desk.post("/preferences/", CHOSEN, follow=True)

    page = answer.content.decode()
    assert '<html lang="pl"' in page
    assert "Ustawienia zostały zapisane." in page


@pytest.mark.parametrize("name", ["language", "theme", "density"])
def test_an_unknown_value_is_refused_and_nothing_is_kept(
    at_desk: Client, officer: User, name: str
) -> None:
    answer = at_desk.post("/preferences/", CHOSEN | {name: "<script>"})

    assert answer.status_code == 422
    officer.refresh_from_db()
    assert officer.theme == "auto"


def test_before_signing_in_language_and_theme_are_kept_in_the_browser(
    client: Client, db: None
) -> None:
    client.post("/look/", {"language": "en", "next": "/sign-in/"})
    client.post("/look/", {"theme": "dark", "next": "/sign-in/"})

    assert '<html lang="en" data-theme="dark">' in client.get("/sign-in/").content.decode()


def test_the_way_back_never_leaves_the_house(client: Client) -> None:
    answer = client.post("/look/", {"theme": "dark", "next": "//elsewhere.example/"})

    assert answer.headers["Location"] == "/"


def test_a_wrong_password_is_said_at_the_field(client: Client, officer: User) -> None:
    answer = client.post(
        "/sign-in/",
        {"username": officer.username, "password": "wrong"},
        headers={"accept-language": "en"},
    )

    assert answer.status_code == 200
    assert 'role="alert"' in answer.content.decode()

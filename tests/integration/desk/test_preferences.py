from __future__ import annotations

import pytest
from django.test import Client

from staff.models import User

pytestmark = pytest.mark.django_db


def test_language_and_theme_are_kept_for_the_next_page(at_desk: Client) -> None:
    at_desk.post("/preferences/", {"language": "pl", "next": "/cases/"})
    at_desk.post("/preferences/", {"theme": "dark", "next": "/"})

    page = at_desk.get("/").content.decode()

    assert '<html lang="pl" data-theme="dark">' in page


def test_the_way_back_never_leaves_the_house(at_desk: Client) -> None:
    answer = at_desk.post("/preferences/", {"theme": "dark", "next": "//elsewhere.example/"})

    assert answer.headers["Location"] == "/"


def test_a_wrong_password_is_said_at_the_field(client: Client, officer: User) -> None:
    answer = client.post(
        "/sign-in/",
        {"username": officer.username, "password": "wrong"},
        headers={"accept-language": "en"},
    )

    assert answer.status_code == 200
    assert 'role="alert"' in answer.content.decode()

"""Addresses that only take a form lead to their page when they are opened as one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client

from kernel import clock
from staff.rights import Role
from tests.integration.cases.builders import make_user
from tests.integration.desk.conftest import AT

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with clock.fixed_at(AT):
        yield


@pytest.fixture
def browser() -> Client:
    client = Client(headers={"accept": "text/html", "accept-language": "en"})
    client.force_login(make_user("pawel", Role.MANAGER))
    return client


@pytest.mark.parametrize(
    ("opened", "page"),
    [
        ("/cases/UG-1/done/", "/cases/UG-1/"),
        ("/cases/UG-1/holds/3/end/", "/cases/UG-1/"),
        ("/approvals/chosen/", "/approvals/"),
        ("/tasks/views/", "/"),
        ("/statements/entries/7/take-back/", "/statements/"),
    ],
)
def test_a_person_comes_to_the_page_of_the_form(browser: Client, opened: str, page: str) -> None:
    assert browser.get(opened).headers["Location"] == page


def test_they_are_told_that_nothing_was_done(browser: Client) -> None:
    page = browser.get("/approvals/chosen/", follow=True).content.decode()
    assert "Nothing was changed by opening this address again." in page


@pytest.mark.parametrize("headers", [{"hx-request": "true"}, {"accept": "application/json"}])
def test_a_script_gets_the_plain_answer(browser: Client, headers: dict[str, str]) -> None:
    assert browser.get("/cases/UG-1/done/", headers=headers).status_code == 405

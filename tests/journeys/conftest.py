"""People, a case and a browser for the journeys; each person signs in as they would."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import connections
from playwright.sync_api import Browser, Page, expect, sync_playwright

from cases.lifecycle import WorkKind
from cases.models import Case, WorkItem
from kernel import clock
from staff.models import Team, User
from staff.rights import Role
from tests.integration.cases.builders import make_debt, make_debtor, make_user
from tests.integration.desk.conftest import name_debtor
from tests.journeys.browsers import AT, CHROMIUM, ON, PASSWORD, SignIn

#: A bound for a machine that is busy with other work; what is as it should be waits for nothing.
expect.set_options(timeout=20_000)


@pytest.fixture
def people(site_url: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, User]:
    """An officer, two managers and an auditor; every thread of the site has the same clock."""
    monkeypatch.setattr(clock, "now", lambda: AT)
    # The browser's event loop runs in this thread; the test may ask the database all the same.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    north = Team.objects.create(name="North")
    made = {
        "anna": make_user("anna", Role.OFFICER, north),
        "pawel": make_user("pawel", Role.MANAGER),
        "karolina": make_user("karolina", Role.MANAGER),
        "ewa": make_user("ewa", Role.AUDITOR),
    }
    for user in made.values():
        user.set_password(PASSWORD)
        user.save()
    return made


@pytest.fixture
def case(people: dict[str, User]) -> Case:
    officer = people["anna"]
    debtor = make_debtor()
    name_debtor(debtor, "Wąsik Łucja")
    make_debt(debtor, due_minor=125_000, outstanding_minor=500_000, due_since=ON - timedelta(40))
    made = Case.objects.create(
        number="UG-1", debtor=debtor, team=officer.team, owner=officer, opened_on=ON, updated_at=AT
    )
    WorkItem.objects.create(
        case=made, kind=WorkKind.CALL, team=made.team, owner=officer, due_on=ON, opened_at=AT
    )
    return made


@pytest.fixture
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        # Beside the event loop Django keeps connections apart, to the last test's database.
        connections.close_all()
        yield chromium
        connections.close_all()
        chromium.close()


def _strike_keys_once_loaded(page: Page) -> None:
    """Nobody types on a page that is still coming; a key struck before its scripts run is lost."""
    for name in ("press", "type"):
        strike = getattr(page.keyboard, name)

        def strike_once_loaded(
            *keys: str, strike: Callable[..., None] = strike, **options: float
        ) -> None:
            page.wait_for_load_state()
            strike(*keys, **options)

        setattr(page.keyboard, name, strike_once_loaded)


@pytest.fixture
def sign_in(browser: Browser, site_url: str) -> Iterator[SignIn]:
    """Opens the site as a person; no script may fail, nor be held back by the content policy."""
    faults: list[str] = []

    def open_as(user: str, *, language: str = "en", theme: str = "light", **options: bool) -> Page:
        context = browser.new_context(viewport={"width": 1280, "height": 720}, **options)  # type: ignore[arg-type]
        User.objects.filter(username=user).update(language=language, theme=theme)
        context.add_cookies([{"name": "django_language", "value": language, "url": site_url}])
        context.set_default_timeout(20_000)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on(
            "console",
            lambda said: faults.append(said.text) if "Content Security" in said.text else None,
        )
        page.goto(f"{site_url}/sign-in/")
        page.get_by_role("textbox").first.fill(user)
        page.locator("[type=password]").fill(PASSWORD)
        page.locator("[type=password]").press("Enter")
        expect(page.locator(".rail")).to_be_visible()
        _strike_keys_once_loaded(page)
        return page

    yield open_as
    assert faults == []

"""Every page of the product in a real browser: nothing bars anybody, nothing is cut off."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page

from calculations.table import TOPICS
from collections_app.demo.staffing import hire
from debtors.models import Debt, Debtor
from desk.views.calculator.form import example_query
from kernel import clock
from staff.models import User
from staff.rights import Role
from tests.journeys.book import LONG_NAME, Book, write_book
from tests.journeys.browsers import AT, IN_A_BROWSER
from tests.journeys.looking import WIDTHS, list_barriers, list_misfits
from tests.journeys.visits import OF_THE_HEAVY, Visit, list_visits

pytestmark = [*IN_A_BROWSER, pytest.mark.chaos]

#: Each page in one way; at full length in every way in which it is opened, by each role.
ONCE: Final = os.environ.get("CHAOS") != "full"

#: A folder into which every page is drawn, for whoever wants to look.
PICTURES: Final = os.environ.get("PICTURES_OF_PAGES", "")
#: Lists that hold something in a house without a single case.
NEVER_EMPTY: Final = {
    "operations": "whether the product runs",
    "staff-delegations": "who may lend authority",
    "staff-roles": "what each role may do",
    "authority": "who decides up to which amount",
    "account": "the session that looks",
    "api-documentation": "how to ask for what is there",
    "rates": "the rates that the product ships",
    "staff-journal": "who was hired",
    "staff-limits": "what the law and the house require",
    "staff-teams": "the teams of the house",
    "staff-users": "the people of the house",
    "strategies": "those that the product ships",
}
#: Pages that hold a form and no list.
FORMS: Final = {"calculator", "preferences", "second-factor", "sign-in"}

#: Pages whose elements others make; what stands there is said otherwise, too.
NOT_OURS: Final = {"api-documentation": "Swagger UI; openapi.json says the same"}

Parts = Mapping[str, Any]
Walk = Callable[[Sequence[Visit], Sequence[Parts], str], Iterator[tuple[str, Page]]]


def _stand_still(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every thread of the site has the same clock."""
    monkeypatch.setattr(clock, "now", lambda: AT)
    # The browser's event loop runs in this thread; the test may ask the database all the same.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture
def book(site_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Book:
    monkeypatch.setattr(settings, "VAR_DIR", tmp_path)
    book = write_book(tmp_path)
    _stand_still(monkeypatch)
    return book


@pytest.fixture
def nothing(site_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """People, teams and limits, and not one case."""
    hire(at=AT)
    _stand_still(monkeypatch)


@pytest.fixture
def walk(browser: Browser, site_url: str) -> Iterator[Walk]:
    """Opens one page after the other, each as somebody who may; gives where it is."""
    context = browser.new_context(viewport={"width": 1280, "height": 720}, bypass_csp=True)
    context.set_default_timeout(30_000)

    def walk(
        visits: Sequence[Visit], parts: Sequence[Parts], language: str
    ) -> Iterator[tuple[str, Page]]:
        User.objects.update(language=language, theme="light")
        context.clear_cookies()
        context.add_cookies([{"name": "django_language", "value": language, "url": site_url}])
        page = context.new_page()
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        seated: Role | None = None
        for visit, named in zip(visits, parts, strict=True):
            if visit.role is not None and visit.role != seated:
                _seat(context, visit.role, site_url)
                seated = visit.role
            address = visit.address(named)
            answer = page.goto(site_url + address)
            place = f"{address} as {visit.role or 'nobody'}"
            assert answer is not None
            assert (answer.status, faults) == (200, []), place
            yield place, page
            if PICTURES:
                _draw(page, f"{language}-{visit.name}-{visit.role}-{visits.index(visit)}")

    yield walk
    context.close()


def _seat(context: BrowserContext, role: Role, site_url: str) -> None:
    """As somebody of the role who has signed in."""
    client = Client()
    client.force_login(User.objects.filter(role=role).order_by("id")[0])
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": site_url}])


def _draw(page: Page, name: str) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 720})
        page.screenshot(path=Path(PICTURES) / f"{name}-{width}.png", full_page=True)


def _parts(book: Book) -> Parts:
    example = urlencode(example_query(TOPICS["interest_delay"]))
    return {**book.parts, "name": "wolanska", "example": example}


def _told(found: list[tuple[str, str]]) -> str:
    return "\n".join(f"{place}: {fault}" for place, fault in found)


@pytest.mark.parametrize("language", ["pl", "en"])
def test_every_page_is_free_of_barriers_in_both_themes(
    book: Book, walk: Walk, language: str
) -> None:
    found: list[tuple[str, str]] = []
    # The same colours stand in either language.
    in_dark = not ONCE or language == "pl"
    # With twelve debts the rules take a minute for one page and find no other element.
    debt = Debt.objects.filter(parties__debtor=book.case.debtor).order_by("id")[0]
    parts = {
        **_parts(book), "number": book.case.number, "case_id": book.case.pk, "debt_id": debt.pk,
    }  # fmt: skip
    visits = [
        each for each in list_visits(once=ONCE or language == "en") if each.name not in NOT_OURS
    ]
    heavy = {**parts, "number": book.heavy.number}
    chosen = [heavy if each.name in OF_THE_HEAVY else parts for each in visits]
    for place, page in walk(visits, chosen, language):
        if page.locator("main .empty").count():
            found.append((place, "the book has nothing for it"))
        found += [(place, fault) for fault in list_misfits(page, widths=WIDTHS[:1])]
        found += [(place, fault) for fault in list_barriers(page, in_dark=in_dark)]
    assert found == [], _told(found)


def test_a_name_of_120_characters_and_twelve_debts_fit_on_every_page_at_every_width(
    book: Book, walk: Walk
) -> None:
    Debtor.objects.update(display_name=LONG_NAME)
    found: list[tuple[str, str]] = []
    visits = list_visits(once=ONCE)
    for place, page in walk(visits, [_parts(book)] * len(visits), "pl"):
        found += [(place, fault) for fault in list_misfits(page)]
    assert found == [], _told(found)


def test_a_new_house_without_a_case_has_a_designed_page_everywhere(
    nothing: None, walk: Walk
) -> None:
    parts = {"name": "nobody", "example": ""}
    visits = [visit for visit in list_visits(once=ONCE) if visit.needs() <= set(parts)]
    assert len({visit.name for visit in visits}) > 25
    found: list[tuple[str, str]] = []
    for (place, page), visit in zip(walk(visits, [parts] * len(visits), "pl"), visits, strict=True):
        found += [(place, fault) for fault in list_misfits(page)]
        says_so = page.locator("main .empty").count() > 0
        if visit.name not in FORMS and says_so == (visit.name in NEVER_EMPTY):
            found.append((place, "says that it is empty" if says_so else "does not say so"))
        bodies = page.locator("main tbody")
        if bodies.evaluate_all("all => all.some((each) => each.rows.length === 0)"):
            found.append((place, "a bare table"))
    assert found == [], _told(found)

"""``manage.py benchmark pages``: the screens and the API over a large book.

For each page: how many statements it takes, the slowest of them, how long the whole answer takes
and how heavy it is, beside a bare view that answers without a statement. The medians of several
openings count; the first one of each is left out, since it fills caches.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any, Final, NamedTuple

from django.core.management import call_command
from django.core.management.base import CommandParser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from api import benchmarks as api
from collections_app.benchmarks.desk_rows import write_desk_rows
from escalation.benchmarks.book import write_book
from escalation.benchmarks.nightly import vacuum
from escalation.benchmarks.scratch import scratch_database
from escalation.operations import decide_due
from kernel import clock
from kernel.actor import system_actor
from portfolio.operations import take_snapshot
from staff.models import Team, User
from staff.operations import create_team, create_user
from staff.rights import Role

HELP = "work list, case page, search, board and the API over a large book"

_ACTOR: Final = system_actor("benchmark")
_GOAL_MS: Final = 50.0
_GOAL_KB: Final = 150.0
_TEAMS: Final = 10
_OFFICERS: Final = 10
#: Lists of the whole book, as their addresses are called.
_LISTS: Final = (
    "approvals",
    "strategies",
    "messages",
    "agreements",
    "referrals",
    "agencies",
    "payment-inbox",
    "write-offs",
    "refunds",
    "intake-runs",
    "day-closes",
)
#: A search with one hit sends on to it.
_ANSWERED: Final = frozenset({200, 302})


class Page(NamedTuple):
    """The first one measured is the bare view that the others stand beside."""

    name: str
    address: str
    role: Role
    #: What is sent with it; without it the page is only opened.
    form: dict[str, str] | None = None


def add_arguments(parser: CommandParser) -> None:
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument(
        "--openings", type=int, default=6, help="of each page, the first for nothing"
    )


def run(*, tell: Callable[[str], None], **options: Any) -> dict[str, Any]:
    """The figures; ``ratio`` is the API page beside its raw rows and should be at most 4."""
    on = clock.today()
    at = clock.now()
    with _book(options["cases"], on, at, tell) as users:
        pages = [
            _measure(page, users[page.role], openings=options["openings"]) for page in _pages(on)
        ]
        page_of_cases = api.run(on=on, at=at)
    bare_ms = pages[0]["answered_ms"]
    for page in pages:
        page["times_bare"] = round(page["answered_ms"] / bare_ms, 1)
        tell(
            f"{page['page']}: {page['statements']} statements, the slowest"
            f" {page['slowest_ms']} ms, answered in {page['answered_ms']} ms"
            f" ({page['times_bare']} times the bare view), {page['kilobytes']} KB"
        )
    slowest = max(pages, key=lambda page: float(page["slowest_ms"]))
    heaviest = max(pages, key=lambda page: float(page["kilobytes"]))
    return {
        "cases": options["cases"],
        "ours_seconds": round(page_of_cases["ours_ms"] / 1000, 5),
        "limit_seconds": round(page_of_cases["limit_ms"] / 1000, 5),
        "ratio": page_of_cases["ratio"],
        "api": page_of_cases,
        "pages": pages,
        "slowest_statement": {"page": slowest["page"], "ms": slowest["slowest_ms"]},
        "goal_statement_ms": _GOAL_MS,
        "heaviest_page": {"page": heaviest["page"], "kilobytes": heaviest["kilobytes"]},
        "goal_page_kilobytes": _GOAL_KB,
    }


@contextmanager
def _book(
    cases: int, on: date, at: datetime, tell: Callable[[str], None]
) -> Iterator[dict[Role, User]]:
    """A scratch copy of the schema with cases in ten teams, decided once, and a snapshot."""
    template = str(connection.settings_dict["NAME"])
    with scratch_database(f"{template}_pages"):
        tell("writing the book")
        call_command("migrate", verbosity=0, interactive=False)
        write_book(cases=cases, on=on)
        teams = [
            create_team(name=f"Team {number}", actor=_ACTOR, at=at) for number in range(_TEAMS)
        ]
        users = {
            role: create_user(
                username=role.value,
                full_name=role.value,
                role=role,
                team=teams[0],
                password="as long as it must be",  # noqa: S106 - of a scratch database
                actor=_ACTOR,
                at=at,
            )
            for role in (Role.OFFICER, Role.TEAM_LEADER, Role.MANAGER)
        }
        _spread(teams=[team.pk for team in teams])
        vacuum()
        take_snapshot(on=on - timedelta(days=1), at=at)
        tell("deciding")
        decide_due(on=on, at=at, actor=_ACTOR)
        tell("filling the desk")
        write_desk_rows(
            on=on,
            team_id=teams[0].pk,
            officer_ids=[users[Role.OFFICER].pk, *_colleagues(teams[0], at)],
        )
        vacuum()
        take_snapshot(on=on, at=at)
        vacuum()
        yield users


def _colleagues(team: Team, at: datetime) -> list[int]:
    return [
        create_user(
            username=f"colleague{number}",
            full_name=f"Colleague {number}",
            role=Role.OFFICER,
            team=team,
            password="as long as it must be",  # noqa: S106 - of a scratch database
            actor=_ACTOR,
            at=at,
        ).pk
        for number in range(_OFFICERS - 1)
    ]


def _spread(*, teams: Sequence[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cases_case SET team_id = (%s::bigint[])[1 + id / 20 %% %s]",
            [list(teams), len(teams)],
        )


def _pages(on: date) -> list[Page]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM cases_case ORDER BY id OFFSET 1000 LIMIT 1")
        number = str(cursor.fetchone()[0])
    cases, search = reverse("cases"), reverse("search")
    return [
        Page("a bare view", reverse("healthz"), Role.OFFICER),
        *_desk_pages(number),
        Page("case", reverse("case", kwargs={"number": number}), Role.MANAGER),
        Page("ledger of a case", reverse("case-ledger", args=[number]), Role.MANAGER),
        Page("money of a case", reverse("case-money", args=[number]), Role.MANAGER),
        Page("strategy", reverse("strategy", args=["unsecured_retail"]), Role.MANAGER),
        *(Page(name, reverse(name), Role.MANAGER) for name in _LISTS),
        Page("approvals, one team", reverse("approvals"), Role.TEAM_LEADER),
        Page("state and switches", reverse("operations"), Role.MANAGER),
        Page("a red switch", reverse("switch", args=["channel", "letter"]), Role.MANAGER),
        Page("search by name", f"{search}?q=testowy", Role.MANAGER),
        Page("search by name, one team", f"{search}?q=testowy", Role.OFFICER),
        Page("search by number", search, Role.MANAGER, {"q": number}),
        Page("search by phone", search, Role.MANAGER, {"q": "+485000001234"}),
        Page("search as one types", reverse("search-suggest"), Role.OFFICER, {"q": "jan te"}),
        Page("cases", f"{cases}?status=open", Role.MANAGER),
        Page("cases of a stage", f"{cases}?status=open&stage=court", Role.MANAGER),
        Page("cases far overdue", f"{cases}?status=open&days_past_due_min=159", Role.MANAGER),
        Page("cases deep in the book", f"{cases}?status=open&after=90000", Role.MANAGER),
        Page("board", reverse("board"), Role.MANAGER),
        Page("board of a product", f"{reverse('board')}?product=cash_loan", Role.MANAGER),
        Page("behind a figure", f"{reverse('board-cases')}?on={on}&currency=PLN", Role.MANAGER),
    ]


def _desk_pages(number: str) -> list[Page]:
    """Every tab, for an officer's own cases, the team's and all; and filters that fit few rows."""
    desk = reverse("work-list")
    whose = (("mine", Role.OFFICER), ("team", Role.OFFICER), ("all", Role.MANAGER))
    tabs = ("now", "waiting", "held", "pending", "data")
    filters = (
        "days_past_due_min=120&days_past_due_max=130",
        "overdue_min=1400",
        "stage=agency",
        "product=mortgage",
        "segment=unsecured_retail&step=court",
        "kind=answer_request",
    )
    return [
        *(
            Page(f"desk: {tab}, {who}", f"{desk}?tab={tab}&whose={who}", role)
            for tab in tabs
            for who, role in whose
        ),
        *(
            Page(f"desk: {filter_}, {who}", f"{desk}?tab=now&whose={who}&{filter_}", role)
            for filter_ in filters
            for who, role in whose[1:]
        ),
        Page("desk with the preview", f"{desk}?tab=now&whose=team&pane=1", Role.OFFICER),
        Page("preview", reverse("case-preview", kwargs={"number": number}), Role.MANAGER),
    ]


def _measure(page: Page, user: User, *, openings: int) -> dict[str, Any]:
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(user)
    answered: list[float] = []
    slowest: list[float] = []
    statements = 0
    for _ in range(openings):
        with CaptureQueriesContext(connection) as seen:
            begun = time.perf_counter()
            if page.form is None:
                answer = browser.get(page.address)
            else:
                answer = browser.post(page.address, page.form)
            answered.append(time.perf_counter() - begun)
        assert answer.status_code in _ANSWERED, (page, answer.status_code)
        slowest.append(max((float(query["time"]) for query in seen), default=0.0))
        statements = len(seen)
    return {
        "page": page.name,
        "statements": statements,
        "slowest_ms": round(median(slowest[1:]) * 1000, 1),
        "answered_ms": round(median(answered[1:]) * 1000, 1),
        "kilobytes": round(len(answer.content) / 1000, 1),
    }

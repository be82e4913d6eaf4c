"""The board over a book that has lived for some days: every figure opens exactly what it counts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from html.parser import HTMLParser
from typing import Any, NamedTuple

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from kernel import clock
from portfolio.models import CaseSnapshot, DayEntry, Snapshot
from portfolio.operations import take_snapshot
from portfolio.queries import list_of_day
from portfolio.views.asked import read_board
from portfolio.views.board import Board, get_board
from portfolio.views.heat import Cell
from portfolio.views.people import Number
from portfolio.views.statement import StatementLine
from portfolio.views.waiting import WaitingLine, data_problems, deadlines, stopped
from staff.models import ApprovalLimit, Team, User
from staff.queries import get_actor
from staff.rights import Role
from tests.integration.cases.builders import make_user
from tests.integration.desk.test_approvals_page import make_placement
from tests.integration.portfolio.conftest import AT, ON, make_case
from tests.integration.portfolio.simulated import FIRST, SimulatedBook

pytestmark = pytest.mark.django_db

DAYS = 9
LAST = FIRST + timedelta(days=DAYS - 1)
LISTS = ("/board/cases/", "/board/lines/", "/board/rolled/")


@pytest.fixture
def lived(db: None) -> SimulatedBook:
    book = SimulatedBook.begin(11)
    for _ in range(12):
        book.arrive(FIRST)
    for number in range(DAYS):
        book.live(FIRST + timedelta(days=number))
    return book


@pytest.fixture
def manager(db: None) -> User:
    return make_user("pawel", Role.MANAGER)


def browser_of(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def board_of(user: User, address: str = "/board/") -> Board:
    request: Any = RequestFactory().get(address)
    request.user, request.actor = user, get_actor(user=user)
    asked = read_board(request)
    assert asked is not None
    return get_board(asked)


class Figure(NamedTuple):
    """A number of the board and where it leads; the money is None where it is not of the sum."""

    rows: int
    url: str
    due_minor: int | None


def figures_in(thing: Any) -> Iterator[Figure]:
    """Every number of a board that opens something, wherever it stands."""
    if isinstance(thing, Cell | Number | WaitingLine):
        if thing.count:
            yield Figure(thing.count, thing.url, getattr(thing, "due_minor", None))
    elif isinstance(thing, StatementLine):
        if thing.url and thing.cases is not None:
            due = thing.due_minor if thing.due_minor > 0 else None
            yield Figure(abs(thing.cases), thing.url, due)
    elif isinstance(thing, list | tuple):
        for part in thing:
            yield from figures_in(part)
    elif is_dataclass(thing) and not isinstance(thing, type):
        for field in fields(thing):
            yield from figures_in(getattr(thing, field.name))


def totals_of(page: str) -> tuple[int, str]:
    """How many rows a list says it has, and the sum as it is written."""
    rows = re.search(r"<dt>Rows</dt><dd>([\d\xa0]+)</dd>", page)
    money = re.search(r"<dt>Sum</dt><dd>([^<]*)</dd>", page)
    assert rows, page[:2000]
    return int(rows[1].replace("\xa0", "")), money[1] if money else ""


def counted(client: Client, url: str) -> int:
    """The rows of a list, counted page by page."""
    found, at = 0, url
    while at:
        page = client.get(at).content.decode()
        found += page.count('<a class="name"')
        following = re.search(r'href="([^"]*)" rel="next"', page)
        at = following[1].replace("&amp;", "&") if following else ""
    return found


class Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name == "href" and value]


def links_of(page: str) -> set[str]:
    parser = Links()
    parser.feed(page)
    return {url for url in parser.found if url.startswith(LISTS)}


def test_every_figure_opens_exactly_what_it_counts(lived: SimulatedBook, manager: User) -> None:
    """A walk over whole boards, link by link."""
    team = Team.objects.order_by("id")[0].pk
    for query in ("", "?period=7", f"?team={team}", "?product=mortgage"):
        _walk(browser_of(manager), manager, f"/board/{query}")


def _walk(client: Client, manager: User, address: str) -> None:
    board = board_of(manager, address)
    waiting = list_of_day(on=board.asked.on, scope=board.asked.scope)
    parts = [part(waiting, board.asked) for part in (deadlines, data_problems, stopped)]
    figures = [*figures_in(board), *figures_in(parts)]
    assert len(figures) > 20

    for figure in figures:
        rows, money = totals_of(client.get(figure.url).content.decode())
        assert rows == figure.rows, figure
        assert counted(client, figure.url) == figure.rows, figure
        if figure.due_minor is not None:
            digits = re.sub(r"[^\d]", "", money)
            assert int(digits) == figure.due_minor, figure

    page = client.get(address).content.decode()
    for url in links_of(page):
        answer = client.get(url)
        assert answer.status_code == 200
        assert totals_of(answer.content.decode())[0] > 0, url


def test_a_book_that_has_lived_is_told_truly_to_everybody(
    lived: SimulatedBook, manager: User
) -> None:
    the_headline_is_what_its_lists_add_up_to(manager)
    a_leader_sees_nothing_of_another_team_whatever_they_ask_for()
    the_compared_day_can_be_chosen_and_the_period_is_told(manager)
    the_day_of_a_board_is_the_newest_close_by_then(manager)
    a_list_of_a_figure_says_what_has_changed_since(manager)


def the_headline_is_what_its_lists_add_up_to(manager: User) -> None:
    client, board = browser_of(manager), board_of(manager)
    block = board.blocks[0]
    overdue, cases, paid, cured, kept, in_default = block.figures
    rows = CaseSnapshot.objects.filter(taken_on=LAST, currency=block.currency)
    assert cases.value == str(rows.count())
    money = sum(row.due_minor for row in rows)
    assert totals_of(client.get(overdue.url).content.decode())[1] in overdue.formula.value
    assert overdue.formula.value.replace("\xa0", "").startswith(
        f"{money / 100:.2f}".replace(".", ",")
    )
    assert totals_of(client.get(paid.url).content.decode())[1] == paid.formula.value
    outstanding = sum(row.outstanding_minor for row in rows)
    bad = sum(row.default_minor for row in rows)
    assert in_default.value == f"{100 * bad / outstanding:.1f}".replace(".", ",")
    assert len(in_default.formula.terms) == 2
    lines = DayEntry.objects.filter(currency=block.currency, taken_on__gt=FIRST)
    of_kept = lines.filter(kind="promise_kept").count()
    of_due = of_kept + lines.filter(kind="promise_broken").count()
    assert [term.text for term in kept.formula.terms] == [str(of_kept), str(of_due)]
    assert kept.value == f"{100 * of_kept / of_due:.1f}".replace(".", ",")
    then = {
        row.case_id: row.due_minor
        for row in CaseSnapshot.objects.filter(
            taken_on=FIRST, currency=block.currency, bucket__gt=0
        )
    }
    late = {row.case_id for row in rows if row.bucket > 0}
    gone = set(lines.filter(kind="written_out").values_list("case_id", flat=True)) - {
        row.case_id for row in rows
    }
    well = sum(due for pk, due in then.items() if pk not in late and pk not in gone)
    assert cured.value == f"{100 * well / sum(then.values()):.1f}".replace(".", ",")


def a_list_of_a_figure_says_what_has_changed_since(manager: User) -> None:
    client = browser_of(manager)
    url = f"/board/cases/?on={LAST}&currency=PLN"
    assert "changed" not in _rows(client.get(url).content.decode())

    case = CaseSnapshot.objects.filter(taken_on=LAST, currency="PLN").order_by("-due_minor")[0].case
    type(case).objects.filter(pk=case.pk).update(stage="court")

    page = client.get(url).content.decode()
    assert _rows(page).count("stage now: Court") == 1
    assert totals_of(page)[0] == CaseSnapshot.objects.filter(taken_on=LAST, currency="PLN").count()


def _rows(page: str) -> str:
    return page[page.index("<tbody>") : page.index("</tbody>")]


def a_leader_sees_nothing_of_another_team_whatever_they_ask_for() -> None:
    north, south = Team.objects.order_by("id")
    leader = make_user("lena", Role.TEAM_LEADER, north)
    client = browser_of(leader)
    foreign = set(CaseSnapshot.objects.filter(team=south).values_list("case__number", flat=True))

    asked_for_other = client.get(f"/board/?team={south.pk}").content.decode()
    assert asked_for_other.count('name="team"') == 0
    for url in links_of(asked_for_other) | {
        f"/board/cases/?on={LAST}&team={south.pk}",
        f"/board/lines/?on={LAST}&since={FIRST}&kind=paid,attempt,opened&team={south.pk}",
        f"/board/rolled/?on={LAST}&since={FIRST}&team={south.pk}",
    }:
        page = client.get(url).content.decode()
        assert not {number for number in foreign if number in page}, url


def test_the_board_needs_the_same_few_queries_however_large_the_book(
    north: Team, manager: User
) -> None:
    client = browser_of(manager)
    make_case("C-0", north, days=40, due_minor=5_000)
    take_snapshot(on=ON - timedelta(days=1), at=AT)
    take_snapshot(on=ON, at=AT)
    client.get("/board/")
    with CaptureQueriesContext(connection) as few:
        client.get("/board/")
    for i in range(30):
        currency = "EUR" if i % 3 == 0 else "PLN"
        make_case(f"D-{i}", north, days=20 * i, due_minor=100 + i, currency=currency)
    take_snapshot(on=ON - timedelta(days=1), at=AT)
    take_snapshot(on=ON, at=AT)
    with CaptureQueriesContext(connection) as many:
        page = client.get("/board/")

    assert len(many) == len(few) <= 30
    assert len(page.content) < 150_000


def test_what_waits_for_a_decision_is_counted_as_the_list_behind_it_shows_it(
    north: Team, south: Team, manager: User
) -> None:
    ApprovalLimit.objects.create(
        kind="placement", role=Role.MANAGER, currency="PLN", amount_minor=50_000
    )
    for number, (team, amount_minor) in enumerate(
        [(north, 10_000), (north, 20_000), (north, 90_000), (south, 10_000)]
    ):
        case = make_case(f"W-{number}", team, days=40, due_minor=5_000)
        make_placement(case, amount_minor=amount_minor)
    take_snapshot(on=ON, at=AT)
    client = browser_of(manager)

    for address, waiting in (("/board/", [0, 1, 3]), (f"/board/?team={north.pk}", [0, 1])):
        page = client.get(address).content.decode()
        shown = re.search(r'href="(/approvals/[^"]*)">All (\d+)<', page)
        assert shown is not None
        assert int(shown[2]) == len(waiting)
        behind = client.get(shown[1].replace("&amp;", "&")).content.decode()
        assert [number for number in range(4) if f"W-{number}" in behind] == waiting


@pytest.mark.parametrize(
    "address",
    [
        "/board/", "/board/cases/", "/board/lines/?kind=paid", "/board/rolled/?since=2026-05-01",
        "/board/lines/", "/board/rolled/", "/board/?on=2026-05-01&period=7&team=99",
    ],
)  # fmt: skip
def test_before_the_first_close_every_page_says_so(manager: User, address: str) -> None:
    answer = browser_of(manager).get(address)
    assert answer.status_code == 200
    assert 'class="empty"' in answer.content.decode()


def test_an_empty_book_and_a_first_day_have_a_board(manager: User, north: Team) -> None:
    client = browser_of(manager)
    take_snapshot(on=ON - timedelta(days=1), at=AT)
    assert "No case is open" in client.get("/board/").content.decode()

    make_case("C-0", north, days=40, due_minor=5_000)
    take_snapshot(on=ON, at=AT)
    Snapshot.objects.filter(taken_on=ON - timedelta(days=1)).delete()
    page = client.get("/board/").content.decode()
    assert "nothing to hold it against yet" in page
    assert "C-0" in client.get("/board/cases/?currency=PLN").content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "on=yesterday&since=tomorrow", "period=forever", "team=x&product=y&segment=z&stage=w",
        "currency=XXX", "days_past_due_min=-1&days_past_due_max=99999999999999999999",
        "officer=anna&owner=-4&after=1.2.3", "after=1.99999999999999999999", "kind=nothing,paid",
        "to=nowhere&since=0001-01-01", "on=9999-12-31", "code=%27%3B+DROP",
        "team=999999999999999999", "officer=999999999999999999", "on=0001-01-01",
    ],
)  # fmt: skip
def test_a_hostile_address_is_answered_without_a_fault(
    manager: User, north: Team, query: str
) -> None:
    make_case("C-0", north, days=40, due_minor=5_000)
    take_snapshot(on=ON - timedelta(days=1), at=AT)
    take_snapshot(on=ON, at=AT)
    client = browser_of(manager)
    for path in ("/board/", *LISTS):
        more = "&kind=paid" if path.endswith("lines/") and "kind" not in query else ""
        assert client.get(f"{path}?{query}{more}").status_code == 200, path


def test_two_currencies_stand_apart_the_one_with_more_cases_first(
    north: Team, manager: User
) -> None:
    for i in range(3):
        make_case(f"P-{i}", north, days=40, due_minor=1_000_000)
    make_case("E-1", north, days=40, due_minor=900_000_000, currency="EUR")
    take_snapshot(on=ON, at=AT)

    board = board_of(manager)

    assert [block.currency for block in board.blocks] == ["PLN", "EUR"]
    page = browser_of(manager).get("/board/").content.decode()
    assert page.index("30,0") < page.index('<details class="fold"><summary>EUR')


def the_compared_day_can_be_chosen_and_the_period_is_told(manager: User) -> None:
    since = FIRST + timedelta(days=4)
    board = board_of(manager, f"/board/?since={since}")
    assert board.asked.stretch is not None
    assert board.asked.stretch.after == since

    page = browser_of(manager).get(f"/board/?since={since}").content.decode()
    assert "held against the close of 15.05.2026" in page


def the_day_of_a_board_is_the_newest_close_by_then(manager: User) -> None:
    with clock.fixed_at(AT):
        assert board_of(manager, f"/board/?on={date(2030, 1, 1)}").asked.on == LAST
        assert board_of(manager, f"/board/?on={FIRST}").asked.stretch is None

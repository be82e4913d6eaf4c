"""Every tab: what stands in it, in which order, for whom, and how it is paged."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agencies.models import Placement
from cases.lifecycle import HoldKind, WorkKind
from cases.models import Case, Hold
from cases.operations import keep_figures
from contacts.models import Message, Promise
from debtors.models import Debt
from kernel.calendar import POLAND
from negotiations.models import Agreement, Instalment
from staff.models import Team, User
from staff.rights import Role
from tests.integration.cases.builders import make_debt, make_user
from tests.integration.desk.conftest import AT, ON, add_work, signed_in

pytestmark = pytest.mark.django_db
MakeCase = Callable[..., Case]
_numbers: Iterator[int] = count(1)


def days(number: int) -> date:
    return ON + timedelta(days=number)


def add_promise(case: Case, due_on: date, **values: Any) -> Promise:
    return Promise.objects.create(
        case=case, amount_minor=85_000, currency="PLN", made_on=days(-20), due_on=due_on, **values
    )


def add_agreement(case: Case, judge_on: date, **values: Any) -> Agreement:
    agreement = Agreement.objects.create(
        case=case, amount_minor=90_000, currency="PLN", proposed_at=AT, needs_approval=False,
        kind="instalments", tolerance_days=5, tolerance_minor=0, last_transaction_id=0,
        policy_from=ON, **{"status": "in_force", "in_force_on": ON, "judge_on": judge_on, **values},
    )  # fmt: skip
    for number in (1, 2, 3):
        Instalment.objects.create(
            agreement=agreement, number=number, amount_minor=30_000,
            due_on=judge_on - timedelta(days=6) + timedelta(days=30 * (number - 2)),
            paid_minor=30_000 if number == 1 else 0, status="paid" if number == 1 else "open",
        )  # fmt: skip
    return agreement


def add_letter(case: Case, status: str, on: date, template: str = "demand") -> Message:
    moments = {
        "queued": {},
        "handed_over": {"handed_over_on": on},
        "delivered": {"handed_over_on": on - timedelta(days=3), "delivered_on": on},
    }
    return Message.objects.create(
        case=case, debtor=case.debtor, channel="letter", template=template, language="pl",
        recipient={}, figures={}, cause=f"test:{next(_numbers)}", status=status,
        queued_on=on, **moments[status],
    )  # fmt: skip


def add_hold(case: Case, until_on: date | None, kind: HoldKind = HoldKind.DISPUTE) -> Hold:
    return Hold.objects.create(
        case=case, kind=kind, reason="says so", from_on=days(-30), until_on=until_on,
        placed_at=AT, actor_kind="user", actor_id="1",
        cause="" if kind not in (HoldKind.PROMISE, HoldKind.AGENCY) else f"c:{next(_numbers)}",
    )  # fmt: skip


def add_proposal(
    case: Case, days_ago: int, status: str = "proposed", by: User | None = None
) -> Any:
    decided = (
        {"decided_by": make_user(f"decider{next(_numbers)}", Role.MANAGER), "decided_at": AT,
         "decision_reason": "Add the last call"}
        if status == "sent_back" else {}
    )  # fmt: skip
    return Placement.objects.create(
        case=case, cause=f"p:{next(_numbers)}", amount_minor=125_000, currency="PLN",
        proposed_at=AT - timedelta(days=days_ago), status=status, proposed_by=by, **decided,
    )  # fmt: skip


def numbers(page: bytes) -> list[str]:
    return re.findall(r'<tr data-number="(T-\d+)"', page.decode())


def page_of(client: Client, **query: str) -> bytes:
    return client.get("/", query).content


def walk(client: Client, **query: str) -> list[str]:
    """Every row of every page, by following the link to the next one."""
    page, seen = page_of(client, **query), []
    while True:
        seen += numbers(page)
        found = re.search(r'href="([^"]+)" rel="next"', page.decode())
        if found is None:
            return seen
        page = client.get(html.unescape(found[1])).content


def test_promises_agreements_and_letters_stand_by_the_day_until_which_we_wait(
    at_desk: Client, make_case: MakeCase
) -> None:
    promise, agreement, way, term, notice, queued, sooner = (make_case() for _ in range(7))
    add_promise(promise, days(4))
    add_agreement(agreement, days(3))
    add_letter(way, "handed_over", days(-20))
    add_letter(term, "delivered", days(-1), "demand")
    add_letter(notice, "delivered", ON, "notice_75c")
    add_letter(queued, "queued", days(-1))
    add_promise(sooner, ON)
    text = page_of(at_desk, tab="waiting", whose="team").decode()
    until = {
        sooner: 0, way: 1, agreement: 2, promise: 4, term: 6, queued: 20,
        notice: (POLAND.add_working_days(ON, 14) - ON).days,
    }  # fmt: skip
    order = sorted(until, key=lambda case: until[case])
    assert numbers(text.encode()) == [case.number for case in order]
    assert "Promised 850,00\u00a0zł by 16.05" in text
    assert "Instalment 2 of 3: 300,00\u00a0zł by 09.05" in text
    assert "Demand for payment under way since 22.04" in text
    assert "Notice under art. 75c delivered 12.05, its term runs" in text
    assert text.index("Until today") < text.index("Within a week") < text.index(">Later")


def test_what_is_over_is_not_waited_for(at_desk: Client, make_case: MakeCase) -> None:
    add_promise(make_case(), days(3), status="kept")
    add_agreement(make_case(), days(3), status="proposed", in_force_on=None)
    add_letter(make_case(), "delivered", days(-8), "demand")
    add_letter(make_case(), "delivered", days(-40), "notice_75c")
    add_letter(make_case(), "delivered", days(-1), "reminder")
    closed = make_case()
    add_promise(closed, days(3))
    Case.objects.filter(pk=closed.pk).update(status="closed", closed_on=ON)
    assert numbers(page_of(at_desk, tab="waiting", whose="team")) == []


@pytest.mark.parametrize("day", range(8))
def test_a_term_ends_on_the_day_that_the_letter_says(
    at_desk: Client, make_case: MakeCase, day: int
) -> None:
    case = make_case()
    add_letter(case, "delivered", days(-day), "demand")
    shown = numbers(page_of(at_desk, tab="waiting", whose="team"))
    assert shown == ([case.number] if day <= 7 else [])


def test_holds_stand_by_their_end_and_those_without_one_come_last(
    at_desk: Client, make_case: MakeCase
) -> None:
    endless, late, soon = make_case(), make_case(), make_case()
    add_hold(endless, None, HoldKind.DEATH)
    add_hold(late, days(20))
    add_hold(soon, days(2), HoldKind.COMPLAINT)
    add_hold(make_case(), days(1), HoldKind.PROMISE)
    text = page_of(at_desk, tab="held", whose="team").decode()
    assert numbers(text.encode()) == [soon.number, late.number, endless.number]
    assert "Complaint: says so" in text
    assert "2 days left" in text
    assert "No contact" in text


def test_what_was_sent_back_comes_before_what_waits_for_a_decision(
    at_desk: Client, make_case: MakeCase, officer: User
) -> None:
    old, new, back = make_case(), make_case(), make_case()
    add_proposal(old, 9)
    add_proposal(new, 1, by=officer)
    add_proposal(back, 3, "sent_back")
    add_proposal(make_case(), 3, "withdrawn")
    text = page_of(at_desk, tab="pending", whose="team").decode()
    assert numbers(text.encode()) == [back.number, old.number, new.number]
    assert "Add the last call" in text
    assert "proposed by the strategy on 03.05" in text
    assert "proposed by Anna on 11.05" in text


def test_work_on_data_has_a_tab_of_its_own(at_desk: Client, make_case: MakeCase) -> None:
    call, address = make_case(), make_case()
    add_work(call)
    add_work(address, kind=WorkKind.FIND_ADDRESS)
    assert numbers(page_of(at_desk, tab="data", whose="team")) == [address.number]
    assert numbers(page_of(at_desk, tab="now", whose="team")) == [call.number]


FILL: dict[str, Callable[[Case, int], Any]] = {
    "now": lambda case, i: add_work(case, due_on=days(i % 3 - 1)),
    "data": lambda case, i: add_work(case, kind=WorkKind.FIND_PHONE, due_on=days(i % 3 - 1)),
    "waiting": lambda case, i: (
        add_promise(case, days(i % 9))
        if i % 4 == 0
        else add_agreement(case, days(i % 9 + 1))
        if i % 4 == 1
        else add_letter(case, "delivered", days(-(i % 5)), "notice_75c" if i % 3 else "demand")
        if i % 4 == 2
        else add_letter(case, "handed_over", days(-21 + i % 9))
    ),
    "held": lambda case, i: add_hold(case, days(i % 10) if i % 5 else None),
    "pending": lambda case, i: add_proposal(case, i % 6, "sent_back" if i % 7 == 0 else "proposed"),
}


@pytest.mark.parametrize("tab", FILL)
def test_pages_follow_on_without_a_gap_or_a_row_twice(
    at_desk: Client, make_case: MakeCase, tab: str
) -> None:
    cases = [make_case() for _ in range(115)]
    for i, case in enumerate(cases):
        FILL[tab](case, i)
    seen = walk(at_desk, tab=tab, whose="team")
    assert len(seen) == 115
    assert sorted(seen) == sorted(case.number for case in cases)


@pytest.mark.parametrize("tab", FILL)
def test_another_teams_rows_are_neither_shown_nor_counted(
    at_desk: Client, make_case: MakeCase, south: Team, tab: str
) -> None:
    mine, theirs = make_case(), make_case(team=south)
    for i, case in enumerate((mine, theirs), start=1):
        FILL[tab](case, i)
    for whose in ("team", "all", "nonsense"):
        text = page_of(at_desk, tab=tab, whose=whose).decode()
        assert theirs.number not in text
        assert mine.number in text or whose == "nonsense"
    assert re.search(r'aria-current="page">[^<]+ <span data-count>1</span>', text) or whose


@pytest.mark.parametrize("tab", FILL)
def test_a_full_page_needs_no_more_queries_than_a_short_one(
    at_desk: Client, make_case: MakeCase, tab: str
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            page_of(at_desk, tab=tab, whose="team")
        return len(seen)

    for i in range(3):
        FILL[tab](make_case(), i + 1)
    queries()
    few = queries()
    for i in range(40):
        FILL[tab](make_case(), i)
    assert queries() == few
    assert few < 32


def test_whose_is_mine_my_teams_or_by_right_everybodys(
    make_case: MakeCase, officer: User, manager: User, south: Team
) -> None:
    mine, teams, theirs = make_case(owner=officer), make_case(), make_case(team=south)
    for case in (mine, teams, theirs):
        add_work(case)
    at_desk, pawel = signed_in(officer), signed_in(manager)
    assert numbers(page_of(at_desk, whose="mine")) == [mine.number]
    assert numbers(page_of(at_desk, whose="team")) == [mine.number, teams.number]
    assert len(numbers(page_of(pawel, whose="all"))) == 3
    assert numbers(page_of(pawel, whose="all", team=str(south.pk))) == [theirs.number]
    assert len(numbers(page_of(at_desk, whose="team", team=str(south.pk)))) == 2, (
        "who sees one team cannot ask for another"
    )
    assert "all teams" not in page_of(at_desk, whose="team").decode()


@pytest.mark.parametrize(
    ("query", "fits"),
    [
        ({"days_past_due_min": "60"}, "old"),
        ({"days_past_due_max": "39"}, "young"),
        ({"overdue_min": "5000"}, "rich"),
        ({"stage": "court"}, "court"),
        ({"product": "mortgage"}, "house"),
    ],
)
@pytest.mark.parametrize("tab", FILL)
def test_every_filter_holds_in_every_tab(
    at_desk: Client, make_case: MakeCase, tab: str, query: dict[str, str], fits: str
) -> None:
    made = {
        "old": make_case(days=70),
        "young": make_case(days=20),
        "rich": make_case(due_minor=600_000),
        "court": make_case(),
        "house": make_case(),
    }
    Case.objects.filter(pk=made["court"].pk).update(stage="court")
    Debt.objects.filter(parties__debtor=made["house"].debtor).update(product="mortgage")
    for i, case in enumerate(made.values(), start=1):
        FILL[tab](case, i)
    _keep_figures(*made.values())
    text = page_of(at_desk, tab=tab, whose="team", **query).decode()
    assert numbers(text.encode()) == [made[fits].number]
    assert re.search(r"Remove filter", text)


def _keep_figures(*cases: Case) -> None:
    """As after a posting."""
    keep_figures(case_ids=[case.pk for case in cases], on=ON)


def test_a_filter_that_cannot_be_is_told_and_left_out(at_desk: Client, make_case: MakeCase) -> None:
    case = make_case()
    add_work(case)
    text = page_of(at_desk, whose="team", stage="moon", after="x~y~z", kind="dance").decode()
    assert case.number in text
    assert "cannot be moon" in text


@pytest.mark.parametrize("tab", FILL)
@pytest.mark.parametrize(
    "after",
    ["~~~~", "2026-05-12~0~1", "9~0001-01-01~50~-1~1", "0~2026-05-12~50~99999999999999999999~1",
     "2026-05-12~77~2026-05-12~1", "none~1", "7~20260512T000000.000000~placement~1", "a" * 5000],
)  # fmt: skip
def test_a_made_up_place_in_the_list_breaks_nothing(
    at_desk: Client, make_case: MakeCase, tab: str, after: str
) -> None:
    FILL[tab](make_case(), 1)
    place = {"tab": tab, "whose": "team", "after": after}
    assert at_desk.get("/", place, follow=True).status_code == 200


def test_work_says_why_it_stands_where_it_stands(at_desk: Client, make_case: MakeCase) -> None:
    case = make_case(due_minor=618_301, days=63)
    add_work(case)
    _keep_figures(case)
    text = page_of(at_desk, whose="team").decode()
    assert "about 980\u00a0zł" in text
    assert "what is overdue × chance" in text


def test_a_long_name_many_debts_and_no_money_break_nothing(
    at_desk: Client, make_case: MakeCase, officer: User
) -> None:
    long = make_case(name="Wielkopolska-Brzęczyszczykiewicz " * 4, owner=officer)
    for i in range(11):
        make_debt(long.debtor, currency="EUR" if i % 2 else "PLN")
    bare = make_case(due_minor=0, owner=officer)
    for case in (long, bare):
        add_work(case)
        add_promise(case, days(2))
    for tab in FILL:
        answer = at_desk.get("/", {"tab": tab, "whose": "mine", "pane": "1"})
        assert answer.status_code == 200
        assert len(answer.content) < 150_000

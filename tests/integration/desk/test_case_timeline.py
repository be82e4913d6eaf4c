"""One timeline: filtered, searched, paged, with the overdue balance as it ran."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.models import Case
from cases.operations import assign_case
from contacts.lifecycle import AttemptResult, Direction
from contacts.operations import log_contact
from debtors.events import DEBT_TAKEN_IN, IDENTIFIER_REVEALED
from debtors.lifecycle import Channel
from debtors.models import Debt
from desk.queries.case_page import get_case_file
from desk.queries.timeline import TimelineFilter, get_running_balance, list_timeline_events
from escalation.models import Decision, Enrolment, StrategyVersion
from journal.operations import NewEvent, Subject, record_event, record_events
from kernel.actor import Actor, system_actor
from kernel.clock import legal_day
from ledger.lifecycle import Component
from ledger.operations import post_charge
from staff.models import Team, User
from staff.rights import Role
from tests.integration.cases.builders import actor_of, make_debt, make_user, pay
from tests.integration.desk.conftest import AT, ON

pytestmark = pytest.mark.django_db
MakeCase = Callable[..., Case]

MACHINE = system_actor("tests")
ROW = re.compile(r'<tr><td class="day">(.*?)</tr>', re.DOTALL)
N = "\u00a0"


@pytest.fixture
def case(make_case: MakeCase, officer: User) -> Case:
    """With nothing to do, so that a call finishes no work."""
    return make_case(owner=officer, name="Wąsik Łucja")


def _debt(case: Case) -> Debt:
    """The first debt of the case."""
    return Debt.objects.filter(parties__debtor=case.debtor).earliest("pk")


def _rows(page: str) -> list[list[str]]:
    """The cells of each row as text: day, time, kind, what, by, change, line, balance."""
    rows = []
    for row in ROW.findall(page):
        cells = [re.sub(r"<[^>]+>", "", cell) for cell in re.split(r"</td>", row)[:-1]]
        rows.append([unescape(cell).strip() for cell in cells])
    return rows


def _get(client: Client, case: Case, **query: str) -> str:
    """The page with what is asked for; of every kind where none is."""
    answer = client.get(f"/cases/{case.number}/", {"kind": "all", **query})
    assert answer.status_code == 200
    return answer.content.decode()


def _said(page: str) -> list[str]:
    return [row[3] for row in _rows(page)]


def _taken_in(debt: Debt, due_minor: int, at: datetime = AT - timedelta(days=20)) -> None:
    record_event(
        kind=DEBT_TAKEN_IN,
        subject=Subject("account", debt.account_id),
        actor=MACHINE,
        at=at,
        payload={"currency": debt.currency, "due_minor": due_minor},
    )


def _charge(debt: Debt, minor: int, *, at: datetime, key: str) -> None:
    post_charge(
        account_id=debt.account_id,
        component=Component.FEES,
        amount_minor=minor,
        due_on=at.date(),
        reason="Letter",
        idempotency_key=key,
        source="tests",
        actor=MACHINE,
        at=at,
    )


def _call(case: Case, actor: Actor, note: str, *, at: datetime) -> None:
    log_contact(
        case_id=case.pk,
        channel=Channel.PHONE,
        direction=Direction.IN,
        result=AttemptResult.SPOKE,
        note=note,
        actor=actor,
        at=at,
    )


def _messages(case: Case, *channels: str) -> None:
    record_events(
        events=[
            NewEvent(
                "message.delivered",
                Subject("case", case.pk),
                {"template": "demand", "channel": channel, "message_id": 7},
                ON,
            )
            for channel in channels
        ],
        actor=MACHINE,
        at=AT,
    )


def test_each_amount_leads_from_one_balance_to_the_next(at_desk: Client, case: Case) -> None:
    debt = _debt(case)
    _taken_in(debt, 125_000)
    pay(debt, 25_000, on=ON - timedelta(days=3), at=AT - timedelta(days=3))
    _charge(debt, 4_500, at=AT - timedelta(days=2), key="c1")
    pay(debt, 200_000, on=ON - timedelta(days=1), at=AT - timedelta(days=1))

    rows = [(row[5], row[7]) for row in _rows(_get(at_desk, case))]

    assert rows == [
        (f"−1{N}045,00", "0,00"),
        ("+45,00", f"1{N}045,00"),
        ("−250,00", f"1{N}000,00"),
        (f"+1{N}250,00", f"1{N}250,00"),
    ]


def test_the_balance_goes_on_from_page_to_page(at_desk: Client, case: Case) -> None:
    debt = _debt(case)
    _taken_in(debt, 125_000)
    for number in range(50):
        at = AT - timedelta(days=10) + timedelta(hours=number)
        pay(debt, 1_000, on=legal_day(at), at=at)

    first = _get(at_desk, case)
    older = re.search(r'href="(/cases/[^"]*before=\d+)[^"]*" rel="next"', first)
    assert older is not None
    second = at_desk.get(unescape(older[1])).content.decode()
    rows = [*_rows(first), *_rows(second)]

    assert (len(_rows(first)), len(_rows(second))) == (40, 11)
    balances = [row[7] for row in rows]
    assert balances == [f"{750 + 10 * i},00" if i < 25 else f"1{N}{10 * i - 250:03d},00"
                        for i in range(51)]  # fmt: skip
    assert "Newest" in second
    assert 'rel="next"' not in second


def test_what_is_overdue_at_the_top_is_what_the_newest_row_says(
    at_desk: Client, case: Case
) -> None:
    second = make_debt(case.debtor, due_minor=40_000)
    pay(second, 15_000, on=ON, at=AT)

    page = _get(at_desk, case)

    assert _rows(page)[0][7] == f"1{N}500,00"
    assert f"1{N}500,00 <span>zł</span>" in page


def test_amounts_of_another_currency_run_by_themselves(at_desk: Client, case: Case) -> None:
    euro = make_debt(case.debtor, due_minor=30_000, currency="EUR")
    _taken_in(_debt(case), 125_000, AT - timedelta(days=5))
    _taken_in(euro, 30_000, AT - timedelta(days=4))
    pay(euro, 10_000, on=ON, at=AT)

    rows = [(row[5], row[7]) for row in _rows(_get(at_desk, case))]

    assert rows == [
        ("−100,00", f"200,00{N}€"),
        ("+300,00", f"300,00{N}€"),
        (f"+1{N}250,00", f"1{N}250,00{N}zł"),
    ]


def test_a_debt_that_was_taken_in_later_owed_nothing_before(at_desk: Client, case: Case) -> None:
    _taken_in(_debt(case), 125_000, AT - timedelta(days=9))
    late = make_debt(case.debtor, due_minor=40_000)
    _call(case, MACHINE, "A word between", at=AT - timedelta(days=5))
    _taken_in(late, 40_000, AT)

    rows = [row[7] for row in _rows(_get(at_desk, case))]
    older = [row[7] for row in _rows(_get(at_desk, case, words="between"))]

    assert rows == [f"1{N}650,00", f"1{N}250,00", f"1{N}250,00"]
    assert older == [f"1{N}250,00"]


def test_the_line_joins_row_to_row(at_desk: Client, case: Case) -> None:
    debt = _debt(case)
    _taken_in(debt, 125_000)
    pay(debt, 62_500, on=ON, at=AT)

    pieces = re.findall(r'<svg aria-hidden="true">(.*?)</svg>', _get(at_desk, case))
    places = [re.findall(r'x1="([\d.]+)%".*?x2="([\d.]+)%"', piece) for piece in pieces]

    assert places == [
        [("50.0", "50.0"), ("50.0", "96.0")],
        [("96.0", "96.0"), ("96.0", "4.0")],
    ]
    assert 'class="paid"' in pieces[0]
    assert 'class="owed"' in pieces[1]


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        ("letters", ["Demand for payment delivered"]),
        ("messages", ["Demand for payment delivered"] * 2),
        ("contacts", ["From the debtor, Spoke: Called from work"]),
        ("payments", [f"Received 250,00{N}zł; to principal 250,00"]),
        ("holds", []),
    ],
)
def test_one_kind_is_shown_by_itself(
    at_desk: Client, case: Case, kind: str, shown: list[str]
) -> None:
    _messages(case, "letter", "sms", "email")
    _call(case, MACHINE, "Called from work", at=AT)
    pay(_debt(case), 25_000, on=ON, at=AT)

    page = _get(at_desk, case, kind=kind)

    assert _said(page) == shown
    assert '<a class="chip"' in page
    assert ("Nothing in the timeline fits the filter." in page) is (shown == [])


def test_what_people_did_is_shown_first_and_the_machine_is_one_chip_away(
    at_desk: Client, case: Case, officer: User
) -> None:
    _call(case, MACHINE, "Called from work", at=AT)
    assign_case(case_id=case.pk, team_id=case.team_id, owner_id=None, actor=MACHINE, at=AT)

    page = at_desk.get(f"/cases/{case.number}/").content.decode()
    every = re.search(r'<a class="chip" href="([^"]+)"', page)
    assert every is not None
    paper = at_desk.get(f"/cases/{case.number}/print/").content.decode()

    assert _said(page) == ["From the debtor, Spoke: Called from work"]
    assert len(_said(at_desk.get(unescape(every[1])).content.decode())) == 2
    assert len(_said(paper)) == 2


def test_a_charge_of_the_tariff_is_told_by_its_name(at_desk: Client, case: Case) -> None:
    post_charge(
        account_id=_debt(case).account_id, component=Component.FEES, amount_minor=1_500,
        due_on=ON, reason="charge:demand_letter:letter 555", source="charge",
        idempotency_key="k", actor=system_actor("debtors"), at=AT,
    )  # fmt: skip

    (row,) = _rows(_get(at_desk, case))

    assert row[3] == "Fees charged: Demand letter, letter 555"
    assert row[4] == "system"


def test_days_bound_what_is_shown_both_included(at_desk: Client, case: Case) -> None:
    for days in reversed(range(5)):
        _call(case, MACHINE, f"Call {days}", at=AT - timedelta(days=days))

    page = _get(at_desk, case, **{"from": "2026-05-09", "to": "2026-05-11"})

    assert [text[-6:] for text in _said(page)] == ["Call 1", "Call 2", "Call 3"]
    assert "09.05.2026" in page


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("wyplata", True),
        ("WYPŁATA", True),
        ("piątek wypł", True),
        ("wypłata sobota", False),
        ("latka", False),
    ],
)
def test_words_are_found_with_or_without_polish_letters(
    at_desk: Client, case: Case, words: str, found: bool
) -> None:
    _call(case, MACHINE, "Wypłata dopiero w piątek", at=AT)
    pay(_debt(case), 25_000, on=ON, at=AT)

    assert len(_said(_get(at_desk, case, words=words))) == int(found)


def test_words_are_found_far_back_and_the_pages_go_on(at_desk: Client, case: Case) -> None:
    record_events(
        events=[
            NewEvent(
                "note.written",
                Subject("case", case.pk),
                {"note": f"needle {number}" if number % 10 == 0 else "hay"},
                ON,
            )
            for number in range(900)
        ],
        actor=MACHINE,
        at=AT,
    )

    first = _get(at_desk, case, words="needle")
    older = re.search(r'href="(/cases/[^"]*before=\d+[^"]*)#timeline" rel="next"', first)
    assert older is not None
    second = at_desk.get(unescape(older[1])).content.decode()

    assert _said(first) == [f"needle {number}" for number in range(890, 490, -10)]
    assert _said(second)[0] == "needle 490"


def test_the_note_of_a_call_and_the_day_stand_once(at_desk: Client, case: Case) -> None:
    _call(case, MACHINE, "First", at=AT - timedelta(hours=2))
    _call(case, MACHINE, "Second", at=AT)

    rows = _rows(_get(at_desk, case))

    assert [(row[0], row[2], row[3]) for row in rows] == [
        (f"Tue{N}12.05.2026", "Call", "From the debtor, Spoke: Second"),
        ("", "Call", "From the debtor, Spoke: First"),
    ]


def _decided(case: Case, *days: int, outcome: str = "wait") -> None:
    version = StrategyVersion.objects.filter(status="in_force").first()
    assert version is not None
    enrolment, _ = Enrolment.objects.get_or_create(
        case=case,
        defaults={
            "version": version, "step_key": "demand", "previous_on": ON, "counts_from_on": ON,
            "entered_on": ON, "next_due_on": ON,
        },
    )  # fmt: skip
    for day in days:
        at = datetime(2026, 5, day, 22, 30, tzinfo=UTC)
        Decision.objects.create(
            enrolment=enrolment,
            version=version,
            cause=f"close:{day}:{outcome}",
            decided_on=at.date(),
            decided_at=at,
            outcome=outcome,
            step_key="demand",
            look_again_on=date(2026, 5, 20),
            record={"looked": []},
        )


def test_decisions_that_only_waited_fold_between_what_happened(at_desk: Client, case: Case) -> None:
    _call(case, MACHINE, "Early", at=datetime(2026, 5, 3, 9, 0, tzinfo=UTC))
    _call(case, MACHINE, "Late", at=datetime(2026, 5, 8, 9, 0, tzinfo=UTC))
    _decided(case, 1, 4, 5, 6, 9)

    page = _get(at_desk, case)

    assert [re.sub(r"(waiting).*", r"\1", text) for text in _said(page)] == [
        "1 decision: waiting",
        "From the debtor, Spoke: Late",
        "3 decisions: waiting",
        "From the debtor, Spoke: Early",
        "1 decision: waiting",
    ]
    assert f"07.05.2026{N}00:30: waits for" in page


def test_a_decision_that_waited_is_told_on_one_page_only(at_desk: Client, case: Case) -> None:
    for day in range(1, 12):
        for hour in (7, 8, 9, 10):
            at = datetime(2026, 5, day, hour, 0, tzinfo=UTC)
            _call(case, MACHINE, f"{day}.{hour}", at=at)
    _decided(case, *range(1, 12))

    first = _get(at_desk, case)
    older = re.search(r'href="(/cases/[^"]*before=\d+)[^"]*" rel="next"', first)
    assert older is not None
    second = at_desk.get(unescape(older[1])).content.decode()
    folded = [text for page in (first, second) for text in _said(page) if "decision" in text]

    assert len(folded) == 11
    assert all(text.startswith("1 decision: waiting") for text in folded)


def test_a_step_that_was_taken_is_not_told_twice(at_desk: Client, case: Case) -> None:
    _decided(case, 3, outcome="perform")

    assert _said(_get(at_desk, case)) == []


@pytest.mark.parametrize(
    "query",
    [
        {"kind": "everything'; DROP TABLE"},
        {"before": "99999999999999999999999999"},
        {"before": "-1"},
        {"from": "2026-13-45", "to": "yesterday"},
        {"from": "2026-12-31", "to": "2026-01-01"},
        {"words": "<script>alert(1)</script>"},
        {"words": "%" * 500},
        {"words": "  "},
    ],
)
def test_a_hostile_address_is_answered_as_a_page(
    at_desk: Client, case: Case, query: dict[str, str]
) -> None:
    _call(case, MACHINE, "Something", at=AT)

    page = _get(at_desk, case, **query)

    assert "<script>alert" not in page
    assert 'id="timeline"' in page


def test_what_a_person_wrote_is_never_markup(at_desk: Client, case: Case, officer: User) -> None:
    _call(case, actor_of(officer), "<img src=x onerror=alert(1)>", at=AT)

    assert "<img" not in _get(at_desk, case)


def test_events_of_another_case_are_never_among_them(
    at_desk: Client, case: Case, make_case: MakeCase
) -> None:
    other = make_case()
    _call(other, MACHINE, "Not yours", at=AT)
    pay(_debt(other), 25_000, on=ON, at=AT)

    assert _said(_get(at_desk, case)) == []


def _assign(case: Case, by: User, owner: User | None, team: Team | None) -> None:
    assign_case(
        case_id=case.pk,
        team_id=team.pk if team else None,
        owner_id=owner.pk if owner else None,
        actor=actor_of(by),
        at=AT,
    )


def test_a_case_that_was_given_to_somebody_says_to_whom_and_from_whom(
    at_desk: Client, make_case: MakeCase, officer: User, manager: User, north: Team, south: Team
) -> None:
    case = make_case()
    zofia = make_user("zofia", Role.OFFICER, south)
    _assign(case, manager, officer, north)
    _assign(case, manager, zofia, south)
    _assign(case, manager, None, north)

    assert _said(_get(at_desk, case)) == [
        "Assigned to North (before: Zofia, South)",
        "Assigned to Zofia, South (before: Anna, North)",
        "Assigned to Anna, North (before: North)",
    ]
    assert len(_said(_get(at_desk, case, words="zofia"))) == 2


def test_many_names_of_who_had_the_case_cost_one_query(
    at_desk: Client, make_case: MakeCase, manager: User, north: Team
) -> None:
    case = make_case()
    people = [make_user(f"person{number}", Role.OFFICER, north) for number in range(8)]

    def statements() -> int:
        with CaptureQueriesContext(connection) as seen:
            _get(at_desk, case)
        return len(seen)

    _get(at_desk, case)
    none = statements()
    _assign(case, manager, people[0], north)
    one = statements()
    for person in people[1:]:
        _assign(case, manager, person, north)

    assert (one, statements()) == (none + 1, none + 1)


def test_an_identifier_that_was_looked_at_is_named(at_desk: Client, case: Case) -> None:
    record_event(
        kind=IDENTIFIER_REVEALED,
        subject=Subject("debtor", case.debtor_id),
        actor=MACHINE,
        at=AT,
        payload={"field": "nip", "reason": "Asked by the court"},
    )

    assert _said(_get(at_desk, case)) == ["Identifier looked at (NIP): Asked by the court"]


def test_the_ledger_agrees_with_the_running_balance(case: Case) -> None:
    """Whatever is posted, the last balance is what the accounts say is due."""
    debts = [_debt(case), make_debt(case.debtor, due_minor=70_000)]
    for debt in debts:
        _taken_in(debt, debt.account.due_minor)
    for number in range(12):
        debt = debts[number % 2]
        at = AT + timedelta(minutes=number)
        if number % 3:
            pay(debt, 7_700 + number, on=ON, at=at)
        else:
            _charge(debt, 1_234, at=at, key=f"k{number}")

    file = get_case_file(case=case, on=ON)
    events = list_timeline_events(
        case=case, account_ids=file.account_ids, chosen=TimelineFilter(), limit=100
    )
    accounts: list[Any] = [money.debt.account for money in file.debts]
    running = get_running_balance(accounts=accounts, first_id=events[-1].id, last_id=events[0].id)

    assert running.after(events[0].id, "PLN") == sum(a.due_minor for a in accounts)
    assert running.before(events[-1].id, "PLN") == 0

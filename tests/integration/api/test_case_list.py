from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from cases.lifecycle import Stage
from cases.models import Case
from debtors.lifecycle import Product
from staff.models import Team
from tests.integration.api.book import CHANGED, make_case
from tests.integration.api.conftest import Get, make_token
from tests.integration.cases.builders import make_debt

pytestmark = pytest.mark.django_db


def _numbers(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [case["number"] for case in answer.json()["cases"]]


def test_a_case_is_shown_with_what_is_owed_in_each_currency(get: Get) -> None:
    team = Team.objects.create(name="Retail")
    case = make_case(team=team, days_past_due=41)
    make_debt(case.debtor, currency="JPY", due_minor=5_000, outstanding_minor=9_000)
    [shown] = get("cases").json()["cases"]
    assert shown == {
        "number": case.number,
        "status": "open",
        "stage": "direct_contact",
        "handled_by": "house",
        "opened_on": "2026-04-02",
        "closed_on": None,
        "updated_at": "2026-05-01T08:00:00+00:00",
        "debtor": {
            "external_id": case.debtor.external_id,
            "kind": "person",
            "name": case.debtor.display_name,
        },
        "team": {"id": team.pk, "name": "Retail"},
        "owner": None,
        "products": ["cash_loan"],
        "owed": [
            {"currency": "JPY", "due": "5000", "outstanding": "9000"},
            {"currency": "PLN", "due": "1250.00", "outstanding": "5000.00"},
        ],
        "due_since": "2026-04-01",
        "days_past_due": 41,
    }


def test_a_closed_case_owes_nothing(get: Get) -> None:
    make_case(closed=True)
    [shown] = get("cases").json()["cases"]
    assert (shown["owed"], shown["due_since"], shown["days_past_due"]) == ([], None, 0)
    assert shown["closed_on"] == "2026-05-02"


def test_every_filter_takes_what_it_names_and_nothing_else(get: Get) -> None:
    team = Team.objects.create(name="Retail")
    plain = make_case()
    court = make_case(stage=Stage.COURT, days_past_due=400)
    closed = make_case(closed=True)
    theirs = make_case(team=team, days_past_due=5)
    mortgage = make_case(product=Product.MORTGAGE, days_past_due=30)
    everyone = [case.number for case in (plain, court, closed, theirs, mortgage)]

    assert _numbers(get("cases")) == everyone
    assert _numbers(get("cases", stage="court")) == [court.number]
    assert _numbers(get("cases", status="closed")) == [closed.number]
    assert _numbers(get("cases", team=team.pk)) == [theirs.number]
    assert _numbers(get("cases", product="mortgage")) == [mortgage.number]
    assert _numbers(get("cases", days_past_due_min=41)) == [plain.number, court.number]
    assert _numbers(get("cases", days_past_due_max=30)) == [
        closed.number,
        theirs.number,
        mortgage.number,
    ]
    assert _numbers(get("cases", days_past_due_min=30, days_past_due_max=30)) == [mortgage.number]
    assert _numbers(get("cases", days_past_due_min=0)) == everyone
    assert _numbers(get("cases", stage="court", product="mortgage")) == []


@pytest.mark.parametrize("days", [29, 30, 31])
def test_days_past_due_are_counted_as_they_are_shown(get: Get, days: int) -> None:
    case = make_case(days_past_due=days)
    assert get(f"cases/{case.number}").json()["days_past_due"] == days
    assert _numbers(get("cases", days_past_due_min=30)) == ([case.number] if days >= 30 else [])
    assert _numbers(get("cases", days_past_due_max=30)) == ([case.number] if days <= 30 else [])


def test_the_oldest_debt_counts(get: Get) -> None:
    case = make_case(days_past_due=10)
    make_debt(case.debtor, due_since=CHANGED.date() - timedelta(days=100), product=Product.OTHER)
    [shown] = get("cases").json()["cases"]
    assert shown["days_past_due"] == 111
    assert shown["products"] == ["cash_loan", "other"]
    assert _numbers(get("cases", days_past_due_max=50)) == []


@pytest.mark.parametrize("changes", [False, True])
def test_pages_follow_each_other_without_a_gap_or_a_double(get: Get, changes: bool) -> None:
    made = [make_case(updated_at=CHANGED + timedelta(hours=3 - i % 3)) for i in range(7)]
    key = (lambda case: (case.updated_at, case.pk)) if changes else (lambda case: case.pk)
    query = {"updated_since": CHANGED.isoformat()} if changes else {}
    seen, cursor, pages = [], None, 0
    while pages < 10:
        page = get("cases", limit=2, **query, **({"cursor": cursor} if cursor else {}))
        seen += _numbers(page)
        cursor, pages = page.json()["next_cursor"], pages + 1
        if cursor is None:
            break
    assert pages == 4
    assert seen == [case.number for case in sorted(made, key=key)]


def test_a_page_that_is_exactly_full_is_the_last(get: Get) -> None:
    make_case(), make_case()
    assert get("cases", limit=2).json()["next_cursor"] is None


def test_a_client_that_follows_changes_misses_none(get: Get) -> None:
    old = make_case(updated_at=CHANGED - timedelta(days=9))
    new = make_case(updated_at=CHANGED)
    answer = get("cases", updated_since=CHANGED.isoformat())
    assert _numbers(answer) == [new.number]
    begin_again = answer.json()["next_updated_since"]
    assert begin_again == "2026-05-12T09:45:00+00:00", "before the oldest transaction still open"
    assert answer.json()["as_of"] == "2026-05-12T10:00:00+00:00"
    Case.objects.filter(pk=old.pk).update(updated_at="2026-05-12T09:50:00Z")
    assert _numbers(get("cases", updated_since=begin_again)) == [old.number]


def test_a_client_of_one_team_sees_that_team_only(get: Get) -> None:
    team, other = Team.objects.create(name="Retail"), Team.objects.create(name="Business")
    own = make_case(team=team)
    foreign, nobodys = make_case(team=other), make_case()
    token = make_token(team=team, name="call centre")
    assert _numbers(get("cases", as_token=token)) == [own.number]
    assert _numbers(get("cases", as_token=token, team=other.pk)) == []
    assert get(f"cases/{own.number}", as_token=token).status_code == 200
    for case in (foreign, nobodys):
        for path in (f"cases/{case.number}", f"cases/{case.number}/timeline"):
            answer = get(path, as_token=token)
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_page_takes_the_same_few_statements_however_long_it_is(
    get: Get, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_case()
    for _ in range(2):
        with django_assert_num_queries(3):  # the token, the cases, what is owed
            get("cases")
        for _ in range(9):
            make_case()

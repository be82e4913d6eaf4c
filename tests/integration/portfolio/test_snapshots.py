from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.lifecycle import CaseStatus, Stage
from cases.models import Case
from ledger.models import Account
from portfolio.buckets import bucket_of
from portfolio.models import CaseSnapshot, DailySummary
from portfolio.operations import CASES_KEPT_FOR, take_snapshot
from portfolio.queries import get_last_snapshot, list_currency_books, list_snapshot_cases
from staff.models import Team
from staff.rights import Role
from tests.integration.cases.builders import make_debt, make_user
from tests.integration.portfolio.conftest import AT, ON, make_case

pytestmark = pytest.mark.django_db


def test_each_open_case_stands_once_per_currency_with_its_days_and_money(
    book: dict[str, Case],
) -> None:
    Case.objects.filter(pk=book["fresh"].pk).update(status=CaseStatus.CLOSED, closed_on=ON)

    assert take_snapshot(on=ON, at=AT) == 4

    row = CaseSnapshot.objects.get(case=book["older"])
    assert (row.currency, row.days_past_due, row.due_minor, row.outstanding_minor) == (
        "PLN",
        45,
        20_000,
        40_000,
    )
    assert row.bucket == bucket_of(45)
    assert not CaseSnapshot.objects.filter(case=book["fresh"]).exists()


def test_a_case_in_two_currencies_has_the_days_of_its_oldest_debt_in_both(
    book: dict[str, Case],
) -> None:
    make_debt(book["fresh"].debtor, currency="EUR", due_since=ON - timedelta(days=100))

    take_snapshot(on=ON, at=AT)

    days = CaseSnapshot.objects.filter(case=book["fresh"]).values_list("currency", "days_past_due")
    assert dict(days) == {"PLN": 100, "EUR": 100}


def test_taken_again_the_day_is_replaced_and_other_days_stay(book: dict[str, Case]) -> None:
    take_snapshot(on=ON - timedelta(days=1), at=AT)
    take_snapshot(on=ON, at=AT)
    Account.objects.filter(debt__parties__debtor=book["older"].debtor).update(due_minor=15_000)

    take_snapshot(on=ON, at=AT)

    due = CaseSnapshot.objects.filter(case=book["older"]).order_by("taken_on")
    assert [row.due_minor for row in due] == [20_000, 15_000]
    assert DailySummary.objects.filter(taken_on=ON).count() == 5


def test_rows_per_case_are_kept_for_a_while_and_sums_for_good(book: dict[str, Case]) -> None:
    long_ago = ON - CASES_KEPT_FOR - timedelta(days=1)
    take_snapshot(on=long_ago, at=AT)
    take_snapshot(on=ON, at=AT)

    assert not CaseSnapshot.objects.filter(taken_on=long_ago).exists()
    assert DailySummary.objects.filter(taken_on=long_ago).exists()


def test_the_newest_snapshot_until_a_day_is_found(book: dict[str, Case]) -> None:
    assert get_last_snapshot() is None
    take_snapshot(on=ON - timedelta(days=3), at=AT)
    take_snapshot(on=ON, at=AT)

    last, before = get_last_snapshot(), get_last_snapshot(until=ON - timedelta(days=1))

    assert last is not None
    assert before is not None
    assert (last.taken_on, before.taken_on) == (ON, ON - timedelta(days=3))


def test_every_figure_counts_exactly_the_cases_of_its_list(book: dict[str, Case]) -> None:
    take_snapshot(on=ON, at=AT)

    for currency_book in list_currency_books(on=ON, team_id=None):
        for (stage, bucket), sums in currency_book.cells.items():
            rows = list_snapshot_cases(
                on=ON, currency=currency_book.currency, stage=stage, bucket=bucket, team_id=None
            )
            assert len(rows) == sums.cases
            assert sum(row.due_minor for row in rows) == sums.due_minor
            assert not any(row.has_changed for row in rows)


def test_the_list_behind_a_figure_says_what_has_changed_since(book: dict[str, Case]) -> None:
    take_snapshot(on=ON, at=AT)
    Case.objects.filter(pk=book["letters"].pk).update(stage=Stage.AGENCY)

    rows = list_snapshot_cases(on=ON, currency="PLN", stage=None, bucket=None, team_id=None)

    assert [row.number for row in rows if row.has_changed] == ["C-3"]


def test_the_list_behind_a_figure_goes_on_where_it_stopped(book: dict[str, Case]) -> None:
    take_snapshot(on=ON, at=AT)
    which = {"on": ON, "currency": "PLN", "stage": None, "bucket": None, "team_id": None}

    first = list_snapshot_cases(**which, limit=2)  # type: ignore[arg-type]
    rest = list_snapshot_cases(**which, limit=9, after_case_id=first[-1].case_id)  # type: ignore[arg-type]

    assert [row.number for row in first + rest] == ["C-1", "C-2", "C-3", "C-5"]


def test_a_leader_sees_the_book_of_the_own_team_and_a_manager_all(
    book: dict[str, Case], north: Team, client: Client
) -> None:
    take_snapshot(on=ON, at=AT)
    client.force_login(make_user("lena", Role.TEAM_LEADER, north))
    own = client.get("/board/").content.decode()
    client.force_login(make_user("pawel", Role.MANAGER))
    all_teams = client.get("/board/").content.decode()

    assert "EUR" not in own
    assert "EUR" in all_teams


def test_a_leader_cannot_open_cases_of_another_team_behind_a_figure(
    book: dict[str, Case], north: Team, client: Client
) -> None:
    take_snapshot(on=ON, at=AT)
    client.force_login(make_user("lena", Role.TEAM_LEADER, north))

    page = client.get("/board/cases/?currency=PLN").content.decode()

    assert "C-1" in page
    assert "C-3" not in page


def test_the_board_needs_the_same_few_queries_however_large_the_book(
    book: dict[str, Case], north: Team, client: Client
) -> None:
    client.force_login(make_user("pawel", Role.MANAGER))
    take_snapshot(on=ON, at=AT)
    client.get("/board/")
    with CaptureQueriesContext(connection) as few:
        client.get("/board/")
    for i in range(12):
        make_case(f"D-{i}", north, days=20 * i, due_minor=100 + i)
    take_snapshot(on=ON, at=AT)
    with CaptureQueriesContext(connection) as many:
        client.get("/board/")

    assert len(many) == len(few)


def test_before_the_first_close_the_board_says_so(db: None, client: Client) -> None:
    client.force_login(make_user("pawel", Role.MANAGER))

    assert client.get("/board/").status_code == 200
    assert client.get("/board/cases/").status_code == 200

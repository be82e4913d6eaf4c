"""Lists and tables as files: what is seen and no more, harmless, and noted."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.http import StreamingHttpResponse
from django.test import Client
from python_calamine import CalamineWorkbook

from cases.models import Case
from journal.models import Event
from portfolio.operations import take_snapshot
from portfolio.views import listing
from staff.models import Team, User
from staff.rights import Role
from tests.integration.cases.builders import make_user
from tests.integration.portfolio.conftest import AT, ON, make_case

pytestmark = pytest.mark.django_db

_LIST = f"/board/cases/?on={ON}&currency=PLN"
_TABLES = (
    "heat", "roll", "changes", "trend", "workload", "results", "deadlines", "problems",
)  # fmt: skip


@pytest.fixture
def manager(db: None) -> User:
    return make_user("pawel", Role.MANAGER)


@pytest.fixture
def taken(book: dict[str, Case]) -> dict[str, Case]:
    """The book of two closes; one debtor has a name that a spreadsheet would run."""
    hostile = book["older"].debtor
    hostile.display_name = '=HYPERLINK("http://evil","Jan")'
    hostile.save()
    take_snapshot(on=ON - timedelta(days=1), at=AT)
    take_snapshot(on=ON, at=AT)
    return book


def browser_of(user: User, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(user)
    return client


def body_of(answer: Any) -> bytes:
    return b"".join(answer)


def csv_rows(answer: Any, delimiter: str = ",") -> list[list[str]]:
    text = body_of(answer).decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:]), delimiter=delimiter))


def test_a_list_leaves_as_csv_row_by_row_as_it_is_seen(
    taken: dict[str, Case], manager: User
) -> None:
    answer: Any = browser_of(manager).get(f"{_LIST}&format=csv")

    assert isinstance(answer, StreamingHttpResponse)
    assert answer["Content-Disposition"].endswith('.csv"')
    rows = csv_rows(answer)
    assert rows[0] == [
        "Debtor", "Case", "Overdue, zł", "Outstanding, zł", "Days", "Stage", "Since then",
    ]  # fmt: skip
    assert [row[1] for row in rows[1:]] == ["C-3", "C-5", "C-2", "C-1"]
    assert rows[1][2:] == ["400.00", "800.00", "45", "Formal letters", "as it was"]


def test_in_polish_cells_are_parted_by_semicolons_and_decimals_by_commas(
    taken: dict[str, Case], manager: User
) -> None:
    rows = csv_rows(browser_of(manager, "pl").get(f"{_LIST}&format=csv"), ";")
    assert rows[1][2:5] == ["400,00", "800,00", "45"]


def test_a_name_that_is_a_formula_is_a_text_in_both_kinds_of_file(
    taken: dict[str, Case], manager: User
) -> None:
    client = browser_of(manager)
    names = [row[0] for row in csv_rows(client.get(f"{_LIST}&format=csv"))]
    assert '\'=HYPERLINK("http://evil","Jan")' in names

    sheet = CalamineWorkbook.from_filelike(
        io.BytesIO(body_of(client.get(f"{_LIST}&format=xlsx")))
    ).get_sheet_by_index(0)
    cells = sheet.to_python()
    assert cells[3][0] == '\'=HYPERLINK("http://evil","Jan")'
    assert cells[1][2:5] == [400.0, 800.0, 45.0]


def test_a_long_list_is_read_in_parts_and_none_is_missing_or_doubled(
    taken: dict[str, Case], manager: User, north: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    for i in range(9):
        make_case(f"D-{i}", north, days=40, due_minor=5_000)
    take_snapshot(on=ON, at=AT)
    monkeypatch.setattr(listing, "_ROWS_AT_ONCE", 4)

    rows = csv_rows(browser_of(manager).get(f"{_LIST}&format=csv"))

    numbers = [row[1] for row in rows[1:]]
    assert len(numbers) == len(set(numbers)) == 13


def test_a_leader_takes_away_only_what_they_see(taken: dict[str, Case], north: Team) -> None:
    client = browser_of(make_user("lena", Role.TEAM_LEADER, north))
    rows = csv_rows(client.get(f"/board/cases/?on={ON}&currency=PLN&format=csv"))
    assert {row[1] for row in rows[1:]} == {"C-1", "C-2"}


def test_who_took_what_stands_in_the_journal_and_looking_does_not(
    taken: dict[str, Case], manager: User
) -> None:
    client = browser_of(manager)
    client.get(_LIST)
    client.get("/board/")
    assert not Event.objects.filter(kind="board.exported").exists()

    client.get(f"{_LIST}&format=xlsx")

    event = Event.objects.get(kind="board.exported")
    assert (event.actor_kind, event.actor_id) == ("user", str(manager.pk))
    assert event.payload["rows"] == 4
    assert event.payload["format"] == "xlsx"
    assert event.payload["query"].startswith("/board/cases/?on=")


@pytest.mark.parametrize("table", _TABLES)
@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_every_table_of_the_board_leaves_as_a_file(
    taken: dict[str, Case], manager: User, table: str, file_format: str
) -> None:
    answer = browser_of(manager).get(f"/board/tables/{table}/?format={file_format}")

    assert answer.status_code == 200
    if file_format == "csv":
        rows = csv_rows(answer)
        assert {len(row) for row in rows} == {len(rows[0])}
    else:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(body_of(answer))).get_sheet_by_index(0)
        assert sheet.to_python()[0][0]
    assert Event.objects.filter(kind="board.exported").count() == 1


def test_the_table_of_where_the_money_is_holds_every_currency_and_adds_up(
    taken: dict[str, Case], manager: User
) -> None:
    rows = csv_rows(browser_of(manager).get("/board/tables/heat/?format=csv"))[1:]
    assert {row[0] for row in rows} == {"PLN", "EUR"}
    assert sum(float(row[4]) for row in rows if row[0] == "PLN") == 1_000.0
    assert sum(int(row[3]) for row in rows if row[0] == "PLN") == 4


def test_a_table_that_there_is_not_is_not_found(taken: dict[str, Case], manager: User) -> None:
    assert browser_of(manager).get("/board/tables/secrets/").status_code == 404

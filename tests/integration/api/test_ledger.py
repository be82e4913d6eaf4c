"""What was owed on any day, over REST."""

from __future__ import annotations

from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries

from cases.models import Case
from debtors.models import Debt
from kernel.actor import system_actor
from ledger.book_of_record import delay_tariff
from ledger.lifecycle import Keeper
from ledger.operations import NewBook, accrue_interest, change_keepers, post_payment
from staff.models import Team
from tests.integration.api.book import make_case
from tests.integration.api.conftest import NOW, Get, make_token
from tests.integration.cases.builders import make_debt, post_opening

pytestmark = pytest.mark.django_db

ACTOR = system_actor("tests")


@pytest.fixture
def case() -> Case:
    """1,250.00 overdue since 1 April, ours since the 13th, 200.00 paid on 4 May."""
    case = make_case()
    debt = Debt.objects.get()
    post_opening(debt)
    book = NewBook(
        debt.account_id, Keeper.HOUSE, date(2026, 4, 13), "termination", delay_tariff(None)
    )
    change_keepers(books=[book], at=NOW, actor=ACTOR)
    accrue_interest(on=date(2026, 4, 30), at=NOW, actor=ACTOR)
    post_payment(
        account_id=debt.account_id, amount_minor=20_000, currency="PLN",
        value_on=date(2026, 5, 4), idempotency_key="p", source="test", actor=ACTOR, at=NOW,
    )  # fmt: skip
    return case


def test_a_past_day_has_its_figures_and_whose_book_it_was(get: Get, case: Case) -> None:
    answer = get(f"cases/{case.number}/ledger", as_of="2026-04-10").json()
    assert (answer["as_of"], answer["known_at"]) == ("2026-04-10", None)
    (debt,) = answer["debts"]
    assert (debt["keeper"], debt["due"], debt["outstanding"]) == ("core", "1250.00", "5000.00")
    assert (debt["due_since"], debt["days_past_due"]) == ("2026-04-01", 9)
    assert debt["components"]["principal"] == {"due": "1250.00", "not_yet_due": "3750.00"}
    assert debt["interest"]["segments"] == []


def test_today_is_shown_without_a_day_with_the_interest_explained(get: Get, case: Case) -> None:
    (debt,) = get(f"cases/{case.number}/ledger").json()["debts"]
    assert debt["keeper"] == "house"
    first, second = debt["interest"]["segments"]
    assert (first["first_on"], first["last_on"], first["days"]) == ("2026-04-13", "2026-05-04", 22)
    assert (first["percent"], first["base"], first["amount"]) == ("9.25", "1250.00", "6.97")
    assert (first["rate"], first["article"]) == ("statutory_delay", "KC 481 § 2")
    assert second["base"] < first["base"]
    interest = debt["interest"]
    assert (interest["posted"], interest["unconfirmed_from"]) == ("6.97", None)
    assert interest["total"] != interest["posted"]


def test_a_day_to_come_shows_the_interest_that_will_have_grown(get: Get, case: Case) -> None:
    path = f"cases/{case.number}/ledger"
    (now,) = get(path).json()["debts"]
    for on in ("2026-06-12", "9999-12-31"):
        (later,) = get(path, as_of=on).json()["debts"]
        assert later["due"] == now["due"]
        assert float(later["interest"]["total"]) > float(now["interest"]["total"])


def test_what_was_recorded_later_is_left_out_by_known_at(get: Get, case: Case) -> None:
    path = f"cases/{case.number}/ledger"
    (now,) = get(path, as_of="2026-05-05").json()["debts"]
    (then,) = get(path, as_of="2026-05-05", known_at="2026-05-05T21:59:59Z").json()["debts"]
    assert (now["outstanding"], then["outstanding"]) == ("4806.97", "5000.00")


@pytest.mark.parametrize(
    ("query", "name", "code"),
    [
        ({"as_of": "12.05.2026"}, "as_of", "no_day"),
        ({"as_of": "2026-02-30"}, "as_of", "no_day"),
        ({"known_at": "2026-05-05"}, "known_at", "no_instant"),
        ({"asof": "2026-05-05"}, "asof", "unknown"),
    ],
)
def test_a_wrong_parameter_is_named(
    get: Get, case: Case, query: dict[str, str], name: str, code: str
) -> None:
    answer = get(f"cases/{case.number}/ledger", **query)
    assert answer.status_code == 400
    assert answer.json()["errors"] == [{"parameter": name, "code": code}]


def test_another_teams_case_is_not_there(get: Get, case: Case) -> None:
    other = make_token(team=Team.objects.create(name="South"), name="south")
    assert get(f"cases/{case.number}/ledger", as_token=other).status_code == 404


def test_the_statements_do_not_grow_with_the_debts(
    get: Get, case: Case, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(11):
        post_opening(make_debt(case.debtor))
    with django_assert_max_num_queries(20):
        assert len(get(f"cases/{case.number}/ledger").json()["debts"]) == 12

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cases.lifecycle import CaseStatus
from cases.models import Case
from debtors.lifecycle import Product
from debtors.models import Debt, Standing
from escalation.models import Enrolment, StrategyVersion
from ledger.models import Account
from portfolio.buckets import bucket_of
from portfolio.models import CaseSnapshot, DailySummary
from portfolio.operations import CASES_KEPT_FOR, take_snapshot
from portfolio.queries import Asked, Scope, get_cases_behind, get_last_snapshot
from staff.models import Team
from staff.rights import Role
from tests.integration.cases.builders import make_debt, make_user
from tests.integration.portfolio.conftest import AT, ON

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


@pytest.mark.parametrize(
    ("since", "until", "is_told"), [(1, None, True), (9, 0, True), (9, 1, False), (-1, None, False)]
)
def test_what_is_outstanding_in_default_counts_on_the_days_of_the_default(
    book: dict[str, Case], since: int, until: int | None, is_told: bool
) -> None:
    debt = Debt.objects.get(parties__debtor=book["older"].debtor)
    fields = {"from_on": ON - timedelta(days=since), "default": "past_due", "stage": 3,
              "default_since": ON - timedelta(days=since), "known_at": AT}  # fmt: skip
    until_on = None if until is None else ON - timedelta(days=until)
    Standing.objects.create(debt=debt, until_on=until_on, **fields)
    Standing.objects.create(debt=debt, replaced_at=AT, **fields)

    take_snapshot(on=ON, at=AT)

    row = CaseSnapshot.objects.get(taken_on=ON, case=book["older"])
    assert row.default_minor == (40_000 if is_told else 0)
    day = DailySummary.objects.filter(taken_on=ON)
    assert sum(one.default_minor for one in day) == row.default_minor
    assert sum(one.default_cases for one in day) == is_told
    asked = Asked(on=ON, scope=Scope(), currency="PLN", in_default=True)
    assert get_cases_behind(asked=asked).count().rows == is_told


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


def test_a_case_is_kept_with_its_owner_its_strategy_and_the_product_due_longest(
    book: dict[str, Case], north: Team
) -> None:
    make_debt(book["fresh"].debtor, due_since=ON - timedelta(days=70), product=Product.MORTGAGE)
    owner = make_user("anna", Role.OFFICER, north)
    Case.objects.filter(pk=book["fresh"].pk).update(owner=owner)
    version = StrategyVersion.objects.select_related("strategy").filter(status="in_force")[0]
    Enrolment.objects.create(
        case=book["fresh"], version=version, step_key="call", previous_on=ON, counts_from_on=ON,
        entered_on=ON, next_due_on=ON,
    )  # fmt: skip

    take_snapshot(on=ON, at=AT)

    row = CaseSnapshot.objects.get(case=book["fresh"])
    assert (row.product, row.strategy_id, row.owner_id) == (
        Product.MORTGAGE,
        version.strategy_id,
        owner.pk,
    )
    other = CaseSnapshot.objects.get(case=book["older"])
    assert (other.product, other.strategy_id, other.owner_id) == (Product.CASH_LOAN, None, None)


def test_rows_of_the_end_of_a_month_are_kept_for_longer(book: dict[str, Case]) -> None:
    month_end = date(2026, 3, 31)
    take_snapshot(on=month_end, at=AT)
    take_snapshot(on=month_end - timedelta(days=1), at=AT)
    take_snapshot(on=ON, at=AT)

    kept = set(CaseSnapshot.objects.values_list("taken_on", flat=True))
    assert kept == {month_end, ON}

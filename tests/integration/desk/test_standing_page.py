"""How a case stands, on its page and in the list, with the days and reasons one click away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from cases.models import Case
from debtors.models import Debt, Standing, StandingCount
from tests.integration.desk.case_pages import get_page, section_of, words_of
from tests.integration.desk.conftest import AT, ON

pytestmark = pytest.mark.django_db
MakeCase = Callable[..., Case]

GROUNDS = {
    "material_since": str(ON - timedelta(days=100)), "due_since": str(ON - timedelta(days=101)),
    "overdue_minor": 125_000, "exposure_minor": 500_000, "currency": "PLN",
    "absolute_minor": 40_000, "relative_percent": "1", "days_limit": 90,
}  # fmt: skip


def stand(case: Case, **fields: Any) -> None:
    given = {
        "from_on": ON - timedelta(days=10), "default": "past_due", "stage": 3,
        "default_since": ON - timedelta(days=10), "known_at": AT, "grounds": GROUNDS, **fields,
    }  # fmt: skip
    Standing.objects.create(debt=Debt.objects.get(parties__debtor=case.debtor), **given)
    Standing.objects.create(debtor=case.debtor, **given)


def test_the_case_page_says_how_it_stands_and_where_the_days_are(
    at_desk: Client, make_case: MakeCase
) -> None:
    case = make_case()
    assert "performing" in section_of(get_page(at_desk, case), "debts")
    stand(case)
    debt = Debt.objects.get(parties__debtor=case.debtor)
    StandingCount.objects.create(debt=debt, counted_on=ON, material_since=ON - timedelta(days=100))
    page = get_page(at_desk, case)
    shown = section_of(page, "debts")
    assert "in default: past due; stage 3" in shown
    assert "101 days in a row over both thresholds" in shown
    assert f'href="/cases/{case.number}/standing/"' in page


def test_the_days_come_with_what_was_counted_and_what_was_told_before(
    at_desk: Client, make_case: MakeCase
) -> None:
    case = make_case()
    stand(case, replaced_at=AT)
    stand(case, default="", default_since=None, stage=2)
    page = words_of(get_page(at_desk, case, "standing/"))
    assert "stage 2" in page
    assert "1 250,00 zł past due of 5 000,00 zł (25,00 %)" in page.replace("\u00a0", " ")
    assert "limits 400,00 zł and 1 %" in page.replace("\u00a0", " ")
    assert "What was told before" in page


def test_a_case_that_was_never_judged_has_a_page_too(at_desk: Client, make_case: MakeCase) -> None:
    page = words_of(get_page(at_desk, make_case(), "standing/"))
    assert "It has always performed, as far as we know." in page


def test_the_page_takes_the_same_statements_however_long_the_history_is(
    at_desk: Client, make_case: MakeCase, django_assert_max_num_queries: Any
) -> None:
    case = make_case()
    for count in range(6):
        day = ON - timedelta(days=10 * (count + 1))
        stand(case, from_on=day, until_on=day + timedelta(days=9), default_since=day)
    with django_assert_max_num_queries(16):
        get_page(at_desk, case, "standing/")


def test_the_list_shows_and_filters_by_default(at_desk: Client, make_case: MakeCase) -> None:
    bad, good = make_case(), make_case()
    stand(bad)
    page = at_desk.get("/cases/?in_default=yes").content.decode()
    assert bad.number in page
    assert good.number not in page
    assert "stage 3 in default" in words_of(page)
    assert bad.number not in at_desk.get("/cases/?in_default=no").content.decode()
    assert '<option value="no" selected>' in at_desk.get("/cases/?forborne=no").content.decode()

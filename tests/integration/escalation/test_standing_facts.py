"""What strategies and filters ask of the standing of a debtor: as it is on the day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.db import connection

from cases.models import Case
from debtors.models import Standing
from escalation.case_filter import CaseFilter, parse_case_filter, where_of
from escalation.queries.facts import get_facts_since_ever
from tests.integration.cases.conftest import (
    at,
    case,
    machine,
    make_case,
    officer,
    on,
    team,
)

__all__ = ["at", "case", "machine", "make_case", "officer", "on", "team"]

pytestmark = pytest.mark.django_db


def stand(
    case: Case, at: datetime, from_on: date, until_on: date | None = None, *, default: str = "",
    forborne: str = "no", replaced: bool = False,
) -> None:  # fmt: skip
    Standing.objects.create(
        debtor=case.debtor, from_on=from_on, until_on=until_on, default=default,
        default_since=from_on if default else None, forborne=forborne,
        forborne_since=from_on if forborne != "no" else None, stage=3 if default else 2,
        known_at=at, replaced_at=at if replaced else None,
    )  # fmt: skip


def found(chosen: CaseFilter, on: date) -> set[int]:
    where = where_of(chosen, on=on)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT c.id FROM cases_case c WHERE {where.sql}", where.values)
        return {int(row[0]) for row in cursor.fetchall()}


def test_facts_and_filters_tell_how_the_debtor_stands_on_the_day(
    case: Case, make_case: Callable[[], Case], at: datetime, on: date
) -> None:
    other, replaced = make_case(), make_case()
    stand(case, at, on - timedelta(days=10), on, default="past_due")
    stand(other, at, on - timedelta(days=10), forborne="probation")
    stand(replaced, at, on - timedelta(days=10), default="past_due", replaced=True)
    ids = [case.pk, other.pk, replaced.pk]
    for day, in_default in ((on, True), (on + timedelta(days=1), False)):
        facts = get_facts_since_ever(case_ids=ids, on=day)
        assert (facts[case.pk].in_default, facts[case.pk].forborne) == (in_default, False)
        assert (facts[other.pk].in_default, facts[other.pk].forborne) == (False, True)
        assert (facts[replaced.pk].in_default, facts[replaced.pk].forborne) == (False, False)
        assert found(CaseFilter(in_default=True), day) == ({case.pk} if in_default else set())
        assert found(CaseFilter(forborne=True), day) == {other.pk}
        assert found(CaseFilter(forborne=False), day) == {case.pk, replaced.pk}
    before = on - timedelta(days=11)
    assert found(CaseFilter(in_default=True), before) == set()


def test_both_are_read_from_an_address_and_written_to_one() -> None:
    chosen = parse_case_filter({"in_default": "yes", "forborne": "no"})
    assert (chosen.in_default, chosen.forborne) == (True, False)
    assert chosen.as_parameters() == {"in_default": "yes", "forborne": "no"}

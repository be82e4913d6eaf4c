"""Default, forbearance, bureaus and heirs: the thresholds and clocks at their edges."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from debtors.bureau_entry import Barrier, BureauFacts, hindrances
from debtors.default_rules import Segment, clocks, thresholds
from debtors.forbearance import NotForborneThen, forbearance_exit
from debtors.succession import Acceptance, heir_liability_minor

ON = date(2026, 11, 23)
CLOCKS = clocks(on=ON)


@pytest.mark.parametrize(
    ("segment", "overdue", "exposure", "days", "default"),
    [
        (Segment.RETAIL, 401_00, 30_000_00, 91, True),
        (Segment.RETAIL, 401_00, 30_000_00, 90, False),
        (Segment.RETAIL, 400_00, 30_000_00, 91, False),
        (Segment.RETAIL, 400_01, 30_000_00, 91, True),
        (Segment.RETAIL, 500_00, 50_000_00, 91, False),
        (Segment.RETAIL, 500_01, 50_000_00, 91, True),
        (Segment.OTHER, 2_000_00, 150_000_00, 91, False),
        (Segment.OTHER, 2_000_01, 150_000_00, 91, True),
        (Segment.OTHER, 2_000_01, 200_001_00, 500, False),
    ],
)
def test_both_thresholds_must_be_exceeded_for_more_than_ninety_days(
    segment: Segment, overdue: int, exposure: int, days: int, default: bool
) -> None:
    rule = thresholds(segment=segment, currency="PLN", on=ON)
    found = rule.is_default(overdue_minor=overdue, exposure_minor=exposure, days_above=days)
    assert found is default


def test_euros_have_the_ceilings_of_the_union_and_other_currencies_no_absolute_threshold() -> None:
    def absolute(currency: str) -> int:
        return thresholds(segment=Segment.RETAIL, currency=currency, on=ON).absolute_minor

    assert (absolute("PLN"), absolute("EUR"), absolute("CHF")) == (400_00, 100_00, 0)


def test_what_was_open_before_the_thresholds_is_judged_by_them() -> None:
    early = thresholds(segment=Segment.RETAIL, currency="PLN", on=date(2019, 1, 1))
    assert early == thresholds(segment=Segment.RETAIL, currency="PLN", on=ON)
    assert clocks(on=date(2010, 1, 1)) == CLOCKS


def test_a_performing_debtor_is_forborne_for_two_years() -> None:
    found = forbearance_exit(granted_on=date(2024, 2, 29), was_non_performing=False, clocks=CLOCKS)
    assert (found.earliest_exit_on, found.min_years) == (date(2026, 2, 28), 2)


@pytest.mark.parametrize(
    ("performing_since", "exit_on"),
    [
        (None, date(2026, 3, 1)),
        (date(2024, 3, 1), date(2026, 3, 1)),
        (date(2024, 9, 1), date(2026, 9, 1)),
        (date(2023, 6, 1), date(2026, 3, 1)),  # the cure period lasts a year at least
    ],
)
def test_a_non_performing_debtor_is_cured_for_a_year_and_on_probation_for_two(
    performing_since: date | None, exit_on: date
) -> None:
    found = forbearance_exit(
        granted_on=date(2023, 3, 1), was_non_performing=True, clocks=CLOCKS,
        performing_since=performing_since,
    )  # fmt: skip
    assert (found.earliest_exit_on, found.min_years) == (exit_on, 3)


@pytest.mark.parametrize("event", ["new_measure_on", "past_due_on"])
@pytest.mark.parametrize("on", [date(2024, 3, 1), date(2025, 1, 15), date(2026, 3, 1)])
def test_a_relapse_of_the_probation_starts_everything_anew(event: str, on: date) -> None:
    found = forbearance_exit(
        granted_on=date(2023, 3, 1), was_non_performing=True, clocks=CLOCKS, **{event: on}
    )
    assert (found.earliest_exit_on, found.min_years) == (on.replace(year=on.year + 3), 3)


@pytest.mark.parametrize("on", [date(2023, 8, 1), date(2024, 2, 29), date(2026, 3, 2)])
def test_arrears_outside_the_probation_restart_nothing(on: date) -> None:
    found = forbearance_exit(
        granted_on=date(2023, 3, 1), was_non_performing=True, clocks=CLOCKS, past_due_on=on
    )
    assert (found.earliest_exit_on, found.min_years) == (date(2026, 3, 1), 3)


def test_a_new_measure_during_the_cure_is_cured_anew() -> None:
    found = forbearance_exit(
        granted_on=date(2023, 3, 1), was_non_performing=True, clocks=CLOCKS,
        new_measure_on=date(2023, 9, 1),
    )  # fmt: skip
    assert (found.performing_on, found.min_years) == (date(2024, 9, 1), 3)


def test_a_new_measure_after_the_probation_meets_a_performing_debtor() -> None:
    found = forbearance_exit(
        granted_on=date(2023, 3, 1), was_non_performing=True, clocks=CLOCKS,
        new_measure_on=date(2027, 1, 10), past_due_on=date(2027, 6, 1),
    )  # fmt: skip
    assert (found.earliest_exit_on, found.min_years) == (date(2029, 1, 10), 2)


def test_one_that_always_performed_stays_so_whatever_comes() -> None:
    found = forbearance_exit(
        granted_on=date(2023, 3, 1), was_non_performing=False, clocks=CLOCKS,
        performing_since=date(2020, 1, 1), new_measure_on=date(2024, 6, 1),
        past_due_on=date(2023, 9, 1),
    )  # fmt: skip
    assert (found.earliest_exit_on, found.min_years) == (date(2026, 6, 1), 2)


def test_nothing_comes_before_the_grant() -> None:
    with pytest.raises(NotForborneThen):
        forbearance_exit(
            granted_on=date(2023, 3, 1), was_non_performing=True, clocks=CLOCKS,
            performing_since=date(2023, 2, 28),
        )  # fmt: skip


READY = BureauFacts(
    on=ON, is_consumer=True, total_due=Decimal(200), overdue_days=30,
    noticed_on=date(2026, 10, 23), claim_on=date(2020, 11, 23),
)  # fmt: skip


def test_a_debt_that_meets_every_condition_may_be_entered() -> None:
    assert hindrances(READY) == []


@pytest.mark.parametrize(
    ("facts", "barrier"),
    [
        (replace(READY, total_due=Decimal("199.99")), Barrier.BELOW_MINIMUM),
        (
            replace(READY, is_consumer=False, total_due=Decimal("499.99")),
            Barrier.BELOW_MINIMUM,
        ),
        (replace(READY, overdue_days=29), Barrier.NOT_OVERDUE_LONG_ENOUGH),
        (replace(READY, noticed_on=None), Barrier.NOTICE_NOT_SENT),
        (replace(READY, noticed_on=date(2026, 10, 24)), Barrier.NOTICE_TOO_RECENT),
        (replace(READY, claim_on=date(2020, 11, 22)), Barrier.TOO_OLD),
        (replace(READY, objection_explained=False), Barrier.NO_WORD_OF_OBJECTION),
    ],
)
def test_each_condition_that_is_not_met_is_named(facts: BureauFacts, barrier: Barrier) -> None:
    (found,) = hindrances(facts)
    assert found.barrier is barrier
    assert found.article.startswith("UUIG")


def test_everything_that_stands_in_the_way_is_named_at_once() -> None:
    facts = replace(READY, total_due=Decimal(1), overdue_days=1, noticed_on=None)
    assert len(hindrances(facts)) == 3


@pytest.mark.parametrize(
    ("acceptance", "most"),
    [
        (Acceptance.BENEFIT_OF_INVENTORY, 3000),
        (Acceptance.SIMPLE, 10_000),
        (Acceptance.REJECTED, 0),
        (Acceptance.NOT_YET, 3000),
    ],
)
def test_how_the_estate_was_taken_limits_what_the_heir_answers_for(
    acceptance: Acceptance, most: int
) -> None:
    assert heir_liability_minor(estate_minor=3000, debt_minor=10_000, acceptance=acceptance) == most


def test_an_estate_of_debts_only_makes_nobody_pay() -> None:
    inventory = Acceptance.BENEFIT_OF_INVENTORY
    assert heir_liability_minor(estate_minor=-5, debt_minor=10, acceptance=inventory) == 0
    assert heir_liability_minor(estate_minor=50, debt_minor=10, acceptance=inventory) == 10

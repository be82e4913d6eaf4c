"""Limitation ends where the Civil Code and its transitional rules say, whatever came between."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debtors.limitation import (
    ClaimKind,
    Pause,
    PauseInvalid,
    Term,
    Transition,
    limitation,
    term_of,
)

REFORM = date(2018, 7, 9)
BANK = term_of(ClaimKind.BANK)
GENERAL = term_of(ClaimKind.GENERAL)
JUDGMENT = term_of(ClaimKind.JUDGMENT)


def test_the_terms_are_those_of_the_civil_code() -> None:
    assert (BANK.years, BANK.old_years, BANK.disputed) == (3, 3, False)
    assert (GENERAL.years, GENERAL.old_years) == (6, 10)
    assert (JUDGMENT.years, JUDGMENT.old_years, JUDGMENT.disputed) == (6, 10, True)


@pytest.mark.parametrize(
    ("start_on", "last_on", "transition"),
    [
        (date(2022, 12, 20), date(2025, 12, 31), Transition.NEW_LAW),
        (date(2023, 1, 1), date(2026, 12, 31), Transition.NEW_LAW),
        (date(2024, 2, 29), date(2027, 12, 31), Transition.NEW_LAW),
        (date(2015, 8, 3), date(2018, 12, 31), Transition.NEW_LAW),
        (date(2015, 7, 9), date(2018, 12, 31), Transition.NEW_LAW),  # not barred on 9 July 2018
        (date(2015, 7, 8), date(2018, 7, 8), Transition.BARRED_BEFORE),
    ],
)
def test_a_bank_s_claim_ends_with_the_year_unless_it_was_barred_before_the_reform(
    start_on: date, last_on: date, transition: Transition
) -> None:
    found = limitation(start_on=start_on, term=BANK)
    assert (found.last_on, found.transition) == (last_on, transition)


@pytest.mark.parametrize(
    ("start_on", "last_on", "transition"),
    [
        (date(2016, 5, 10), date(2024, 12, 31), Transition.STARTED_ANEW),
        (date(2010, 5, 10), date(2020, 5, 10), Transition.OLD_END_EARLIER),
        (date(2014, 9, 1), date(2024, 9, 1), Transition.OLD_END_EARLIER),
        (date(2008, 7, 8), date(2018, 7, 8), Transition.BARRED_BEFORE),
        (date(2018, 7, 9), date(2024, 12, 31), Transition.NEW_LAW),
    ],
)
def test_a_shorter_new_term_runs_from_the_reform_but_an_earlier_old_end_stays(
    start_on: date, last_on: date, transition: Transition
) -> None:
    found = limitation(start_on=start_on, term=GENERAL)
    assert (found.last_on, found.transition) == (last_on, transition)


def test_the_year_end_of_a_judgment_is_disputed_and_the_earlier_day_counts() -> None:
    found = limitation(start_on=date(2020, 3, 2), term=JUDGMENT)
    assert (found.last_on, found.safe_on) == (date(2026, 3, 2), date(2026, 3, 2))
    assert found.year_end_on == date(2026, 12, 31)


def test_a_consumer_keeps_the_old_term_of_a_claim_of_before_the_reform() -> None:
    own = term_of(ClaimKind.GENERAL, of_consumer=True)
    assert limitation(start_on=date(2016, 5, 10), term=own).last_on == date(2026, 5, 10)
    assert limitation(start_on=date(2019, 5, 10), term=own).last_on == date(2025, 12, 31)


def test_a_term_of_less_than_two_years_has_no_year_end() -> None:
    assert limitation(start_on=date(2024, 2, 1), term=Term(1, 1)).last_on == date(2025, 2, 1)
    assert limitation(start_on=date(2024, 2, 1), term=Term(2, 2)).last_on == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("pauses", "days", "last_on"),
    [
        ([(date(2023, 2, 1), date(2023, 5, 2))], 91, date(2024, 12, 31)),
        ([(date(2023, 2, 1), date(2023, 12, 31))], 334, date(2025, 12, 31)),
        # two that overlap are one
        ([(date(2023, 2, 1), date(2023, 3, 1)), (date(2023, 3, 1), date(2023, 5, 2))], 91,
         date(2024, 12, 31)),
        # begun after the end: too late
        ([(date(2025, 1, 1), date(2025, 9, 1))], 0, date(2024, 12, 31)),
    ],
)  # fmt: skip
def test_mediation_since_2022_suspends_and_its_days_come_before_the_year_end(
    pauses: list[tuple[date, date]], days: int, last_on: date
) -> None:
    found = limitation(
        start_on=date(2021, 5, 10), term=BANK, pauses=[Pause(*pause) for pause in pauses]
    )
    assert (found.suspended_days, found.last_on) == (days, last_on)


def test_mediation_begun_before_2022_06_30_interrupts() -> None:
    pause = Pause(date(2022, 6, 29), date(2022, 9, 15))
    found = limitation(start_on=date(2021, 5, 10), term=BANK, pauses=[pause])
    assert (found.restarted_on, found.last_on) == (date(2022, 9, 15), date(2025, 12, 31))


def test_a_mediation_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(PauseInvalid):
        limitation(
            start_on=date(2021, 5, 10), term=BANK,
            pauses=[Pause(date(2023, 5, 2), date(2023, 5, 1))],
        )  # fmt: skip


TERMS = st.builds(Term, st.integers(1, 12), st.integers(1, 12), st.booleans(), st.booleans())
STARTS = st.dates(date(1995, 1, 1), date(2030, 1, 1))


@given(STARTS, TERMS)
def test_the_day_to_rely_on_is_never_the_later_one(start_on: date, term: Term) -> None:
    found = limitation(start_on=start_on, term=term)
    assert start_on < found.bare_on <= found.last_on <= found.year_end_on
    assert found.last_on == min(found.safe_on, found.year_end_on)


@given(STARTS, TERMS, st.integers(0, 2000), st.integers(0, 500))
def test_a_suspension_never_shortens_a_term(
    start_on: date, term: Term, after: int, days: int
) -> None:
    first_on = max(start_on, date(2022, 6, 30)) + timedelta(days=after)
    pause = Pause(first_on, first_on + timedelta(days=days))
    without = limitation(start_on=start_on, term=term)
    found = limitation(start_on=start_on, term=term, pauses=[pause])
    assert found.bare_on >= without.bare_on
    assert found.suspended_days in (0, days + 1)


@given(st.dates(REFORM, date(2030, 1, 1)), st.integers(2, 12))
def test_since_the_reform_a_term_of_two_years_or_more_ends_on_new_year_s_eve(
    start_on: date, years: int
) -> None:
    last_on = limitation(start_on=start_on, term=Term(years, years)).last_on
    assert (last_on.month, last_on.day, last_on.year) == (12, 31, start_on.year + years)

"""The filter vocabulary: what an address may ask for, and the conditions it becomes."""

from __future__ import annotations

from datetime import date

import pytest

from escalation.case_filter import CaseFilter, FilterInvalid, parse_case_filter, where_of

ON = date(2026, 5, 12)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("stage", "agncy"),
        ("status", "OPEN"),
        ("days_past_due_min", "-1"),
        ("days_past_due_min", "9" * 40),
        ("team", "north"),
        ("product", "boat"),
        ("currency", "zł"),
        ("updated_since", "yesterday"),
        ("updated_since", "2026-05-12T10:00:00"),
    ],
)
def test_value_that_cannot_be_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(FilterInvalid) as caught:
        parse_case_filter({name: value})
    assert caught.value.values["parameter"] == name


def test_empty_and_unknown_parameters_ask_for_nothing() -> None:
    assert parse_case_filter({"stage": "  ", "page": "3"}) == CaseFilter()


def test_filter_survives_the_way_through_an_address() -> None:
    asked = {
        "status": "open", "stage": "agency", "days_past_due_min": "31", "team": "2",
        "segment": "mortgage", "currency": "PLN", "updated_since": "2026-05-12T10:00:00+02:00",
    }  # fmt: skip
    assert parse_case_filter(asked).as_parameters() == asked


def test_nothing_asked_is_every_case() -> None:
    assert where_of(CaseFilter(), on=ON) == ("TRUE", {})


def test_days_past_due_become_dates_so_that_an_index_can_answer() -> None:
    where = where_of(
        parse_case_filter({"days_past_due_min": "31", "days_past_due_max": "60"}), on=ON
    )
    assert where.values == {"late_since": date(2026, 4, 11), "not_since": date(2026, 3, 13)}


def test_team_of_the_reader_always_limits() -> None:
    where = where_of(parse_case_filter({"team": "7"}), on=ON, within_team=3)
    assert where.values == {"team": 7, "within_team": 3}


def test_text_with_digits_is_a_number_and_words_are_a_name() -> None:
    assert where_of(CaseFilter(text="ug-2026-000012"), on=ON).values == {"number": "UG-2026-000012"}
    assert where_of(CaseFilter(text="Łucja Wąs"), on=ON).values == {"words": "lucja:* & was:*"}
    assert where_of(CaseFilter(text="…"), on=ON).sql == "FALSE"

"""Ranges of terms and counts, and what restarts the time of being forborne."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from calculations.fields import BadInputs
from calculations.table import TOPICS, calculate
from calculations.topic import Setting
from ledger.shipped_rates import shipped_rates

SETTING = Setting(shipped_rates(), date(2026, 11, 23))


def ask(topic: str, **inputs: Any) -> dict[str, Any]:
    return calculate(topic, inputs, SETTING)


def errors(topic: str, inputs: dict[str, Any]) -> list[tuple[str, str]]:
    with pytest.raises(BadInputs) as refused:
        calculate(topic, inputs, SETTING)
    return list(refused.value.errors)


@pytest.mark.parametrize(
    ("topic", "inputs", "key"),
    [
        ("big_entry_allowed", {"days_since_notice": 800_000}, "days_since_notice"),
        ("limitation_transition", {"old_years": 10_000}, "old_years"),
        ("limitation_end", {"start": "2016-05-10", "old_years": 900_000}, "old_years"),
        ("limitation_end", {"start": "2016-05-10", "old_years": 0}, "old_years"),
        ("non_interest_cost_cap", {"year_days": 360}, "year_days"),
        ("non_interest_cost_cap", {"days": 0}, "days"),
    ],
)
def test_a_number_out_of_its_range_is_named(topic: str, inputs: dict[str, Any], key: str) -> None:
    assert errors(topic, {**TOPICS[topic].example, **inputs}) == [(key, "out_of_range")]


@pytest.mark.parametrize("topic", ["court_fee", "court_charges_fee", "conciliation_call_fee"])
def test_a_dispute_about_nothing_is_refused_by_its_key(topic: str) -> None:
    assert errors(topic, {**TOPICS[topic].example, "wps": "0"}) == [("wps", "not_above_zero")]


@pytest.mark.parametrize("key", ["agreement_date", "concluded", "date_of_contract"])
def test_the_day_of_a_credit_contract_has_many_names(key: str) -> None:
    answer = ask("non_interest_cost_cap", credit="10000", days=365, **{key: "2020-06-01"})
    assert (answer["cap"], answer["article"]) == ("2100.00", "Dz.U. 2020/374 art. 8d")
    assert "warnings" not in answer


CURED = {
    "forborne_on": "2023-03-01", "was_non_performing": True, "becomes_performing": "2024-03-01",
}  # fmt: skip
PERFORMED = {
    "forborne_on": "2023-03-01", "was_non_performing": False, "becomes_performing": "2023-03-01",
}  # fmt: skip


@pytest.mark.parametrize(
    ("inputs", "exit_on", "years", "idle"),
    [
        (CURED, "2026-03-01", 3, []),
        (CURED | {"past_due_over_30_days_on": "2025-08-10"}, "2028-08-10", 3, []),
        (
            CURED | {"past_due_over_30_days_on": "2027-08-10"},
            "2026-03-01", 3, ["past_due_over_30_days_on"],
        ),
        (
            CURED | {"past_due_over_30_days_on": "2023-08-10"},
            "2026-03-01", 3, ["past_due_over_30_days_on"],
        ),
        (CURED | {"new_measure_on": "2027-01-10"}, "2029-01-10", 2, []),
        (PERFORMED | {"new_measure_on": "2024-06-01"}, "2026-06-01", 2, []),
        (PERFORMED | {"becomes_performing": "2022-01-01"}, "2025-03-01", 2, []),
        (
            PERFORMED | {"becomes_performing": "2024-03-01"},
            "2025-03-01", 2, ["becomes_performing"],
        ),
        (
            {"forborne_on": "2023-03-01", "becomes_performing": "2024-09-01"},
            "2026-09-01", 3, [],
        ),
    ],
)  # fmt: skip
def test_only_the_probation_after_a_cure_is_restarted(
    inputs: dict[str, Any], exit_on: str, years: int, idle: list[str]
) -> None:
    answer = ask("forbearance_exit", **inputs)
    assert (answer["earliest_exit"], answer["min_years"]) == (exit_on, years)
    assert [one["keys"] for one in answer["warnings"]] == ([idle] if idle else [])


@pytest.mark.parametrize(
    ("segment", "default"),
    [("individual", True), ("Nonretail", False), ("niedetaliczny", False), ("firma", False)],
)
def test_a_segment_is_understood_by_its_plain_names(segment: str, default: bool) -> None:
    inputs = {"overdue_pln": "401", "exposure_pln": "30000", "consecutive_days_above": 91}
    assert ask("default", segment=segment, **inputs)["default"] is default

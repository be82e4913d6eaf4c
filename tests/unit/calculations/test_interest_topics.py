"""Which rate counts, from which day, and what is told of a figure that leaves something out."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from calculations.fields import BadInputs
from calculations.rate_words import AfterStatutory, read_rate
from calculations.table import calculate, find_topic
from calculations.topic import Setting
from ledger.rates import RateKind
from ledger.shipped_rates import shipped_rates

SETTING = Setting(shipped_rates(), date(2026, 11, 23))
DEBT = {"principal": "10000", "due_date": "2025-01-31", "payment_date": "2026-08-25"}


def ask(topic: str, **inputs: Any) -> dict[str, Any]:
    return calculate(topic, inputs, SETTING)


def errors(topic: str, **inputs: Any) -> list[tuple[str, str]]:
    with pytest.raises(BadInputs) as refused:
        ask(topic, **inputs)
    return list(refused.value.errors)


def codes(answer: dict[str, Any]) -> list[str]:
    return [warning["code"] for warning in answer["warnings"]]


@pytest.mark.parametrize(
    ("contract", "interest", "warned"),
    [
        ({}, "1569.65", []),
        ({"contract_delay_rate_pct": "5"}, "782.19", []),
        ({"rate": "contract delay", "contract_delay_rate_pct": "5"}, "782.19", []),
        ({"contract_rate_pct": "5"}, "782.19", []),
        ({"rate": "5"}, "782.19", []),
        ({"rate": "statutory delay", "contract_rate_pct": "5"}, "1569.65", ["changes_nothing"]),
        ({"contract_capital_rate_pct": "5"}, "1569.65", ["changes_nothing"]),
        ({"contract_capital_rate_pct": "12"}, "1877.26", ["capital_rate_counts"]),
        ({"rate": "maximum delay", "contract_rate_pct": "5"}, "3139.32", ["changes_nothing"]),
    ],
)
def test_the_rate_that_was_agreed_counts_and_a_higher_one_of_the_capital(
    contract: dict[str, str], interest: str, warned: list[str]
) -> None:
    answer = ask("interest_delay", **DEBT, **contract)
    assert (answer["interest"], codes(answer)) == (interest, warned)


@pytest.mark.parametrize(
    ("delay", "capital", "like", "warned"),
    [
        ("12", "15", {"contract_delay_rate_pct": "15"}, ["capital_rate_counts"]),
        ("12", "11", {"contract_delay_rate_pct": "12"}, ["changes_nothing"]),
        ("12", "99", {"rate": "maximum delay"}, ["capital_rate_counts"]),
    ],
)
def test_of_two_rates_of_a_contract_the_higher_one_counts_and_it_is_told(
    delay: str, capital: str, like: dict[str, str], warned: list[str]
) -> None:
    both = {"contract_delay_rate_pct": delay, "contract_capital_rate_pct": capital}
    answer = ask("interest_delay", **DEBT, **both)
    assert answer["interest"] == ask("interest_delay", **DEBT, **like)["interest"]
    assert codes(answer) == warned
    named = ask("interest_delay", **DEBT, **both, rate="contract delay")
    assert named["interest"] == ask("interest_delay", **DEBT, rate=delay)["interest"]
    assert named["warnings"] == [{"code": "changes_nothing", "keys": ["contract_capital_rate_pct"]}]


@pytest.mark.parametrize(
    ("inputs", "applied"),
    [
        ({"contract_delay_rate_pct": "29"}, "24.5"),
        ({"contract_capital_rate_pct": "30"}, "20.5"),
        ({"contract_rate_pct": "24.5", "kind": "capital"}, "20.5"),
        ({"contract_rate_pct": "24.5", "rate": "contract capital"}, "20.5"),
        ({"contract_rate_pct": "29", "rate": "delay"}, "24.5"),
    ],
)
def test_the_cap_of_a_contract_s_rate_is_the_one_of_its_kind(
    inputs: dict[str, str], applied: str
) -> None:
    answer = ask("contract_rate_cap", date="2023-03-23", **inputs)
    assert (answer["applied_rate_pct"], answer["warnings"]) == (applied, [])


def test_one_cap_is_asked_for_at_a_time() -> None:
    both = {"contract_delay_rate_pct": "29", "contract_capital_rate_pct": "30"}
    assert errors("contract_rate_cap", date="2023-03-23", **both) == [
        ("contract_capital_rate_pct", "one_of_the_two")
    ]
    wrong = {"contract_rate_pct": "29", "kind": "commercial"}
    assert errors("contract_rate_cap", date="2023-03-23", **wrong) == [("kind", "not_one_of")]


ARREARS = {"overdue_interest": "500", "payment_date": "2025-12-31"}


@pytest.mark.parametrize(
    ("inputs", "since", "interest"),
    [
        ({"lawsuit_date": "2024-01-10"}, "2024-01-10", "108.03"),
        ({"lawsuit_date": "2024-01-10", "overdue_since": "2024-03-01"}, "2024-03-01", "100.17"),
        ({"lawsuit_date": "2024-01-10", "due_date": "2024-02-29"}, "2024-03-01", "100.17"),
        # due on a Sunday: in arrears since Tuesday
        ({"lawsuit_date": "2024-01-10", "due_date": "2024-03-03"}, "2024-03-05", "99.55"),
        ({"agreement_date": "2024-03-01", "overdue_since": "2024-03-01"}, "2024-03-01", "100.17"),
        ({"lawsuit_filed": "2024-03-01"}, "2024-03-01", "100.17"),
        ({"agreement": "01.03.2024"}, "2024-03-01", "100.17"),
    ],
)
def test_overdue_interest_bears_none_before_it_is_overdue(
    inputs: dict[str, str], since: str, interest: str
) -> None:
    answer = ask("interest_on_interest", **ARREARS, **inputs)
    assert (answer["allowed"], answer["from"], answer["interest"]) == (True, since, interest)
    assert answer["warnings"] == []


def test_overdue_interest_that_is_paid_before_it_is_overdue_bears_none() -> None:
    inputs = {"lawsuit_date": "2024-01-10", "overdue_since": "2024-03-01"}
    answer = ask("interest_on_interest", **ARREARS | inputs | {"payment_date": "2024-02-15"})
    assert (answer["interest"], answer["days"]) == ("0.00", 0)


def test_an_agreement_of_the_due_day_comes_before_the_arrears() -> None:
    agreed = {"agreement_date": "2024-03-01", "due_date": "2024-03-01"}
    answer = ask("interest_on_interest", **ARREARS, **agreed)
    assert (answer["allowed"], answer["interest"]) == (False, "0.00")
    assert answer["warnings"] == [{"code": "changes_nothing", "keys": ["agreement_date"]}]


@pytest.mark.parametrize(
    ("inputs", "missing"),
    [
        ({"lawsuit_filed": True}, ["lawsuit_date"]),
        ({"agreement_after_arrears": "tak"}, ["agreement_date"]),
        ({"lawsuit_filed": True, "payment_date": None}, ["lawsuit_date", "payment_date"]),
        ({"lawsuit_date": "2025-02-03", "payment_date": None}, ["payment_date"]),
    ],
)
def test_interest_that_cannot_be_counted_is_left_out_and_what_is_missing_is_named(
    inputs: dict[str, Any], missing: list[str]
) -> None:
    answer = ask("interest_on_interest", **ARREARS | inputs)
    assert answer["allowed"] is True
    assert "interest" not in answer
    assert answer["warnings"] == [{"code": "missing_for_interest", "keys": missing}]


@pytest.mark.parametrize(
    ("inputs", "keys"),
    [
        (
            {"lawsuit_filed": "2025-02-03", "lawsuit_date": "2025-02-04"},
            "lawsuit_date, lawsuit_filed",
        ),
        (
            {"overdue_since": "2025-02-03", "due_date": "2025-02-03"},
            "overdue_since, due_date",
        ),
    ],
)
def test_two_days_for_one_thing_are_refused(inputs: dict[str, str], keys: str) -> None:
    assert errors("interest_on_interest", **inputs) == [(keys, "given_twice")]


def test_nothing_bears_interest_but_its_days_and_rate_are_told() -> None:
    period = {"from_inclusive": "2020-04-09", "to_inclusive": "2020-05-28"}
    answer = ask("interest_period_inclusive", principal="0", **period)
    assert (answer["interest"], answer["days"], answer["rate_pct"]) == ("0.00", 50, "6")
    assert [row["base"] for row in answer["segments"]] == ["0.00"]


def test_a_payment_after_the_last_day_is_left_out_and_told() -> None:
    late = [["2026-09-01", "20000"], ["2026-01-31", "1000"]]
    answer = ask("interest_delay", **DEBT, partial_payments=late)
    in_time = ask("interest_delay", **DEBT, payments=late[1:])
    assert answer["interest"] == in_time["interest"] != "1569.65"
    assert answer["warnings"] == [{"code": "paid_after_the_last_day", "days": ["2026-09-01"]}]


@pytest.mark.parametrize(
    ("name", "rate"),
    [
        ("statutory delay (KC 481 §2)", RateKind.STATUTORY_DELAY),
        ("Statutory-Delay", RateKind.STATUTORY_DELAY),
        ("delay_statutory_pct_art481_2", RateKind.STATUTORY_DELAY),
        ("delay_maximum_pct_art481_21", RateKind.MAXIMUM_DELAY),
        ("capital_statutory_pct_art359_2", RateKind.STATUTORY_CAPITAL),
        ("capital_maximum_pct_art359_21", RateKind.MAXIMUM_CAPITAL),
        ("delay_pct_general_debtor", RateKind.COMMERCIAL),
        ("delay_pct_public_healthcare_debtor", RateKind.COMMERCIAL_PUBLIC_HEALTH),
        (
            "statutory (until 2015-12-31) then maximum delay",
            AfterStatutory(RateKind.MAXIMUM_DELAY),
        ),
        (
            "ustawowe do 2015-12-31, potem umowne za opóźnienie",
            AfterStatutory(RateKind.CONTRACT_DELAY),
        ),
    ],
)
def test_a_rate_is_known_by_its_article_and_by_the_names_of_the_tables(
    name: str, rate: RateKind | AfterStatutory
) -> None:
    assert read_rate(name) == rate


@pytest.mark.parametrize(
    ("rate", "since_2016"),
    [
        ("statutory (until 2015-12-31) then maximum delay", {"rate": "maximum delay"}),
        ("statutory (until 2015-12-31) then contract", {"rate": "12"}),
    ],
)
def test_the_statutory_rate_of_before_2016_needs_no_lombard_rate(
    rate: str, since_2016: dict[str, str]
) -> None:
    contract = {"contract_rate_pct": "12"} if rate.endswith("contract") else {}
    whole = ask(
        "interest_period_inclusive", principal="10000", from_inclusive="2015-07-01",
        to_inclusive="2016-12-31", rate=rate, **contract,
    )  # fmt: skip
    later = ask(
        "interest_period_inclusive", principal="10000", from_inclusive="2016-01-01",
        to_inclusive="2016-12-31", **since_2016,
    )  # fmt: skip
    first, *others = whole["segments"]
    assert (first["to"], first["rate_pct"], first["amount"]) == ("2015-12-31", "8", "403.29")
    assert others == later["segments"]
    assert whole["articles"] == ["KC 481 § 2", *later["articles"]]


@pytest.mark.parametrize(
    ("alias", "name"),
    [("anatocism_art482", "interest_on_interest"), ("contract-cap", "contract_rate_cap")],
)
def test_a_topic_has_the_names_by_which_people_look_for_it(alias: str, name: str) -> None:
    assert find_topic(alias).name == name

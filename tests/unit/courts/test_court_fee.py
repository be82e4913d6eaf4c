"""Fees against worked examples with known answers, and against a naive reading of the tables."""

from __future__ import annotations

import csv
import json
import math
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courts.court_fee import (
    BailiffMode,
    Discontinued,
    FeeNeedsPositiveZloty,
    bailiff_fee,
    charges_fee,
    conciliation_call_fee,
    court_costs,
    court_fee,
    discontinuance_fee,
    refund_when_final,
    representation_cost,
)
from courts.dated_tables import NoRuleOnDay
from courts.lifecycle import Procedure
from courts.terms import (
    bailiff_service_ends_on,
    is_admissible_in_epu,
    objection_ends_on,
    refiling_ends_on,
)
from kernel.calendar import POLAND
from kernel.money import Money

EXAMPLES = list(csv.DictReader(Path(__file__).with_name("worked_examples.csv").open()))
PROCEDURES = {
    "EPU": Procedure.EPU,
    "ordinary/upominawcze": Procedure.UPOMINAWCZE,
    "ordinary": Procedure.ORDINARY,
}
MODES = {"bank account": BailiffMode.BANK_ACCOUNT, "wages": BailiffMode.WAGES}


def pln(amount: str) -> Money:
    return Money.from_decimal(Decimal(amount), "PLN")


def examples(*topics: str) -> list[Any]:
    return [
        pytest.param(json.loads(row["inputs_json"]), json.loads(row["expected_json"]), id=row["id"])
        for row in EXAMPLES
        if row["topic"] in topics
    ]


@pytest.mark.parametrize(("given_", "expected"), examples("court_fee"))
def test_court_fee_is_what_the_example_says(
    given_: dict[str, str], expected: dict[str, str]
) -> None:
    fee = court_fee(
        value_of_dispute=pln(given_["wps"]),
        filed_on=date.fromisoformat(given_["filing_date"]),
        procedure=PROCEDURES[given_["procedure"]],
        from_banking=given_.get("claim") == "banking activity",
    )
    assert fee == pln(expected["fee_pln"])


@pytest.mark.parametrize(("given_", "expected"), examples("court_fee_consumer_bank"))
def test_a_consumer_s_fee_against_a_bank_is_capped(
    given_: dict[str, str], expected: dict[str, str]
) -> None:
    fee = court_fee(
        value_of_dispute=pln(given_["wps"]),
        filed_on=date.fromisoformat(given_["filing_date"]),
        procedure=Procedure.ORDINARY,
        charged_to_consumer=given_["claimant"] == "consumer",
    )
    assert fee == pln(expected["fee_pln"])


@pytest.mark.parametrize(("given_", "expected"), examples("costs_sum"))
def test_costs_with_counsel_add_up_as_the_court_awarded(
    given_: dict[str, Any], expected: dict[str, str]
) -> None:
    costs = court_costs(
        value_of_dispute=pln(given_["claim"]),
        filed_on=date.fromisoformat(given_["filed"]),
        procedure=PROCEDURES[given_["procedure"]],
        with_counsel=given_["with_counsel"],
    )
    assert costs.court_fee == pln(expected["court_fee"])
    assert costs.representation == pln(expected["representation"])
    assert costs.stamp_duty == pln(expected["stamp_duty"])
    assert costs.total == pln(expected["total"])


@pytest.mark.parametrize(("given_", "expected"), examples("bailiff_fee"))
def test_bailiff_fee_is_what_the_example_says(
    given_: dict[str, str], expected: dict[str, str]
) -> None:
    fee = bailiff_fee(
        enforced=pln(given_["enforced"]), mode=MODES[given_["mode"]], on=date(2024, 5, 10)
    )
    assert fee == pln(expected["fee"])


@pytest.mark.parametrize(("given_", "expected"), examples("epu_admissible"))
def test_the_electronic_court_takes_no_older_claims(
    given_: dict[str, str], expected: dict[str, bool]
) -> None:
    assert (
        is_admissible_in_epu(
            claim=pln("1000"),
            due_on=date.fromisoformat(given_["due_date"]),
            filed_on=date.fromisoformat(given_["filing_date"]),
        )
        is expected["admissible"]
    )


def test_every_example_is_used() -> None:
    topics = {row["topic"] for row in EXAMPLES}
    assert topics == {
        "court_fee",
        "court_fee_consumer_bank",
        "costs_sum",
        "bailiff_fee",
        "epu_admissible",
    }


@pytest.mark.parametrize(
    ("value", "filed_on", "procedure", "fee"),
    [
        ("500.01", "2024-05-10", Procedure.ORDINARY, "100"),
        ("1500.01", "2024-05-10", Procedure.ORDINARY, "200"),
        ("7500", "2024-05-10", Procedure.NAKAZOWE, "100"),
        ("20000.01", "2024-05-10", Procedure.UPOMINAWCZE, "1001"),
        ("3000000", "2025-09-22", Procedure.ORDINARY, "150000"),
        ("5000000", "2025-09-22", Procedure.ORDINARY, "200000"),
        ("5000000", "2025-09-23", Procedure.ORDINARY, "100000"),
        ("2000", "2018-01-02", Procedure.SIMPLIFIED, "30"),
        ("0.01", "2024-05-10", Procedure.EPU, "30"),
        ("50000", "2018-01-02", Procedure.EPU, "250"),
    ],
)
def test_court_fee_at_the_edges_of_the_table(
    value: str, filed_on: str, procedure: Procedure, fee: str
) -> None:
    assert court_fee(
        value_of_dispute=pln(value), filed_on=date.fromisoformat(filed_on), procedure=procedure
    ) == pln(fee)


def test_the_old_cap_of_banks_ends_with_its_day() -> None:
    def fee(on: date) -> Money:
        return court_fee(value_of_dispute=pln("100000"), filed_on=on, procedure=Procedure.ORDINARY)

    assert fee(date(2019, 8, 20)) == pln("1000")
    assert fee(date(2019, 8, 21)) == pln("5000")


def naive_fee(grosze: int, procedure: Procedure) -> int:
    """Whole zlotys by the bands in force since 2025-09-23, written out by hand."""
    value = math.ceil(Fraction(grosze, 100))
    steps = [(500, 30), (1500, 100), (4000, 200), (7500, 400), (10000, 500), (15000, 750)]
    fee = Fraction(next((fixed for high, fixed in [*steps, (20000, 1000)] if value <= high), 0))
    if not fee:
        fee = min(Fraction(value * 5, 100), Fraction(100_000))
    if procedure in (Procedure.EPU, Procedure.NAKAZOWE):
        fee = fee / 4
    return math.ceil(max(fee, Fraction(30)))


@given(st.integers(1, 10**9), st.sampled_from([p for p in Procedure if p != Procedure.SIMPLIFIED]))
def test_court_fee_equals_the_naive_reading(grosze: int, procedure: Procedure) -> None:
    fee = court_fee(
        value_of_dispute=Money(grosze, "PLN"), filed_on=date(2026, 3, 2), procedure=procedure
    )
    assert fee == Money(naive_fee(grosze, procedure) * 100, "PLN")


@given(st.integers(1, 10**10), st.integers(1, 10**6), st.dates(date(2006, 3, 2), date(2027, 1, 1)))
def test_a_larger_claim_never_costs_less(grosze: int, more: int, filed_on: date) -> None:
    def fee(minor: int) -> Money:
        return court_fee(
            value_of_dispute=Money(minor, "PLN"), filed_on=filed_on, procedure=Procedure.EPU
        )

    assert fee(grosze) <= fee(grosze + more)


@pytest.mark.parametrize(
    ("enforced", "mode", "fee"),
    [
        ("10000", BailiffMode.PAID_WITHIN_MONTH, "300"),
        ("1000", BailiffMode.PAID_WITHIN_MONTH, "150"),
        ("2000", BailiffMode.OTHER, "300"),
        ("1999999.50", BailiffMode.OTHER, "50000"),
        ("3333.20", BailiffMode.RECEIVABLES, "333.40"),
    ],
)
def test_bailiff_fee_has_a_minimum_and_a_maximum(
    enforced: str, mode: BailiffMode, fee: str
) -> None:
    assert bailiff_fee(enforced=pln(enforced), mode=mode, on=date(2024, 5, 10)) == pln(fee)


def test_a_fee_in_another_currency_is_refused() -> None:
    with pytest.raises(FeeNeedsPositiveZloty):
        court_fee(
            value_of_dispute=Money(100, "TWD"),
            filed_on=date(2024, 5, 10),
            procedure=Procedure.EPU,
        )


def test_a_day_before_the_tables_is_refused() -> None:
    with pytest.raises(NoRuleOnDay):
        court_fee(
            value_of_dispute=pln("100"), filed_on=date(2001, 1, 1), procedure=Procedure.ORDINARY
        )


def test_three_quarters_come_back_only_in_upominawcze() -> None:
    def back(procedure: Procedure) -> Money:
        return refund_when_final(
            fee_paid=pln("750"), procedure=procedure, filed_on=date(2024, 5, 10)
        )

    assert back(Procedure.UPOMINAWCZE) == pln("562.50")
    assert back(Procedure.EPU) == pln("0")


def test_counsel_costs_less_in_order_procedures() -> None:
    def cost(procedure: Procedure) -> Money:
        return representation_cost(
            value_of_dispute=pln("6000"), filed_on=date(2024, 5, 10), procedure=procedure
        )

    assert cost(Procedure.EPU) == pln("1200")
    assert cost(Procedure.ORDINARY) == pln("1800")


@pytest.mark.parametrize(
    ("due_on", "admissible"),
    [(date(2022, 8, 27), True), (date(2022, 8, 26), False), (date(2025, 8, 28), False)],
)
def test_three_years_are_counted_to_the_day(due_on: date, admissible: bool) -> None:
    taken = is_admissible_in_epu(claim=pln("10"), due_on=due_on, filed_on=date(2025, 8, 27))
    assert taken is admissible


@pytest.mark.parametrize(
    ("served_on", "procedure", "ends_on"),
    [
        (date(2026, 5, 4), Procedure.EPU, date(2026, 5, 18)),
        (date(2026, 4, 17), Procedure.UPOMINAWCZE, date(2026, 5, 4)),  # 1 May, Saturday, 3 May
        (date(2026, 1, 31), Procedure.NAKAZOWE, date(2026, 3, 2)),  # 28 February is a Saturday
    ],
)
def test_the_term_to_object_ends_on_a_working_day(
    served_on: date, procedure: Procedure, ends_on: date
) -> None:
    assert objection_ends_on(served_on=served_on, procedure=procedure, calendar=POLAND) == ends_on


@pytest.mark.parametrize(
    ("remaining", "why", "fee"),
    [
        ("10000", Discontinued.BY_CREDITOR, "500"),
        ("9999.10", Discontinued.PAID_LATE, "1000"),
        ("100", Discontinued.BY_CREDITOR, "150"),
        ("9000000", Discontinued.PAID_LATE, "50000"),
        ("9000000", Discontinued.BEFORE_NOTICE, "100"),
        ("10", Discontinued.OTHERWISE, "150"),
        ("3000", Discontinued.POINTLESS, "300"),
    ],
)
def test_enforcement_that_ends_early_has_its_own_fee(
    remaining: str, why: Discontinued, fee: str
) -> None:
    found = discontinuance_fee(remaining=pln(remaining), why=why, on=date(2024, 5, 10))
    assert found == pln(fee)


@pytest.mark.parametrize(
    ("value", "consumer", "fee"),
    [("500", False, "30"), ("18000", False, "750"), ("100000", False, "3750"),
     ("100000", True, "750")],
)  # fmt: skip
def test_charges_against_an_order_cost_three_quarters_and_a_consumer_no_more_than_the_cap(
    value: str, consumer: bool, fee: str
) -> None:
    found = charges_fee(
        value_of_dispute=pln(value), filed_on=date(2024, 5, 10), charged_to_consumer=consumer
    )
    assert found == pln(fee)


@pytest.mark.parametrize(("value", "fee"), [("20000", "120"), ("20000.01", "300")])
def test_calling_to_an_attempt_at_settlement_has_two_prices(value: str, fee: str) -> None:
    assert conciliation_call_fee(value_of_dispute=pln(value), filed_on=date(2024, 5, 10)) == pln(
        fee
    )


@pytest.mark.parametrize(
    ("discontinued_on", "last_on"),
    [
        (date(2025, 11, 30), date(2026, 2, 28)),
        (date(2025, 5, 10), date(2025, 8, 10)),  # a Sunday: our own filing does not rely on it
    ],
)
def test_a_lawsuit_within_three_months_keeps_the_day_of_the_electronic_court(
    discontinued_on: date, last_on: date
) -> None:
    assert refiling_ends_on(discontinued_on=discontinued_on) == last_on


def test_service_by_a_bailiff_is_proved_within_two_months() -> None:
    assert bailiff_service_ends_on(ordered_on=date(2025, 12, 31)) == date(2026, 2, 28)

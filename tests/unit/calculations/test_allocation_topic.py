"""Whose word decides which debt a payment pays, and what is told where nobody's does."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from calculations.fields import BadInputs
from calculations.table import calculate
from calculations.topic import Setting
from ledger.shipped_rates import shipped_rates

SETTING = Setting(shipped_rates(), date(2026, 11, 23))
YOUNG = {"id": 1, "principal": "5000", "interest": "1000", "due": "2025-05-01"}
OLD = {"id": 2, "principal": "7000", "interest": "2000", "due": "2025-04-01"}
UNDATED = {"id": 3, "principal": "4000"}


def ask(*debts: dict[str, Any], payment: str = "3000", **inputs: Any) -> dict[str, Any]:
    given = {"debts": list(debts), "payment": payment, **inputs}
    return calculate("payment_allocation_art451", given, SETTING)


def paid(answer: dict[str, Any]) -> list[str]:
    return [debt["debt"] for debt in answer["explanation"]]


def test_the_due_day_of_a_debt_is_read_by_its_short_name() -> None:
    answer = ask(YOUNG, OLD, payment="10000")
    assert (paid(answer), answer["warnings"]) == (["2", "1"], [])


def test_a_cost_is_read_and_what_is_no_part_of_a_debt_is_named() -> None:
    answer = ask({**YOUNG, "cost": "30", "penalty": "50"}, payment="10")
    assert answer["debt1"]["costs"] == "20"
    assert answer["warnings"] == [{"code": "unknown_keys", "keys": ["debts.penalty"]}]


@pytest.mark.parametrize(
    ("debtor_chooses", "order"),
    [("1", ["1"]), ("debt1", ["1"]), (Decimal("1.0"), ["1"]), ([1, 2], ["1", "2"]),
     (["debt2", 1], ["2", "1"])],
)  # fmt: skip
def test_the_debtor_names_one_debt_or_several_in_turn(
    debtor_chooses: Any, order: list[str]
) -> None:
    answer = ask(YOUNG, OLD, UNDATED, payment="20000", debtor_chooses=debtor_chooses)
    assert paid(answer) == order
    owed = {"1": 6000, "2": 9000}
    assert answer["rest"] == str(20_000 - sum(owed[debt] for debt in order))
    assert answer["warnings"] == []


@pytest.mark.parametrize(
    ("inputs", "fault"),
    [
        ({"debtor_chooses": [1, 9]}, ("debtor_chooses", "no_such_debt")),
        ({"debtor_chooses": [1, 1]}, ("debtor_chooses", "not_a_text")),
        ({"debtor_chooses": []}, ("debtor_chooses", "not_a_text")),
        ({"creditor_receipt": 9}, ("creditor_receipt", "no_such_debt")),
    ],
)
def test_a_debt_that_is_not_owed_is_not_chosen(
    inputs: dict[str, Any], fault: tuple[str, str]
) -> None:
    with pytest.raises(BadInputs) as refused:
        ask(YOUNG, OLD, **inputs)
    assert refused.value.errors == (fault,)


@pytest.mark.parametrize(
    ("inputs", "order", "warned"),
    [
        ({"creditor_receipt": 1}, ["1"], []),
        ({"creditor_receipt": 1, "receipt_accepted": True}, ["1"], []),
        ({"creditor_receipt": 1, "receipt_accepted": False}, ["2"], ["creditor_receipt"]),
        ({"creditor_receipt": 1, "debtor_chooses": 2}, ["2"], ["creditor_receipt"]),
    ],
)
def test_a_receipt_decides_only_where_the_debtor_accepted_it(
    inputs: dict[str, Any], order: list[str], warned: list[str]
) -> None:
    answer = ask(YOUNG, OLD, **inputs)
    assert paid(answer) == order
    assert [warning["keys"] for warning in answer["warnings"]] == ([warned] if warned else [])


def test_a_debt_without_a_due_day_is_paid_last_and_told() -> None:
    answer = ask(UNDATED, YOUNG, OLD, payment="16000")
    assert paid(answer) == ["2", "1", "3"]
    assert answer["warnings"] == [{"code": "due_day_unknown", "debts": ["3"]}]
    assert ask(UNDATED)["warnings"] == []

"""A return finds the payment that it takes back, and is certain only where the bank names it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ledger.returned_payments import Movement, find_returned

PAID = Movement(1, "PL1", 5_000, "PLN", date(2026, 5, 11), "E2E-1", "B00001", "PL9", "rata")
BACK = Movement(9, "PL1", -5_000, "PLN", date(2026, 5, 14), "", "", "", "zwrot")


@pytest.mark.parametrize(
    ("said", "code", "is_certain"),
    [
        ({"end_to_end_id": "E2E-1"}, "return_end_to_end", True),
        ({"bank_reference": "B00001"}, "return_bank_reference", True),
        ({"title": "ZWROT PRZELEWU REF. B000 01"}, "return_in_title", True),
        ({"party_account": "PL9"}, "return_sender", False),
        ({}, "returned_payment", False),
    ],
)
def test_the_payment_is_named_in_one_of_these_ways(
    said: dict[str, Any], code: str, is_certain: bool
) -> None:
    found = find_returned(BACK._replace(**said), [PAID])
    assert (found.code, found.is_certain) == (code, is_certain)
    assert found.entry_ids == (() if code == "returned_payment" else (1,))


@pytest.mark.parametrize(
    "other",
    [
        {"amount_minor": 5_001},
        {"own_account": "PL2"},
        {"currency": "EUR"},
        {"on": date(2026, 5, 15)},
        {"on": date(2025, 1, 1)},
    ],
)
def test_another_amount_account_currency_or_time_is_another_payment(
    other: dict[str, Any],
) -> None:
    found = find_returned(BACK._replace(end_to_end_id="E2E-1"), [PAID._replace(**other)])
    assert found.entry_ids == ()


def test_two_payments_of_one_reference_are_for_a_person_to_choose_from() -> None:
    found = find_returned(BACK._replace(end_to_end_id="E2E-1"), [PAID, PAID._replace(id=2)])
    assert (found.entry_ids, found.is_certain) == ((1, 2), False)


def test_the_surest_way_decides() -> None:
    other = PAID._replace(id=2, end_to_end_id="E2E-2")
    said = BACK._replace(end_to_end_id="E2E-2", party_account="PL9")
    assert find_returned(said, [PAID, other]).entry_ids == (2,)


def test_money_that_comes_back_to_us_is_no_payment_taken_back() -> None:
    assert find_returned(BACK._replace(amount_minor=5_000), [PAID]).code == "refund_returned"

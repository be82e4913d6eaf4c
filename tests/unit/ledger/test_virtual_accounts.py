"""How account numbers for repayment may begin."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured

from ledger.virtual_accounts import are_possible_beginnings, own_number_sql


@pytest.mark.parametrize(
    ("beginning", "possible"),
    [
        ("10901014", True),
        ("109010149012", True),
        ("1140200400000001", True),
        ("11402004000000012", False),  # no room for 100 million debts
        ("1090101", False),  # no whole sort code
        ("10901015", False),  # its check digit is another
        ("PL10901014", False),
        ("1090 1014", False),
        ("１０９０１０１４", False),  # other digits than those of a number
    ],
)
def test_numbers_begin_with_a_sort_code_and_leave_room(beginning: str, possible: bool) -> None:
    assert are_possible_beginnings({"PLN": beginning}) is possible


def test_a_currency_is_three_letters() -> None:
    assert not are_possible_beginnings({"PLN' OR 'x": "10901014"})
    assert are_possible_beginnings({"PLN": "10901014", "EUR": "109010149013"})


def test_a_beginning_that_is_none_is_refused_where_numbers_are_made() -> None:
    with pytest.raises(ValueError, match="8 to 16 digits"):
        own_number_sql(account_id="id", currency="c", beginnings={"PLN": "1' || 'x"})


def test_nothing_starts_with_a_beginning_that_is_none(settings: Any) -> None:
    settings.REPAYMENT_ACCOUNTS = {"PLN": "10901015"}
    with pytest.raises(ImproperlyConfigured, match="last digit checks the others"):
        apps.get_app_config("ledger").ready()


def test_without_an_agreement_there_are_no_numbers() -> None:
    assert own_number_sql(account_id="id", currency="c", beginnings={}) == "NULL::text"

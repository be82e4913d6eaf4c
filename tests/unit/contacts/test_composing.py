"""What a message says is fixed from plain values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.composing import (
    Composed,
    DueDebt,
    NewMessage,
    Reader,
    Sources,
    address_text,
    compose,
    point_text,
)
from contacts.lifecycle import MessageChannel, Template

ON = date(2026, 5, 12)
ANY_TEXT = st.text(alphabet=st.characters(blacklist_categories=["Cs"]))
READER = Reader(7, "U-1", 3, "Jan Testowy", "person", "pl", "")
DEBT = DueDebt(
    debtor_id=3,
    debt_id=11,
    account_id=21,
    product="cash_loan",
    contract_no="C/1",
    contract_on="2024-01-15",
    contract_rate=None,
    is_consumer=True,
    terminated_on=None,
    currency="PLN",
    due_minor=125_000,
    outstanding_minor=500_000,
    due_since="2026-04-01",
    pay_to="PL61109010140000071219812874",
    due='{"principal":125000}',
    owed='{"principal":500000}',
)
MOBILE = {(3, "sms"): point_text("sms", 31, "+48500000001")}
EMAIL = {(3, "email"): point_text("email", 32, "jan@example.org")}
LETTER = {(3, "letter"): address_text(41, "Prosta 1", "00-001", "Warszawa", "PL")}


def composed(
    template: Template = Template.REMINDER,
    channel: MessageChannel | None = None,
    *,
    places: Mapping[tuple[int, str], str] = MOBILE,
    debts: tuple[DueDebt, ...] = (DEBT,),
    prefers: str = "",
    debt_ids: tuple[int, ...] | None = None,
    extra: Mapping[str, str] | None = None,
    reader: Reader = READER,
) -> Composed:
    message = NewMessage(7, channel, template, "step:1", debt_ids, extra or {})
    reader = reader._replace(preferred_channel=prefers)
    return compose(message, Sources({7: reader}, places, {3: debts}), ON)


def figures(one: Composed) -> Any:
    assert one.figures is not None
    return json.loads(one.figures)


def recipient(one: Composed) -> Any:
    assert one.recipient is not None
    return json.loads(one.recipient)


@pytest.mark.parametrize(
    ("prefers", "places", "chosen"),
    [
        ("", {**MOBILE, **EMAIL}, "sms"),
        ("email", {**MOBILE, **EMAIL}, "email"),
        ("email", MOBILE, "sms"),
        ("sms", EMAIL, "email"),
        ("", {}, "email"),
    ],
)
def test_the_preferred_channel_is_taken_where_the_debtor_has_it(
    prefers: str, places: Mapping[tuple[int, str], str], chosen: str
) -> None:
    assert composed(places=places, prefers=prefers).channel == chosen


def test_the_recipient_is_named_with_the_place_it_goes_to() -> None:
    assert recipient(composed()) == {
        "contact_point_id": 31,
        "phone": "+48500000001",
        "debtor_id": 3,
        "name": "Jan Testowy",
        "kind": "person",
    }
    letter = composed(Template.DEMAND, MessageChannel.LETTER, places=LETTER)
    assert recipient(letter)["street"] == "Prosta 1"
    assert recipient(composed(places=EMAIL))["email"] == "jan@example.org"


def test_without_a_place_there_is_no_recipient_but_still_what_would_be_said() -> None:
    letter = composed(Template.DEMAND, MessageChannel.LETTER, places=MOBILE)
    assert letter.recipient is None
    assert letter.figures is not None


def test_without_a_debt_there_is_nothing_to_say() -> None:
    assert composed(debts=()).figures is None


def test_the_figures_name_each_debt_as_of_the_day() -> None:
    said = figures(composed(extra={"notice_delivered_on": "2026-04-10"}))
    assert said["as_of"] == "2026-05-12"
    assert said["case_number"] == "U-1"
    assert said["notice_delivered_on"] == "2026-04-10"
    (debt,) = said["debts"]
    assert debt == {
        **{name: value for name, value in DEBT._asdict().items() if name != "debtor_id"},
        "due": {"principal": 125_000},
        "owed": {"principal": 500_000},
    }


def test_only_the_debts_that_are_asked_for_are_named() -> None:
    other = DEBT._replace(debt_id=12)
    said = figures(composed(debts=(DEBT, other), debt_ids=(12,)))
    assert [debt["debt_id"] for debt in said["debts"]] == [12]


@pytest.mark.parametrize("template", [Template.NOTICE_75C, Template.TERMINATION])
def test_what_is_terminated_is_not_terminated_again(template: Template) -> None:
    terminated = DEBT._replace(terminated_on="2026-03-01")
    assert composed(template, MessageChannel.LETTER, debts=(terminated,)).figures is None
    demand = composed(Template.DEMAND, MessageChannel.LETTER, debts=(terminated,))
    assert figures(demand)["debts"][0]["terminated_on"] == "2026-03-01"


@given(ANY_TEXT, ANY_TEXT, ANY_TEXT)
def test_any_text_survives(name: str, contract_no: str, street: str) -> None:
    one = composed(
        Template.DEMAND,
        MessageChannel.LETTER,
        places={(3, "letter"): address_text(41, street, "00-001", "Łódź", "PL")},
        debts=(DEBT._replace(contract_no=contract_no),),
        reader=READER._replace(name=name),
    )
    assert recipient(one)["name"] == name
    assert recipient(one)["street"] == street
    assert figures(one)["debts"][0]["contract_no"] == contract_no

"""What is asked may be written in many ways; what cannot be read is named by its key."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calculations.fields import BadInputs
from calculations.rate_words import NAMES, read_rate
from calculations.table import TOPICS, UnknownTopic, calculate, find_topic
from calculations.topic import Setting, Topic
from calculations.values import (
    WrongValue,
    money,
    money_percent,
    plain_money,
    plain_percent,
    read_day,
    read_flag,
    read_minor,
    read_percent,
    read_whole,
)
from kernel.errors import DomainError
from ledger.rates import RateKind
from ledger.shipped_rates import shipped_rates

SETTING = Setting(shipped_rates(), date(2026, 11, 23))
DELAY = {"principal": "10000.00", "due_date": "2020-03-15", "payment_date": "2021-01-10"}


def ask(topic: str, **inputs: Any) -> dict[str, Any]:
    return calculate(topic, inputs, SETTING)


def errors(topic: str, inputs: Any) -> list[tuple[str, str]]:
    with pytest.raises(BadInputs) as refused:
        calculate(topic, inputs, SETTING)
    return list(refused.value.errors)


@pytest.mark.parametrize(
    "amount",
    [
        "10000.00",
        "10000",
        10000,
        Decimal("10000.0"),
        "10 000,00",
        "10 000,00 zł",
        "10000.000",
        Decimal("10000.000"),
    ],
)
def test_an_amount_is_read_however_it_is_written(amount: Any) -> None:
    assert read_minor(amount) == 1_000_000


@pytest.mark.parametrize(
    ("amount", "why"),
    [
        ("10000.001", "finer_than_a_grosz"),
        ("-1", "negative"),
        (-1, "negative"),
        (Decimal("-1.5"), "negative"),
        ("ten", "not_a_number"),
        ("1,000.00", "not_a_number"),
        ("10,000", "thousands_or_places"),
        ("1,500 zł", "thousands_or_places"),
        ("1 500,000", "thousands_or_places"),
        ("1.500", "thousands_or_places"),
        (True, "not_a_number"),
        (None, "not_a_number"),
        (1.5, "not_a_number"),
        ("1e3", "not_a_number"),
        ("NaN", "not_a_number"),
        (Decimal("Infinity"), "not_a_number"),
        (Decimal("1E+999999"), "too_large"),
        (Decimal("1E-999999"), "too_many_places"),
        (10**4000, "too_large"),
        ("99999999999999", "too_large"),
        ("9" * 5000, "not_a_number"),
        ("١٢", "not_a_number"),
    ],
)
def test_an_amount_that_cannot_be_right_is_refused(amount: Any, why: str) -> None:
    with pytest.raises(WrongValue, match=why):
        read_minor(amount)


@pytest.mark.parametrize(
    ("read", "written", "value"),
    [
        (read_percent, "12,5 %", Decimal("12.5")),
        (read_percent, 29, Decimal(29)),
        (read_day, "2020-03-15", date(2020, 3, 15)),
        (read_day, " 15.3.2020 ", date(2020, 3, 15)),
        (read_whole, "91", 91),
        (read_whole, Decimal("91.0"), 91),
        (read_flag, "tak", True),
        (read_flag, False, False),
    ],
)
def test_days_percents_and_numbers_are_read(read: Any, written: Any, value: Any) -> None:
    assert read(written) == value


@pytest.mark.parametrize(
    ("read", "written"),
    [
        (read_day, "2021-02-29"),
        (read_day, "31.02.2021"),
        (read_day, "0001-01-01"),
        (read_day, "9999-12-31"),
        (read_day, 20210101),
        (read_day, None),
        (read_percent, "1001"),
        (read_whole, "1.5"),
        (read_whole, 10**9),
        (read_flag, "perhaps"),
    ],
)
def test_what_is_no_such_value_is_refused(read: Any, written: Any) -> None:
    with pytest.raises(WrongValue):
        read(written)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        *NAMES.items(),
        ("statutory (until 2015-12-31) then statutory delay", RateKind.STATUTORY_DELAY),
        ("statutory interest for delay", RateKind.STATUTORY_DELAY),
        ("Odsetki ustawowe za opóźnienie", RateKind.STATUTORY_DELAY),
        ("statutory_delay", RateKind.STATUTORY_DELAY),
        ("delay", RateKind.STATUTORY_DELAY),
        ("delay_max", RateKind.MAXIMUM_DELAY),
        ("maximum interest for delay", RateKind.MAXIMUM_DELAY),
        ("maksymalne za opóźnienie", RateKind.MAXIMUM_DELAY),
        ("capital_max", RateKind.MAXIMUM_CAPITAL),
        ("statutory interest for delay in commercial transactions", RateKind.COMMERCIAL),
        ("statutory until 2015-12-31, then commercial delay", RateKind.STATUTORY_THEN_COMMERCIAL),
        ("commercial, public healthcare debtor", RateKind.COMMERCIAL_PUBLIC_HEALTH),
        ("contractual", RateKind.CONTRACT_DELAY),
        ("12.5 %", Decimal("12.5")),
    ],
)
def test_a_rate_is_understood_by_its_many_names(name: str, kind: RateKind | Decimal) -> None:
    assert read_rate(name) == kind


@pytest.mark.parametrize("name", ["tax", "statutory tax delay", "interest", "", "libor", 7.5, []])
def test_a_rate_that_nobody_knows_is_refused(name: Any) -> None:
    with pytest.raises(WrongValue):
        read_rate(name)


def test_everything_that_is_wrong_is_named_at_once() -> None:
    found = errors("interest_delay", {"principal": "x", "due_date": "2020-03-15"})
    assert found == [("principal", "not_a_number"), ("payment_date", "missing")]


def test_a_wrong_row_of_a_list_is_named_with_its_column() -> None:
    found = errors("interest_delay", {**DELAY, "payments": [{"date": "2020-05-01"}]})
    assert found == [("payments.amount", "missing")]
    assert errors("interest_delay", {**DELAY, "payments": "all"}) == [("payments", "not_a_list")]
    assert errors("interest_delay", {**DELAY, "payments": [7]}) == [("payments", "not_an_object")]


def test_a_key_that_nobody_asked_for_is_named_and_changes_nothing() -> None:
    answer = ask("interest_delay", **DELAY, pryncipal="1")
    assert answer["interest"] == ask("interest_delay", **DELAY)["interest"]
    assert answer["warnings"] == [{"code": "unknown_keys", "keys": ["pryncipal"]}]


def test_a_key_in_a_row_that_nobody_asked_for_is_named_with_its_list() -> None:
    paid = [{"date": "2020-06-01", "amount": "2500", "reversed": True}]
    answer = ask("interest_delay", **DELAY, part_payments=paid)
    assert answer["warnings"] == [{"code": "unknown_keys", "keys": ["part_payments.reversed"]}]


def test_a_value_given_under_two_names_is_refused_unless_it_is_the_same() -> None:
    assert errors("interest_delay", {**DELAY, "amount": "200"}) == [
        ("principal, amount", "given_twice")
    ]
    assert ask("interest_delay", **DELAY, amount="10000.00")["interest"] == "471.56"


def test_an_empty_key_does_not_hide_the_same_value_under_another_name() -> None:
    assert (
        ask("interest_delay", **{**DELAY, "principal": None, "amount": "10000"})["interest"]
        == "471.56"
    )


@pytest.mark.parametrize("topic", TOPICS.values(), ids=TOPICS)
def test_no_name_stands_for_two_values_of_a_topic(topic: Topic) -> None:
    for fields in (topic.fields, *(field.columns for field in topic.fields)):
        names = [name for field in fields for name in (field.name, *field.aliases)]
        assert len(names) == len(set(names))


def test_half_a_character_is_refused_by_its_key() -> None:
    assert errors("rates_on_date", {"date": "2025-10-15", "\ud800": 1}) == [
        ("\\ud800", "not_a_text")
    ]
    owed = {"debts": [{"id": "\ud800", "principal": "5"}], "payment": "1"}
    assert errors("payment_allocation_art451", owed) == [("debts.id", "not_a_text")]
    with pytest.raises(UnknownTopic, match="ud800") as refused:
        find_topic("\ud800")
    assert str(refused.value).encode()


@pytest.mark.parametrize("name", ["Interest-Delay", "INTEREST DELAY", " interest_delay "])
def test_a_topic_is_found_however_its_name_is_written(name: str) -> None:
    assert find_topic(name).name == "interest_delay"


def test_a_topic_that_is_not_there_is_named() -> None:
    with pytest.raises(UnknownTopic):
        find_topic("horoscope")
    assert errors("interest_delay", [1]) == [("inputs", "not_an_object")]


def test_a_figure_past_the_confirmed_day_says_so() -> None:
    late = ask("interest_delay", principal="1", due_date="2026-09-01", payment_date="2026-11-01")
    assert late["confirmed_until"] == "2026-10-06"
    assert late["warnings"] == [{"code": "rates_not_confirmed", "since": "2026-10-07"}]
    assert ask("rates_on_date", date="2026-10-07")["warnings"][0]["code"] == "rates_not_confirmed"
    assert ask("rates_on_date", date="2026-10-06")["warnings"] == []


def test_segments_add_up_to_the_figure() -> None:
    answer = ask("interest_delay", **DELAY, payments=[["2020-06-01", "2500"]])
    assert sum(Decimal(row["amount"]) for row in answer["segments"]) == Decimal(answer["interest"])
    assert [row["base"] for row in answer["segments"]][-1] == "7500.00"
    assert answer["segments"][-1]["from"] == "2020-06-02"


def test_more_paid_than_owed_is_told_of_the_payments() -> None:
    found = errors("interest_delay", {**DELAY, "payments": [["2020-06-01", "10000.01"]]})
    assert found == [("payments", "more_than_owed")]


def test_a_contract_s_rate_needs_its_percent_and_is_cut_to_the_maximum() -> None:
    assert errors("interest_delay", {**DELAY, "rate": "contract"}) == [
        ("contract_rate_pct", "missing")
    ]
    capped = ask("interest_delay", **DELAY, rate="contract", contract_rate_pct="99")
    assert capped["interest"] == ask("interest_delay", **DELAY, rate="maximum delay")["interest"]


@pytest.mark.parametrize(
    ("inputs", "allowed", "since"),
    [
        ({"lawsuit_date": "2025-02-03"}, True, "2025-02-03"),
        ({"agreement_date": "2025-02-03", "overdue_since": "2025-02-04"}, False, None),
        ({"agreement_date": "2025-02-04", "overdue_since": "2025-02-04"}, True, "2025-02-04"),
        ({"lawsuit_filed": True}, True, None),
        ({"lawsuit_filed": False}, False, None),
        ({}, False, None),
    ],
)
def test_interest_on_interest_only_from_the_lawsuit_or_by_a_later_agreement(
    inputs: dict[str, Any], allowed: bool, since: str | None
) -> None:
    answer = ask("interest_on_interest", **inputs)
    assert (answer["allowed"], answer.get("from")) == (allowed, since)
    assert answer["article"] == "KC 482 § 1"


@pytest.mark.parametrize(
    ("inputs", "fee"),
    [
        ({"enforced": "10000", "mode": "paid within 1 month after notice"}, "300.00"),
        ({"enforced": "10000", "mode": "voluntary payment within one month"}, "300.00"),
        ({"enforced": "10000", "mode": "paid after 1 month"}, "1000.00"),
        ({"enforced": "2000", "mode": "real estate"}, "300.00"),
        ({"remaining": "10000", "discontinued": "creditor's motion"}, "500.00"),
        ({"remaining": "1000", "discontinued": "creditor's motion"}, "150.00"),
        ({"remaining": "10000", "discontinued": "before notice"}, "100.00"),
    ],
)
def test_how_the_bailiff_got_the_money_is_understood(inputs: dict[str, Any], fee: str) -> None:
    assert ask("bailiff_fee", **inputs)["fee"] == fee


@pytest.mark.parametrize(
    ("chosen", "left"),
    [
        ({"debtor_chooses": "2"}, {"debt1": "1000", "debt2": "0"}),
        ({"creditor_receipt": 1}, {"debt1": "0", "debt2": "2000"}),
        ({}, {"debt1": "1000", "debt2": "0"}),
    ],
)
def test_the_oldest_due_debt_is_paid_where_nobody_chose(
    chosen: dict[str, Any], left: dict[str, str]
) -> None:
    debts = [
        {"id": 1, "principal": "5000", "interest": "1000", "due_date": "2025-05-01"},
        {"id": 2, "principal": "7000", "interest": "2000", "due_date": "2025-04-01"},
    ]
    answer = ask("payment_allocation_art451", debts=debts, payment="3000", **chosen)
    assert {name: answer[name]["interest"] for name in left} == left


def test_a_debt_that_is_not_there_cannot_be_chosen() -> None:
    inputs = {"debts": [{"id": 1, "principal": "5"}], "payment": "1", "debtor_chooses": 9}
    assert errors("payment_allocation_art451", inputs) == [("debtor_chooses", "no_such_debt")]


def test_figures_are_written_as_people_expect_them() -> None:
    assert (money(421485), plain_money(100_000), plain_money(150)) == ("4214.85", "1000", "1.50")
    assert [plain_percent(Decimal(p)) for p in ("7.00", "10", "24.50", "0")] == [
        "7", "10", "24.5", "0",
    ]  # fmt: skip
    assert [money_percent(Decimal(p)) for p in ("18.5", "7", "1.2345")] == [
        "18.50",
        "7.00",
        "1.2345",
    ]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.integers(0, 1_000_000) | st.text(max_size=12)
    | st.decimals(allow_nan=True, allow_infinity=True)
    | st.sampled_from(["2020-03-15", "10000", "12%", "EPU", "retail", "bank", "2199-12-31"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["id", "date", "amount", "principal"]), inner, max_size=3),
    max_leaves=5,
)  # fmt: skip


@given(st.sampled_from(sorted(TOPICS)), st.data())
def test_nothing_that_is_asked_breaks_anything(topic: str, data: st.DataObject) -> None:
    names = [name for f in TOPICS[topic].fields for name in (f.name, *f.aliases)]
    inputs = data.draw(st.dictionaries(st.sampled_from(names), JSON))
    given_ = {**TOPICS[topic].example, **inputs} if data.draw(st.booleans()) else inputs
    with suppress(DomainError):
        assert isinstance(calculate(topic, given_, SETTING), dict)

"""Calculations over REST: the same answers as everywhere, and problems that name the key."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from calculations.table import TOPICS, calculate
from calculations.topic import Setting
from kernel.clock import legal_day
from ledger.shipped_rates import shipped_rates
from tests.integration.api.conftest import NOW, Get

pytestmark = pytest.mark.django_db

DELAY = {"principal": "10000.00", "due_date": "2020-03-15", "payment_date": "2021-01-10"}


@pytest.fixture
def ask(token: str) -> Any:
    def post(topic: str, body: Any, *, kind: str = "application/json", query: str = "") -> Any:
        content = body if isinstance(body, str | bytes) else json.dumps(body)
        return Client().post(
            f"/api/v1/calculations/{topic}{query}", content, content_type=kind,
            headers={"Authorization": f"Bearer {token}"},
        )  # fmt: skip

    return post


@pytest.mark.parametrize("topic", TOPICS)
def test_each_topic_answers_its_example_as_the_table_does(ask: Any, topic: str) -> None:
    answer = ask(topic, TOPICS[topic].example)
    assert answer.status_code == 200, answer.content
    setting = Setting(shipped_rates(), legal_day(NOW))
    assert answer.json() == calculate(topic, TOPICS[topic].example, setting)
    assert answer["Cache-Control"] == "no-store"


def test_the_list_names_every_topic_with_its_keys_and_an_example(get: Get) -> None:
    topics = get("calculations").json()["topics"]
    assert [topic["topic"] for topic in topics] == list(TOPICS)
    delay = topics[0]
    assert delay["example"] == TOPICS["interest_delay"].example
    assert {
        "name": "principal",
        "kind": "amount",
        "required": True,
        "words": [],
        "columns": [],
    } in (delay["keys"])


def test_what_is_wrong_is_named_key_by_key(ask: Any) -> None:
    answer = ask("interest_delay", {"principal": "x", "due_date": "2020-03-15"})
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["reason"] == "bad_inputs"
    assert answer.json()["errors"] == [
        {"parameter": "principal", "code": "not_a_number"},
        {"parameter": "payment_date", "code": "missing"},
    ]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"date": "2015-05-05", "contract_delay_rate_pct": "20"}, "no_rate_on_day"),
        ([1, 2], "bad_inputs"),
        ("7", "bad_inputs"),
    ],
)
def test_what_no_rule_covers_is_a_problem_with_its_reason(ask: Any, body: Any, reason: str) -> None:
    answer = ask("contract_rate_cap", body)
    assert (answer.status_code, answer.json()["reason"]) == (400, reason)


@pytest.mark.parametrize(
    "body", ["{", "", "NaN", '{"principal": Infinity}', "[" * 100_000, b"\xff"]
)
def test_what_is_no_json_is_a_problem(ask: Any, body: Any) -> None:
    answer = ask("interest_delay", body)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input")


def test_a_body_beyond_all_bounds_is_not_read(ask: Any) -> None:
    answer = ask("interest_delay", '{"principal": "' + "1" * 1_100_000 + '"}')
    assert answer.status_code == 400


def test_fractions_stay_exact(ask: Any) -> None:
    answer = ask("interest_delay", json.dumps(DELAY).replace('"10000.00"', "0.07"))
    assert answer.json()["segments"][0]["base"] == "0.07"
    finer = ask("interest_delay", json.dumps(DELAY).replace('"10000.00"', "0.071"))
    assert finer.json()["errors"] == [{"parameter": "principal", "code": "finer_than_a_grosz"}]


def test_only_json_is_taken_and_nothing_in_the_address(ask: Any) -> None:
    assert ask("interest_delay", "a=1", kind="application/x-www-form-urlencoded").status_code == 415
    strange = ask("interest_delay", DELAY, query="?principal=1")
    assert strange.json()["errors"] == [{"parameter": "principal", "code": "unknown"}]


def test_a_topic_that_is_not_there_is_404(ask: Any) -> None:
    answer = ask("horoscope", {})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")

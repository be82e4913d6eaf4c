"""Every worked example with a known answer: published, awarded by a court, or derived from law."""

from __future__ import annotations

import csv
import json
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import pytest

from calculations.table import TOPICS, calculate
from calculations.topic import Setting, Topic
from ledger.shipped_rates import shipped_rates

SETTING = Setting(shipped_rates(), date(2026, 11, 23))
EXAMPLES = list(csv.DictReader(Path(__file__).with_name("worked_examples.csv").open()))


def differences(found: Any, expected: Any, place: str = "") -> list[str]:
    """Where the answer lacks something or says another thing; 18.5 and 18.50 are one figure."""
    if isinstance(expected, dict):
        return [
            line
            for key, value in expected.items()
            for line in differences(found.get(key, "nothing"), value, f"{place}.{key}")
        ]
    if found == expected:
        return []
    try:
        if Decimal(str(found)) == Decimal(str(expected)):
            return []
    except InvalidOperation:
        pass
    return [f"{place}: {found!r} instead of {expected!r}"]


@pytest.mark.parametrize("row", EXAMPLES, ids=[row["id"] for row in EXAMPLES])
def test_the_answer_is_the_known_one(row: dict[str, str]) -> None:
    answer = calculate(row["topic"], json.loads(row["inputs_json"]), SETTING)
    assert differences(answer, json.loads(row["expected_json"])) == []
    codes = [warning["code"] for warning in answer.get("warnings", [])]
    assert "unknown_keys" not in codes


def test_every_topic_of_the_examples_is_in_the_table() -> None:
    assert {row["topic"] for row in EXAMPLES} <= set(TOPICS)


@pytest.mark.parametrize("topic", TOPICS.values(), ids=TOPICS)
def test_every_topic_answers_its_own_example_with_the_keys_it_promises(topic: Topic) -> None:
    answer = calculate(topic.name, topic.example, SETTING)
    assert set(topic.answers) <= set(answer)
    assert json.loads(json.dumps(answer)) == answer, "JSON values only"

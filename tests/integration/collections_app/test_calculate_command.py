"""``manage.py calculate``: JSON in, JSON out, and an error that names the key."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from calculations.table import TOPICS

pytestmark = pytest.mark.django_db

DELAY = '{"principal": "10000.00", "due_date": "2020-03-15", "payment_date": "2021-01-10"}'


def run(*arguments: str, **options: Any) -> str:
    out = io.StringIO()
    call_command("calculate", *arguments, stdout=out, **options)
    return out.getvalue()


def test_one_object_gives_one_object() -> None:
    answer = json.loads(run("interest_delay", DELAY))
    assert answer["interest"] == "471.56"
    assert json.loads(run("interest_delay", DELAY, "--json")) == answer


def test_the_list_has_an_example_that_works_for_every_topic() -> None:
    lines = run("--list").splitlines()
    assert len(lines) == 2 * len(TOPICS)
    for line in lines[1::2]:
        topic, _, example = line.partition("calculate ")[2].partition(" ")
        assert json.loads(run(topic, example.strip("'")))
    assert set(json.loads(run("--list", "--json"))) == set(TOPICS)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("interest_delay", '{"due_date": "2020-03-15"}'), "principal: missing"),
        (("interest_delay", '{"due_date": "soon"}'), "due_date: not a day"),
        (("horoscope", "{}"), "no topic horoscope"),
        (("interest_delay", "{"), "no JSON"),
        (("interest_delay", '{"principal": NaN}'), "no JSON"),
        (("interest_delay", "[" * 100_000), "too deeply"),
        (("interest_delay", "nowhere.json"), "neither a JSON object nor a file"),
        *((("interest_delay", text), "inputs: not an object") for text in ("null", "5", '"x"')),
        (("interest_delay", ""), "INPUTS is empty"),
        (("interest_delay", "[]"), "nothing to calculate"),
        (("rates_on_date", '{"date": "2025-10-15", "\\ud800": 1}'), r"\\ud800: not a short text"),
        (("court_fee", '{"wps": 0, "filed": "2026-02-02", "procedure": "EPU"}'), "not above zero"),
        (("interest_delay",), "INPUTS is missing"),
        ((), "TOPIC is missing"),
    ],
)
def test_what_cannot_be_calculated_is_said_clearly(arguments: tuple[str, ...], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        run(*arguments)


def test_many_inputs_are_answered_a_line_each(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{DELAY}\n\n{DELAY}\n"))
    lines = run("interest_delay", "-").splitlines()
    assert [json.loads(line)["interest"] for line in lines] == ["471.56", "471.56"]
    assert len(run("interest_delay", f"[{DELAY}, {DELAY}]").splitlines()) == 2


def test_the_mark_before_utf_8_is_no_part_of_the_inputs(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"\ufeff{DELAY}"))
    assert json.loads(run("interest_delay", "-"))["interest"] == "471.56"
    path = tmp_path / "marked.json"
    path.write_text(DELAY, encoding="utf-8-sig")
    assert json.loads(run("interest_delay", str(path)))["interest"] == "471.56"


def test_bytes_that_are_no_text_are_refused_clearly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"{\xff"), encoding="utf-8"))
    with pytest.raises(CommandError, match="no UTF-8"):
        run("interest_delay", "-")


def test_a_file_may_name_the_topic_of_each_input(tmp_path: Path) -> None:
    path = tmp_path / "many.jsonl"
    path.write_text(
        "\n".join(json.dumps({"topic": t.name, "inputs": dict(t.example)}) for t in TOPICS.values())
    )
    assert len(run("-", str(path)).splitlines()) == len(TOPICS)


def test_one_that_fails_does_not_stop_the_others_but_the_run_fails() -> None:
    out = io.StringIO()
    with pytest.raises(CommandError, match="1 could not"):
        call_command(
            "calculate", "rates_on_date", '[{"date": "x"}, {"date": "2025-10-15"}]', stdout=out
        )
    wrong, right = map(json.loads, out.getvalue().splitlines())
    assert wrong == {"error": "date: not a day; write it as 2026-11-23", "code": "bad_inputs"}
    assert right["delay"] == "10.00"

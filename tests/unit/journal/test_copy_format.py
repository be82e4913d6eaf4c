from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journal.operations import _json_field
from journal.sealing import GENESIS, Link, chain, key_head
from kernel.sql_text import escaped

PLAIN = st.text(alphabet=st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00"))


def _unescaped(text: str) -> str:
    """As PostgreSQL reads COPY's text format."""
    out, escape = [], False
    for ch in text:
        if escape:
            out.append({"n": "\n", "r": "\r", "t": "\t"}.get(ch, ch))
        elif ch != "\\":
            out.append(ch)
        escape = not escape and ch == "\\"
    return "".join(out)


def _read_back(payload: dict[str, Any] | str) -> Any:
    field = _json_field(payload)
    assert not {"\n", "\r", "\t"} & set(field)
    return json.loads(_unescaped(field))


@given(PLAIN)
def test_a_text_stays_in_its_column_and_its_line(text: str) -> None:
    field = escaped(text)
    assert not {"\n", "\r", "\t"} & set(field)
    assert _unescaped(field) == text


@given(st.dictionaries(PLAIN, PLAIN | st.integers() | st.booleans() | st.none()))
def test_a_payload_survives_the_way_into_the_table(payload: dict[str, Any]) -> None:
    assert _read_back(payload) == payload


def test_a_payload_may_hold_days_amounts_and_enumerations() -> None:
    payload = {"on": date(2026, 5, 12), "rate": Decimal("8.5")}
    assert _read_back(payload) == {"on": "2026-05-12", "rate": "8.5"}


def test_json_that_is_ready_is_taken_as_it_is() -> None:
    assert _json_field('{"a":1}') == '{"a":1}'
    assert _read_back('{"a":"\\\\n"}') == {"a": "\\n"}


LINK = Link(1, 7, date(2026, 5, 12), 2, b"x" * 16, b"d" * 32, datetime(2026, 5, 12, tzinfo=UTC))


@pytest.mark.parametrize(
    "change",
    [
        {"position": 2},
        {"batch": 8},
        {"recorded_on": date(2026, 5, 13)},
        {"events": 3},
        {"fingerprints": b"y" * 16},
        {"digest": b"e" * 32},
        {"sealed_at": datetime(2026, 5, 12, 0, 0, 1, tzinfo=UTC)},
    ],
)
def test_a_link_covers_everything_that_a_seal_says(change: dict[str, Any]) -> None:
    key = b"k" * 32
    assert chain(key, GENESIS, LINK) != chain(key, GENESIS, LINK._replace(**change))


def test_a_link_depends_on_the_key_and_on_what_came_before() -> None:
    links = {
        chain(b"k" * 32, GENESIS, LINK),
        chain(b"l" * 32, GENESIS, LINK),
        chain(b"k" * 32, b"\x01" * 32, LINK),
    }
    assert len(links) == 3
    assert key_head(b"k", 1, GENESIS) != key_head(b"k", 2, GENESIS)

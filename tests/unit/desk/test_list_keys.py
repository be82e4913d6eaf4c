"""The place in a list survives the address; what somebody made up does not."""

from __future__ import annotations

from datetime import UTC, date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.queries.held import HeldKey
from desk.queries.pending import PendingKey
from desk.queries.waiting import WaitingKey
from desk.queries.work_list import WorkKey
from desk.views.work.keys import key_in, key_text

DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 12, 31))
IDS = st.integers(min_value=1, max_value=2**63 - 1)
INSTANTS = st.datetimes(timezones=st.just(UTC)).filter(lambda at: at.year >= 2000)
KEYS = st.one_of(
    st.builds(
        WorkKey,
        st.integers(0, 2),
        DAYS,
        st.integers(0, 999),
        st.integers(-(2**63) + 1, 2**63 - 1),
        IDS,
    ),
    st.builds(HeldKey, st.none() | DAYS, IDS),
    st.builds(WaitingKey, DAYS, st.integers(0, 7), DAYS, IDS),
    st.builds(
        PendingKey, st.integers(0, 1), INSTANTS, st.sampled_from(["agreement", "referral"]), IDS
    ),
)


@given(key=KEYS)
def test_a_key_comes_back_as_it_was(key: Any) -> None:
    assert key_in(key_text(key), type(key)) == key


@given(text=st.text(max_size=60))
@pytest.mark.parametrize("kind", [WorkKey, HeldKey, WaitingKey, PendingKey])
def test_any_other_text_is_no_key(kind: type[WorkKey], text: str) -> None:
    key = key_in(text, kind)
    assert key is None or key_in(key_text(key), kind) == key


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("3~2026-05-12~50~-1~1", WorkKey),
        ("0~1999-12-31~50~-1~1", WorkKey),
        ("0~2026-05-12~50~-1~9223372036854775808", WorkKey),
        ("0~2026-05-12~50~-1", WorkKey),
        ("2~20260512T000000.000000~agreement~1", PendingKey),
        ("0~20260512T000000.000000~loan~1", PendingKey),
        ("never~1", HeldKey),
    ],
)
def test_a_key_outside_of_its_bounds_is_none(text: str, kind: type[WorkKey]) -> None:
    assert key_in(text, kind) is None

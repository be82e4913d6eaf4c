from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import pytest

from journal import subscribers
from journal.subscribers import RecordedEvent, Subscriber


def _nothing(*, events: Sequence[RecordedEvent], at: datetime) -> None:
    """Reacts to nothing."""


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    before = list(subscribers.installed().values())
    yield
    subscribers.install(before)


def test_a_kind_is_told_to_those_who_asked_for_it_in_the_order_of_the_table() -> None:
    subscribers.install(
        [
            Subscriber("b", frozenset({"thing.made", "thing.gone"}), _nothing),
            Subscriber("a", frozenset({"thing.made"}), _nothing),
        ]
    )
    assert subscribers.interested("thing.made") == ("b", "a")
    assert subscribers.interested("thing.gone") == ("b",)
    assert subscribers.interested("thing.else") == ()


def test_a_new_table_replaces_the_old_one() -> None:
    subscribers.install([Subscriber("a", frozenset({"thing.made"}), _nothing)])
    subscribers.install([])
    assert subscribers.interested("thing.made") == ()
    assert subscribers.installed() == {}


def test_two_subscribers_of_one_name_would_share_a_queue() -> None:
    with pytest.raises(ValueError, match="one name"):
        subscribers.install([Subscriber("a", frozenset(), _nothing)] * 2)

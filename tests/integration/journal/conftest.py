from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from journal import subscribers
from journal.operations import NewEvent, Subject, record_events
from journal.subscribers import Subscriber
from tests.integration.journal.things import ACTOR, AT, Record, Recorder


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    """The only subscriber, interested in ``thing.happened``."""
    before = list(subscribers.installed().values())
    handler = Recorder()
    subscribers.install([Subscriber("recorder", frozenset({"thing.happened"}), handler)])
    yield handler
    subscribers.install(before)


@pytest.fixture
def record(recorder: Recorder) -> Record:
    """Record ``thing.happened`` about subjects given by number, as one batch."""

    def do(*subject_ids: int, kind: str = "thing.happened", at: datetime = AT) -> list[int]:
        batch = [
            NewEvent(kind, Subject("thing", subject_id), {"place": place}, at.date())
            for place, subject_id in enumerate(subject_ids)
        ]
        return list(record_events(events=batch, actor=ACTOR, at=at))

    return do

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from django.db import connection

from journal.subscribers import RecordedEvent
from kernel.actor import system_actor

AT = datetime(2026, 5, 12, 10, 0, tzinfo=UTC)
ON = date(2026, 5, 12)
ACTOR = system_actor("test")


class Recorder:
    """A handler that keeps what it was given, and fails where it is told to."""

    def __init__(self) -> None:
        self.calls: list[list[RecordedEvent]] = []
        self.fails_for: set[int] = set()

    def __call__(self, *, events: Sequence[RecordedEvent], at: datetime) -> None:
        if bad := {event.subject_id for event in events} & self.fails_for:
            raise RuntimeError(f"cannot handle {sorted(bad)}")
        self.calls.append(list(events))

    @property
    def ids(self) -> list[int]:
        return [event.id for call in self.calls for event in call]


Record = Callable[..., list[int]]


def fetch(sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def run(sql: str, values: Sequence[Any] = ()) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)

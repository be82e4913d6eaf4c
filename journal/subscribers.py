"""Who reacts to which event. The one table stands in ``collections_app/subscriptions.py``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple, Protocol


class RecordedEvent(NamedTuple):
    id: int
    recorded_on: date
    kind: str
    subject_kind: str
    subject_id: int
    actor_kind: str
    actor_id: str
    effective_on: date
    recorded_at: datetime
    payload: dict[str, Any]


class Handler(Protocol):
    """Idempotent: an event may come again. The events come in order of recording per subject."""

    def __call__(self, *, events: Sequence[RecordedEvent], at: datetime) -> None: ...


@dataclass(frozen=True, slots=True)
class Subscriber:
    name: str
    kinds: frozenset[str]
    handle: Handler


_subscribers: dict[str, Subscriber] = {}
_by_kind: dict[str, tuple[str, ...]] = {}


def install(subscribers: Sequence[Subscriber]) -> None:
    """Replace the table; called once when Django has loaded its apps, and by tests."""
    names = [subscriber.name for subscriber in subscribers]
    if len(set(names)) != len(names):
        raise ValueError("two subscribers with one name")
    _subscribers.clear()
    _subscribers.update((subscriber.name, subscriber) for subscriber in subscribers)
    _by_kind.clear()
    for kind in {kind for subscriber in subscribers for kind in subscriber.kinds}:
        _by_kind[kind] = tuple(s.name for s in subscribers if kind in s.kinds)


def installed() -> Mapping[str, Subscriber]:
    return dict(_subscribers)


def interested(kind: str) -> tuple[str, ...]:
    """Names of the subscribers of one kind of event."""
    return _by_kind.get(kind, ())

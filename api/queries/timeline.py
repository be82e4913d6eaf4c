"""The timeline of a case: events about it, its debtor and its accounts, newest first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from django.db import connection

from api.queries.case import get_case_row
from journal.queries import list_events
from journal.subjects import Subject
from journal.subscribers import RecordedEvent
from kernel.actor import Actor

#: Free text that people wrote. It may tell of a person's health or family, and stays in the house.
FREE_TEXT: Final = frozenset({"reason", "note", "text"})

_ACCOUNTS: Final = """
    SELECT b.account_id FROM debtors_debtparty p JOIN debtors_debt b ON b.id = p.debt_id
    WHERE p.debtor_id = %s AND p.role = 'main_debtor'
"""


class TimelinePage(NamedTuple):
    events: list[dict[str, Any]]
    next_before_id: int | None


def get_timeline(*, number: str, before_id: int | None, limit: int, actor: Actor) -> TimelinePage:
    """A page of the timeline. Raises CaseNotFound."""
    with connection.cursor() as cursor:
        row = get_case_row(cursor=cursor, number=number, actor=actor)
        cursor.execute(_ACCOUNTS, [row[8]])
        accounts = [Subject("account", account_id) for (account_id,) in cursor.fetchall()]
    subjects = [Subject("case", row[0]), Subject("debtor", row[8]), *accounts]
    events = list_events(subjects=subjects, before_id=before_id, limit=limit + 1)
    shown = events[:limit]
    return TimelinePage(
        events=[_event(event) for event in shown],
        next_before_id=shown[-1].id if len(events) > limit else None,
    )


def _event(event: RecordedEvent) -> dict[str, Any]:
    return {
        "id": str(event.id),
        "kind": event.kind,
        "about": event.subject_kind,
        "actor": {"kind": event.actor_kind, "id": event.actor_id},
        "effective_on": event.effective_on.isoformat(),
        "recorded_at": event.recorded_at.isoformat(),
        "details": _without_free_text(event.payload),
    }


def _without_free_text(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Also in what it holds: the reason of a work item carries the note of who opened it."""
    return {
        name: _without_free_text(value) if isinstance(value, Mapping) else value
        for name, value in payload.items()
        if name not in FREE_TEXT or not isinstance(value, str)
    }

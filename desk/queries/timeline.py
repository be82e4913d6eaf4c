"""One timeline of a case: its own events, its debtor's and its accounts', merged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cases.models import Case
from journal.operations import Subject
from journal.queries import list_events
from journal.subscribers import RecordedEvent
from kernel.actor import ActorKind
from staff.models import ApiClient, User


@dataclass(frozen=True, slots=True)
class TimelinePage:
    """Newest first; ``next_before_id`` is None on the last page."""

    events: Sequence[RecordedEvent]
    user_names: Mapping[str, str]
    client_names: Mapping[str, str]
    next_before_id: int | None


def get_timeline(
    *, case: Case, account_ids: Sequence[int], before_id: int | None = None, limit: int = 40
) -> TimelinePage:
    """A page of the timeline, with the names of those who acted."""
    subjects = [
        Subject("case", case.pk),
        Subject("debtor", case.debtor_id),
        *(Subject("account", account_id) for account_id in account_ids),
    ]
    events = list_events(subjects=subjects, before_id=before_id, limit=limit + 1)
    shown = events[:limit]
    return TimelinePage(
        events=shown,
        user_names=_names(User, "full_name", shown, ActorKind.USER),
        client_names=_names(ApiClient, "name", shown, ActorKind.CLIENT),
        next_before_id=shown[-1].id if len(events) > limit else None,
    )


def _names(
    model: type[User] | type[ApiClient],
    field: str,
    events: Sequence[RecordedEvent],
    kind: ActorKind,
) -> dict[str, str]:
    ids = {event.actor_id for event in events if event.actor_kind == kind}
    if not ids:
        return {}
    return {
        str(pk): name
        for pk, name in model._default_manager.filter(pk__in=ids).values_list("pk", field)
    }

"""Who saw the details of the debtor, and what for: for those who watch over that."""

from __future__ import annotations

from typing import Any, Final

from cases.models import Case
from contacts.events import MESSAGE_RECIPIENT_REVEALED
from debtors.events import IDENTIFIER_REVEALED, IDENTITY_CONFIRMED
from desk.queries.timeline import get_actor_names
from desk.wording.actors import actor_name
from desk.wording.events import event_entry
from journal.operations import Subject
from journal.queries import list_events
from staff.access import StaffRequest
from staff.rights import Right

MOST_LOOKS: Final = 20


def looks_context(request: StaffRequest, case: Case) -> dict[str, Any]:
    """The latest first; nothing for those who do not read the journal."""
    if not request.actor.has(Right.SEE_JOURNAL):
        return {"may_see_looks": False, "looks": []}
    events = list_events(
        subjects=[Subject("debtor", case.debtor_id), Subject("case", case.pk)],
        kinds=[IDENTITY_CONFIRMED, IDENTIFIER_REVEALED, MESSAGE_RECIPIENT_REVEALED],
        limit=MOST_LOOKS,
    )
    names = get_actor_names(actors=[(event.actor_kind, event.actor_id) for event in events])
    return {
        "may_see_looks": True,
        "looks": [
            event_entry(event, by=actor_name(event, names.users, names.clients), titles={})
            for event in events
        ],
    }

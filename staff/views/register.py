"""What an auditor looks at: who changed what about staff, who was denied, and the seals."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from journal.queries import get_backlog, get_seal_state, list_events_about
from journal.subscribers import RecordedEvent
from kernel.typed import whole_number
from staff.access import StaffRequest, page
from staff.queries import RegisterNames, get_register_names, list_actor_names
from staff.register_words import machine_name, tell
from staff.rights import Right
from staff.wording import staff_event_name

PAGE_SIZE: Final = 50
_SUBJECTS: Final = (
    "user", "team", "approval_limit", "delegation", "api_client", "api_token", "rates", "switch",
)  # fmt: skip


@require_safe
@page(Right.SEE_JOURNAL)
def show_register(request: StaffRequest) -> HttpResponse:
    before_id = whole_number(request.GET.get("before"))
    found = list_events_about(subject_kinds=_SUBJECTS, before_id=before_id, limit=PAGE_SIZE + 1)
    shown = found[:PAGE_SIZE]
    actors, names = list_actor_names(events=shown), get_register_names(events=shown)
    return render(
        request,
        "staff/journal.html",
        {
            "rows": [
                _row(event, names, actors.get((event.actor_kind, event.actor_id)))
                for event in shown
            ],
            "backlog": get_backlog(),
            "seals": get_seal_state(),
            "first_url": request.path if before_id else "",
            "next_url": f"?before={shown[-1].id}" if len(found) > PAGE_SIZE else "",
        },
    )


def _row(event: RecordedEvent, names: RegisterNames, actor: str | None) -> dict[str, Any]:
    told = tell(event, names)
    return {
        "at": event.recorded_at,
        "what": staff_event_name(event.kind),
        "about": told.about,
        "by": actor or machine_name(event.actor_id),
        "details": told.details,
    }

"""What an auditor looks at: who changed what about staff, who was denied, and the seals."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from journal.queries import get_backlog, get_seal_state, list_events_about
from journal.subscribers import RecordedEvent
from kernel.typed import day_in, whole_number
from staff.access import StaffRequest, page
from staff.queries import RegisterNames, get_register_names, list_actor_names, list_users
from staff.register_words import machine_name, tell
from staff.rights import Right
from staff.views.lists import Option, address
from staff.wording import list_staff_events, staff_event_name

PAGE_SIZE: Final = 50
_SUBJECTS: Final = (
    "user", "team", "approval_limit", "delegation", "api_client", "api_token", "rates", "switch",
)  # fmt: skip


@require_safe
@page(Right.SEE_JOURNAL)
def show_register(request: StaffRequest) -> HttpResponse:
    """``?by=&kind=&from=&to=&before=``; what cannot be is as if it had not been asked for."""
    before_id, by = whole_number(request.GET.get("before")), request.GET.get("by", "")
    people = {str(user.pk): user.full_name for user in list_users()}
    kind = request.GET.get("kind", "")
    names_of_kinds = dict(list_staff_events())
    from_on, to_on = day_in(request.GET.get("from")), day_in(request.GET.get("to"))
    found = list_events_about(
        subject_kinds=_SUBJECTS,
        kind=kind if kind in names_of_kinds else "",
        actor=("user", by) if by in people else None,
        from_on=from_on,
        to_on=to_on,
        before_id=before_id,
        limit=PAGE_SIZE + 1,
    )
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
            "people": [Option(pk, name, pk == by) for pk, name in people.items()],
            "kinds": sorted(
                (Option(value, str(name), value == kind) for value, name in names_of_kinds.items()),
                key=lambda option: option.label,
            ),
            "from_on": from_on,
            "to_on": to_on,
            "is_filtered": bool(from_on or to_on or by in people or kind in names_of_kinds),
            "first_url": address(request, before="") if before_id else "",
            "next_url": address(request, before=str(shown[-1].id))
            if len(found) > PAGE_SIZE
            else "",
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

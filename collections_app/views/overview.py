"""Is everything running, what waits where, and what is switched off."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cases.lifecycle import SwitchKind
from collections_app.beat import QUEUES
from collections_app.health import list_findings
from collections_app.heartbeat import SILENCE, list_heartbeats
from collections_app.proving import get_last_proof
from collections_app.ring_queues import list_rings
from collections_app.views.switches import list_turns, switch_line
from collections_app.wording import finding_text, queue_name
from contacts.queries.keeping_back import list_queue_lengths
from contacts.wording import message_channel_name
from debtors.queries import list_intake_runs
from desk.views.day_closes import day_line
from desk.views.intake import run_line
from escalation.queries.switching import list_switches, list_team_names
from escalation.wording import switch_kind_hint, switch_kind_name
from journal.business_days import list_business_days
from journal.queries import list_waiting_deliveries
from kernel import clock
from staff.access import StaffRequest, page
from staff.rights import Right

_SHOWN: Final = 5
#: Checks whose finding is about the running product, not about the process that answers.
_CHECKS: Final = ("broker", "workers", "day_close", "deliveries", "partitions", "proof")


@require_safe
@page(Right.SEE_OPERATIONS)
def show_operations(request: StaffRequest) -> HttpResponse:
    at = clock.now()
    teams = list_team_names()
    states = list_switches()
    lines = [switch_line(state, teams) for state in states]
    return render(
        request,
        "collections_app/operations.html",
        {
            "findings": [
                finding_text(name, finding) for name, finding in list_findings(at=at, names=_CHECKS)
            ],
            "proof": get_last_proof(),
            "off": [line for line in lines if line["is_off"]],
            "groups": [
                {
                    "title": switch_kind_name(kind),
                    "hint": switch_kind_hint(kind),
                    "lines": [line for line in lines if line["kind"] is kind],
                }
                for kind in SwitchKind
            ],
            "may_turn": request.actor.has(Right.THROW_SWITCHES),
            "turns": list_turns(states=states, teams=teams),
            "deliveries": [
                {"row": row, "age": _minutes(at, row.oldest_recorded_at)}
                for row in list_waiting_deliveries()
            ],
            "channels": [
                {"row": row, "name": message_channel_name(row.channel)}
                for row in list_queue_lengths()
            ],
            "queues": _queues(at),
            "days": [day_line(day) for day in list_business_days(limit=_SHOWN)],
            "runs": [run_line(run) for run in list_intake_runs(limit=_SHOWN)],
            "may_download": request.actor.has(Right.IMPORT_PORTFOLIO),
            "may_see_runs": request.actor.has(Right.SEE_RUNS),
            "may_see_messages": request.actor.has(Right.RECORD_DELIVERY),
        },
    )


def _queues(at: datetime) -> list[Mapping[str, Any]]:
    beats, rings = list_heartbeats(), list_rings()
    return [
        {
            "name": queue_name(queue),
            "beaten_at": beats.get(queue),
            "is_alive": queue in beats and beats[queue] >= at - SILENCE,
            "waiting": None if rings is None else rings[queue],
        }
        for queue in QUEUES
    ]


def _minutes(at: datetime, since: datetime) -> int:
    return max(int((at - since).total_seconds()) // 60, 0)

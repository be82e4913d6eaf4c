"""A red switch: what it stops, who turned it and why, and the form to turn it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cases.lifecycle import SwitchKind
from cases.switches import Switch
from collections_app.forms import TurnForm
from collections_app.wording import stopped_text
from escalation.operations import switch_off, switch_on
from escalation.queries.switching import (
    Stopped,
    SwitchState,
    count_stopped,
    get_switch_state,
    list_team_names,
)
from escalation.wording import switch_kind_hint, switch_kind_name, switch_name, switch_refusal
from journal.queries import list_events
from journal.subjects import Subject
from journal.subscribers import RecordedEvent
from kernel import clock
from kernel.errors import Conflict, DomainError
from staff.access import StaffRequest, page
from staff.queries import list_actor_names
from staff.rights import Right

_TURNED_OFF: Final = "switch.turned_off"
_TURNS_SHOWN: Final = 20
_MOVES: Final = {"off": switch_off, "on": switch_on}


@require_safe
@page(Right.SEE_OPERATIONS)
def show_switch(request: StaffRequest, switch_kind: str, switch_key: str) -> HttpResponse:
    """What would be stopped, before anything is."""
    return _show(request, _found(switch_kind, switch_key), TurnForm())


@require_POST
@page(Right.THROW_SWITCHES)
def turn_switch(request: StaffRequest, switch_kind: str, switch_key: str) -> HttpResponse:
    state = _found(switch_kind, switch_key)
    turn = _MOVES.get(request.POST.get("to", ""))
    if turn is None:
        raise Http404
    form = TurnForm(request.POST)
    form.is_valid()
    try:
        stopped = turn(
            switch=state.switch,
            reason=form.cleaned_data.get("reason", ""),
            actor=request.actor,
            at=clock.now(),
        )
    except Conflict as error:
        messages.error(request, switch_refusal(error))
        return _show(request, _found(switch_kind, switch_key), form, status=409)
    except DomainError as error:
        form.add_error("reason", switch_refusal(error))
        return _show(request, state, form, status=422)
    name = switch_name(state.switch, list_team_names())
    messages.success(request, _said(name, stopped, is_off=turn is switch_off))
    return redirect("operations")


def _said(name: str, stopped: Stopped, *, is_off: bool) -> str:
    values = {"name": name, "stopped": stopped_text(stopped)}
    if is_off:
        return _("Switched off: %(name)s. Stopped: %(stopped)s.") % values
    return _("Switched on: %(name)s. Goes on: %(stopped)s.") % values


def _found(kind: str, key: str) -> SwitchState:
    state = None
    if kind in set(SwitchKind):
        state = get_switch_state(switch=Switch(SwitchKind(kind), key))
    if state is None:
        raise Http404
    return state


def _show(
    request: StaffRequest, state: SwitchState, form: TurnForm, *, status: int = 200
) -> HttpResponse:
    teams = list_team_names()
    return render(
        request,
        "collections_app/switch.html",
        {
            **switch_line(state, teams, counts=True),
            "kind_name": switch_kind_name(state.switch.kind),
            "hint": switch_kind_hint(state.switch.kind),
            "form": form,
            "may_turn": request.actor.has(Right.THROW_SWITCHES),
            "turns": list_turns(states=[state], teams=teams),
        },
        status=status,
    )


def switch_line(
    state: SwitchState, teams: Mapping[str, str], *, counts: bool = False
) -> dict[str, Any]:
    """A switch as a row of a table; what waits is counted only behind one that is off, or
    where it is asked for."""
    switch = state.switch
    address = {"switch_kind": switch.kind.value, "switch_key": switch.key}
    counted = count_stopped(switch=switch) if counts or state.is_off else None
    return {
        "state": state,
        "kind": switch.kind,
        "name": switch_name(switch, teams),
        "is_off": state.is_off,
        "stopped": counted,
        "url": reverse("switch", kwargs=address),
        "turn_url": reverse("turn-switch", kwargs=address),
    }


def list_turns(
    *, states: Iterable[SwitchState], teams: Mapping[str, str]
) -> list[Mapping[str, Any]]:
    """The latest turns of these switches, newest first, from the journal."""
    subjects = [Subject("switch", state.subject_id) for state in states if state.subject_id]
    return _lines(list_events(subjects=subjects, limit=_TURNS_SHOWN), teams)


def _switch_of(event: RecordedEvent) -> Switch:
    return Switch(SwitchKind(event.payload["kind"]), event.payload["key"])


def _lines(events: Sequence[RecordedEvent], teams: Mapping[str, str]) -> list[Mapping[str, Any]]:
    names = list_actor_names(events=events)
    return [
        {
            "at": event.recorded_at,
            "by": names.get((event.actor_kind, event.actor_id), event.actor_id),
            "name": switch_name(_switch_of(event), teams),
            "is_off": event.kind == _TURNED_OFF,
            "reason": event.payload["reason"],
            "stopped": Stopped(event.payload["messages"], event.payload["cases"]),
        }
        for event in events
    ]

"""Every red switch there is, its state, and what each stops or would stop."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count

from cases.lifecycle import SwitchKind, SwitchStatus
from cases.queries import list_turned_switches
from cases.switches import Switch, action_switch, channel_switch, team_switch, template_switch
from contacts.lifecycle import MessageChannel, Template
from contacts.queries.keeping_back import count_kept_back
from escalation.actions import ACTIONS
from escalation.lifecycle import EnrolmentStatus
from escalation.models import Enrolment
from escalation.queries.versions import get_strategies
from escalation.stopping import is_stopped_by
from staff.queries import list_teams


class Stopped(NamedTuple):
    """``messages`` are queued and kept back; ``cases`` have a next step that the switch stops.

    A case whose next message goes by SMS or by e-mail counts for either channel.
    """

    messages: int
    cases: int


@dataclass(frozen=True, slots=True)
class SwitchState:
    """``reason``, ``turned_by`` and ``turned_at`` are of the last turn; a switch that was never
    turned has none. ``turned_by`` is empty where the machine did it. ``subject_id`` is what its
    events are about, 0 where there are none."""

    switch: Switch
    is_off: bool
    reason: str = ""
    turned_by: str = ""
    turned_at: datetime | None = None
    subject_id: int = 0


def list_switches() -> list[SwitchState]:
    """Those that the product knows, by kind; then any that is off though its thing is gone."""
    turned = {
        Switch(SwitchKind(row.kind), row.key): SwitchState(
            Switch(SwitchKind(row.kind), row.key),
            row.status == SwitchStatus.OFF,
            row.reason,
            row.turned_by.full_name if row.turned_by else "",
            row.turned_at,
            row.pk,
        )
        for row in list_turned_switches()
    }
    known = list(_known())
    gone = [state for switch, state in turned.items() if state.is_off and switch not in known]
    return [turned.get(switch, SwitchState(switch, is_off=False)) for switch in known] + gone


def list_team_names() -> Mapping[str, str]:
    """By the key of the team's switch."""
    return {team_switch(team.pk).key: team.name for team in list_teams()}


def get_switch_state(*, switch: Switch) -> SwitchState | None:
    """None where there is no such switch."""
    return next((state for state in list_switches() if state.switch == switch), None)


def _known() -> Iterator[Switch]:
    for action, things in ACTIONS.items():
        yield from (action_switch(action, what) for what in things)
    yield from map(channel_switch, MessageChannel)
    yield from map(template_switch, Template)
    yield from (team_switch(team.pk) for team in list_teams())


def count_stopped(*, switch: Switch, cap: int | None = None) -> Stopped:
    """What the switch stops, or would stop; messages are counted up to ``cap``."""
    return Stopped(
        count_kept_back(off=frozenset({switch}), cap=cap),
        _count_cases(switch),
    )


def _count_cases(switch: Switch) -> int:
    """By their next step: one statement over all enrolments, however many steps there are."""
    active = Enrolment.objects.filter(status=EnrolmentStatus.ACTIVE).exclude(step_key="")
    if switch.kind is SwitchKind.TEAM:
        return active.filter(case__team_id=int(switch.key)).count()
    rows = list(
        active.order_by().values_list("version_id", "step_key", "asked").annotate(cases=Count("id"))
    )
    strategies = get_strategies(version_ids={row[0] for row in rows})
    stopped = 0
    for version_id, step_key, asked, cases in rows:
        strategy = strategies[version_id]
        key = strategy.key_after(step_key) if asked else step_key
        if key and is_stopped_by(switch, strategy.step(key)):
            stopped += cases
    return stopped

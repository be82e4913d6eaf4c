"""Every red switch there is, its state, and what each stops or would stop."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count

from cases.lifecycle import SwitchKind, SwitchStatus
from cases.queries import list_turned_switches
from cases.switches import (
    Off,
    Switch,
    action_switch,
    channel_switch,
    team_switch,
    teams_off,
    template_switch,
)
from contacts.lifecycle import MessageChannel, Template
from contacts.queries.keeping_back import count_kept_back
from escalation.actions import ACTIONS
from escalation.lifecycle import EnrolmentStatus
from escalation.models import Enrolment
from escalation.queries.versions import get_strategies
from escalation.stopping import is_stopped_by
from staff.queries import list_teams


class Stopped(NamedTuple):
    """``messages`` are queued and kept back; ``cases`` have a next step that the switch stops,
    whether its time has come or not.

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


def count_stopped(*, switch: Switch, beside: Off = frozenset()) -> Stopped:
    """What the switch stops, or would stop, and none of those ``beside`` it does."""
    others = beside - {switch}
    return Stopped(
        count_kept_back(off=frozenset({switch}), not_by=others), _count_cases(switch, others)
    )


def _count_cases(switch: Switch, others: Off) -> int:
    """By their next step: one statement over all enrolments, however many steps there are."""
    active = Enrolment.objects.filter(status=EnrolmentStatus.ACTIVE).exclude(step_key="")
    of_team = switch.kind is SwitchKind.TEAM
    if of_team:
        active = active.filter(case__team_id=int(switch.key))
    if teams := teams_off(others):
        active = active.exclude(case__team_id__in=teams)
    rows = list(
        active.order_by().values_list("version_id", "step_key", "asked").annotate(cases=Count("id"))
    )
    strategies = get_strategies(version_ids={row[0] for row in rows}) if rows else {}
    stopped = 0
    for version_id, step_key, asked, cases in rows:
        strategy = strategies[version_id]
        key = strategy.key_after(step_key) if asked else step_key
        if not key:
            continue
        step = strategy.step(key)
        is_stopped = of_team or is_stopped_by(switch, step)
        if is_stopped and not any(is_stopped_by(other, step) for other in others):
            stopped += cases
    return stopped

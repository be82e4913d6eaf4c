"""Red switches: what the machine may not do for now. Pure.

Whoever is about to do something names the switches that bear on it, and does it where none of
them is off. People are never stopped by one, only what goes out by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from cases.lifecycle import SwitchKind


class Switch(NamedTuple):
    """``key`` is the action (``send_letter.demand``), the channel, the template, or the team's id
    as text."""

    kind: SwitchKind
    key: str


#: The switches that are off; usually none.
Off = frozenset[Switch]


def action_switch(action: str, what: str) -> Switch:
    """Of what a strategy may do: ``action_switch("send_letter", "demand")``."""
    return Switch(SwitchKind.AUTOMATION, f"{action}.{what}")


def channel_switch(channel: str) -> Switch:
    return Switch(SwitchKind.CHANNEL, str(channel))


def template_switch(template: str) -> Switch:
    return Switch(SwitchKind.TEMPLATE, str(template))


def team_switch(team_id: int) -> Switch:
    return Switch(SwitchKind.TEAM, str(team_id))


def first_off(bearing: Iterable[Switch], off: Off) -> Switch | None:
    """The first of the switches that bear on something and are off."""
    return next((switch for switch in bearing if switch in off), None)


def teams_off(off: Off) -> list[int]:
    return sorted(int(switch.key) for switch in off if switch.kind is SwitchKind.TEAM)

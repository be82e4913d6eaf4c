"""Which red switches there are, which are off, and what waits behind them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandParser

from cases.lifecycle import SwitchKind
from escalation.queries.switching import SwitchState, count_stopped, list_switches, list_team_names
from staff.commands import ActingCommand


class Command(ActingCommand):
    help = "List the red switches, with what waits behind each that is off."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--only-off", action="store_true", help="leave out those that are on")

    def act(self, **options: Any) -> Mapping[str, Any]:
        teams = list_team_names()
        return {
            "switches": [
                _answer(state, teams)
                for state in list_switches()
                if state.is_off or not options["only_off"]
            ]
        }

    def show(self, answer: Mapping[str, Any]) -> None:
        for row in answer["switches"]:
            line = f"{row['state']:<3} {row['kind']:<10} {row['key']}"
            if row["state"] == "off":
                line += (
                    f"  since {row['turned_at']:%Y-%m-%d %H:%M} by {row['turned_by'] or '-'}:"
                    f" {row['reason']} ({row['messages']} messages, {row['cases']} cases)"
                )
            self.stdout.write(line)
        if not answer["switches"]:
            self.stdout.write("Nothing is switched off.")


def _answer(state: SwitchState, teams: Mapping[str, str]) -> dict[str, Any]:
    kind, key = state.switch
    row = {
        "kind": kind.value,
        "key": teams.get(key, key) if kind is SwitchKind.TEAM else key,
        "state": "off" if state.is_off else "on",
        "reason": state.reason,
        "turned_by": state.turned_by,
        "turned_at": state.turned_at,
    }
    return row | (count_stopped(switch=state.switch)._asdict() if state.is_off else {})

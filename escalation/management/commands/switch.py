"""Turn a red switch: stop the machine from doing something, or let it go on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandParser

from cases.lifecycle import SwitchKind
from cases.switches import Switch
from escalation.operations import switch_off, switch_on
from escalation.queries.switching import list_team_names
from escalation.wording import switch_refusal
from kernel import clock
from kernel.errors import DomainError
from staff.commands import ActingCommand


class Command(ActingCommand):
    help = (
        "Turn the red switch KIND KEY --off or --on, for instance: switch channel sms --off."
        " list_switches names them all; a team is given by its name."
    )
    needs_person = True

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("kind", choices=[kind.value for kind in SwitchKind])
        parser.add_argument("key")
        turn = parser.add_mutually_exclusive_group(required=True)
        turn.add_argument("--off", action="store_true", help="stop it at once")
        turn.add_argument("--on", action="store_true", help="let it go on")
        parser.add_argument("--reason", required=True, help="why; everybody concerned is shown it")

    def act(self, **options: Any) -> Mapping[str, Any]:
        kind = SwitchKind(options["kind"])
        key = _team_key(options["key"]) if kind is SwitchKind.TEAM else options["key"]
        turn = switch_off if options["off"] else switch_on
        stopped = turn(
            switch=Switch(kind, key),
            reason=options["reason"],
            actor=self.actor(**options),
            at=clock.now(),
        )
        return {
            "kind": kind.value,
            "key": options["key"],
            "state": "off" if options["off"] else "on",
            **stopped._asdict(),
        }

    def show(self, answer: Mapping[str, Any]) -> None:
        verb = "stopped" if answer["state"] == "off" else "goes on"
        self.stdout.write(
            f"{answer['kind']} {answer['key']} is {answer['state']}; {verb}: messages in the queue"
            f" {answer['messages']}, cases whose next step it is {answer['cases']}"
        )

    def say(self, error: DomainError) -> str:
        return switch_refusal(error)


def _team_key(name: str) -> str:
    """What is no name of a team stays as it is, and is refused by what was given."""
    return next((key for key, known in list_team_names().items() if known == name), name)

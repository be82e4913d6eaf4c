"""``manage.py create_team NAME``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandParser

from kernel import clock
from kernel.actor import system_actor
from kernel.errors import DomainError
from staff.commands import ActingCommand
from staff.operations import create_team
from staff.wording import refusal_text


class Command(ActingCommand):
    help = "Create a team."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("name")
        parser.add_argument("--daily-norm", type=int, default=25, help="work items per officer")

    def act(self, **options: Any) -> Mapping[str, Any]:
        team = create_team(
            name=options["name"],
            daily_norm=options["daily_norm"],
            actor=self.actor(**options) if options["by"] else system_actor("operator"),
            at=clock.now(),
        )
        return {"id": team.pk, "name": team.name}

    def say(self, error: DomainError) -> str:
        return refusal_text(error)

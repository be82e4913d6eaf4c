"""``manage.py issue_token CLIENT --scope cases:read``: the token is printed once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandError, CommandParser

from kernel import clock
from kernel.actor import system_actor
from kernel.errors import DomainError
from staff.commands import ActingCommand
from staff.operations import issue_token
from staff.queries import list_teams
from staff.rights import Scope
from staff.wording import refusal_text


class Command(ActingCommand):
    help = "Make a token for an API client. It is printed once and cannot be read again."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("client", help="name of the system that will use it")
        parser.add_argument(
            "--scope",
            action="append",
            required=True,
            choices=[scope.value for scope in Scope],
            help="may be given more than once",
        )
        parser.add_argument("--days", type=int, default=365, help="valid for so many days")
        parser.add_argument("--team", help="only the cases of this team")

    def act(self, **options: Any) -> Mapping[str, Any]:
        teams = {team.name: team for team in list_teams()}
        if options["team"] and options["team"] not in teams:
            raise CommandError(f"There is no team {options['team']!r}.")
        token = issue_token(
            client_name=options["client"],
            scopes=[Scope(scope) for scope in options["scope"]],
            valid_days=options["days"],
            team=teams.get(options["team"]),
            actor=self.actor(**options) if options["by"] else system_actor("operator"),
            at=clock.now(),
        )
        return {"client": options["client"], "token": token}

    def say(self, error: DomainError) -> str:
        return refusal_text(error)

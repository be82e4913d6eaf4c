"""``manage.py create_user NAME --role ROLE``: also the first administrator of a new database."""

from __future__ import annotations

import getpass
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from kernel import clock
from kernel.actor import system_actor
from kernel.errors import DomainError
from staff.commands import ActingCommand
from staff.operations import create_user
from staff.queries import list_teams
from staff.rights import Role
from staff.wording import refusal_text


class Command(ActingCommand):
    help = "Create a user. Without --password-file a password is asked for, or made and printed."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("username")
        parser.add_argument("--role", required=True, choices=[role.value for role in Role])
        parser.add_argument("--name", help="first and last name; the user name if not given")
        parser.add_argument("--team", help="name of a team")
        parser.add_argument("--language", choices=["pl", "en"], default="pl")
        parser.add_argument("--password-file", type=Path, help="a file that holds the password")

    def act(self, **options: Any) -> Mapping[str, Any]:
        password, made = _password(options["password_file"], quiet=options["json"])
        teams = {team.name: team for team in list_teams()}
        if options["team"] and options["team"] not in teams:
            raise CommandError(f"There is no team {options['team']!r}.")
        user = create_user(
            username=options["username"],
            full_name=options["name"] or options["username"],
            role=Role(options["role"]),
            team=teams.get(options["team"]),
            password=password,
            language=options["language"],
            actor=self.actor(**options) if options["by"] else system_actor("operator"),
            at=clock.now(),
        )
        return {
            "id": user.pk,
            "username": user.username,
            "role": user.role,
            **({"password": password} if made else {}),
        }

    def say(self, error: DomainError) -> str:
        return refusal_text(error)


def _password(file: Path | None, *, quiet: bool) -> tuple[str, bool]:
    """The password, and whether it was made up here."""
    if file is not None:
        return file.read_text().strip(), False
    if not quiet and sys.stdin.isatty():
        return getpass.getpass(), False
    return secrets.token_urlsafe(15), True

"""What every command of the operator has in common: ``--json``, ``--at`` and ``--by``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import nullcontext
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from kernel import clock
from kernel.actor import Actor
from kernel.errors import DomainError
from staff.queries import get_actor, get_user


def parse_instant(text: str) -> datetime:
    """``2026-11-23`` or ``2026-11-23T14:30``, in Warsaw unless an offset is given."""
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=clock.WARSAW)


class ActingCommand(BaseCommand):
    """A command whose ``act`` returns the answer; a refusal becomes a clear error."""

    #: Whether a person must be named with ``--by``.
    needs_person = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object as the last line")
        parser.add_argument("--at", type=parse_instant, help="the instant at which this happens")
        parser.add_argument(
            "--by", required=self.needs_person, metavar="USER", help="who does this, by user name"
        )

    def handle(self, *_: Any, **options: Any) -> None:
        at = options["at"]
        if at is not None and not getattr(settings, "CLOCK_MAY_BE_SET", False):
            raise CommandError("--at is refused here: the production settings do not set clocks.")
        with clock.fixed_at(at) if at is not None else nullcontext():
            try:
                answer = self.act(**options)
            except DomainError as error:
                raise CommandError(self.say(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(answer, default=str))
        else:
            self.show(answer)

    def act(self, **options: Any) -> Mapping[str, Any]:
        """Do it and return what ``--json`` prints."""
        raise NotImplementedError

    def show(self, answer: Mapping[str, Any]) -> None:
        """Print the answer for a person."""
        for name, value in answer.items():
            self.stdout.write(f"{name}: {value}")

    def say(self, error: DomainError) -> str:
        """The refusal in words."""
        return str(error)

    def actor(self, **options: Any) -> Actor:
        """The person named with ``--by``."""
        return get_actor(user=get_user(username=options["by"]))

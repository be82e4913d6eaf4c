"""Decide one approval for a person who has the authority."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandError, CommandParser

from desk.approvals import Verdict, decide_approval
from kernel import clock
from kernel.typed import whole_number
from staff.commands import ActingCommand


class Command(ActingCommand):
    help = "Grant, refuse or send back an approval, named as list_approvals prints it."
    needs_person = True

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("approval", metavar="ID", help="for example termination:17")
        verdict = parser.add_mutually_exclusive_group(required=True)
        for name, value in (
            ("--grant", Verdict.GRANT),
            ("--refuse", Verdict.REFUSE),
            ("--send-back", Verdict.SEND_BACK),
        ):
            verdict.add_argument(name, dest="verdict", action="store_const", const=value)
        parser.add_argument("--reason", required=True, help="why; it is kept with the decision")

    def act(self, **options: Any) -> Mapping[str, Any]:
        kind, _, number = options["approval"].partition(":")
        proposal_id = whole_number(number)
        if proposal_id is None:
            raise CommandError("Name the approval as list_approvals prints it: termination:17")
        decide_approval(
            kind=kind,
            proposal_id=proposal_id,
            verdict=options["verdict"],
            reason=options["reason"],
            actor=self.actor(**options),
            at=clock.now(),
        )
        return {"approval": options["approval"], "decided": options["verdict"].name.lower()}

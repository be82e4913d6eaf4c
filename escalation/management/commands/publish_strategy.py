"""Publish a version of a strategy: one person proposes it, another approves it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from django.core.management.base import CommandError, CommandParser

from escalation.models import StrategyVersion
from escalation.operations import (
    approve_version,
    propose_version,
    refuse_version,
    send_back_version,
)
from escalation.queries.examination import get_examination
from escalation.wording import describe_change, describe_error, describe_finding
from kernel import clock
from kernel.errors import DomainError
from staff.commands import ActingCommand

_DECISIONS: Final = {
    "approve": approve_version,
    "refuse": refuse_version,
    "send_back": send_back_version,
}


class Command(ActingCommand):
    help = (
        "Propose FILE as the next version of its strategy, or --approve, --refuse or --send-back"
        " a proposed one."
    )
    needs_person = True

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=Path, nargs="?")
        parser.add_argument("--approve", type=int, metavar="ID")
        parser.add_argument("--refuse", type=int, metavar="ID")
        parser.add_argument("--send-back", type=int, metavar="ID")
        parser.add_argument("--reason", default="", help="why; it is kept with the decision")

    def act(self, **options: Any) -> Mapping[str, Any]:
        given = [name for name in ("file", *_DECISIONS) if options[name] is not None]
        if len(given) != 1:
            raise CommandError(
                "Give a FILE to propose, or an ID to --approve, --refuse, --send-back."
            )
        actor, at = self.actor(**options), clock.now()
        if options["file"] is not None:
            return self._propose(options["file"], actor=actor, at=at)
        decide, number = _DECISIONS[given[0]], options[given[0]]
        return _answer(decide(version_id=number, reason=options["reason"], actor=actor, at=at))

    def _propose(self, file: Path, **moment: Any) -> dict[str, Any]:
        try:
            source = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{file}: {error}") from error
        examined = get_examination(source=source)
        version = propose_version(source=source, **moment)
        return {
            **_answer(version),
            "warnings": [str(describe_finding(finding)) for finding in examined.findings],
            "changes": [str(describe_change(change)) for change in examined.changes],
        }

    def say(self, error: DomainError) -> str:
        return "\n".join(describe_error(error))

    def show(self, answer: Mapping[str, Any]) -> None:
        self.stdout.write(
            f"{answer['strategy']} version {answer['number']} (id {answer['id']}):"
            f" {answer['status']}"
        )
        for line in (*answer.get("warnings", ()), *answer.get("changes", ())):
            self.stdout.write(f"  {line}")


def _answer(version: StrategyVersion) -> dict[str, Any]:
    return {
        "id": version.pk,
        "strategy": version.strategy.key,
        "number": version.number,
        "status": version.status,
        "in_flight": version.in_flight,
    }

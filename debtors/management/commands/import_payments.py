"""``manage.py import_payments FILE``: account, amount, currency, value_on, reference."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from debtors.intake_wording import ROW_REASONS, say
from debtors.operations.paying import import_payments
from journal.delivery import deliver_pending
from kernel import clock
from kernel.actor import system_actor
from kernel.errors import DomainError
from kernel.money import Money
from staff.commands import ActingCommand


class Command(ActingCommand):
    help = "Post the payments of a CSV file and let cases, promises and agreements react."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=Path, metavar="FILE")

    def act(self, **options: Any) -> Mapping[str, Any]:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        actor = self.actor(**options) if options["by"] else system_actor("payments")
        at = clock.now()
        result = import_payments(path=path, actor=actor, at=at)
        deliver_pending(at=at)
        return {
            "payments_posted": result.posted,
            "payments_repeated": result.repeated,
            "rows_refused": len(result.refused),
            "totals": {
                currency: f"{Money(minor, currency).to_decimal():f}"
                for currency, minor in result.totals.items()
            },
            "refused": [
                {"line": f.line, "value": f.value, "reason": f.code,
                 "why": str(ROW_REASONS.get(f.code, f.code))}
                for f in result.refused[:100]
            ],
        }  # fmt: skip

    def say(self, error: DomainError) -> str:
        return say(error)

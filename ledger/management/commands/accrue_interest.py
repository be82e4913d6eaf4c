"""``manage.py accrue_interest``: post interest for delay through a day, wherever it is ours."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.management.base import CommandParser

from journal.delivery import deliver_pending
from kernel import clock
from kernel.actor import system_actor
from kernel.errors import DomainError
from kernel.money import Money
from ledger.operations import DayAhead, accrue_interest
from staff.commands import ActingCommand


class Command(ActingCommand):
    help = (
        "Post the interest for delay through a day (default: today) on every account whose book"
        " of record is ours. The day close does it at the end of each month; a second run for the"
        " same day changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--on", type=date.fromisoformat, metavar="YYYY-MM-DD")

    def act(self, **options: Any) -> Mapping[str, Any]:
        actor = self.actor(**options) if options["by"] else system_actor("interest")
        at = clock.now()
        on: date = options["on"] or clock.legal_day(at)
        accrued = accrue_interest(on=on, at=at, actor=actor)
        deliver_pending(at=at)
        return {
            "on": on,
            "accounts": accrued.accounts,
            "posted": accrued.posted,
            "corrected": accrued.corrected,
            "amounts": {
                currency: f"{Money(minor, currency).to_decimal():f}"
                for currency, minor in sorted((accrued.sums or {}).items())
            },
        }

    def say(self, error: DomainError) -> str:
        if isinstance(error, DayAhead):
            return (
                f"{error.values['on']} has not come yet: interest is posted through"
                f" {error.values['today']} at the latest."
            )
        return super().say(error)

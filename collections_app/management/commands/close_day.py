"""Close business days: decide what is due, judge promises, take the snapshot."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from collections_app.day_close import DayNotOver, NothingTakenIn, close_days
from kernel import clock


class Command(BaseCommand):
    help = "Close every open business day up to and including a day (default: yesterday)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--on", type=date.fromisoformat, metavar="YYYY-MM-DD")
        parser.add_argument("--json", action="store_true", help="one JSON object as the last line")

    def handle(self, *args: Any, **options: Any) -> None:
        through: date = options["on"] or clock.today() - timedelta(days=1)
        closed = []
        try:
            for day in close_days(through=through, today=clock.today(), at=clock.now()):
                closed.append({"on": str(day.on), "steps": dict(day.counts)})
                if not options["json"]:
                    decided = day.counts.get("decide", {})
                    self.stdout.write(f"{day.on} closed: {json.dumps(decided)}")
        except DayNotOver as error:
            raise CommandError(
                f"{error.values['on']} is not over yet; the last day that can be closed is"
                f" {error.values['today'] - timedelta(days=1)}."
            ) from error
        except NothingTakenIn as error:
            raise CommandError(
                "There is nothing to close: import a portfolio first (import_portfolio FILE)."
            ) from error
        if options["json"]:
            self.stdout.write(json.dumps({"closed": len(closed), "days": closed}))
        elif not closed:
            self.stdout.write(f"Every day through {through} is closed already.")

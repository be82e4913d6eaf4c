"""``manage.py retry_deliveries``: give events that failed too often another round."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from journal.delivery import deliver_pending, retry_parked
from journal.queries import get_backlog
from kernel import clock


class Command(BaseCommand):
    help = "Deliver again what was parked after too many failures; mend the cause first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--subscriber", help="only this subscriber's")
        parser.add_argument("--json", action="store_true", help="one JSON object as the last line")

    def handle(self, *args: Any, **options: Any) -> None:
        retried = retry_parked(subscriber=options["subscriber"])
        delivered = deliver_pending(at=clock.now())
        backlog = get_backlog()
        answer = {
            "retried": retried,
            "delivered": delivered,
            "waiting": backlog.waiting,
            "parked": backlog.parked,
        }
        if options["json"]:
            self.stdout.write(json.dumps(answer))
        else:
            for name, value in answer.items():
                self.stdout.write(f"{name}: {value}")

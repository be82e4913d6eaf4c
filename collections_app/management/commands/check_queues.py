"""``manage.py check_queues``: is somebody taking from these queues? For health checks."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from collections_app.beat import QUEUES
from collections_app.heartbeat import list_silent_queues
from kernel import clock


class Command(BaseCommand):
    help = "Fail where nothing was taken from a queue for three minutes."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("queues", nargs="*", metavar="QUEUE", help="default: all")

    def handle(self, *args: Any, **options: Any) -> None:
        queues = options["queues"] or list(QUEUES)
        if unknown := set(queues) - set(QUEUES):
            raise CommandError(f"There is no queue {', '.join(sorted(unknown))}.")
        silent = list_silent_queues(queues=queues, at=clock.now())
        if silent:
            raise CommandError(f"Nothing is taken from: {', '.join(silent)}")
        self.stdout.write(f"Alive: {', '.join(queues)}")

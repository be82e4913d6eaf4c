"""``manage.py demo``: the product with a lifelike portfolio, on one machine."""

from __future__ import annotations

import logging
import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from celery import current_app
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, connections

from collections_app.beat import QUEUES
from collections_app.demo.staffing import list_logins
from collections_app.demo.supervisor import Address, CannotStart, SeedState, Supervisor
from collections_app.embedded import ServiceFailed


class Command(BaseCommand):
    help = "Run web, worker and beat, with PostgreSQL and a broker of their own if none are given."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default=os.environ.get("HOST_ADDRESS", "127.0.0.1"))
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--debtors", type=int, default=2000, help="how many to make up")
        parser.add_argument("--days", type=int, default=180, help="how many days they live through")
        parser.add_argument("--no-seed", action="store_true", help="start with what is there")

    def handle(self, *args: Any, **options: Any) -> None:
        address = Address(options["host"], options["port"])
        self._state = SeedState()
        supervisor = Supervisor(
            address=address, prepare=lambda: self._prepare(options), say=self._say
        )
        started = time.monotonic()
        try:
            supervisor.run(ready=lambda: self._greet(address, time.monotonic() - started))
        except (CannotStart, ServiceFailed) as failure:
            raise CommandError(str(failure)) from failure

    def _say(self, text: str) -> None:
        with suppress(OSError):  # the terminal may be gone
            self.stdout.write(text)
            self.stdout.flush()

    def _prepare(self, options: dict[str, Any]) -> None:
        _use(os.environ["DATABASE_URL"])
        if self._state.read() == "seeding" and not options["no_seed"]:
            self._start_afresh()
        self._say("Bringing the database up to date …")
        call_command("migrate", verbosity=0, interactive=False)
        if not options["no_seed"]:
            self._seed(options["debtors"], options["days"])
        connections.close_all()
        settings.CELERY_BROKER_URL = os.environ["CELERY_BROKER_URL"]

    def _start_afresh(self) -> None:
        """Drop what a killed seeding left; only ever a database that this command filled."""
        self._say("The last filling of the database was interrupted; starting it afresh.")
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public")

    def _seed(self, debtors: int, days: int) -> None:
        if self._state.read() == "seeded":
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT EXISTS (SELECT 1 FROM debtors_debtor)")
            (filled,) = cursor.fetchone()
        if filled:
            self._say("The database holds debtors already; none are made up.")
            return
        from collections_app.demo.seed import seed_demo  # needs what production lacks

        self._say(f"Making up {debtors} debtors and the {days} days they live through …")
        self._state.write("seeding", debtors=debtors, days=days)
        logging.disable(logging.INFO)
        seed_demo(debtors=debtors, days=days, progress=_progress(terminal=sys.stdout.isatty()))
        logging.disable(logging.NOTSET)
        self._state.write("seeded", debtors=debtors, days=days)

    def _ring(self) -> None:
        """What beat would ask for only after its first minute or hour."""
        for queue in QUEUES:
            current_app.send_task(
                "collections_app.beat_heart", kwargs={"queue": queue}, queue=queue
            )
        current_app.send_task("collections_app.close_day", queue="batch")

    def _greet(self, address: Address, seconds: float) -> None:
        self._ring()
        self._say(f"\nUgoda is running at {address.url} (after {seconds:.0f} s).\n")
        if self._state.read() == "seeded":
            for login in list_logins():
                self._say(f"  {login.role:<14} {login.username:<18} {login.password}")
        self._say(f"\nLogs are in {settings.VAR_DIR / 'logs'}. Ctrl-C stops everything.")


def _use(url: str) -> None:
    """The settings were read before the embedded database was there: name it now."""
    from collections_app.settings.base import database

    settings.DATABASE_URL = url
    settings.DATABASES["default"].update(database(url))
    settings.CELERY_BROKER_URL = ""  # the past rings nobody


def _progress(*, terminal: bool) -> Callable[[str, int, int], None]:
    """``progress(part, done, total)``: a bar on a terminal, else a line every tenth."""
    shown: dict[str, int] = {}
    started: dict[str, float] = {}

    def show(part: str, done: int, total: int) -> None:
        now = time.monotonic()
        passed = now - started.setdefault(part, now)
        left = f"about {passed * (total - done) / max(done, 1):.0f} s left" if passed > 5 else ""
        tenths = 10 * done // max(total, 1)
        if terminal:
            bar = "█" * (3 * tenths) + "·" * (30 - 3 * tenths)
            end = "\n" if done >= total else ""
            sys.stdout.write(f"\r  {part} {bar} {done}/{total} {left:<20}{end}")
        elif shown.get(part) != tenths:
            shown[part] = tenths
            sys.stdout.write(f"  {part}: {done}/{total} {left}\n")
        sys.stdout.flush()

    return show

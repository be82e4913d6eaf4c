"""Benchmarks: each measures ours beside the least it could cost, and prints the ratio."""

from __future__ import annotations

import json
import logging
from types import ModuleType
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandParser

from collections_app.benchmarks import pages, payments
from debtors.benchmarks import command as intake
from escalation.benchmarks import command as nightly

#: Each has HELP, ``add_arguments`` and ``run``.
BENCHMARKS: Final[dict[str, ModuleType]] = {
    "intake": intake,
    "nightly": nightly,
    "pages": pages,
    "payments": payments,
}


class Command(BaseCommand):
    help = "Measure what ours costs beside what it could cost at least, on made-up data."

    def add_arguments(self, parser: CommandParser) -> None:
        subjects = parser.add_subparsers(dest="subject", required=True)
        for name, module in BENCHMARKS.items():
            subject = subjects.add_parser(name, help=module.HELP)
            subject.add_argument("--json", action="store_true", help="the last line is one object")
            module.add_arguments(subject)

    def handle(self, *_: Any, **options: Any) -> None:
        logging.disable(logging.INFO)
        figures = BENCHMARKS[options["subject"]].run(tell=self._tell, **options)
        if options["json"]:
            self.stdout.write(json.dumps(figures))
            return
        for name, value in figures.items():
            self.stdout.write(f"{name}: {value}")

    def _tell(self, text: str) -> None:
        self.stderr.write(text)

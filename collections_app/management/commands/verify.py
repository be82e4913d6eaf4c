"""Prove that the books balance, the boards meet and the journal is as it was written."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from collections_app.proving import prove
from kernel import clock


class Command(BaseCommand):
    help = "Check ledger, boards and journal; exit code 1 and the place of each fault if any."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object as the last line")

    def handle(self, *args: Any, **options: Any) -> None:
        findings = prove(at=clock.now())
        if options["json"]:
            self.stdout.write(
                json.dumps({"clean": not findings, "findings": findings}, default=str)
            )
        else:
            for finding in findings:
                values = json.dumps(finding["values"], default=str)
                self.stdout.write(f"{finding['code']}: {values}")
            self.stdout.write("clean" if not findings else f"{len(findings)} faults found")
        if findings:
            raise SystemExit(1)

"""Record what the post says: which messages were handed over, delivered or returned."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from contacts.deliveries import BadLine, ColumnsMissing, DeliveryEntry, read_entries
from contacts.operations import record_deliveries
from contacts.wording import delivery_refusal
from kernel import clock
from kernel.actor import Actor, system_actor
from staff.commands import ActingCommand


class Command(ActingCommand):
    help = (
        "Record deliveries from a CSV file with the columns message (id, or the post's number;"
        " id:17 or post:17 where a number could be either), status (handed_over, delivered,"
        " returned), day (YYYY-MM-DD) and, if wanted, reference (the post's number to remember)."
        " Bad lines are reported and stop no good ones; the same file twice changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="report, but record nothing")

    def act(self, **options: Any) -> Mapping[str, Any]:
        entries, bad = _read(options["file"])
        at = clock.now()
        report = record_deliveries(
            entries=entries,
            on=clock.legal_day(at),
            actor=self._actor(**options),
            at=at,
            dry_run=options["dry_run"],
        )
        refused = [
            {"line": line.line, "reason": line.reason, "column": line.column, "value": line.value}
            for line in bad
        ] + [
            {"line": entry.line, "reason": entry.reason, **entry.values} for entry in report.refused
        ]
        return {
            "rows_read": len(entries) + len(bad),
            "handed_over": report.handed_over,
            "delivered": report.delivered,
            "returned": report.returned,
            "unchanged": report.unchanged,
            "rows_refused": len(refused),
            "refused": sorted(refused, key=lambda row: int(str(row["line"]))),
            "dry_run": options["dry_run"],
        }

    def show(self, answer: Mapping[str, Any]) -> None:
        for name, value in answer.items():
            if name != "refused":
                self.stdout.write(f"{name}: {value}")
        for row in answer["refused"]:
            self.stderr.write(delivery_refusal(row))

    def _actor(self, **options: Any) -> Actor:
        return self.actor(**options) if options["by"] else system_actor("record_deliveries")


def _read(path: Path) -> tuple[list[DeliveryEntry], list[BadLine]]:
    entries: list[DeliveryEntry] = []
    bad: list[BadLine] = []
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            for row in read_entries(lines):
                if isinstance(row, BadLine):
                    bad.append(row)
                else:
                    entries.append(row)
    except ColumnsMissing as error:
        raise CommandError(f"{path}: missing columns: {error}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path}: {error}") from error
    return entries, bad

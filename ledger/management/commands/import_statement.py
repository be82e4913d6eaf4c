"""``manage.py import_statement FILE…``: bank statements in, payments matched and posted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from journal.delivery import deliver_pending
from kernel import clock
from kernel.actor import Actor, system_actor
from kernel.errors import DomainError
from kernel.money import Money
from ledger.operations import TakenIn, match_entries, take_in_statements
from ledger.statement_wording import say_finding, say_statement_refusal
from staff.commands import ActingCommand


class Command(ActingCommand):
    help = (
        "Take bank statements in (MT940, MT942, camt.052, 053, 054; the form is told by the"
        " content), match their payments, and let cases, promises and agreements react. A file"
        " that cannot be understood is refused whole and stops no other; the same file twice"
        " changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="read and report, keep nothing")

    def act(self, **options: Any) -> Mapping[str, Any]:
        actor = self.actor(**options) if options["by"] else system_actor("statements")
        at = clock.now()
        dry_run = bool(options["dry_run"])
        files = [self._take_in(path, actor, at, dry_run=dry_run) for path in options["files"]]
        matched: Mapping[str, int] = {}
        if not dry_run:
            matched = match_entries(actor=actor, at=at)
            deliver_pending(at=at)
        names = ("statements", "entries", "booked", "provisional", "repeated")
        return {
            "files": len(files),
            "files_refused": sum("error" in file for file in files),
            "files_known_before": sum(bool(file.get("known_before")) for file in files),
            **{name: sum(int(file.get(name, 0)) for file in files) for name in names},
            "posted": matched.get("post", 0),
            "proposed": matched.get("propose", 0),
            "suspense": matched.get("suspend", 0),
            "outcomes": files,
            "dry_run": dry_run,
        }

    def show(self, answer: Mapping[str, Any]) -> None:
        for name, value in answer.items():
            if name != "outcomes":
                self.stdout.write(f"{name}: {value}")
        for file in answer["outcomes"]:
            for text in [file["error"]] if "error" in file else file["warnings"]:
                self.stderr.write(f"{file['file']}: {text}")

    def _take_in(self, path: Path, actor: Actor, at: datetime, *, dry_run: bool) -> dict[str, Any]:
        try:
            with path.open("rb") as file:
                taken = take_in_statements(
                    file=file, name=path.name, actor=actor, at=at, dry_run=dry_run
                )
        except OSError as error:
            return {"file": str(path), "error": str(error.strerror)}
        except DomainError as error:
            return {"file": str(path), "error": say_statement_refusal(error), **error.values}
        return {"file": str(path), **_plain(taken)}


def _plain(taken: TakenIn) -> dict[str, Any]:
    return {
        "form": taken.form,
        "encoding": taken.encoding,
        "known_before": taken.known_before,
        "statements": taken.statements,
        "entries": taken.entries,
        "booked": taken.booked,
        "provisional": taken.provisional,
        "repeated": taken.repeated,
        "totals": {
            f"{account} {currency}": f"{Money(minor, currency).to_decimal():f}"
            for (account, currency), minor in sorted(taken.totals.items())
        },
        "warnings": [
            say_finding({"code": f.code, "place": f.place, "values": f.values})
            for f in taken.findings
        ],
    }

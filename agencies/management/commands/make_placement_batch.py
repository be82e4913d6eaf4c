"""Hand the approved placements over to an agency, in one file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from agencies.operations import make_placement_batch, save_batch_file
from agencies.queries import get_agency_by_name
from agencies.wording import say_refusal
from kernel import clock
from kernel.errors import DomainError
from kernel.money import Money
from staff.commands import ActingCommand


class Command(ActingCommand):
    help = "Write the file of the approved placements for an agency, with its checksum beside it."
    needs_person = True

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--agency", required=True, help="its name, or its number")
        parser.add_argument("--limit", type=int, default=10_000, help="at most so many placements")
        parser.add_argument(
            "--folder",
            type=Path,
            default=settings.VAR_DIR / "placements",
            help="where the file is written; by default placements/ under VAR_DIR",
        )

    def act(self, **options: Any) -> Mapping[str, Any]:
        made = make_placement_batch(
            agency_id=get_agency_by_name(name=options["agency"]).pk,
            actor=self.actor(**options),
            at=clock.now(),
            limit=options["limit"],
        )
        path = save_batch_file(batch=made.batch, folder=options["folder"])
        return {
            "batch": made.batch.pk,
            "file": str(path),
            "sha256": bytes(made.batch.sha256).hex(),
            "placements": made.batch.placements_count,
            "rows": made.batch.rows_count,
            "left_out": len(made.left_out),
            "totals": {
                currency: f"{Money(minor, currency).to_decimal():f}"
                for currency, minor in made.batch.totals.items()
            },
        }

    def say(self, error: DomainError) -> str:
        return say_refusal(error)

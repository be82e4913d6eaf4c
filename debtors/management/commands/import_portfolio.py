"""``manage.py import_portfolio FILE``: see docs/intake.md."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, ClassVar

from django.core.management.base import CommandError, CommandParser

from debtors.intake.findings import FileRefused
from debtors.intake.profile import load_profile
from debtors.intake_wording import say
from debtors.operations import IntakeOptions, import_portfolio
from kernel import clock
from kernel.actor import Actor, system_actor
from kernel.errors import DomainError
from staff.commands import ActingCommand


def _total(text: str) -> tuple[str, Decimal]:
    currency, _, amount = text.partition("=")
    try:
        return currency.upper(), Decimal(amount)
    except InvalidOperation:
        raise argparse.ArgumentTypeError(f"CURRENCY=AMOUNT expected, not {text!r}") from None


def _share(text: str) -> Decimal:
    try:
        share = Decimal(text)
    except InvalidOperation:
        raise argparse.ArgumentTypeError(f"a share from 0 to 1 expected, not {text!r}") from None
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError("a share from 0 to 1 expected")
    return share


class Command(ActingCommand):
    help = "Take in a portfolio file (CSV or XLSX) by a profile."
    _zero: ClassVar[dict[str, Any]] = {
        "rows_read": 0, "rows_refused": 0, "rows_filtered": 0, "debtors_created": 0,
        "debts_created": 0, "debts_updated": 0, "cases_opened": 0, "totals": {}, "error_file": "",
    }  # fmt: skip

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument(
            "--profile", default="canonical", metavar="NAME_OR_TOML",
            help="a shipped profile by name, or a TOML file (default: canonical)",
        )  # fmt: skip
        parser.add_argument("--as-of", type=date.fromisoformat, metavar="DATE",
                            help="the day the extract shows (default: today)")  # fmt: skip
        scope = parser.add_mutually_exclusive_group()
        scope.add_argument("--full", action="store_true", help="flag debts that are missing")
        scope.add_argument("--delta", action="store_true", help="only what changed (default)")
        parser.add_argument("--dry-run", action="store_true", help="say what would change")
        parser.add_argument("--expect-rows", type=int, metavar="N")
        parser.add_argument("--expect-total", type=_total, action="append", default=[],
                            metavar="CURRENCY=AMOUNT")  # fmt: skip
        parser.add_argument("--max-bad-share", type=_share, metavar="SHARE",
                            help="0 to 1; with more bad rows nothing is taken in")  # fmt: skip
        parser.add_argument("--sheet", default="", help="read a CSV as this sheet of the profile")

    def act(self, **options: Any) -> Mapping[str, Any]:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        actor = self.actor(**options) if options["by"] else system_actor("intake")
        try:
            return self._import(path, actor, options)
        except FileRefused as error:
            if options["json"]:
                refusal = {"code": error.code, **error.values}
                answer = {**self._zero, "status": "refused", "error": refusal}
                answer["error_file"] = error.values.get("error_file", "")
                self.stdout.write(json.dumps(answer, default=str))
            raise

    def _import(self, path: Path, actor: Actor, options: dict[str, Any]) -> Mapping[str, Any]:
        return import_portfolio(
            path=path,
            profile=load_profile(options["profile"]),
            as_of=options["as_of"] or clock.today(),
            options=IntakeOptions(
                full=options["full"],
                dry_run=options["dry_run"],
                expect_rows=options["expect_rows"],
                expect_totals=dict(options["expect_total"]),
                max_bad_share=options["max_bad_share"],
                sheet=options["sheet"],
            ),
            actor=actor,
            at=clock.now(),
        )

    def say(self, error: DomainError) -> str:
        return say(error)

"""Put the small balances of a currency into one batch for one decision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandParser

from bookkeeping.operations import propose_small_balances
from bookkeeping.wording import say_refusal
from kernel import clock
from kernel.actor import system_actor
from kernel.errors import DomainError
from staff.commands import ActingCommand


class Command(ActingCommand):
    help = "Propose small balances for write-off, as one batch; decide_approval decides it."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--currency", default="PLN")

    def act(self, **options: Any) -> Mapping[str, Any]:
        by = options["by"]
        batch = propose_small_balances(
            currency=options["currency"],
            actor=self.actor(**options) if by else system_actor("bookkeeping"),
            at=clock.now(),
        )
        return {
            "batch": f"write_off_batch:{batch.pk}",
            "debts": batch.lines_count,
            "amount_minor": batch.amount_minor,
            "currency": batch.currency,
        }

    def say(self, error: DomainError) -> str:
        return say_refusal(error)

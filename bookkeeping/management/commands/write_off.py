"""Write off a part or all of a debt, or propose it to a second person."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.management.base import CommandParser

from bookkeeping.lifecycle import CHOSEN_REASONS, WriteOffReason
from bookkeeping.management.naming import AmountType, find_debt
from bookkeeping.operations import propose_write_off
from bookkeeping.wording import say_refusal
from kernel import clock
from kernel.errors import DomainError
from kernel.money import Money
from ledger.lifecycle import Component
from staff.commands import ActingCommand


class Command(ActingCommand):
    help = "Write off within one's authority, or propose it above; decide_approval decides."
    needs_person = True

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("case", metavar="CASE", help="the number of the case")
        parser.add_argument("contract", metavar="CONTRACT", help="the contract of the debt")
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--amount", type=AmountType(), help="for example 850.00")
        what.add_argument("--all", action="store_true", help="all that is owed of it")
        parser.add_argument(
            "--component",
            action="append",
            default=[],
            choices=[part.value for part in Component],
            help="only of this one; may be given several times",
        )
        parser.add_argument(
            "--reason", required=True, choices=[reason.value for reason in CHOSEN_REASONS]
        )
        parser.add_argument("--note", required=True, help="what makes it right; it is kept")
        parser.add_argument("--key", help="the same key again writes nothing off twice")

    def act(self, **options: Any) -> Mapping[str, Any]:
        actor, at = self.actor(**options), clock.now()
        case, debt = find_debt(options["case"], options["contract"], actor)
        amount: Decimal | None = options["amount"]
        row = propose_write_off(
            case_id=case.pk,
            account_id=debt.account_id,
            amount_minor=Money.from_decimal(amount, debt.currency).minor if amount else None,
            components=[Component(name) for name in options["component"]],
            reason=WriteOffReason(options["reason"]),
            note=options["note"],
            submission=options["key"] or f"command:{actor.id}:{debt.account_id}:{at.isoformat()}",
            actor=actor,
            at=at,
        )
        return {
            "write_off": f"write_off:{row.pk}",
            "status": row.status,
            "amount_minor": row.amount_minor,
            "currency": row.currency,
            "needs_approval": row.needs_approval,
        }

    def say(self, error: DomainError) -> str:
        return say_refusal(error)

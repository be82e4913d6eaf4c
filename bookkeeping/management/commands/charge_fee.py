"""Charge a fee or cost of the tariff to a debt, once for its occasion."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.management.base import CommandParser

from bookkeeping.management.naming import AmountType, find_debt
from bookkeeping.operations import charge_fee
from bookkeeping.wording import say_refusal
from kernel import clock
from kernel.errors import DomainError
from kernel.money import Money
from staff.commands import ActingCommand


class Command(ActingCommand):
    help = "Charge a fee within one's authority, or propose it above; decide_approval decides."
    needs_person = True

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("case", metavar="CASE", help="the number of the case")
        parser.add_argument("contract", metavar="CONTRACT", help="the contract of the debt")
        parser.add_argument("fee", metavar="FEE", help="as the tariff calls it: demand_letter")
        parser.add_argument("--for", dest="occasion", required=True, help="the letter, the docket")
        parser.add_argument("--amount", type=AmountType(), help="instead of the tariff's")
        parser.add_argument("--on", type=date.fromisoformat, help="the day, for example 2026-11-27")
        parser.add_argument("--note", default="")

    def act(self, **options: Any) -> Mapping[str, Any]:
        actor = self.actor(**options)
        case, debt = find_debt(options["case"], options["contract"], actor)
        amount: Decimal | None = options["amount"]
        row = charge_fee(
            case_id=case.pk,
            account_id=debt.account_id,
            fee=options["fee"],
            amount_minor=Money.from_decimal(amount, debt.currency).minor if amount else None,
            occasion=options["occasion"],
            charged_on=options["on"] or clock.today(),
            note=options["note"],
            actor=actor,
            at=clock.now(),
        )
        return {
            "charge": f"charge:{row.pk}",
            "status": row.status,
            "amount_minor": row.amount_minor,
            "currency": row.currency,
            "needs_approval": row.needs_approval,
        }

    def say(self, error: DomainError) -> str:
        return say_refusal(error)

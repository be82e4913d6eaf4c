"""``manage.py post_payment ACCOUNT AMOUNT CURRENCY``: one payment by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.management.base import CommandError, CommandParser

from debtors.operations.paying import find_account_id
from journal.delivery import deliver_pending
from kernel import clock
from kernel.money import Money
from ledger.operations import post_payment
from staff.commands import ActingCommand


class Command(ActingCommand):
    help = "Post one payment; it is allocated oldest first, and cases react at once."
    needs_person = True

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "account", help="account for repayment, contract or bank account number"
        )
        parser.add_argument("amount")
        parser.add_argument("currency")
        parser.add_argument("--value-on", type=date.fromisoformat, metavar="DATE")
        parser.add_argument("--reference", default="")
        parser.add_argument(
            "--key", required=True, help="the same key again posts nothing a second time"
        )

    def act(self, **options: Any) -> Mapping[str, Any]:
        try:
            amount = Decimal(options["amount"])
        except InvalidOperation:
            raise CommandError("AMOUNT must be a decimal number.") from None
        money = Money.from_decimal(amount, options["currency"].upper())
        at = clock.now()
        posted = post_payment(
            account_id=find_account_id(name=options["account"]),
            amount_minor=money.minor,
            currency=money.currency,
            value_on=options["value_on"] or clock.today(),
            reference=options["reference"],
            idempotency_key=options["key"],
            actor=self.actor(**options),
            at=at,
        )
        deliver_pending(at=at)
        return {
            "transaction_id": posted.transaction_id,
            "is_new": posted.is_new,
            "allocated": {
                name: f"{Money(minor, money.currency).to_decimal():f}"
                for name, minor in posted.allocated.items()
            },
            "overpaid": f"{Money(posted.overpaid_minor, money.currency).to_decimal():f}",
        }

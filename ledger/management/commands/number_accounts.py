"""``manage.py number_accounts``: every debt gets an account number of its own for repayment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from kernel import clock
from kernel.actor import system_actor
from ledger.operations import number_accounts
from staff.commands import ActingCommand


class Command(ActingCommand):
    help = (
        "Give every debt that has none an account number of its own for repayment. New debts get"
        " theirs at intake; this is for those that were there before REPAYMENT_ACCOUNTS was set."
        " Those left out are told apart: somebody had them in hand, or another debt has the number."
    )

    def act(self, **options: Any) -> Mapping[str, Any]:
        if not settings.REPAYMENT_ACCOUNTS:
            raise CommandError(
                "Set REPAYMENT_ACCOUNTS: how the account numbers for repayment begin in each"
                " currency, as agreed with the bank."
            )
        actor = self.actor(**options) if options["by"] else system_actor("numbering")
        return number_accounts(actor=actor, at=clock.now())._asdict()

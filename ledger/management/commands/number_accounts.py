"""``manage.py number_accounts``: every debt gets an account number of its own for repayment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from journal.delivery import deliver_pending
from kernel import clock
from kernel.actor import system_actor
from ledger.operations import number_accounts
from staff.commands import ActingCommand


class Command(ActingCommand):
    help = (
        "Give every debt that has none an account number of its own for repayment. New debts get"
        " theirs at intake; this is for those that were there before REPAYMENT_ACCOUNTS was set. A"
        " second run changes nothing."
    )

    def act(self, **options: Any) -> Mapping[str, Any]:
        if not settings.REPAYMENT_ACCOUNTS:
            raise CommandError(
                "Set REPAYMENT_ACCOUNTS: how the account numbers for repayment begin, as agreed"
                " with the bank."
            )
        actor = self.actor(**options) if options["by"] else system_actor("numbering")
        at = clock.now()
        numbered = number_accounts(actor=actor, at=at)
        deliver_pending(at=at)
        return {"numbered": numbered}

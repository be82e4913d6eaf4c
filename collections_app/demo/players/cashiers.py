"""People who find out for whom the money is that the machine could not place."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from collections_app.demo.world import World, attempt
from kernel.clock import legal_day
from ledger.lifecycle import UNDECIDED
from ledger.models import StatementEntry
from ledger.operations import post_entry, set_entry_aside

#: So long money without a debt waits until somebody says that it is for none.
_WAITS_DAYS: Final = 5
#: So many in a hundred are left for another day.
_LEFT: Final = 20


def place_money(world: World, on: date, at: datetime) -> None:
    """The likeliest debt is accepted; what is for none of them is set aside after some days."""
    cashier = world.managers[-1]
    waiting = StatementEntry.objects.filter(state__in=UNDECIDED, amount_minor__gt=0)
    for entry in waiting.order_by("id"):
        if world.dice("place", entry.pk, on).randrange(100) < _LEFT:
            continue
        accounts = entry.proposal.get("accounts") or []
        if accounts:
            shares = {int(pk): amount for pk, amount in entry.proposal.get("shares", {}).items()}
            attempt(
                post_entry, entry_id=entry.pk, actor=cashier, at=at,
                shares=shares or {accounts[0]: entry.amount_minor},
            )  # fmt: skip
        elif (on - legal_day(entry.decided_at or at)).days >= _WAITS_DAYS:
            attempt(
                set_entry_aside, entry_id=entry.pk, reason="Wpłata nie dla nas.", actor=cashier,
                at=at,
            )  # fmt: skip

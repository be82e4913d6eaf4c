"""What a manager aims at: on the first of a month the target of its payments."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from collections_app.demo.world import World
from portfolio.entries import EntryKind
from portfolio.operations import set_payment_target
from portfolio.periods import Stretch
from portfolio.queries import Scope, list_flows


def set_targets(world: World, on: date, at: datetime) -> None:
    """A tenth more than what the thirty days before have brought, in round numbers."""
    if on.day != 1:
        return
    month_before = Stretch(on - timedelta(days=31), on - timedelta(days=1))
    flows, _ = list_flows(stretch=month_before, before=None, scope=Scope())
    for currency, of_currency in flows.items():
        aim = round(of_currency[EntryKind.PAID].money_minor * 11, -6) // 10
        if aim > 0:
            set_payment_target(
                month_on=on,
                currency=currency,
                team_id=None,
                amount_minor=aim,
                actor=world.managers[0],
                at=at,
            )

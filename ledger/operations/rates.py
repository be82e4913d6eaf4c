"""Rates of interest as an administrator adds and confirms them; history is kept."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from journal.operations import Subject, record_event
from kernel.actor import Actor
from kernel.authority import requires
from kernel.clock import legal_day
from ledger import events
from ledger.models import RateEntry
from ledger.queries.rates import get_rates
from ledger.rate_changes import RateChange, check_change
from staff.rights import Right


@requires(Right.MANAGE_RATES)
@transaction.atomic
def change_rates(*, change: RateChange, actor: Actor, at: datetime) -> int:
    """Append a step to a series, correct one, or confirm the rates until a later day.

    Returns the id of the entry. Raises RateChangeInvalid. Two at once: the second is checked
    against what the first has added.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('ledger.rates'))")
    rates, on = get_rates(), legal_day(at)
    check_change(change, rates, on=on)
    entry = RateEntry.objects.create(
        series=change.series or "",
        since_on=change.since_on if change.series else None,
        value=change.value if change.series else None,
        source=change.source.strip(),
        confirmed_until=change.confirmed_until,
        reason=change.reason.strip(),
        recorded_at=at,
        actor_kind=actor.kind,
        actor_id=actor.id,
    )
    told = {
        "confirmed_until": change.confirmed_until,
        "source": entry.source,
        "reason": entry.reason,
    }
    if change.series is not None:
        assert change.since_on is not None
        replaced = rates.find(change.series, change.since_on)
        told |= {
            "series": change.series,
            "since_on": change.since_on,
            "value": str(change.value),
            "replaced": None if replaced is None else str(replaced),
        }
    record_event(
        kind=events.RATES_CHANGED if change.series else events.RATES_CONFIRMED,
        subject=Subject("rates", entry.pk),
        actor=actor,
        at=at,
        effective_on=change.since_on or on,
        payload=told,
    )
    return entry.pk

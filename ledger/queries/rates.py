"""The rates that hold: what the product ships, and what administrators have added since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from ledger.models import RateEntry
from ledger.rate_changes import RateChange, applied
from ledger.rates import Rates, Series
from ledger.shipped_rates import shipped_rates


def get_rates(*, through_entry: int | None = None) -> Rates:
    """One statement; without entries the shipped rates themselves.

    With ``through_entry`` as they were known when that entry was the last.
    """
    if through_entry == 0:
        return shipped_rates()
    entries = RateEntry.objects.order_by("pk")
    if through_entry is not None:
        entries = entries.filter(pk__lte=through_entry)
    changes = [_change(entry) for entry in entries]
    return applied(shipped_rates(), changes) if changes else shipped_rates()


@dataclass(frozen=True, slots=True)
class RateHistoryRow:
    """One step, or a confirmation without a series; ``recorded_at`` is None for what the
    product shipped. ``holds`` is false for a step that a later one of its day has replaced."""

    series: Series | None
    since_on: date | None
    value: Decimal | None
    source: str
    holds: bool
    confirmed_until: date | None = None
    reason: str = ""
    recorded_at: datetime | None = None
    actor_kind: str = ""
    actor_id: str = ""


def list_rate_history() -> list[RateHistoryRow]:
    """Every step that was ever recorded, newest first; confirmations where they were made."""
    entries = list(RateEntry.objects.order_by("-pk"))
    rows: list[RateHistoryRow] = []
    seen: set[tuple[str, date | None]] = set()
    for entry in entries:
        key = (entry.series, entry.since_on)
        rows.append(
            RateHistoryRow(
                Series(entry.series) if entry.series else None,
                entry.since_on,
                entry.value,
                entry.source,
                key not in seen,
                entry.confirmed_until,
                entry.reason,
                entry.recorded_at,
                entry.actor_kind,
                entry.actor_id,
            )
        )
        seen.add(key)
    for series, steps in shipped_rates().steps.items():
        rows += [
            RateHistoryRow(
                series, step.since, step.value, step.source, (series, step.since) not in seen
            )
            for step in steps
        ]
    return sorted(rows, key=lambda row: row.since_on or date.max, reverse=True)


def _change(entry: RateEntry) -> RateChange:
    return RateChange(
        Series(entry.series) if entry.series else None,
        entry.since_on,
        entry.value,
        entry.source,
        entry.confirmed_until,
        entry.reason,
    )

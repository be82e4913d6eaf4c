"""Where the money went between two closes: from each range of days to each."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from portfolio.buckets import BUCKETS
from portfolio.entries import OUTCOME_CLOSED, OUTCOME_WRITTEN_OFF
from portfolio.queries import Roll, Rolled
from portfolio.views.asked import BoardAsked, days_of
from portfolio.views.heat import Cell, heat_level
from portfolio.wording import bucket_name, outcome_code, outcome_name
from staff.figures import format_decimal


@dataclass(frozen=True, slots=True)
class RollRow:
    name: str
    #: No money is due in the first bucket, so its shares are of cases.
    is_by_cases: bool
    cells: list[Cell]
    total: Cell


@dataclass(frozen=True, slots=True)
class RollTable:
    heads: list[str]
    rows: list[RollRow]


def roll_table(roll: Roll, currency: str, asked: BoardAsked) -> RollTable | None:
    """None where nothing stood at the earlier close."""
    starts = [i for i in range(len(BUCKETS)) if roll.of_bucket(i).cases]
    if not starts:
        return None
    ends = [*range(len(BUCKETS)), OUTCOME_CLOSED]
    if any(outcome == OUTCOME_WRITTEN_OFF for _, outcome in roll.cells):
        ends.append(OUTCOME_WRITTEN_OFF)

    def cell(start: int, end: int) -> Cell:
        part, whole = roll.cell(start, end), roll.of_bucket(start)
        share = share_of(part, whole)
        return Cell(
            money=format_decimal(share * 100, places=1),
            count=part.cases,
            url=asked.rolled_url(currency, days=days_of(start), outcome=outcome_code(end)),
            level=max(heat_level(int(share * 1000), 1000), 1),
            due_minor=part.due_minor,
            is_worse=end == start + 1,
        )

    def total(start: int) -> Cell:
        whole = roll.of_bucket(start)
        url = asked.rolled_url(currency, days=days_of(start))
        return Cell("100", whole.cases, url, due_minor=whole.due_minor)

    return RollTable(
        heads=[outcome_name(end) for end in ends],
        rows=[
            RollRow(
                bucket_name(BUCKETS[start]),
                roll.of_bucket(start).due_minor == 0,
                [cell(start, end) for end in ends],
                total(start),
            )
            for start in starts
        ],
    )


def share_of(part: Rolled, whole: Rolled) -> Decimal:
    """Of what was due, or of the cases where nothing was."""
    if whole.due_minor:
        return Decimal(part.due_minor) / whole.due_minor
    return Decimal(part.cases) / whole.cases if whole.cases else Decimal(0)

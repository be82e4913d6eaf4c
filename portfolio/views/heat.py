"""Where the money is: a table of stage by days past due for each currency."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.translation import get_language

from cases.lifecycle import Stage
from cases.wording import stage_name
from portfolio.buckets import BUCKETS
from portfolio.queries import CurrencyBook, Sums
from portfolio.views.asked import BoardAsked
from portfolio.wording import bucket_name
from staff.figures import format_scaled, scale_for, scaled_unit

HEAT_LEVELS: Final = 6


@dataclass(frozen=True, slots=True)
class Cell:
    money: str
    count: int
    url: str
    #: 0 for a sum, which is not coloured.
    level: int = 0
    due_minor: int = 0
    #: The worse neighbour, in a table of where cases went.
    is_worse: bool = False


@dataclass(frozen=True, slots=True)
class HeatRow:
    name: str
    cells: list[Cell]
    total: Cell


@dataclass(frozen=True, slots=True)
class HeatTable:
    #: ``mln zł``; it stands in the heading, once.
    unit: str
    heads: list[str]
    rows: list[HeatRow]
    sums: HeatRow


def heat_level(part: int, largest: int) -> int:
    """1 to 6 by the share of the largest cell; 0 where nothing is."""
    if part <= 0 or largest <= 0:
        return 0
    return min(HEAT_LEVELS, 1 + part * HEAT_LEVELS // (largest + 1))


def heat_table(book: CurrencyBook, asked: BoardAsked) -> HeatTable:
    currency = book.currency
    places = [i for i in range(len(BUCKETS)) if i > 0 or book.of_bucket(0).cases]
    largest = max((sums.due_minor for sums in book.cells.values()), default=0)
    scale = scale_for(book.total.due_minor, currency)

    def cell(sums: Sums, *, stage: Stage | None = None, bucket: int | None = None) -> Cell:
        is_sum = stage is None or bucket is None
        return Cell(
            money=format_scaled(sums.due_minor, currency, scale),
            count=sums.cases,
            url=asked.cases_url(currency, stage=stage, bucket=bucket),
            level=0 if is_sum else max(heat_level(sums.due_minor, largest), 1),
            due_minor=sums.due_minor,
        )

    def row(stage: Stage) -> HeatRow:
        return HeatRow(
            str(stage_name(stage)),
            [cell(book.cell(stage, i), stage=stage, bucket=i) for i in places],
            cell(book.of_stage(stage), stage=stage),
        )

    return HeatTable(
        unit=scaled_unit(currency, scale, get_language() or "en"),
        heads=[bucket_name(BUCKETS[i]) for i in places],
        rows=[row(stage) for stage in Stage],
        sums=HeatRow("", [cell(book.of_bucket(i), bucket=i) for i in places], cell(book.total)),
    )

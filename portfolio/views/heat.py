"""How the board is laid out: a table of stage by days past due for each currency."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language

from cases.lifecycle import Stage
from cases.wording import stage_name
from portfolio.buckets import BUCKETS
from portfolio.queries import CurrencyBook, Sums
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


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    cells: list[Cell]
    total: Cell


@dataclass(frozen=True, slots=True)
class Change:
    """The figure now less the figure on the day compared with."""

    cases: int
    due_minor: int


@dataclass(frozen=True, slots=True)
class HeatTable:
    currency: str
    #: ``mln zł``; it stands in the heading, once.
    unit: str
    due: str
    outstanding: str
    heads: list[str]
    rows: list[Row]
    sums: Row
    total: Sums
    change: Change | None
    url: str


def heat_level(minor: int, largest: int) -> int:
    """1 to 6 by the share of the largest cell; 0 where nothing is."""
    if minor <= 0 or largest <= 0:
        return 0
    return min(HEAT_LEVELS, 1 + minor * HEAT_LEVELS // (largest + 1))


def heat_table(book: CurrencyBook, *, on: date, before: CurrencyBook | None) -> HeatTable:
    currency = book.currency
    places = [i for i in range(len(BUCKETS)) if i > 0 or book.of_bucket(0).cases]
    largest = max((sums.due_minor for sums in book.cells.values()), default=0)
    scale = scale_for(book.total.due_minor, currency)

    def cell(sums: Sums, *, stage: str = "", bucket: int | None = None, level: int = 0) -> Cell:
        url = cases_url(on=on, currency=currency, stage=stage, bucket=bucket)
        return Cell(format_scaled(sums.due_minor, currency, scale), sums.cases, url, level)

    def row(stage: Stage) -> Row:
        return Row(
            str(stage_name(stage)),
            [
                cell(
                    (sums := book.cell(stage, i)),
                    stage=stage,
                    bucket=i,
                    level=max(heat_level(sums.due_minor, largest), 1),
                )
                for i in places
            ],
            cell(book.of_stage(stage), stage=stage),
        )

    total = book.total
    return HeatTable(
        currency=currency,
        unit=scaled_unit(currency, scale, get_language() or "en"),
        due=format_scaled(total.due_minor, currency, scale),
        outstanding=format_scaled(total.outstanding_minor, currency, scale),
        heads=[bucket_name(BUCKETS[i]) for i in places],
        rows=[row(stage) for stage in Stage],
        sums=Row("", [cell(book.of_bucket(i), bucket=i) for i in places], cell(total)),
        total=total,
        change=_change(total, before.total) if before else None,
        url=cases_url(on=on, currency=currency),
    )


def _change(now: Sums, before: Sums) -> Change:
    return Change(now.cases - before.cases, now.due_minor - before.due_minor)


def cases_url(*, on: date, currency: str, stage: str = "", bucket: int | None = None) -> str:
    """The list of exactly the cases that a figure counts."""
    query = {"on": on.isoformat(), "currency": currency}
    if stage:
        query["stage"] = stage
    if bucket is not None:
        query["days_past_due_min"] = str(BUCKETS[bucket].first)
        if (last := BUCKETS[bucket].last) is not None:
            query["days_past_due_max"] = str(last)
    return f"{reverse('board-cases')}?{urlencode(query)}"

"""The rates that the product ships: ``ledger/data``, read once and checked when read. Pure."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from kernel.dated_tables import BrokenTable, Row, read_rows
from ledger.rates import Rates, Series, Step

DATA: Final = Path(__file__).parent / "data"


@cache
def shipped_rates(data: Path = DATA) -> Rates:
    """Raises BrokenTable where a series is unknown, or its days do not rise without overlap."""
    steps: defaultdict[Series, list[Step]] = defaultdict(list)
    for row in read_rows(data / "rates.csv"):
        series, step = _step(row)
        last = steps[series][-1] if steps[series] else None
        if last and (step.since <= last.since or (last.until and step.since <= last.until)):
            raise row.broken("valid_from")
        steps[series].append(step)
    return Rates({series: tuple(its) for series, its in steps.items()}, _confirmed_until(data))


def _step(row: Row) -> tuple[Series, Step]:
    try:
        series = Series(row.cells["series"])
    except ValueError:
        raise row.broken("series") from None
    valid = row.validity()
    return series, Step(valid.since, row.required("value"), _source(row), valid.until)


def _source(row: Row) -> str:
    """The act that laid it down. Where the figure was checked stands in ``sources`` and is for
    whoever maintains the table: no page or document cites a newspaper as the law."""
    return row.cells["article"]


def _confirmed_until(data: Path) -> date:
    days = [(row, row.day("confirmed_until")) for row in read_rows(data / "rates_confirmed.csv")]
    confirmed = max((day for _, day in days if day is not None), default=None)
    if confirmed is None:
        raise BrokenTable("rates_confirmed.csv: no day")
    return confirmed

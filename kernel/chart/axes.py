"""What lines and bars have in common: the plot, its ticks, its words, the table behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from kernel.chart.scales import Linear, nice_ticks
from kernel.chart.shapes import (
    AxisMark,
    Canvas,
    DataTable,
    Limit,
    LimitLine,
    Mark,
    Plot,
    Series,
    TableCell,
    Tick,
    room_for,
)

#: What stands where no value is known.
NOTHING: Final = "\u2013"
#: How a value is written: ``9,0`` or ``1 204``.
Text = Callable[[float], str]
#: The address of what a value counts, by its place and the number of its series.
Link = Callable[[int, int], str]


def check_places(labels: Sequence[str], series: Iterable[Series]) -> None:
    """Raises ValueError where a series has not one value per label."""
    for one in series:
        if len(one.values) != len(labels):
            raise ValueError(f"{one.name}: {len(one.values)} values for {len(labels)} labels")


def ticks_over(values: Iterable[float], limit: Limit | None, *, whole: bool) -> tuple[float, ...]:
    """Ticks over the values, the limit and zero: a chart that hides zero exaggerates."""
    known = [0.0, *values, *([limit.value] if limit else [])]
    return nice_ticks(min(known), max(known), whole=whole)


def plot_of(canvas: Canvas, tick_texts: Sequence[str], ends: Sequence[str]) -> Plot:
    left = canvas.left if canvas.left is not None else room_for(*tick_texts) + 10
    right = canvas.right if canvas.right is not None else room_for(*ends) + 10
    return Plot(left, canvas.width - right, canvas.top, canvas.height - canvas.bottom)


def place_ticks(ticks: Sequence[float], texts: Sequence[str], y: Linear) -> tuple[Tick, ...]:
    return tuple(
        Tick(round(y(value), 1), text, value == 0) for value, text in zip(ticks, texts, strict=True)
    )


def place_marks(
    marks: Iterable[Mark], x: Callable[[int], float], canvas: Canvas
) -> tuple[AxisMark, ...]:
    """Words below the axis: one that would run out of the drawing, or into the one before it, is
    turned or left out."""
    placed: list[AxisMark] = []
    free_from = 0.0
    for mark in sorted(marks, key=lambda mark: mark.place):
        middle, half = x(mark.place), room_for(mark.text) / 2
        anchor, begins = "middle", middle - half
        if begins < 0:
            anchor, begins = "start", middle
        elif middle + half > canvas.width:
            anchor, begins = "end", middle - 2 * half
        if begins >= free_from:
            placed.append(AxisMark(round(middle, 1), mark.text, anchor))
            free_from = begins + 2 * half + 6
    return tuple(placed)


def place_limit(limit: Limit | None, y: Linear, plot: Plot) -> LimitLine | None:
    """Its name stands above the line, or below it where there is no room above."""
    if limit is None:
        return None
    line = round(y(limit.value), 1)
    return LimitLine(line, limit.text, round(line - 5 if line - plot.top >= 12 else line + 14, 1))


def table_of(
    head: str,
    labels: Sequence[str],
    series: Sequence[Series],
    text: Text,
    *,
    link: Link | None,
) -> DataTable:
    def cell(place: int, number: int) -> TableCell:
        value = series[number].values[place]
        if value is None:
            return TableCell(NOTHING)
        return TableCell(text(value), link(place, number) if link and value else "")

    return DataTable(
        heads=(head, *(one.name for one in series)),
        rows=tuple(
            (TableCell(label), *(cell(place, number) for number in range(len(series))))
            for place, label in enumerate(labels)
        ),
    )

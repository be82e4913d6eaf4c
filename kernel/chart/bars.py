"""Bars per day, one or several on top of each other, with a step line to hold them against."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kernel.chart.axes import (
    Link,
    Text,
    check_places,
    place_limit,
    place_marks,
    place_ticks,
    plot_of,
    table_of,
    ticks_over,
)
from kernel.chart.scales import Band, Linear
from kernel.chart.shapes import SMALL, Bar, BarChart, Canvas, Limit, Mark, Series


def draw_bars(
    *,
    key: str,
    title: str,
    description: str,
    head: str,
    labels: Sequence[str],
    stack: Sequence[Series],
    text: Text,
    tick_text: Text | None = None,
    steps: Series | None = None,
    marks: Iterable[Mark] = (),
    limit: Limit | None = None,
    whole: bool = False,
    link: Link | None = None,
    canvas: Canvas = SMALL,
) -> BarChart:
    """A bar per place and series of ``stack``, the first at the axis and the next ones beyond it.

    Values below zero stack downwards. ``steps`` is the line drawn over the bars. ``labels``,
    ``head``, ``marks`` and ``tick_text`` are as for lines. Raises ValueError where a series has
    not one value per label.
    """
    series = [*stack, *([steps] if steps else [])]
    check_places(labels, series)
    ends = _ends(stack, len(labels))
    known = [end for pair in ends for end in pair]
    known += [value for value in (steps.values if steps else ()) if value is not None]
    ticks = ticks_over(known, limit, whole=whole)
    tick_texts = [(tick_text or text)(tick) for tick in ticks]
    plot = plot_of(canvas, tick_texts, ())
    band = Band(len(labels), plot.left, plot.right)
    y = Linear(ticks[0], ticks[-1], plot.bottom, plot.top)
    return BarChart(
        key=key,
        title=title,
        description=description,
        width=canvas.width,
        height=canvas.height,
        plot=plot,
        ticks=place_ticks(ticks, tick_texts, y),
        marks=place_marks(marks, band.middle, canvas),
        bars=_bars(labels, stack, band, y, text),
        step_path=step_path(steps.values, band, y) if steps else "",
        limit=place_limit(limit, y, plot),
        table=table_of(head, labels, series, text, link=link),
    )


def step_path(values: Sequence[float | None], band: Band, y: Linear) -> str:
    """A level line over each place, joined to the next by an upright one; broken at a gap."""
    path, drawing = "", False
    for place, value in enumerate(values):
        if value is None:
            drawing = False
            continue
        level, right = f"{round(y(value), 1):g}", f"{round(band.edge(place + 1), 1):g}"
        path += f"V{level}H{right}" if drawing else f"M{_edge(band, place)} {level}H{right}"
        drawing = True
    return path


def _edge(band: Band, place: int) -> str:
    return f"{round(band.edge(place), 1):g}"


def _ends(stack: Sequence[Series], count: int) -> list[tuple[float, float]]:
    """How far down and how far up the bars of each place reach."""
    values = [[one.values[place] or 0 for one in stack] for place in range(count)]
    return [
        (sum(value for value in column if value < 0), sum(value for value in column if value > 0))
        for column in values
    ]


def _bars(
    labels: Sequence[str], stack: Sequence[Series], band: Band, y: Linear, text: Text
) -> tuple[Bar, ...]:
    bars = []
    for place, label in enumerate(labels):
        down: float = 0
        up: float = 0
        for one in stack:
            value = one.values[place]
            if not value:
                continue
            if value > 0:
                top, bottom, up = y(up + value), y(up), up + value
            else:
                top, bottom, down = y(down), y(down + value), down + value
            name = f" {one.name}" if len(stack) > 1 else ""
            bars.append(
                Bar(
                    x=round(band.left(place), 1),
                    y=round(top, 1),
                    width=round(band.width, 1),
                    height=round(bottom - top, 1),
                    tone=one.tone,
                    text=f"{label}:{name} {text(value)}",
                )
            )
    return tuple(bars)

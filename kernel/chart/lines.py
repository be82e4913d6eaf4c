"""Lines over time, named at their end with the last value; and the small one beside a figure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from kernel.chart.axes import (
    NOTHING,
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
from kernel.chart.scales import Linear, spread_labels
from kernel.chart.shapes import (
    BESIDE_A_FIGURE,
    WIDE,
    Canvas,
    Hover,
    Limit,
    Line,
    LineChart,
    Mark,
    Plot,
    Point,
    Series,
    Shade,
    Span,
    Sparkline,
)

#: A name and its last value below it, and the distance of the first base line from the top.
_LABEL_HEIGHT: Final = 30
_BASE_LINE: Final = 11


def draw_lines(
    *,
    key: str,
    title: str,
    description: str,
    head: str,
    labels: Sequence[str],
    series: Sequence[Series],
    text: Text,
    tick_text: Text | None = None,
    marks: Iterable[Mark] = (),
    limit: Limit | None = None,
    compared: Span | None = None,
    whole: bool = False,
    link: Link | None = None,
    canvas: Canvas = WIDE,
) -> LineChart:
    """One line per series over the same places.

    ``labels`` names each place in full, ``head`` what they are (``Week``), both for the table;
    ``marks`` are the few words below the axis. ``tick_text`` writes the ticks where they are
    written shorter than values; ``link`` says what a number of the table opens. Raises ValueError
    where a series has not one value per label.
    """
    check_places(labels, series)
    known = [value for one in series for value in one.values if value is not None]
    ticks = ticks_over(known, limit, whole=whole)
    tick_texts = [(tick_text or text)(tick) for tick in ticks]
    lasts = [_last(one.values) for one in series]
    last_texts = [NOTHING if last is None else text(last) for last in lasts]
    plot = plot_of(canvas, tick_texts, [one.name for one in series] + last_texts)
    x = _across(len(labels), plot)
    y = Linear(ticks[0], ticks[-1], plot.bottom, plot.top)
    tops = spread_labels(
        [y(last if last is not None else 0) - _BASE_LINE for last in lasts],
        height=_LABEL_HEIGHT,
        low=0,
        high=canvas.height,
    )
    return LineChart(
        key=key,
        title=title,
        description=description,
        width=canvas.width,
        height=canvas.height,
        plot=plot,
        ticks=place_ticks(ticks, tick_texts, y),
        marks=place_marks(marks, x, canvas),
        lines=tuple(
            _line(one, x, y, last_text, plot.right + 8, top + _BASE_LINE)
            for one, last_text, top in zip(series, last_texts, tops, strict=True)
        ),
        limit=place_limit(limit, y, plot),
        shade=_shade(compared, x, plot) if compared and labels else None,
        hovers=_hovers(labels, series, text, x, plot),
        table=table_of(head, labels, series, text, link=link),
    )


def draw_sparkline(
    *, title: str, values: Sequence[float | None], canvas: Canvas = BESIDE_A_FIGURE
) -> Sparkline:
    """The shape of a row of values from its least to its greatest; zero need not be in it."""
    plot = plot_of(canvas, (), ())
    known = [value for value in values if value is not None]
    low, high = min(known, default=0), max(known, default=0)
    level = (plot.top + plot.bottom) / 2
    y = Linear(low, high, plot.bottom, plot.top) if low != high else Linear(0, 1, level, level)
    runs = _runs(values, _across(len(values), plot), y)
    points = tuple(point for run in runs for point in run)
    return Sparkline(
        title=title,
        width=canvas.width,
        height=canvas.height,
        path=_path(runs),
        points=points,
        last=points[-1] if points else None,
    )


def _across(count: int, plot: Plot) -> Callable[[int], float]:
    """From the left edge of the plot to its right one; a single place stands at the right, where
    its name is."""
    if count == 1:
        return lambda _place: plot.right
    return Linear(0, count - 1, plot.left, plot.right)


def _last(values: Sequence[float | None]) -> float | None:
    return next((value for value in reversed(values) if value is not None), None)


def _runs(
    values: Sequence[float | None], x: Callable[[int], float], y: Linear
) -> list[list[Point]]:
    """The points, broken where a value is missing."""
    runs: list[list[Point]] = [[]]
    for place, value in enumerate(values):
        if value is not None:
            runs[-1].append(Point(round(x(place), 1), round(y(value), 1)))
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _path(runs: Iterable[Sequence[Point]]) -> str:
    return "".join(
        "M" + "L".join(f"{point.x:g} {point.y:g}" for point in run) for run in runs if len(run) > 1
    )


def _line(
    series: Series, x: Callable[[int], float], y: Linear, last: str, label_x: float, label_y: float
) -> Line:
    runs = _runs(series.values, x, y)
    return Line(
        name=series.name,
        tone=series.tone,
        path=_path(runs),
        points=tuple(point for run in runs for point in run),
        dots=tuple(run[0] for run in runs if len(run) == 1),
        last=last,
        label_x=round(label_x, 1),
        label_y=round(label_y, 1),
    )


def _shade(span: Span, x: Callable[[int], float], plot: Plot) -> Shade:
    left, right = max(x(span.first), plot.left), min(x(span.last), plot.right)
    return Shade(round(left, 1), round(max(right - left, 0), 1), span.text)


def _hovers(
    labels: Sequence[str],
    series: Sequence[Series],
    text: Text,
    x: Callable[[int], float],
    plot: Plot,
) -> tuple[Hover, ...]:
    half = plot.width / (2 * (len(labels) - 1)) if len(labels) > 1 else plot.width
    hovers = []
    for place, label in enumerate(labels):
        left, right = max(x(place) - half, plot.left), min(x(place) + half, plot.right)
        said = ", ".join(
            f"{one.name} {text(value)}"
            for one in series
            if (value := one.values[place]) is not None
        )
        hovers.append(Hover(round(left, 1), round(right - left, 1), f"{label}: {said or NOTHING}"))
    return tuple(hovers)

"""Charts as geometry: numbers and their names go in, shapes that a template draws come out. Pure.

Lengths are page pixels, with the origin at the top left and y growing downwards. Values are plain
numbers (counts, or money in minor units of one currency); a chart never says how a number is
written, its caller does, through ``text``. Nothing here is ever added up or stored.

``draw_lines`` for what goes on over time, ``draw_bars`` for amounts per day with a step line to
hold them against, ``draw_sparkline`` for a shape beside a figure. The parts they are made of
(``nice_ticks``, ``Linear``, ``Band``, ``spread_labels``) stand in ``scales``.
"""

from kernel.chart.bars import draw_bars
from kernel.chart.lines import draw_lines, draw_sparkline
from kernel.chart.scales import Band, Linear, nice_ticks, spread_labels
from kernel.chart.shapes import (
    BarChart,
    Canvas,
    DataTable,
    Limit,
    LineChart,
    Mark,
    Series,
    Span,
    Sparkline,
    Tone,
)

__all__ = [
    "Band",
    "BarChart",
    "Canvas",
    "DataTable",
    "Limit",
    "LineChart",
    "Linear",
    "Mark",
    "Series",
    "Span",
    "Sparkline",
    "Tone",
    "draw_bars",
    "draw_lines",
    "draw_sparkline",
    "nice_ticks",
    "spread_labels",
]

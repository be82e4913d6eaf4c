"""Charts: every value stands where it should, and no word covers another."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.chart import (
    Band,
    BarChart,
    Canvas,
    Limit,
    Linear,
    LineChart,
    Mark,
    Series,
    Span,
    Tone,
    draw_bars,
    draw_lines,
    draw_sparkline,
    nice_ticks,
    spread_labels,
)
from kernel.chart.bars import step_path

VALUES = st.integers(-(10**11), 10**11) | st.floats(
    -1e9, 1e9, allow_nan=False, allow_infinity=False
)
ROWS = st.lists(st.none() | VALUES, max_size=40)


def say(value: float) -> str:
    return f"{value:g}"


def lines(*rows: list[float | None], **more: object) -> LineChart:
    labels = [str(place) for place in range(len(rows[0]))]
    series = [Series(f"row {i}", tuple(row)) for i, row in enumerate(rows)]
    words = {"key": "k", "title": "t", "description": "d", "head": "Day", "text": say}
    return draw_lines(**words, labels=labels, series=series, **more)  # type: ignore[arg-type]


def bars(*rows: list[float | None], **more: object) -> BarChart:
    labels = [str(place) for place in range(len(rows[0]))]
    stack = [Series(f"row {i}", tuple(row)) for i, row in enumerate(rows)]
    words = {"key": "k", "title": "t", "description": "d", "head": "Day", "text": say}
    return draw_bars(**words, labels=labels, stack=stack, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0, 9, (0, 2.5, 5, 7.5, 10)),
        (0, 8.2, (0, 2.5, 5, 7.5, 10)),
        (0, 4, (0, 1, 2, 3, 4)),
        (0, 310, (0, 100, 200, 300, 400)),
        (-30, 70, (-50, 0, 50, 100)),
        (0, 0, (0, 1)),
        (0.1, 0.3, (0.1, 0.15, 0.2, 0.25, 0.3)),
        (-7, -7, (-8, -6, -4, -2, 0)),
    ],
)
def test_ticks_are_round_numbers(low: float, high: float, ticks: tuple[float, ...]) -> None:
    assert nice_ticks(low, high) == pytest.approx(ticks)


@given(VALUES, VALUES, st.integers(3, 7))
def test_ticks_cover_the_data_are_few_and_evenly_spaced(a: float, b: float, most: int) -> None:
    low, high = min(a, b), max(a, b)
    ticks = nice_ticks(low, high, most=most)
    slack = abs(ticks[-1] - ticks[0]) * 1e-9
    assert 2 <= len(ticks) <= most
    assert ticks[0] <= low + slack
    assert ticks[-1] >= high - slack
    steps = [after - before for before, after in pairwise(ticks)]
    assert min(steps) > 0
    assert max(steps) == pytest.approx(min(steps), rel=1e-6)
    if low <= 0 <= high:
        assert 0 in ticks


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_ticks_of_counts_are_whole(a: int, b: int) -> None:
    assert all(tick == int(tick) for tick in nice_ticks(min(a, b), max(a, b), whole=True))


@pytest.mark.parametrize(("low", "high"), [(1, 0), (0, float("nan")), (float("-inf"), 0)])
def test_ticks_over_nonsense_are_refused(low: float, high: float) -> None:
    with pytest.raises(ValueError, match="no ticks"):
        nice_ticks(low, high)


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=30), st.booleans())
def test_a_linear_scale_keeps_the_order(values: list[float], down: bool) -> None:
    start, stop = (200.0, 14.0) if down else (14.0, 200.0)
    scale = Linear(min(values), max(values), start, stop)
    places = [scale(value) for value in sorted(values)]
    assert places == sorted(places, reverse=down) or min(values) == max(values)
    assert all(14 - 1e-6 <= place <= 200 + 1e-6 for place in places)


@given(st.integers(1, 400), st.floats(0, 0.9))
def test_bands_stand_side_by_side_and_fill_the_width(count: int, gap: float) -> None:
    band = Band(count, 36, 412, gap)
    assert band.left(0) >= 36
    assert band.left(count - 1) + band.width <= 412 + 1e-6
    for place in range(count):
        assert band.edge(place) <= band.left(place) <= band.middle(place)
        assert band.left(place) + band.width <= band.edge(place + 1) + 1e-6
    assert band.edge(count) == pytest.approx(412)


@given(st.lists(st.floats(-50, 300), max_size=8))
def test_labels_keep_apart_keep_their_order_and_stay_inside(wanted: list[float]) -> None:
    tops = spread_labels(wanted, height=28, low=0, high=236)
    assert len(tops) == len(wanted)
    assert all(-1e-6 <= top <= 236 - 28 + 1e-6 for top in tops)
    for before, after in pairwise(sorted(tops)):
        assert after - before >= 28 - 1e-6
    by_wish = sorted(range(len(wanted)), key=lambda i: (wanted[i], i))
    assert [tops[i] for i in by_wish] == sorted(tops)


@given(st.lists(st.floats(-50, 300), min_size=9, max_size=30))
def test_labels_without_room_share_what_there_is(wanted: list[float]) -> None:
    tops = spread_labels(wanted, height=28, low=0, high=236)
    assert all(-1e-6 <= top <= 236 - 28 + 1e-6 for top in tops)


def test_a_label_with_room_stands_where_it_is_wanted() -> None:
    assert spread_labels([100, 10], height=28, low=0, high=236) == (100, 10)


def test_labels_that_push_each_other_move_equally_far() -> None:
    assert spread_labels([100, 100], height=28, low=0, high=236) == (86, 114)


@given(ROWS, ROWS)
def test_every_point_of_a_line_stands_inside_the_plot(
    first: list[float | None], second: list[float | None]
) -> None:
    count = min(len(first), len(second))
    chart = lines(first[:count], second[:count])
    plot = chart.plot
    for line, row in zip(chart.lines, (first[:count], second[:count]), strict=True):
        assert len(line.points) == sum(value is not None for value in row)
        for point in line.points:
            assert plot.left - 0.06 <= point.x <= plot.right + 0.06
            assert plot.top - 0.06 <= point.y <= plot.bottom + 0.06
    assert all(plot.top <= tick.y <= plot.bottom for tick in chart.ticks)
    assert abs(chart.lines[0].label_y - chart.lines[1].label_y) >= 28


@given(st.lists(VALUES, min_size=2, max_size=30))
def test_a_higher_value_never_stands_lower(values: list[float]) -> None:
    points = lines(list(values)).lines[0].points
    by_value = sorted(zip(values, points, strict=True), key=lambda pair: pair[0])
    heights = [point.y for _, point in by_value]
    assert heights == sorted(heights, reverse=True)


def test_a_missing_value_breaks_the_line_and_a_lonely_one_is_a_dot() -> None:
    line = lines([1, 2, None, 3, None, 4, 5]).lines[0]
    assert line.path.count("M") == 2
    assert len(line.dots) == 1
    assert line.last == "5"


def test_a_chart_without_values_has_axes_and_an_empty_table() -> None:
    chart = lines([])
    assert chart.lines[0].path == ""
    assert chart.lines[0].last == "–"
    assert [tick.text for tick in chart.ticks] == ["0", "1"]
    assert chart.table.rows == ()
    assert bars([]).bars == ()


def test_a_single_value_is_a_dot_beside_its_name() -> None:
    chart = lines([7])
    (dot,) = chart.lines[0].dots
    assert dot.x == chart.plot.right
    assert chart.table.rows == ((("0", ""), ("7", "")),)


def test_the_table_says_every_value_of_every_series() -> None:
    chart = lines([1, None], [3, 4])
    assert chart.table.heads == ("Day", "row 0", "row 1")
    assert [[cell.text for cell in row] for row in chart.table.rows] == [
        ["0", "1", "3"],
        ["1", "–", "4"],
    ]


def test_a_number_of_the_table_opens_what_it_counts_and_nothing_opens_nothing() -> None:
    chart = lines([1, 0], [None, 4], link=lambda place, number: f"/{number}/{place}")
    assert [[cell.url for cell in row] for row in chart.table.rows] == [
        ["", "/0/0", ""],
        ["", "", "/1/1"],
    ]


def test_the_zero_line_is_the_only_one_drawn_stronger() -> None:
    ticks = lines([-40, 60]).ticks
    assert [tick.text for tick in ticks if tick.is_zero] == ["0"]
    assert len(ticks) == 4


def test_a_limit_above_the_data_is_inside_the_plot() -> None:
    chart = lines([1, 2], limit=Limit(260, "capacity 260"))
    assert chart.limit is not None
    assert chart.plot.top <= chart.limit.y <= chart.plot.bottom


def test_the_compared_part_is_cut_off_at_the_plot() -> None:
    shade = lines([1, 2, 3, 4], compared=Span(-3, 1, "October")).shade
    assert shade is not None
    assert shade.x == lines([1, 2, 3, 4]).plot.left
    assert shade.width == pytest.approx(lines([1, 2, 3, 4]).plot.width / 3, abs=0.2)


def test_words_below_the_axis_never_run_into_each_other() -> None:
    marks = [Mark(place, "24.11.2026") for place in range(30)]
    placed = lines([1] * 30, marks=marks).marks
    assert 2 <= len(placed) < 30
    for before, after in pairwise(placed):
        assert after.x - before.x >= 60


def test_a_series_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="2 values for 1 labels"):
        lines([1], [1, 2])


@given(st.lists(st.tuples(VALUES, VALUES), min_size=1, max_size=30))
def test_stacked_bars_stand_inside_the_plot_and_on_top_of_each_other(
    pairs: list[tuple[float, float]],
) -> None:
    chart = bars([a for a, _ in pairs], [b for _, b in pairs])
    for bar in chart.bars:
        assert chart.plot.left <= bar.x
        assert bar.x + bar.width <= chart.plot.right + 0.2
        assert chart.plot.top - 0.1 <= bar.y
        assert bar.y + bar.height <= chart.plot.bottom + 0.2
        assert bar.height >= 0
    columns: dict[float, list[tuple[float, float]]] = {}
    for bar in chart.bars:
        columns.setdefault(bar.x, []).append((bar.y, bar.y + bar.height))
    for spans in columns.values():
        for (_, bottom), (top, _) in pairwise(sorted(spans)):
            assert top >= bottom - 0.2


def test_bars_below_zero_hang_from_the_axis() -> None:
    chart = bars([5, -5])
    zero = next(tick.y for tick in chart.ticks if tick.is_zero)
    above, below = chart.bars
    assert above.y + above.height == pytest.approx(zero, abs=0.1)
    assert below.y == pytest.approx(zero, abs=0.1)


def test_the_step_line_goes_level_over_each_place_and_breaks_at_a_gap() -> None:
    band, y = Band(4, 0, 40), Linear(0, 10, 100, 0)
    assert step_path([1, 2, None, 3], band, y) == "M0 90H10V80H20M30 70H40"
    assert step_path([], band, y) == ""


def test_bars_say_what_they_are() -> None:
    chart = bars([3], [4], steps=Series("live", (9,), Tone.COMPARED))
    assert [bar.text for bar in chart.bars] == ["0: row 0 3", "0: row 1 4"]
    assert chart.table.heads == ("Day", "row 0", "row 1", "live")
    assert chart.step_path.startswith("M")


@given(ROWS)
def test_a_sparkline_stays_inside_its_drawing(values: list[float | None]) -> None:
    line = draw_sparkline(title="t", values=values)
    assert all(3 <= point.x <= 93 and 3 <= point.y <= 21 for point in line.points)
    assert (line.last is None) == (not line.points)
    numbers = re.findall(r"[-\d.]+", line.path)
    assert all(0 <= float(number) <= 96 for number in numbers)


def test_a_level_sparkline_runs_through_the_middle() -> None:
    assert {p.y for p in draw_sparkline(title="t", values=[4, 4, 4]).points} == {12}


def test_names_get_the_room_that_they_need() -> None:
    short, long = lines([1]), lines([1], canvas=Canvas(right=200))
    assert long.plot.right == 400
    assert short.plot.right > 500

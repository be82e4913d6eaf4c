"""What goes into a chart and what a template draws of it. Frozen, and only numbers and words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

#: Page pixels that a figure of the 12 px face takes, a little generously.
_LETTER: Final = 6.6


class Tone(StrEnum):
    """How a line is drawn, which is also its class in the style sheet."""

    OURS = "ours"
    COMPARED = "compared"
    THIRD = "third"


@dataclass(frozen=True, slots=True)
class Series:
    """One value per place; None where nothing is known, which is drawn as a gap."""

    name: str
    values: tuple[float | None, ...]
    tone: Tone = Tone.OURS


@dataclass(frozen=True, slots=True)
class Mark:
    """A word below the axis, at a place counted from 0."""

    place: int
    text: str


@dataclass(frozen=True, slots=True)
class Limit:
    """A value that should not be passed, with its name: ``capacity 260``."""

    value: float
    text: str


@dataclass(frozen=True, slots=True)
class Span:
    """Places ``first`` to ``last``, both included, that are held against the rest."""

    first: int
    last: int
    text: str


@dataclass(frozen=True, slots=True)
class Canvas:
    """The size of the drawing, and what is kept free around the plot for words."""

    width: int = 600
    height: int = 236
    top: int = 14
    bottom: int = 26
    #: None takes as much as the labels need.
    left: int | None = None
    right: int | None = None


WIDE: Final = Canvas()
#: Three of them stand below each other beside a page.
SMALL: Final = Canvas(width=420, height=128, top=16, bottom=22, right=8)
BESIDE_A_FIGURE: Final = Canvas(width=96, height=24, top=3, bottom=3, left=3, right=3)


def room_for(*texts: str) -> int:
    """Page pixels that the longest of the words takes, by estimate."""
    return round(max((len(text) for text in texts), default=0) * _LETTER)


@dataclass(frozen=True, slots=True)
class Point:
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Tick:
    """A line across the plot; ``is_zero`` is drawn stronger."""

    y: float
    text: str
    is_zero: bool

    @property
    def text_y(self) -> float:
        return round(self.y + 4, 1)


@dataclass(frozen=True, slots=True)
class AxisMark:
    x: float
    text: str
    #: ``start``, ``middle`` or ``end``, so that no word leaves the drawing.
    anchor: str


@dataclass(frozen=True, slots=True)
class LimitLine:
    y: float
    text: str
    text_y: float


@dataclass(frozen=True, slots=True)
class Shade:
    """The compared part, behind the lines."""

    x: float
    width: float
    text: str


@dataclass(frozen=True, slots=True)
class Hover:
    """A strip of the plot that says the values standing in it."""

    x: float
    width: float
    text: str


@dataclass(frozen=True, slots=True)
class Plot:
    """The part of the drawing in which values stand."""

    left: float
    right: float
    top: float
    bottom: float

    @property
    def width(self) -> float:
        return round(self.right - self.left, 1)

    @property
    def height(self) -> float:
        return round(self.bottom - self.top, 1)


class TableCell(NamedTuple):
    """``url`` opens what the number counts; empty where nothing does."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class DataTable:
    """The same numbers in words: a heading per column, and rows whose first cell names the row."""

    heads: tuple[str, ...]
    rows: tuple[tuple[TableCell, ...], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A series as drawn; ``label_y`` is the base line of its name, its last value stands below."""

    name: str
    tone: Tone
    path: str
    points: tuple[Point, ...]
    #: Points with no neighbour, of which a path shows nothing.
    dots: tuple[Point, ...]
    last: str
    label_x: float
    label_y: float

    @property
    def value_y(self) -> float:
        return round(self.label_y + 14, 1)


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle; ``text`` says its place and value."""

    x: float
    y: float
    width: float
    height: float
    tone: Tone
    text: str


@dataclass(frozen=True, slots=True)
class LineChart:
    """``key`` is unique on its page: the drawing's title and description are found by it."""

    key: str
    title: str
    description: str
    width: int
    height: int
    plot: Plot
    ticks: tuple[Tick, ...]
    marks: tuple[AxisMark, ...]
    lines: tuple[Line, ...]
    limit: LimitLine | None
    shade: Shade | None
    hovers: tuple[Hover, ...]
    table: DataTable


@dataclass(frozen=True, slots=True)
class BarChart:
    """``key`` is unique on its page; ``step_path`` is empty where nothing is compared."""

    key: str
    title: str
    description: str
    width: int
    height: int
    plot: Plot
    ticks: tuple[Tick, ...]
    marks: tuple[AxisMark, ...]
    bars: tuple[Bar, ...]
    step_path: str
    limit: LimitLine | None
    table: DataTable


@dataclass(frozen=True, slots=True)
class Sparkline:
    """A line without axes; ``last`` is its end, empty where nothing is known."""

    title: str
    width: int
    height: int
    path: str
    points: tuple[Point, ...]
    last: Point | None

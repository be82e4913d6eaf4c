"""What came in, was paid and was cured, week by week."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final, NamedTuple

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kernel.chart import Canvas, LineChart, Mark, Series, Span, Tone, draw_lines
from portfolio.entries import EntryKind
from portfolio.periods import Stretch, week_of
from portfolio.queries import Flows
from portfolio.views.asked import BoardAsked
from staff.figures import (
    EN_DASH,
    Scale,
    format_scaled,
    format_short_day,
    scale_for,
    scaled_unit,
)

WEEKS: Final = 26
#: What has come in is what was there on the new cases, and what fell due on the others.
CAME_IN: Final = (EntryKind.OPENED, EntryKind.FELL_DUE)
TREND_KINDS: Final = frozenset({*CAME_IN, EntryKind.PAID, EntryKind.CURED})
_WEEK: Final = timedelta(days=7)
_CANVAS: Final = Canvas(width=604, height=240)
_ROMAN: Final = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


class TrendWeek(NamedTuple):
    """Minor units of one currency."""

    label: str
    came_in: int
    paid: int
    cured: int


def trend_rows(weeks: Mapping[date, Flows], mondays: list[date]) -> list[TrendWeek]:
    found = [(monday, weeks.get(monday, Flows())) for monday in mondays]
    return [
        TrendWeek(
            week_label(monday),
            _came_in(week),
            week[EntryKind.PAID].money_minor,
            week[EntryKind.CURED].due_minor,
        )
        for monday, week in found
    ]


def trend_weeks(on: date, first_day: date) -> tuple[date, date]:
    """The Mondays of the first and last whole week of the trend."""
    last = week_of(on + timedelta(days=1)) - _WEEK
    first = max(last - (WEEKS - 1) * _WEEK, week_of(first_day - timedelta(days=1)) + _WEEK)
    return first, last


def week_label(monday: date) -> str:
    """``16–22.11`` or ``30.11–06.12``"""
    sunday = monday + timedelta(days=6)
    begun = f"{monday:%d}" if monday.month == sunday.month else format_short_day(monday)
    return f"{begun}{EN_DASH}{format_short_day(sunday)}"


def trend_unit(weeks: Mapping[date, Flows], currency: str) -> tuple[Scale, str]:
    largest = max(
        (max(_came_in(week), week[EntryKind.PAID].money_minor) for week in weeks.values()),
        default=0,
    )
    scale = scale_for(largest, currency)
    return scale, scaled_unit(currency, scale, get_language() or "en")


def _came_in(week: Flows) -> int:
    return sum(week[kind].due_minor for kind in CAME_IN)


def draw_trend(
    weeks: Mapping[date, Flows], mondays: list[date], currency: str, asked: BoardAsked
) -> LineChart:
    """In minor units; each number of its table opens the lines of its week."""
    scale, unit = trend_unit(weeks, currency)
    found = trend_rows(weeks, mondays)

    def link(place: int, series: int) -> str:
        monday = mondays[place]
        kinds = (CAME_IN, (EntryKind.PAID,), (EntryKind.CURED,))[series]
        week = asked.at_week(monday + timedelta(days=6))
        return week.lines_url(*kinds, currency=currency, since=monday - timedelta(days=1))

    return draw_lines(
        key=f"trend-{currency}",
        title=_("New arrears, payments and cured arrears, week by week"),
        description=_("%(unit)s a week, from %(first)s to %(last)s")
        % {"unit": unit, "first": week_label(mondays[0]), "last": week_label(mondays[-1])},
        head=_("Week"),
        labels=[week_label(monday) for monday in mondays],
        series=[
            Series(_("New arrears"), tuple(week.came_in for week in found), Tone.COMPARED),
            Series(_("Payments"), tuple(week.paid for week in found)),
            Series(_("Cured"), tuple(week.cured for week in found), Tone.THIRD),
        ],
        text=lambda minor: format_scaled(round(minor), currency, scale),
        tick_text=lambda minor: format_scaled(round(minor), currency, scale).removesuffix(",0"),
        marks=_months(mondays),
        compared=_span(asked.stretch, mondays),
        link=link,
        canvas=_CANVAS,
    )


def _months(mondays: list[date]) -> list[Mark]:
    """The first week that begins in each month."""
    return [
        Mark(place, _ROMAN[monday.month - 1])
        for place, monday in enumerate(mondays)
        if place == 0 or monday.month != mondays[place - 1].month
    ]


def _span(stretch: Stretch | None, mondays: list[date]) -> Span | None:
    """The weeks that lie wholly in the period of the board."""
    if stretch is None:
        return None
    inside = [place for place, monday in enumerate(mondays) if monday > stretch.after]
    if not inside or inside[0] == 0:
        return None
    return Span(inside[0] - 1, inside[-1], _("period"))

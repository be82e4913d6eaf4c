"""The board: one currency after the other, then what is not of a currency."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from bookkeeping.queries.deciding import get_deciding_reader
from cases.queries.approvals import ApprovalsFilter, count_approvals, list_approvals
from kernel import clock
from kernel.calendar import POLAND
from kernel.chart import LineChart
from kernel.clock import legal_day
from portfolio.periods import Stretch
from portfolio.queries import (
    CurrencyBook,
    Flows,
    Pair,
    Roll,
    get_month_targets,
    list_books,
    list_flows,
    list_of_day,
    list_officers,
    list_people_sums,
    list_rolls,
    list_weeks,
)
from portfolio.targets import months_of, target_of
from portfolio.views.asked import BoardAsked, read_board
from portfolio.views.filters import board_chips, board_options
from portfolio.views.formulas import section_formulas
from portfolio.views.headline import CurrencyFigures, Figure, headline
from portfolio.views.heat import HeatTable, heat_table
from portfolio.views.people import TeamPeople, people_by_team
from portfolio.views.roll import RollTable, roll_table
from portfolio.views.statement import Statement, statement
from portfolio.views.trend import (
    TREND_KINDS,
    TrendWeek,
    draw_trend,
    trend_rows,
    trend_unit,
    trend_weeks,
    week_label,
)
from portfolio.views.waiting import data_problems, deadlines, proposals, stopped
from portfolio.wording import approval_name
from staff.access import StaffRequest, page
from staff.models import Team
from staff.queries import list_teams
from staff.rights import Right

#: So many of what waits for the reader are shown; the rest is one click away.
_FIRST_APPROVALS: Final = 4
_WEEK: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class CurrencyBlock:
    """Everything of one currency. Parts are None where there is nothing to tell yet."""

    currency: str
    figures: list[Figure]
    heat: HeatTable
    trend: LineChart | None
    #: Each week in words, with what came in, was paid and was cured.
    weeks: list[TrendWeek]
    trend_unit: str
    last_week: str
    roll: RollTable | None
    statement: Statement | None


@dataclass(frozen=True, slots=True)
class Board:
    """A board as it is shown, or as its tables are taken away."""

    asked: BoardAsked
    blocks: list[CurrencyBlock]
    teams: list[TeamPeople]
    all_teams: list[Team]


@require_safe
@page(Right.SEE_BOARD)
def show_board(request: StaffRequest) -> HttpResponse:
    """``?on=`` an earlier close, ``?period=month|30|7`` or ``?since=`` what it is held against,
    ``?team=&product=&segment=`` a part of the book."""
    asked = read_board(request)
    if asked is None:
        return render(request, "portfolio/board.html", {"blocks": []})
    board = get_board(asked)
    waiting = list_of_day(on=asked.on, scope=asked.scope)
    decider, authority = get_deciding_reader(user=request.user, on=clock.today())
    team = asked.scope.team_id
    mine = ApprovalsFilter(within=authority, team=team)
    context: dict[str, Any] = {
        "snapshot": asked.snapshot,
        "stretch": asked.stretch,
        "blocks": board.blocks,
        "teams": board.teams,
        "team_name": next((one.name for one in board.all_teams if one.pk == team), ""),
        "has_results": any(team.acting for team in board.teams),
        "currency": board.blocks[0].currency if board.blocks else "",
        "approvals": [
            (approval_name(row.kind), row, legal_day(row.proposed_at))
            for row in list_approvals(actor=decider, chosen=mine, limit=_FIRST_APPROVALS)
        ],
        "approvals_count": count_approvals(actor=decider, chosen=mine).waiting,
        "approvals_query": urlencode({"mine": 1} | ({"team": team} if team is not None else {})),
        "deadlines": deadlines(waiting, asked),
        "problems": data_problems(waiting, asked),
        "proposals": proposals(waiting, asked),
        "stopped": stopped(waiting, asked),
        "formulas": section_formulas(asked),
        "may_set_targets": request.actor.has(Right.SET_TARGETS),
        "chips": board_chips(request, asked),
        "options": board_options(request, asked, board.all_teams),
        "table_query": asked.board_url().partition("?")[2],
    }
    return render(request, "portfolio/board.html", context)


def get_board(asked: BoardAsked) -> Board:
    """Read everything that a board shows of the book and its people."""
    on, stretch, before = asked.on, asked.stretch, asked.before
    books = list_books(days=[on, *([stretch.after] if stretch else [])], scope=asked.scope)
    nothing_before = Stretch(on, on)
    now, earlier = list_flows(stretch=stretch or nothing_before, before=before, scope=asked.scope)
    first, last = trend_weeks(on, _first_day(asked))
    weeks = list_weeks(first=first, last=last, kinds=TREND_KINDS, scope=asked.scope)
    pairs = [Pair(part.after, part.through) for part in (stretch, before) if part]
    rolls = list_rolls(pairs=pairs, scope=asked.scope)
    months = months_of(stretch) if stretch else []
    targets = get_month_targets(months=months, scope=asked.scope)
    mondays = [first + _WEEK * i for i in range((last - first) // _WEEK + 1)]
    since = books.get(stretch.after, {}) if stretch else {}
    blocks = [
        _block(
            CurrencyFigures(
                book=book,
                since=since.get(currency, CurrencyBook(currency)) if stretch else None,
                flows=now.get(currency, Flows()),
                flows_before=earlier.get(currency, Flows()) if before else None,
                roll=_roll(rolls, stretch, currency),
                roll_before=_roll(rolls, before, currency),
                target_minor=target_of(stretch, targets.get(currency, {}), POLAND)
                if stretch
                else None,
            ),
            weeks.get(currency, {}),
            mondays,
            asked,
        )
        for currency, book in books[on].items()
    ]
    people = list_people_sums(stretch=stretch or Stretch(on - timedelta(days=1), on),
                              scope=asked.scope)  # fmt: skip
    officers = list_officers(ids={key[0] for key in people if key[0] is not None})
    teams = list_teams()
    currency = blocks[0].currency if blocks else ""
    by_team = people_by_team(people, officers, teams, currency, asked)
    return Board(asked, blocks, by_team, teams)


def _roll(
    rolls: Mapping[Pair, Mapping[str, Roll]], stretch: Stretch | None, currency: str
) -> Roll | None:
    return rolls[Pair(stretch.after, stretch.through)].get(currency) if stretch else None


def _first_day(asked: BoardAsked) -> date:
    """The first day of which flows are known: before it no week is whole."""
    return asked.first_on + timedelta(days=1)


def _block(
    found: CurrencyFigures, weeks: Mapping[date, Flows], mondays: list[date], asked: BoardAsked
) -> CurrencyBlock:
    currency = found.book.currency
    has_trend = len(mondays) > 1 and bool(weeks)
    return CurrencyBlock(
        currency=currency,
        figures=headline(found, asked),
        heat=heat_table(found.book, asked),
        trend=draw_trend(weeks, mondays, currency, asked) if has_trend else None,
        weeks=trend_rows(weeks, mondays),
        trend_unit=trend_unit(weeks, currency)[1],
        last_week=week_label(mondays[-1]) if mondays else "",
        roll=roll_table(found.roll, currency, asked) if found.roll else None,
        statement=statement(found.book, found.since, found.flows, asked),
    )

"""The tables of a board as files, as they stand on the page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

from django.http import Http404, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portfolio.cells import CellKind, Column, Value, money_value
from portfolio.queries import list_of_day
from portfolio.views.asked import BoardAsked, read_board
from portfolio.views.board import Board, get_board
from portfolio.views.exports import FileFormat, file_of, wanted_format
from portfolio.views.listing import Table
from portfolio.views.waiting import WaitingLine, data_problems, deadlines, proposals, stopped
from staff.access import StaffRequest, page
from staff.rights import Right

_Rows = Sequence[Sequence[Value]]


@require_safe
@page(Right.SEE_BOARD)
def take_table(request: StaffRequest, table: str) -> HttpResponseBase:
    """``?format=csv|xlsx`` and the address of a board; money is in full, not in millions."""
    make = _TABLES.get(table)
    asked = read_board(request)
    if make is None or asked is None:
        raise Http404
    board = get_board(asked)
    return file_of(request, make(board), wanted_format(request) or FileFormat.CSV)


def _table(name: str, columns: Sequence[Column], rows: _Rows) -> Table:
    def each() -> Iterator[Sequence[Value]]:
        yield from rows

    return Table(name, columns, each, len(rows))


def _money(head: str) -> Column:
    return Column(head, CellKind.MONEY)


def _count(head: str) -> Column:
    return Column(head, CellKind.COUNT)


def _heat(board: Board) -> Table:
    rows = [
        [block.currency, row.name, head, cell.count, money_value(cell.due_minor, block.currency)]
        for block in board.blocks
        for row in block.heat.rows
        for head, cell in zip(block.heat.heads, row.cells, strict=True)
    ]
    columns = [
        Column(_("Currency")), Column(_("Stage")), Column(_("Days past due")),
        _count(_("Cases")), _money(_("Overdue")),
    ]  # fmt: skip
    return _table(_("Where the money is"), columns, rows)


def _roll(board: Board) -> Table:
    rows = [
        [block.currency, row.name, head, cell.count, money_value(cell.due_minor, block.currency)]
        for block in board.blocks
        if block.roll
        for row in block.roll.rows
        for head, cell in zip(block.roll.heads, row.cells, strict=True)
    ]
    columns = [
        Column(_("Currency")), Column(_("From")), Column(_("To")), _count(_("Cases")),
        _money(_("Overdue then")),
    ]  # fmt: skip
    return _table(_("Where the overdue amounts went"), columns, rows)


def _statement(board: Board) -> Table:
    rows: list[Sequence[Value]] = []
    for block in board.blocks:
        if block.statement:
            lines = [*block.statement.lines, *block.statement.moves]
            rows += [
                [block.currency, line.name, line.cases,
                 money_value(line.due_minor, block.currency)]
                for line in lines
            ]  # fmt: skip
    columns = [
        Column(_("Currency")), Column(_("What")), _count(_("Cases")), _money(_("Overdue")),
    ]  # fmt: skip
    return _table(_("What has changed"), columns, rows)


def _trend(board: Board) -> Table:
    rows = [
        [block.currency, week.label,
         *(money_value(minor, block.currency) for minor in (week.came_in, week.paid, week.cured))]
        for block in board.blocks
        for week in block.weeks
    ]  # fmt: skip
    columns = [
        Column(_("Currency")), Column(_("Week")), _money(_("New arrears")),
        _money(_("Payments")), _money(_("Cured")),
    ]  # fmt: skip
    return _table(_("New arrears, payments, cured"), columns, rows)


def _workload(board: Board) -> Table:
    rows = [
        [team.name, person.name, person.cases.count, person.due.count, person.late.count,
         person.done.count, Decimal(person.percent) / 100 if person.percent is not None else None]
        for team in board.teams
        for person in team.people
    ]  # fmt: skip
    columns = [
        Column(_("Team")), Column(_("Officer")), _count(_("Cases")), _count(_("To do")),
        _count(_("Late")), _count(_("Done")), Column(_("Load"), CellKind.SHARE),
    ]  # fmt: skip
    return _table(_("Workload"), columns, rows)


def _results(board: Board) -> Table:
    currency = board.blocks[0].currency if board.blocks else ""
    rows = [
        [team.name, person.name, person.attempts.count, person.talks.count,
         person.promises.count, person.kept.count,
         money_value(person.paid_minor, currency) if currency else None]
        for team in board.teams
        for person in team.acting
    ]  # fmt: skip
    columns = [
        Column(_("Team")), Column(_("Officer")), _count(_("Attempts")), _count(_("Talks")),
        _count(_("Promises")), _count(_("Kept")),
        Column(_("Paid after a talk"), CellKind.MONEY, currency),
    ]  # fmt: skip
    return _table(_("Results"), columns, rows)


def _deadlines(board: Board) -> Table:
    return _waiting(board.asked, _("Deadlines ahead"), deadlines)


def _approvals(board: Board) -> Table:
    return _waiting(board.asked, _("Waiting for approval"), proposals)


def _stopped(board: Board) -> Table:
    return _waiting(board.asked, _("Stopped by rules"), stopped)


def _problems(board: Board) -> Table:
    return _waiting(board.asked, _("Data problems"), data_problems)


def _waiting(asked: BoardAsked, name: str, lines_of: Callable[..., Sequence[WaitingLine]]) -> Table:
    lines = lines_of(list_of_day(on=asked.on, scope=asked.scope), asked)
    rows = [[line.name, line.note, line.count, line.first_on] for line in lines]
    columns = [
        Column(_("What")), Column(_("Rule")), _count(_("Count")),
        Column(_("Soonest"), CellKind.DAY),
    ]  # fmt: skip
    return _table(name, columns, rows)


_TABLES: Final[Mapping[str, Callable[[Board], Table]]] = {
    "heat": _heat,
    "roll": _roll,
    "changes": _statement,
    "trend": _trend,
    "workload": _workload,
    "results": _results,
    "deadlines": _deadlines,
    "problems": _problems,
    "approvals": _approvals,
    "stopped": _stopped,
}

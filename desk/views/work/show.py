"""The desk: what must be done, by tab, and why it stands where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cases.locking import CaseNotFound
from cases.work_policy import work_policy_on
from desk.operations import remember_view
from desk.queries.case_page import get_case
from desk.queries.held import Ending, HeldKey, HeldRow, count_held, list_held
from desk.queries.pending import PendingKey, PendingRow, count_pending, list_pending
from desk.queries.scope import DeskFilter, Whose
from desk.queries.strategies import get_step_titles
from desk.queries.views import get_last_view, list_saved_views
from desk.queries.waiting import WaitingKey, WaitingRow, count_waiting, list_waiting
from desk.queries.work_list import WorkKey, WorkRow, count_work, list_work
from desk.views.work.filters import (
    TAB_NAMES,
    TRAYS,
    Address,
    Tab,
    chips,
    filter_options,
    read_address,
    team_names,
    whose_options,
)
from desk.views.work.keys import key_in, key_text
from desk.views.work.preview import preview_context
from desk.views.work.rows import (
    Line,
    held_line,
    pending_line,
    read_around,
    waiting_line,
    work_line,
)
from desk.wording.errors import error_text
from desk.wording.events import StepTitles
from desk.wording.ranking import policy_text
from kernel import clock
from staff.access import StaffRequest, page
from staff.rights import Right

PAGE_SIZE: Final = 50
#: What ends within so many days stands under a heading of its own.
SOON: Final = timedelta(days=7)

Row = WorkRow | WaitingRow | HeldRow | PendingRow


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    count: int
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class TabRows:
    """A page of one tab; ``places`` says under which heading each row stands."""

    rows: Sequence[Row]
    places: Sequence[int]
    more: bool


@require_safe
@page(Right.SEE_CASES)
def show_work_list(request: StaffRequest) -> HttpResponse:
    """Bare, the list as the reader left it; ``?tab=&whose=&…&after=&pane=&open=``."""
    assert request.actor.user_id is not None
    kept = get_last_view(user_id=request.actor.user_id)
    if not request.GET and kept:
        return redirect(f"{request.path}?{kept}")
    address, refused = read_address(
        request.GET, user=request.user, actor=request.actor, usual=_usual(request)
    )
    if refused is not None:
        messages.error(request, error_text(refused))
    here = address.query(after=address.after)
    if request.GET and here != kept:
        remember_view(query=here, actor=request.actor)
    found = _rows(request, address, clock.today())
    if address.after and not found.rows:
        return redirect(address.url())  # what stood on that page is done
    return render(request, "desk/work_list.html", _context(request, address, found))


def _usual(request: StaffRequest) -> Whose:
    """One's own work where there is any, otherwise the team's; asked only of a newcomer."""
    if "whose" in request.GET:
        return Whose.MINE
    mine = DeskFilter(Whose.MINE, request.user.team_id)
    own = count_work(actor=request.actor, chosen=mine, tray=TRAYS[Tab.NOW], on=clock.today())
    return Whose.MINE if any(own) else Whose.TEAM


def _context(request: StaffRequest, address: Address, found: TabRows) -> dict[str, Any]:
    today = clock.today()
    titles, teams = get_step_titles(), team_names(request.actor)
    counts = _counts(request, address, today)
    lines = _lines(request, address, found.rows, titles)
    pane = _pane(request, address, lines)
    last_key = key_text(found.rows[-1].key) if found.rows else ""
    return {
        "address": address,
        "tab": address.tab.value,
        "title": _title(request, address),
        "tabs": [
            {
                "url": address.url(tab=tab),
                "name": TAB_NAMES[tab],
                "count": sum(counts[tab]),
                "current": tab is address.tab,
            }
            for tab in Tab
        ],
        "whose": whose_options(address, request.user, request.actor),
        "groups": _groups(address.tab, lines, found.places, counts[address.tab]),
        "chips": chips(address, titles, teams),
        "options": filter_options(address, titles, teams),
        "views": [
            {"view": view, "current": view.query == address.query()}
            for view in list_saved_views(user_id=request.user.pk)
        ],
        "query": address.query(),
        "here": address.url(after=address.after),
        "first_url": address.url() if address.after else "",
        "next_url": address.url(after=last_key) if found.more else "",
        "plain_url": _plain(address).url(),
        "policy": policy_text(work_policy_on(today)),
        "may_work": request.actor.has(Right.WORK_CASE),
        "may_assign": request.actor.has(Right.ASSIGN_CASE),
        "may_decide": request.actor.has(Right.SEE_APPROVALS),
        "may_choose": _may_choose(request, address),
        "has_work": address.tab in TRAYS,
        "shows_owner": address.chosen.whose is not Whose.MINE,
        "pane_url": address.url(pane="1", after=address.after),
        "no_pane_url": address.url(pane="", after=address.after),
        **_wider(request, address),
        "pane": pane,
        "picked": _picked(pane, lines),
    }


def _may_choose(request: StaffRequest, address: Address) -> bool:
    """Where there is something to do with several rows at once."""
    works = address.tab in TRAYS and request.actor.has(Right.WORK_CASE)
    return works or request.actor.has(Right.ASSIGN_CASE)


def _wider(request: StaffRequest, address: Address) -> dict[str, str]:
    """The one act that helps where one's own list is empty."""
    if address.chosen.whose is Whose.MINE and request.user.team_id is not None:
        return {
            "wider_url": address.url(whose=Whose.TEAM),
            "wider_name": _("Look at the work of the team"),
        }
    return {}


def _plain(address: Address) -> Address:
    """The same tab without filters."""
    return Address(
        address.tab, DeskFilter(address.chosen.whose, address.chosen.team_id), pane=address.pane
    )


def _title(request: StaffRequest, address: Address) -> str:
    match address.chosen.whose:
        case Whose.MINE:
            return _("My work list")
        case Whose.TEAM if request.user.team is not None:
            return _("Work list of %(team)s") % {"team": request.user.team.name}
        case _:
            return _("Work list of all teams")


def _counts(request: StaffRequest, address: Address, today: date) -> dict[Tab, Sequence[int]]:
    """Of every tab, by its headings. The kind is a word of the chosen tab alone."""
    counts: dict[Tab, Sequence[int]] = {}
    for tab in Tab:
        mine = tab is address.tab
        chosen = DeskFilter(
            address.chosen.whose,
            address.chosen.team_id,
            address.chosen.case,
            address.chosen.kind if mine else "",
            address.chosen.aside and tab in TRAYS,
        )
        ask: dict[str, Any] = {"actor": request.actor, "chosen": chosen, "on": today}
        match tab:
            case Tab.NOW | Tab.DATA:
                counts[tab] = count_work(tray=TRAYS[tab], **ask)
            case Tab.WAITING:
                counts[tab] = count_waiting(**ask)
            case Tab.HELD:
                counts[tab] = count_held(soon=today + SOON, **ask)
            case Tab.PENDING:
                counts[tab] = count_pending(**ask)
    return counts


def _rows(request: StaffRequest, address: Address, today: date) -> TabRows:
    ask: dict[str, Any] = {
        "actor": request.actor,
        "chosen": address.chosen,
        "on": today,
        "limit": PAGE_SIZE + 1,
    }
    rows: Sequence[Row]
    match address.tab:
        case Tab.NOW | Tab.DATA:
            after = key_in(address.after, WorkKey)
            rows = work = list_work(tray=TRAYS[address.tab], after=after, **ask)
            places = [row.urgency for row in work]
        case Tab.WAITING:
            rows = waiting = list_waiting(after=key_in(address.after, WaitingKey), **ask)
            places = [_week(row.key.until_on, today) for row in waiting]
        case Tab.HELD:
            rows = held = list_held(after=key_in(address.after, HeldKey), **ask)
            places = [_ending(row.until_on, today) for row in held]
        case Tab.PENDING:
            rows = pending = list_pending(after=key_in(address.after, PendingKey), **ask)
            places = [row.status for row in pending]
    return TabRows(rows[:PAGE_SIZE], places[:PAGE_SIZE], len(rows) > PAGE_SIZE)


def _week(until_on: date, today: date) -> int:
    return (until_on >= today) + (until_on > today) + (until_on > today + SOON)


def _ending(until_on: date | None, today: date) -> int:
    if until_on is None:
        return Ending.UNTIL_ENDED
    return Ending.LATER if until_on > today + SOON else Ending.SOON


def _lines(
    request: StaffRequest, address: Address, rows: Sequence[Row], titles: StepTitles
) -> list[Line]:
    around = read_around(
        rows,
        titles=titles,
        at=clock.now(),
        user_id=request.actor.user_id,
        with_work=address.tab in TRAYS,
    )
    lines = []
    for row in rows:
        match row:
            case WorkRow():
                lines.append(work_line(row, around))
            case WaitingRow():
                lines.append(waiting_line(row, around))
            case HeldRow():
                lines.append(held_line(row, around))
            case PendingRow():
                lines.append(pending_line(row, around))
    return lines


def _headings(tab: Tab) -> tuple[str, ...]:
    match tab:
        case Tab.NOW | Tab.DATA:
            return _("First: late"), _("By tonight"), _("Tomorrow and later")
        case Tab.WAITING:
            return _("Past the last day"), _("Until today"), _("Within a week"), _("Later")
        case Tab.HELD:
            return _("End within a week"), _("End later"), _("Until somebody ends them")
        case Tab.PENDING:
            return _("Sent back to the proposer"), _("Wait for a decision")


def _groups(
    tab: Tab, lines: Sequence[Line], places: Sequence[int], counts: Sequence[int]
) -> list[Group]:
    headings = _headings(tab)
    placed = zip(places, lines, strict=True)
    return [
        Group(headings[place], counts[place], [line for _place, line in part])
        for place, part in groupby(placed, key=lambda pair: pair[0])
    ]


def _picked(pane: dict[str, Any] | None, lines: Sequence[Line]) -> Line | None:
    """The row that the preview is about: the first one of its case."""
    number = pane["preview"]["case"].number if pane else ""
    return next((line for line in lines if line.number == number), None)


def _pane(request: StaffRequest, address: Address, lines: Sequence[Line]) -> dict[str, Any] | None:
    """The preview of the case that the address names, or else of the first row."""
    if not address.pane:
        return None
    number = address.open or (lines[0].number if lines else "")
    if not number:
        return None
    try:
        case = get_case(number=number, actor=request.actor)
    except CaseNotFound:
        return None
    return preview_context(request, case)

"""The approvals inbox: what waits, in the order of its urgency, and whether the reader decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bookkeeping.queries.deciding import get_deciding_reader
from cases.queries.approvals import (
    MOST_COUNTED,
    ApprovalCounts,
    ApprovalRow,
    count_approvals,
    list_approvals,
)
from desk.operations import MOST_AT_ONCE, NEVER_IN_BULK
from desk.queries.approval_facts import BriefFacts, list_brief_facts
from desk.queries.beside_approvals import list_beside_approvals
from desk.queries.strategies import get_step_titles
from desk.views.approvals.asked import (
    Asked,
    chips,
    filter_options,
    key_text,
    kind_tabs,
    moment_text,
    order_options,
    people_names,
    read_asked,
    team_names,
)
from desk.wording.approval_facts import brief_text
from desk.wording.approvals import (
    Standing,
    deadline_name,
    never_in_bulk_text,
    proposal_name,
    standing_of,
)
from desk.wording.events import StepTitles
from desk.wording.ranking import deadline_text
from desk.wording.waiting import days_since_text
from kernel import clock
from kernel.clock import legal_day
from staff.access import StaffRequest, page
from staff.authority import Authority
from staff.lifecycle import ApprovalKind
from staff.rights import Right
from staff.views.lists import address, keyset_page

PAGE_SIZE: Final = MOST_AT_ONCE


@dataclass(frozen=True, slots=True)
class Line:
    """``box`` names the proposal as it was seen, for deciding several at once; empty where it
    cannot be among them."""

    row: ApprovalRow
    name: str
    by: str
    since: str
    facts: str
    deadline: str
    deadline_name: str
    is_late: bool
    standing: Standing
    box: str


@require_safe
@page(Right.SEE_APPROVALS)
def show_approvals(request: StaffRequest) -> HttpResponse:
    """``?kind=&team=&step=&amount=&by=&state=&mine=&order=&after=``."""
    today = clock.today()
    actor, authority = get_deciding_reader(user=request.user, on=today)
    all_teams = actor.has(Right.SEE_ALL_TEAMS)
    asked = read_asked(request.GET, authority=authority, all_teams=all_teams)
    found = list_approvals(
        actor=actor, chosen=asked.chosen, order=asked.order, after=asked.after, limit=PAGE_SIZE + 1
    )
    shown = keyset_page(
        request, found, size=PAGE_SIZE, key=lambda row: key_text(row.key(asked.order))
    )
    counts = count_approvals(actor=actor, chosen=asked.chosen)
    beside = list_beside_approvals(actor=actor)
    titles, people = get_step_titles(), people_names()
    teams = team_names() if all_teams else {}
    brief = list_brief_facts(rows=shown.rows)
    lines = [_line(row, authority, titles, brief, today) for row in shown.rows]
    return render(
        request,
        "desk/approvals.html",
        {
            "lines": lines,
            "asked": asked,
            "tabs": kind_tabs(request, asked, counts.kinds, MOST_COUNTED),
            "states": _states(request, asked, counts),
            "orders": order_options(request, asked),
            "chips": chips(request, asked, titles, teams, people),
            "options": filter_options(asked, titles, teams, people),
            "plain_url": request.path,
            "mine_url": address(request, mine="" if asked.mine else "1"),
            "here": request.get_full_path(),
            "may_decide": bool(authority.kinds),
            "may_choose": any(line.box for line in lines),
            "versions": [(key, titles.get((key, ""), key)) for key in beside.strategies],
            "batches": beside.batches,
            "lent_by": sorted({holder.name for holder in authority.lent}),
            "never_in_bulk": never_in_bulk_text({line.row.kind for line in lines} & NEVER_IN_BULK),
            **shown.urls,
        },
    )


def _states(request: StaffRequest, asked: Asked, counts: ApprovalCounts) -> list[dict[str, object]]:
    sent_back = asked.chosen.sent_back
    return [
        {
            "url": address(request, state=""),
            "name": _("Waiting"),
            "count": counts.waiting,
            "current": not sent_back,
        },
        {
            "url": address(request, state="sent_back"),
            "name": _("Sent back"),
            "count": counts.sent_back,
            "current": sent_back,
        },
    ]


def _line(
    row: ApprovalRow, authority: Authority, titles: StepTitles, brief: BriefFacts, today: date
) -> Line:
    standing = standing_of(row, authority)
    in_bulk = standing.may_decide and ApprovalKind(row.kind) not in NEVER_IN_BULK
    return Line(
        row=row,
        name=proposal_name(row.kind),
        by=row.proposed_by or _("the strategy"),
        facts=brief_text(row, brief, today),
        since=days_since_text(legal_day(row.proposed_at), today),
        deadline=deadline_text(row.deadline_on, today) if row.deadline_on else "",
        deadline_name=deadline_name(row.kind),
        is_late=row.deadline_on is not None and row.deadline_on < today,
        standing=standing,
        box=f"{row.kind}:{row.id}:{moment_text(row.proposed_at)}" if in_bulk else "",
    )


def proposed_by_text(row: ApprovalRow, titles: StepTitles) -> str:
    """A person by name, a strategy by its step."""
    if row.proposed_by:
        return row.proposed_by
    strategy, _dot, step = row.step.partition(".")
    title = titles.get((strategy, step), "")
    return _("the strategy, step %(step)s") % {"step": title} if title else _("the strategy")


def context_of_row(row: ApprovalRow, titles: StepTitles) -> dict[str, Any]:
    return {"row": row, "name": proposal_name(row.kind), "by": proposed_by_text(row, titles)}

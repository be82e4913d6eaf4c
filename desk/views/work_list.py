"""My work list: what to do next and why, soonest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cases.lifecycle import Stage, WorkKind
from cases.wording import stage_name, work_name
from contacts.guard import Refused, Verdict
from debtors.wording import product_name
from desk.queries.allowed import list_phone_verdicts
from desk.queries.context import LastContact, OpenHold, list_last_contacts, list_open_holds
from desk.queries.money import NOTHING_OWED, CaseMoney, list_case_money
from desk.queries.strategies import get_step_titles
from desk.queries.work_list import (
    Whose,
    WorkCounts,
    WorkFilter,
    WorkKey,
    WorkRow,
    count_work,
    list_work,
)
from desk.views.pages import Chip, Option, address, chosen, day_in
from desk.wording.events import StepTitles
from desk.wording.guard import short_until_text
from desk.wording.lines import hold_line
from desk.wording.reasons import last_contact_text, work_reason
from kernel import clock
from staff.access import StaffRequest, page
from staff.rights import Right

PAGE_SIZE: Final = 50


@dataclass(frozen=True, slots=True)
class Line:
    work: WorkRow
    money: CaseMoney
    days: int
    products: str
    todo: str
    why: str
    stage: str
    last_contact: str
    hold_text: str
    contact: tuple[str, str, str]
    is_late: bool


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    count: int
    lines: list[Line]


@require_safe
@page(Right.SEE_CASES)
def show_work_list(request: StaffRequest) -> HttpResponse:
    today = clock.today()
    actor = request.actor
    filters = WorkFilter(
        whose=chosen(request, "whose", Whose) or _first_choice(request, today),
        kind=chosen(request, "kind", WorkKind),
        stage=chosen(request, "stage", Stage),
    )
    after = _key_in(request.GET.get("after", ""))
    rows = list_work(actor=actor, chosen=filters, after=after, limit=PAGE_SIZE + 1)
    counts = count_work(actor=actor, chosen=filters, on=today)
    more = len(rows) > PAGE_SIZE
    rows = rows[:PAGE_SIZE]
    return render(
        request,
        "desk/work_list.html",
        {
            "groups": _groups(_lines(rows, today), counts, today),
            "counts": counts,
            "total": sum(counts),
            "filters": filters,
            "tabs": _tabs(request, filters),
            "chips": _chips(request, filters),
            "kinds": [Option(k, str(work_name(k)), k is filters.kind) for k in WorkKind],
            "stages": [Option(s, str(stage_name(s)), s is filters.stage) for s in Stage],
            "may_work": actor.has(Right.WORK_CASE),
            "unfiltered_url": address(request, kind="", stage=""),
            "first_url": address(request) if after else "",
            "next_url": address(request, after=_key_text(rows[-1].key)) if more else "",
        },
    )


def _first_choice(request: StaffRequest, today: date) -> Whose:
    """One's own work where there is any, otherwise the team's."""
    own = count_work(actor=request.actor, chosen=WorkFilter(Whose.MINE), on=today)
    return Whose.MINE if any(own) else Whose.TEAM


def _lines(rows: Sequence[WorkRow], today: date) -> list[Line]:
    case_ids = [row.case_id for row in rows]
    money = list_case_money(case_ids=case_ids)
    holds = list_open_holds(case_ids=case_ids, on=today)
    contacts = list_last_contacts(case_ids=case_ids)
    titles = get_step_titles()
    phones = list_phone_verdicts(case_ids=case_ids, at=clock.now())
    return [
        _line(
            row,
            money.get(row.case_id, NOTHING_OWED),
            holds.get(row.case_id, []),
            contacts.get(row.case_id),
            _may_call(phones.get(row.case_id)),
            titles,
            today,
        )
        for row in rows
    ]


def _line(
    row: WorkRow,
    money: CaseMoney,
    holds: Sequence[OpenHold],
    contact: LastContact | None,
    may_call: tuple[str, str, str],
    titles: StepTitles,
    today: date,
) -> Line:
    return Line(
        work=row,
        money=money,
        days=money.days_past_due(today),
        products=" + ".join(str(product_name(product)) for product in money.products),
        todo=str(work_name(WorkKind(row.kind))),
        why=work_reason(
            WorkKind(row.kind), row.reason, days=money.days_past_due(today), titles=titles
        ),
        stage=str(stage_name(Stage(row.stage))),
        last_contact=last_contact_text(contact),
        hold_text=hold_line(holds),
        contact=may_call,
        is_late=row.due_on < today,
    )


def _may_call(verdict: Verdict | None) -> tuple[str, str, str]:
    """Shape, word and second line of the contact column."""
    if not isinstance(verdict, Refused):
        return "now", _("Now"), ""
    note = short_until_text(verdict, at=clock.now())
    if verdict.next_at is not None:
        return "later", _("Later"), note
    return "no", _("No"), note


def _groups(lines: Sequence[Line], counts: WorkCounts, today: date) -> list[Group]:
    titles = {
        -1: (_("First: late"), counts.overdue),
        0: (_("By tonight"), counts.today),
        1: (_("Tomorrow and later"), counts.later),
    }

    def urgency(line: Line) -> int:
        return (line.work.due_on > today) - (line.work.due_on < today)

    return [Group(*titles[key], list(part)) for key, part in groupby(lines, key=urgency)]


def _tabs(request: StaffRequest, filters: WorkFilter) -> list[Option]:
    team = _("My team") if request.actor.team_id is not None else _("All teams")
    return [
        Option(address(request, whose=Whose.MINE), _("Mine"), filters.whose is Whose.MINE),
        Option(address(request, whose=Whose.TEAM), team, filters.whose is Whose.TEAM),
    ]


def _chips(request: StaffRequest, filters: WorkFilter) -> list[Chip]:
    chips = []
    if filters.kind:
        chips.append(Chip(_("To do"), str(work_name(filters.kind)), address(request, kind="")))
    if filters.stage:
        chips.append(Chip(_("Stage"), str(stage_name(filters.stage)), address(request, stage="")))
    return chips


def _key_text(key: WorkKey) -> str:
    return f"{key.due_on.isoformat()}.{key.priority}.{key.id}"


def _key_in(text: str) -> WorkKey | None:
    parts = text.split(".")
    if len(parts) != 3 or not (parts[1].lstrip("-").isdecimal() and parts[2].isdecimal()):
        return None
    due_on = day_in(parts[0])
    return WorkKey(due_on, int(parts[1]), int(parts[2])) if due_on else None

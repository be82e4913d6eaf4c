"""The list of cases; its whole filter stands in the address."""

from __future__ import annotations

from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cases.lifecycle import CaseStatus, Stage
from cases.wording import stage_name, status_name
from debtors.wording import product_name
from desk.queries.case_list import CaseFilter, CaseRow, list_cases
from desk.queries.context import list_open_holds
from desk.queries.money import NOTHING_OWED, list_case_money
from desk.views.pages import Chip, Option, address, chosen
from desk.wording.lines import hold_line
from kernel import clock
from staff.access import StaffRequest, page
from staff.figures import EN_DASH
from staff.rights import Right

PAGE_SIZE: Final = 50
RANGES: Final = ("1-30", "31-60", "61-90", "91-180", "181-360", "361-")


@require_safe
@page(Right.SEE_CASES)
def show_cases(request: StaffRequest) -> HttpResponse:
    """``?status=&stage=&dpd=31-60&strategy=&step=``"""
    first, last = _range_in(request.GET.get("dpd", ""))
    filters = CaseFilter(
        status=chosen(request, "status", CaseStatus)
        or (None if request.GET.get("status") == "all" else CaseStatus.OPEN),
        stage=chosen(request, "stage", Stage),
        first_day=first,
        last_day=last,
        strategy=request.GET.get("strategy", "")[:40],
        step=request.GET.get("step", "")[:40],
    )
    after = request.GET.get("after", "")
    today = clock.today()
    found = list_cases(
        actor=request.actor,
        chosen=filters,
        on=today,
        after_id=int(after) if after.isdecimal() else None,
        limit=PAGE_SIZE + 1,
    )
    rows = found[:PAGE_SIZE]
    return render(
        request,
        "desk/cases.html",
        {
            "rows": _lines(rows),
            "chips": _chips(request, filters),
            "statuses": [Option(s, str(status_name(s)), s is filters.status) for s in CaseStatus]
            + [Option("all", _("open and closed"), filters.status is None)],
            "stages": [Option(s, str(stage_name(s)), s is filters.stage) for s in Stage],
            "ranges": [Option(r, _range_name(r), r == request.GET.get("dpd")) for r in RANGES],
            "filters": filters,
            "plain_url": request.path,
            "first_url": address(request) if after else "",
            "next_url": (
                address(request, after=str(rows[-1].case_id)) if len(found) > PAGE_SIZE else ""
            ),
        },
    )


def _lines(rows: list[CaseRow]) -> list[dict[str, object]]:
    ids = [row.case_id for row in rows]
    today = clock.today()
    money = list_case_money(case_ids=ids)
    holds = list_open_holds(case_ids=ids, on=today)
    return [
        {
            "case": row,
            "money": (owed := money.get(row.case_id, NOTHING_OWED)),
            "days": owed.days_past_due(today),
            "products": " + ".join(str(product_name(product)) for product in owed.products),
            "stage": stage_name(Stage(row.stage)),
            "holds": hold_line(holds.get(row.case_id, [])),
            "closed": row.status == CaseStatus.CLOSED,
        }
        for row in rows
    ]


def _chips(request: StaffRequest, filters: CaseFilter) -> list[Chip]:
    chips = []
    if filters.status is not CaseStatus.OPEN:
        name = str(status_name(filters.status)) if filters.status else _("open and closed")
        chips.append(Chip(_("Status"), name, address(request, status="")))
    if filters.stage:
        chips.append(Chip(_("Stage"), str(stage_name(filters.stage)), address(request, stage="")))
    if filters.first_day is not None:
        name = _range_name(request.GET.get("dpd", ""))
        chips.append(Chip(_("Days past due"), name, address(request, dpd="")))
    if filters.strategy:
        chips.append(Chip(_("Strategy"), filters.strategy, address(request, strategy="", step="")))
    if filters.step:
        chips.append(Chip(_("Step"), filters.step, address(request, step="")))
    return chips


def _range_in(text: str) -> tuple[int | None, int | None]:
    """``31-60`` both included, ``361-`` without end, ``0`` one day; anything else is no filter."""
    first, dash, last = text.partition("-")
    if not first.isdecimal() or (last and not last.isdecimal()) or len(text) > 12:
        return None, None
    return int(first), (int(last) if last else None) if dash else int(first)


def _range_name(text: str) -> str:
    first, last = _range_in(text)
    if first is not None and last is None:
        return _("over %(days)s") % {"days": first - 1}
    return text.replace("-", EN_DASH)

"""The board and the lists behind its figures."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cases.lifecycle import Stage
from cases.wording import stage_name
from escalation.case_filter import CaseFilter, FilterInvalid, parse_case_filter
from portfolio.buckets import BUCKETS, bucket_between
from portfolio.queries import (
    COMPARED_AFTER,
    get_last_snapshot,
    list_currency_books,
    list_snapshot_cases,
)
from portfolio.views.heat import heat_table
from portfolio.wording import bucket_name
from staff.access import StaffRequest, page
from staff.rights import Right

PAGE_SIZE = 50


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


@require_safe
@page(Right.SEE_BOARD)
def show_board(request: StaffRequest) -> HttpResponse:
    """``?on=`` shows the book as an earlier close left it."""
    snapshot = get_last_snapshot(until=_day(request.GET.get("on")))
    if snapshot is None:
        return render(request, "portfolio/board.html", {"tables": []})
    team_id = request.actor.team_id
    compared = get_last_snapshot(until=snapshot.taken_on - COMPARED_AFTER)
    before = (
        {b.currency: b for b in list_currency_books(on=compared.taken_on, team_id=team_id)}
        if compared
        else {}
    )
    tables = [
        heat_table(book, on=snapshot.taken_on, before=before.get(book.currency))
        for book in list_currency_books(on=snapshot.taken_on, team_id=team_id)
    ]
    return render(
        request,
        "portfolio/board.html",
        {"snapshot": snapshot, "compared": compared, "tables": tables},
    )


@require_safe
@page(Right.SEE_BOARD)
def list_board_cases(request: StaffRequest) -> HttpResponse:
    """The cases that a figure of the board counts, as they stood then and what has changed."""
    query = request.GET
    snapshot = get_last_snapshot(until=_day(query.get("on")))
    on = snapshot.taken_on if snapshot else None
    try:
        chosen = parse_case_filter(query.dict())
    except FilterInvalid:
        chosen = CaseFilter()
    currency, stage = chosen.currency or "PLN", chosen.stage
    bucket = bucket_between(chosen.days_past_due_min, chosen.days_past_due_max)
    after = query.get("after", "")
    rows = (
        list_snapshot_cases(
            on=on,
            currency=currency,
            stage=stage,
            bucket=bucket,
            team_id=request.actor.team_id,
            after_case_id=int(after) if after.isdecimal() else None,
            limit=PAGE_SIZE + 1,
        )
        if on
        else []
    )
    more = len(rows) > PAGE_SIZE
    return render(
        request,
        "portfolio/board_cases.html",
        {
            "on": on,
            "currency": currency,
            "rows": [
                {"case": row, "stage": stage_name(Stage(row.stage))} for row in rows[:PAGE_SIZE]
            ],
            "chips": _chips(request, stage, bucket),
            "first_url": _url(request, after=None) if after else "",
            "next_url": _url(request, after=str(rows[PAGE_SIZE - 1].case_id)) if more else "",
        },
    )


def _chips(request: StaffRequest, stage: Stage | None, bucket: int | None) -> list[dict[str, str]]:
    chips = []
    if stage is not None:
        chips.append(
            {
                "name": _("Stage"),
                "value": str(stage_name(stage)),
                "off": _url(request, stage=None, after=None),
            }
        )
    if bucket is not None:
        chips.append(
            {
                "name": _("Days past due"),
                "value": bucket_name(BUCKETS[bucket]),
                "off": _url(request, days_past_due_min=None, days_past_due_max=None, after=None),
            }
        )
    return chips


def _url(request: StaffRequest, **changes: str | None) -> str:
    query = {**request.GET.dict(), **changes}
    return f"{reverse('board-cases')}?{urlencode({k: v for k, v in query.items() if v})}"

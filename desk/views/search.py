"""Search: one box for everything a caller may say."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from cases.lifecycle import CaseStatus, Stage
from cases.wording import stage_name, status_name
from desk.queries.money import NOTHING_OWED, list_case_money
from desk.queries.search import list_matching_cases
from desk.wording.search import found_by
from kernel import clock
from staff.access import StaffRequest, page
from staff.rights import Right

LIMIT = 50


@require_safe
@page(Right.SEE_CASES)
def search(request: StaffRequest) -> HttpResponse:
    """``?q=``; the number of one case opens it at once."""
    text = request.GET.get("q", "").strip()[:200]
    found = list_matching_cases(text=text, actor=request.actor, limit=LIMIT + 1) if text else []
    if len(found) == 1 and found[0].by == "number":
        return redirect("case", number=found[0].number)
    money = list_case_money(case_ids=[row.case_id for row in found])
    today = clock.today()
    rows = [
        {
            "found": row,
            "stage": stage_name(Stage(row.stage)),
            "status": status_name(CaseStatus(row.status)),
            "by": found_by(row.by),
            "money": (owed := money.get(row.case_id, NOTHING_OWED)),
            "days": owed.days_past_due(today),
        }
        for row in found[:LIMIT]
    ]
    return render(
        request,
        "desk/search.html",
        {"query_text": text, "rows": rows, "more": len(found) > LIMIT, "limit": LIMIT},
    )

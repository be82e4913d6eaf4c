"""Search: one box for everything a caller may say.

A name is searched by an address that can be kept. Whatever holds a digit or is an e-mail address
is posted, so that it stands in no address, no history and no log.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from cases.lifecycle import CaseStatus, Stage
from cases.wording import stage_name, status_name
from desk.queries.money import NOTHING_OWED, CaseMoney, list_case_money
from desk.queries.search import Found, list_matching_cases
from desk.search_terms import LONGEST_TEXT, SHORTEST_WORD, is_name
from desk.wording.search import found_by
from kernel import clock
from staff.access import StaffRequest, page
from staff.rights import Right

LIMIT: Final = 50
SUGGESTED: Final = 8


@dataclass(frozen=True, slots=True)
class Hit:
    found: Found
    stage: str
    status: str
    by: str
    money: CaseMoney
    days: int


@require_http_methods(["GET", "POST"])
@never_cache
@page(Right.SEE_CASES)
def search(request: StaffRequest) -> HttpResponse:
    """``q``; an identifier that names one case opens it at once."""
    asked = request.POST if request.method == "POST" else request.GET
    text = asked.get("q", "").strip()[:LONGEST_TEXT]
    if request.method == "POST" and is_name(text):
        return redirect(f"{reverse('search')}?{urlencode({'q': text})}" if text else "search")
    if request.method != "POST" and not is_name(text):
        return redirect("search")
    found = list_matching_cases(text=text, actor=request.actor, limit=LIMIT + 1)
    if found and _is_the_one(found, text):
        return redirect("case", number=found[0].number)
    return render(
        request,
        "desk/search.html",
        {
            "query_text": text,
            "rows": _hits(found[:LIMIT]),
            "by_more_than_name": any(row.by != "name" for row in found),
            "more": len(found) > LIMIT,
            "limit": LIMIT,
        },
    )


@require_POST
@never_cache
@page(Right.SEE_CASES)
def suggest(request: StaffRequest) -> HttpResponse:
    """The first cases for what has been typed so far, as a list under the field."""
    text = request.POST.get("q", "").strip()[:LONGEST_TEXT]
    if len(text) < SHORTEST_WORD:
        return HttpResponse()
    found = list_matching_cases(text=text, actor=request.actor, limit=SUGGESTED + 1)
    return render(
        request,
        "desk/parts/suggestions.html",
        {
            "rows": _hits(found[:SUGGESTED]),
            "more": len(found) > SUGGESTED,
            "place": "command" if request.htmx.target == "palette-cases" else "hit",
        },
    )


def _is_the_one(found: list[Found], text: str) -> bool:
    first = found[0]
    return first.number == text.upper() or (len(found) == 1 and first.by != "name")


def _hits(found: list[Found]) -> list[Hit]:
    money = list_case_money(case_ids=[row.case_id for row in found]) if found else {}
    today = clock.today()
    return [
        Hit(
            found=row,
            stage=str(stage_name(Stage(row.stage))),
            status=str(status_name(CaseStatus(row.status))),
            by=str(found_by(row.by)),
            money=(owed := money.get(row.case_id, NOTHING_OWED)),
            days=owed.days_past_due(today),
        )
        for row in found
    ]

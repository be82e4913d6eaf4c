"""Search: one box for everything a caller may say.

A name is searched by an address that can be kept. Whatever holds a digit or is an e-mail address
is posted, so that it stands in no address, no history and no log: the list of what was found has
an address of its own, behind which the text stays sealed in the session.
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
from debtors.lifecycle import PartyRole
from debtors.wording import role_name
from desk.queries.money import NOTHING_OWED, CaseMoney, list_case_money
from desk.queries.search import Found, list_matching_cases
from desk.search_terms import LONGEST_TEXT, SHORTEST_WORD, is_name
from desk.views.searched import recall, remember
from desk.wording.search import found_by
from kernel import clock
from staff.access import StaffRequest, page
from staff.rights import Right

LIMIT: Final = 50
SUGGESTED: Final = 8
#: By where the list stands: how its options are called, since ids are of one page.
_PLACES: Final = {"palette-cases": "command"}


@dataclass(frozen=True, slots=True)
class Hit:
    found: Found
    stage: str
    status: str
    by: str
    role: str
    money: CaseMoney
    days: int


@require_http_methods(["GET", "POST"])
@never_cache
@page(Right.SEE_CASES)
def search(request: StaffRequest) -> HttpResponse:
    """``q``, or ``of`` a text that was posted; what is posted and names one case opens it."""
    if request.method == "POST":
        return _take(request, _text(request.POST.get("q", "")))
    text = _text(request.GET.get("q", ""))
    if not is_name(text):
        return redirect("search")
    if "of" in request.GET:
        kept = recall(request, request.GET["of"])
        if kept is None:
            return redirect("search")
        text = kept
    found = list_matching_cases(text=text, actor=request.actor, limit=LIMIT + 1)
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


def _text(written: str) -> str:
    return written.strip()[:LONGEST_TEXT]


def _take(request: StaffRequest, text: str) -> HttpResponse:
    """On to the one case, or to the address of the list."""
    if not text:
        return redirect("search")
    found = list_matching_cases(text=text, actor=request.actor, limit=2)
    if found and _is_the_one(found, text):
        return redirect("case", number=found[0].number)
    if is_name(text):
        return redirect(f"{reverse('search')}?{urlencode({'q': text})}")
    return redirect(f"{reverse('search')}?{urlencode({'of': remember(request, text)})}")


@require_POST
@never_cache
@page(Right.SEE_CASES)
def suggest(request: StaffRequest) -> HttpResponse:
    """The first cases for what has been typed so far, as a list under the field.

    A field that only takes a number (``data-suggests``) is sent under its own name.
    """
    text = _text(request.POST.get(request.htmx.trigger_name or "q", ""))
    if len(text) < SHORTEST_WORD:
        return HttpResponse()
    target = request.htmx.target or ""
    found = list_matching_cases(text=text, actor=request.actor, limit=SUGGESTED + 1)
    return render(
        request,
        "desk/parts/suggestions.html",
        {
            "rows": _hits(found[:SUGGESTED]),
            "more": len(found) > SUGGESTED,
            "place": _PLACES.get(target, target if target.startswith("for-") else "hit"),
            "text": text,
        },
    )


def _is_the_one(found: list[Found], text: str) -> bool:
    return len(found) == 1 or found[0].number == text.upper()


def _hits(found: list[Found]) -> list[Hit]:
    money = list_case_money(case_ids=[row.case_id for row in found]) if found else {}
    today = clock.today()
    return [
        Hit(
            found=row,
            stage=str(stage_name(Stage(row.stage))),
            status=str(status_name(CaseStatus(row.status))),
            by=str(found_by(row.by)),
            role=str(role_name(PartyRole(row.role))) if row.role else "",
            money=(owed := money.get(row.case_id, NOTHING_OWED)),
            days=owed.days_past_due(today),
        )
        for row in found
    ]

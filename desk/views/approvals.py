"""The approvals inbox: what waits, on what grounds, and the decision of a person."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from desk.approvals import UnknownApproval, Verdict, decide_approval, list_approvals
from desk.forms import DecideForm
from desk.queries.strategies import get_step_titles
from desk.views.pages import address
from desk.wording.approvals import ground_parts, proposal_name
from desk.wording.errors import error_text
from desk.wording.events import StepTitles
from kernel import clock
from kernel.errors import DomainError
from staff.access import StaffRequest, page
from staff.approvals import ProposalRow
from staff.rights import Right

PAGE_SIZE: Final = 20


@require_safe
@page(Right.SEE_APPROVALS)
def show_approvals(request: StaffRequest) -> HttpResponse:
    rows = list_approvals(actor=request.actor)
    kinds = sorted({row.kind for row in rows})
    kind = request.GET.get("kind", "")
    chosen = [row for row in rows if not kind or row.kind == kind]
    text = request.GET.get("after", "")
    start = int(text) if text.isdecimal() else 0
    titles = get_step_titles()
    more = len(chosen) > start + PAGE_SIZE
    return render(
        request,
        "desk/approvals.html",
        {
            "asks": [_ask(request, row, titles) for row in chosen[start : start + PAGE_SIZE]],
            "tabs": [
                {
                    "url": address(request, kind=""),
                    "name": _("All"),
                    "count": len(rows),
                    "current": not kind,
                },
                *(
                    {
                        "url": address(request, kind=k),
                        "name": proposal_name(k),
                        "count": sum(row.kind == k for row in rows),
                        "current": k == kind,
                    }
                    for k in kinds
                ),
            ],
            "first_url": address(request) if start else "",
            "next_url": address(request, after=str(start + PAGE_SIZE)) if more else "",
        },
    )


def _ask(request: StaffRequest, row: ProposalRow, titles: StepTitles) -> dict[str, Any]:
    own = row.proposed_by_id is not None and row.proposed_by_id == request.actor.user_id
    return {
        "row": row,
        "name": proposal_name(row.kind),
        "grounds": ground_parts(row.grounds, titles),
        "days": (clock.now() - row.proposed_at).days,
        "own": own,
        "may_decide": not own and request.actor.has(_RIGHTS.get(row.kind, "")),
        "sent_back": row.status == "sent_back",
    }


_RIGHTS: Final[dict[str, Right]] = {
    "termination": Right.APPROVE_TERMINATION,
    "agreement": Right.APPROVE_AGREEMENT,
    "placement": Right.APPROVE_PLACEMENT,
    "referral": Right.APPROVE_REFERRAL,
    "write_off": Right.WRITE_OFF,
    "write_off_batch": Right.WRITE_OFF,
    "refund": Right.APPROVE_REFUND,
    "charge": Right.APPROVE_CHARGE,
}


@require_POST
@page(Right.SEE_APPROVALS)
def decide(request: StaffRequest, kind: str, proposal_id: int) -> HttpResponse:
    """POST ``verdict`` and ``reason``; the app's own operation requires the right for it."""
    form = DecideForm(request.POST)
    try:
        verdict = Verdict(request.POST.get("verdict", ""))
    except ValueError as error:
        raise Http404 from error
    if not form.is_valid():
        messages.error(request, _("A reason is needed; it is kept with the decision."))
        return redirect("approvals")
    try:
        decide_approval(
            kind=kind,
            proposal_id=proposal_id,
            verdict=verdict,
            reason=form.cleaned_data["reason"],
            actor=request.actor,
            at=clock.now(),
        )
    except UnknownApproval as error:
        raise Http404 from error
    except DomainError as error:
        messages.error(request, error_text(error))
    else:
        messages.success(request, _DONE[verdict]())
    return redirect("approvals")


_DONE: Final = {
    Verdict.GRANT: lambda: _("Granted."),
    Verdict.REFUSE: lambda: _("Refused."),
    Verdict.SEND_BACK: lambda: _("Sent back."),
}

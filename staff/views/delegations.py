"""Authority lent to colleagues: to whom, for what, until when; made and taken back here."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from kernel import clock
from kernel.errors import DomainError
from staff import operations
from staff.access import StaffRequest, page
from staff.forms import DelegationForm
from staff.lifecycle import ApprovalKind
from staff.models import Delegation
from staff.queries import get_authority, list_delegations, list_deputies
from staff.rights import Right, Role
from staff.views.answers import done
from staff.wording import approval_kind_name, refusal_text, role_name


@require_http_methods(["GET", "POST"])
@page(Right.SEE_APPROVALS)
def manage_delegations(request: StaffRequest) -> HttpResponse:
    """Everybody who sees approvals sees who decides in whose place; who has authority lends it."""
    today = clock.today()
    own = sorted(get_authority(user=request.user, on=today).own.kinds)
    deputies = list_deputies(giver=request.user) if own else []
    form = DelegationForm(
        request.POST or None,
        kinds=own,
        people=[(user.pk, user.full_name, Role(user.role)) for user in deputies],
        initial={"from_on": today, "kinds": own},
    )

    def lend() -> None:
        values = form.cleaned_data
        operations.delegate_authority(
            deputy_id=int(values["deputy"]),
            kinds=[ApprovalKind(kind) for kind in values["kinds"]],
            from_on=values["from_on"],
            until_on=values["until_on"],
            reason=values["reason"],
            actor=request.actor,
            at=clock.now(),
        )

    said = gettext_lazy("Your colleague decides in your place on those days.")
    if request.method == "POST" and done(request, form, lend, said):
        return redirect("staff-delegations")
    rows = [_row(one, today, request.user.pk) for one in list_delegations()]
    return render(
        request,
        "staff/delegations.html",
        {
            "live": [row for row in rows if row["is_live"]],
            "past": [row for row in rows if not row["is_live"]],
            "form": form if own else None,
            "has_deputies": bool(deputies),
        },
        status=422 if form.errors else 200,
    )


@require_POST
@page(Right.SEE_APPROVALS)
def end_delegation(request: StaffRequest, delegation_id: int) -> HttpResponse:
    try:
        operations.end_delegation(delegation_id=delegation_id, actor=request.actor, at=clock.now())
    except DomainError as error:
        messages.error(request, refusal_text(error))
    else:
        messages.success(request, _("Taken back. It holds from this moment."))
    return redirect("staff-delegations")


def _row(delegation: Delegation, today: date, reader_id: int) -> dict[str, Any]:
    is_over = delegation.ended_at is not None or delegation.until_on < today
    known = set(ApprovalKind)
    return {
        "delegation": delegation,
        "giver_role": role_name(Role(delegation.giver.role)),
        "deputy_role": role_name(Role(delegation.deputy.role)),
        "kinds": ", ".join(
            str(approval_kind_name(ApprovalKind(kind)))
            for kind in delegation.kinds
            if kind in known
        ),
        "is_live": not is_over,
        "is_now": not is_over and delegation.from_on <= today,
        "may_end": not is_over and reader_id in (delegation.giver_id, delegation.deputy_id),
        "is_mine": delegation.giver_id == reader_id,
    }

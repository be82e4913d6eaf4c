"""Approval limits: up to which amount a role may decide what hurts."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from kernel import clock
from kernel.errors import DomainError
from kernel.money import Money
from staff import operations
from staff.access import StaffRequest, page
from staff.forms import LimitForm
from staff.lifecycle import ApprovalKind
from staff.queries import list_approval_limits
from staff.rights import Right, Role
from staff.views.answers import done
from staff.wording import approval_kind_name, refusal_text, role_name


@require_http_methods(["GET", "POST"])
@page(Right.MANAGE_STAFF)
def manage_limits(request: StaffRequest) -> HttpResponse:
    form = LimitForm(request.POST or None, initial=_chosen(request.GET.get("limit", "")))

    def save() -> None:
        values = form.cleaned_data
        amount = Money.from_decimal(values["amount"], values["currency"])
        operations.set_approval_limit(
            role=Role(values["role"]),
            kind=values["kind"],
            currency=amount.currency,
            amount_minor=amount.minor,
            actor=request.actor,
            at=clock.now(),
        )

    if request.method == "POST" and done(request, form, save, _("The limit is set.")):
        return redirect("staff-limits")
    rows = [
        {
            "limit": limit,
            "kind": approval_kind_name(ApprovalKind(limit.kind)),
            "role": role_name(Role(limit.role)),
        }
        for limit in list_approval_limits()
        if limit.kind in set(ApprovalKind)
    ]
    status = 422 if form.errors else 200
    return render(request, "staff/limits.html", {"rows": rows, "form": form}, status=status)


def _chosen(limit_id: str) -> dict[str, Any]:
    """The limit that is to be changed, as the form shows it."""
    chosen = next((row for row in list_approval_limits() if str(row.pk) == limit_id), None)
    if chosen is None:
        return {}
    return {
        "role": chosen.role,
        "kind": chosen.kind,
        "currency": chosen.currency,
        "amount": Money(chosen.amount_minor, chosen.currency).to_decimal(),
    }


@require_POST
@page(Right.MANAGE_STAFF)
def remove_limit(request: StaffRequest, limit_id: int) -> HttpResponse:
    try:
        operations.remove_approval_limit(limit_id=limit_id, actor=request.actor, at=clock.now())
    except DomainError as error:
        messages.error(request, refusal_text(error))
    else:
        messages.success(request, _("The limit is removed."))
    return redirect("staff-limits")

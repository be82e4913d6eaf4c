"""Targets of payments: what should be paid in a month."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from kernel import clock
from kernel.errors import DomainError
from portfolio.forms import TargetForm
from portfolio.operations import set_payment_target
from portfolio.queries import list_targets
from portfolio.targets import month_of
from staff.access import StaffRequest, page
from staff.forms import money_of
from staff.refusals import say_refusal
from staff.rights import Right

_REFUSALS: Final[dict[str, Promise]] = {
    "target_invalid": gettext_lazy("The amount cannot be right."),
    "invalid_amount": gettext_lazy("The amount or its currency cannot be right."),
}


@require_http_methods(["GET", "POST"])
@page(Right.SET_TARGETS)
def manage_targets(request: StaffRequest) -> HttpResponse:
    initial = {"month_on": month_of(clock.today())}
    form = TargetForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid() and _save(request, form):
        return redirect("board-targets")
    status = 422 if form.errors else 200
    context = {"form": form, "targets": list_targets()}
    return render(request, "portfolio/targets.html", context, status=status)


def _save(request: StaffRequest, form: TargetForm) -> bool:
    values: dict[str, Any] = form.cleaned_data
    team = values["team"]
    try:
        amount = money_of(values["amount"], values["currency"]) if values["amount"] else None
        set_payment_target(
            month_on=values["month_on"],
            currency=values["currency"],
            team_id=team.pk if team else None,
            amount_minor=amount.minor if amount else None,
            actor=request.actor,
            at=clock.now(),
        )
    except ValidationError as error:
        form.add_error("amount", error)
        return False
    except DomainError as error:
        form.add_error(None, say_refusal(error, _REFUSALS))
        return False
    said = _("The target is set.") if amount else _("There is no target any more.")
    messages.success(request, said)
    return True

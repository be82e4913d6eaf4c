"""A proposed version: a second person publishes, refuses or sends it back; its author withdraws."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from desk.forms import DecideForm
from desk.wording.errors import error_text
from escalation.operations import (
    StrategyUnsound,
    approve_version,
    refuse_version,
    send_back_version,
    withdraw_version,
)
from escalation.wording import describe_error
from kernel import clock
from kernel.errors import DomainError
from kernel.typed import whole_number
from staff.access import StaffRequest, page
from staff.rights import Right

_ACTS: Final = {
    "approve": approve_version,
    "refuse": refuse_version,
    "send_back": send_back_version,
}


@require_POST
@page(Right.PUBLISH_STRATEGY)
def decide_version(request: StaffRequest, key: str, version_id: int) -> HttpResponse:
    """POST ``verdict`` approve, refuse or send_back, with a reason; never one's own version.

    ``draft`` names the draft whose page was asked from.
    """
    verdict = request.POST.get("verdict", "")
    if verdict not in _ACTS:
        raise Http404
    form = DecideForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("A reason is needed; it is kept with the decision."))
        return redirect(_back(request, key))
    try:
        _ACTS[verdict](
            version_id=version_id,
            reason=form.cleaned_data["reason"],
            actor=request.actor,
            at=clock.now(),
        )
    except StrategyUnsound as error:
        messages.error(request, " ".join(describe_error(error)))
        return redirect(_back(request, key))
    except DomainError as error:
        messages.error(request, error_text(error))
        return redirect(_back(request, key))
    messages.success(request, _said(verdict))
    return redirect("strategy", key=key) if verdict == "approve" else redirect(_back(request, key))


def _said(verdict: str) -> str:
    return {
        "approve": _("The version is in force."),
        "refuse": _("Refused."),
        "send_back": _("Sent back. Its author may change it and ask again."),
    }[verdict]


@require_POST
@page(Right.DRAFT_STRATEGY)
def withdraw(request: StaffRequest, key: str, version_id: int) -> HttpResponse:
    try:
        withdraw_version(version_id=version_id, actor=request.actor, at=clock.now())
    except DomainError as error:
        messages.error(request, error_text(error))
    else:
        messages.success(request, _("Withdrawn. The draft can be changed again."))
    return redirect(_back(request, key))


def _back(request: StaffRequest, key: str) -> str:
    if draft_id := whole_number(request.POST.get("draft")):
        return reverse("draft", kwargs={"draft_id": draft_id})
    return reverse("strategy", kwargs={"key": key})

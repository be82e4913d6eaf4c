"""Batches of small balances: proposed by one person, decided by another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from bookkeeping import operations
from bookkeeping.forms import ReasonForm, SmallBalancesForm
from bookkeeping.models import WriteOffBatch
from bookkeeping.queries.showing import (
    ThingNotFound,
    count_left_out,
    get_batch,
    list_batch_lines,
)
from bookkeeping.small_balances import currencies_on
from bookkeeping.wording import batch_status, left_out_text, outcome_status, say_refusal
from kernel import clock
from kernel.errors import DomainError
from staff.access import StaffRequest, page
from staff.lifecycle import ProposalStatus
from staff.rights import Right

_DECIDED: Final[Mapping[str, Promise]] = {
    "approve": gettext_lazy("The batch is granted; what is still as small is written off."),
    "refuse": gettext_lazy("The batch is refused."),
    "send_back": gettext_lazy("The batch is sent back."),
}


@require_POST
@page(Right.WRITE_OFF)
def propose_batch(request: StaffRequest) -> HttpResponse:
    form = SmallBalancesForm(request.POST, currencies=currencies_on(clock.today()))
    if not form.is_valid():
        messages.error(request, _("Choose a currency."))
        return redirect("write-offs")
    try:
        batch = operations.propose_small_balances(
            currency=form.cleaned_data["currency"], actor=request.actor, at=clock.now()
        )
    except DomainError as error:
        messages.error(request, say_refusal(error))
        return redirect("write-offs")
    messages.success(request, _("The batch waits for a second person."))
    return redirect("write-off-batch", write_off_batch_id=batch.pk)


@require_safe
@page(Right.WRITE_OFF)
def show_batch(request: StaffRequest, write_off_batch_id: int) -> HttpResponse:
    batch = _batch(write_off_batch_id)
    lines = [
        {
            "line": line,
            "shape": outcome_status(line.outcome)[0],
            "status": outcome_status(line.outcome)[1],
            "note": left_out_text(line.left_out_code),
        }
        for line in list_batch_lines(write_off_batch_id=batch.pk, actor=request.actor)
    ]
    is_open = batch.status in (ProposalStatus.PROPOSED, ProposalStatus.SENT_BACK)
    waits = batch.status == ProposalStatus.PROPOSED
    is_own = batch.proposed_by_id == request.user.pk
    context = {
        **batch_line(batch),
        "lines": lines,
        "form": ReasonForm(auto_id="withdraw-%s") if is_open else None,
        "decide": ReasonForm(auto_id="decide-%s") if waits and not is_own else None,
        "is_own": waits and is_own,
    }
    return render(request, "bookkeeping/batch.html", context)


@require_POST
@page(Right.WRITE_OFF)
def withdraw_batch(request: StaffRequest, write_off_batch_id: int) -> HttpResponse:
    def withdraw(reason: str) -> None:
        operations.withdraw_write_off_batch(
            write_off_batch_id=write_off_batch_id,
            reason=reason,
            actor=request.actor,
            at=clock.now(),
        )

    return _act(request, write_off_batch_id, withdraw, lambda: _("The batch is withdrawn."))


@require_POST
@page(Right.WRITE_OFF)
def decide_batch(request: StaffRequest, write_off_batch_id: int) -> HttpResponse:
    """POST ``verdict`` and ``reason``."""
    verdict = request.POST.get("verdict", "")

    def decide(reason: str) -> None:
        operations.decide_write_off_batch(
            write_off_batch_id=write_off_batch_id,
            move=verdict,
            reason=reason,
            actor=request.actor,
            at=clock.now(),
        )

    if verdict not in _DECIDED:
        messages.error(request, _("Say what you decide."))
        return redirect("write-off-batch", write_off_batch_id=_batch(write_off_batch_id).pk)

    def say() -> str:
        left_out = count_left_out(write_off_batch_id=write_off_batch_id)
        said = ngettext(
            "%(n)s balance is left out: its line says why.",
            "%(n)s balances are left out: their lines say why.",
            left_out,
        )
        return (
            f"{_DECIDED[verdict]} {said % {'n': left_out}}" if left_out else str(_DECIDED[verdict])
        )

    return _act(request, write_off_batch_id, decide, say)


def batch_line(batch: WriteOffBatch) -> dict[str, Any]:
    shape, word = batch_status(batch.status)
    return {"batch": batch, "shape": shape, "status": word}


def _act(
    request: StaffRequest,
    write_off_batch_id: int,
    act: Callable[[str], None],
    say: Callable[[], str],
) -> HttpResponse:
    """With a reason; back to the page of the batch, which says what came of it."""
    batch = _batch(write_off_batch_id)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Give a reason."))
    else:
        try:
            act(form.cleaned_data["reason"])
        except DomainError as error:
            messages.error(request, say_refusal(error))
        else:
            messages.success(request, say())
    return redirect("write-off-batch", write_off_batch_id=batch.pk)


def _batch(write_off_batch_id: int) -> WriteOffBatch:
    try:
        return get_batch(write_off_batch_id=write_off_batch_id)
    except ThingNotFound as error:
        raise Http404 from error

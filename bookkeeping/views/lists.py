"""Lists of write-offs and refunds, batches of small balances, and the table of authority."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from bookkeeping import operations
from bookkeeping.authority import rows_on
from bookkeeping.forms import ReasonForm, SmallBalancesForm
from bookkeeping.lifecycle import RefundStatus, WriteOffStatus
from bookkeeping.models import WriteOffBatch
from bookkeeping.queries.showing import (
    ThingNotFound,
    get_batch,
    list_batch_lines,
    list_batches,
    list_refunds,
    list_write_offs,
)
from bookkeeping.small_balances import currencies_on, rule_on
from bookkeeping.views.case_money import refund_line, write_off_line
from bookkeeping.wording import (
    authority_name,
    batch_status,
    left_out_text,
    outcome_status,
    refund_status,
    say_refusal,
    write_off_status,
)
from kernel import clock
from kernel.errors import DomainError
from staff.access import StaffRequest, page
from staff.lifecycle import ProposalStatus
from staff.rights import Right
from staff.wording import role_name

PAGE_SIZE: Final = 50
_DECIDED: Final[dict[str, Promise]] = {
    "approve": gettext_lazy("The batch is granted; what is still as small is written off."),
    "refuse": gettext_lazy("The batch is refused."),
    "send_back": gettext_lazy("The batch is sent back."),
}


@require_safe
@page(Right.SEE_CASES)
def show_write_offs(request: StaffRequest) -> HttpResponse:
    status, before_id = _asked(request, {str(s) for s in WriteOffStatus})
    rows = list_write_offs(
        actor=request.actor, status=status, before_id=before_id, limit=PAGE_SIZE + 1
    )
    may_write_off = request.actor.has(Right.WRITE_OFF)
    today = clock.today()
    context = {
        **_pages(rows, status, before_id),
        "rows": [write_off_line(row) for row in rows[:PAGE_SIZE]],
        "statuses": [
            {"value": s.value, "label": write_off_status(s)[1], "chosen": s == status}
            for s in WriteOffStatus
        ],
        "batches": [_batch_line(batch) for batch in list_batches()] if may_write_off else [],
        "rules": [rule_on(currency=currency, on=today) for currency in currencies_on(today)],
        "form": SmallBalancesForm(currencies=currencies_on(today)) if may_write_off else None,
    }
    return render(request, "bookkeeping/write_offs.html", context)


@require_safe
@page(Right.SEE_CASES)
def show_refunds(request: StaffRequest) -> HttpResponse:
    status, before_id = _asked(request, {str(s) for s in RefundStatus})
    rows = list_refunds(
        actor=request.actor, status=status, before_id=before_id, limit=PAGE_SIZE + 1
    )
    context = {
        **_pages(rows, status, before_id),
        "rows": [refund_line(row) for row in rows[:PAGE_SIZE]],
        "statuses": [
            {"value": s.value, "label": refund_status(s)[1], "chosen": s == status}
            for s in RefundStatus
        ],
    }
    return render(request, "bookkeeping/refunds.html", context)


@require_safe
@page(Right.SEE_CASES)
def show_authority(request: StaffRequest) -> HttpResponse:
    rows = [
        {
            "row": row,
            "kind": authority_name(row.kind),
            "role": role_name(row.role),
        }
        for row in rows_on(clock.today())
    ]
    return render(request, "bookkeeping/authority.html", {"rows": rows})


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
        **_batch_line(batch),
        "lines": lines,
        "form": ReasonForm(auto_id="withdraw-%s") if is_open else None,
        "decide": ReasonForm(auto_id="decide-%s") if waits and not is_own else None,
        "is_own": waits and is_own,
    }
    return render(request, "bookkeeping/batch.html", context)


@require_POST
@page(Right.WRITE_OFF)
def withdraw_batch(request: StaffRequest, write_off_batch_id: int) -> HttpResponse:
    batch = _batch(write_off_batch_id)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Give a reason."))
        return redirect("write-off-batch", write_off_batch_id=batch.pk)
    try:
        operations.withdraw_write_off_batch(
            write_off_batch_id=batch.pk,
            reason=form.cleaned_data["reason"],
            actor=request.actor,
            at=clock.now(),
        )
    except DomainError as error:
        messages.error(request, say_refusal(error))
    else:
        messages.success(request, _("The batch is withdrawn."))
    return redirect("write-off-batch", write_off_batch_id=batch.pk)


@require_POST
@page(Right.WRITE_OFF)
def decide_batch(request: StaffRequest, write_off_batch_id: int) -> HttpResponse:
    """POST ``verdict`` and ``reason``."""
    batch = _batch(write_off_batch_id)
    form, verdict = ReasonForm(request.POST), request.POST.get("verdict", "")
    if verdict not in _DECIDED or not form.is_valid():
        messages.error(request, _("Give a reason."))
        return redirect("write-off-batch", write_off_batch_id=batch.pk)
    try:
        operations.decide_write_off_batch(
            write_off_batch_id=batch.pk,
            move=verdict,
            reason=form.cleaned_data["reason"],
            actor=request.actor,
            at=clock.now(),
        )
    except DomainError as error:
        messages.error(request, say_refusal(error))
    else:
        messages.success(request, str(_DECIDED[verdict]))
    return redirect("write-off-batch", write_off_batch_id=batch.pk)


def _batch(write_off_batch_id: int) -> WriteOffBatch:
    try:
        return get_batch(write_off_batch_id=write_off_batch_id)
    except ThingNotFound as error:
        raise Http404 from error


def _batch_line(batch: WriteOffBatch) -> dict[str, Any]:
    shape, word = batch_status(batch.status)
    return {"batch": batch, "shape": shape, "status": word}


def _asked(request: StaffRequest, statuses: set[str]) -> tuple[str, int | None]:
    status, after = request.GET.get("status", ""), request.GET.get("after", "")
    return (
        status if status in statuses else "",
        int(after) if after.isdecimal() and len(after) < 18 else None,
    )


def _pages(rows: list[Any], status: str, before_id: int | None) -> dict[str, str]:
    query: dict[str, str | int] = {"status": status} if status else {}
    more = len(rows) > PAGE_SIZE
    following = urlencode({**query, "after": rows[PAGE_SIZE - 1].pk}) if more else ""
    return {
        "first_url": f"?{urlencode(query)}" if before_id is not None else "",
        "next_url": f"?{following}" if more else "",
    }

"""Lists of write-offs and refunds, and the table of authority."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from bookkeeping.authority import alone_period_on, rows_on
from bookkeeping.forms import SmallBalancesForm
from bookkeeping.lifecycle import RefundStatus, WriteOffStatus
from bookkeeping.queries.showing import list_batches, list_refunds, list_write_offs
from bookkeeping.small_balances import currencies_on, rule_on
from bookkeeping.views.batches import batch_line
from bookkeeping.views.case_money import refund_line, write_off_line
from bookkeeping.wording import authority_name, refund_status, write_off_status
from kernel import clock
from staff.access import StaffRequest, page
from staff.rights import Right
from staff.wording import role_name

PAGE_SIZE: Final = 50


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
        "batches": [batch_line(batch) for batch in list_batches()] if may_write_off else [],
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
    today = clock.today()
    rows = [
        {
            "row": row,
            "kind": authority_name(row.kind),
            "role": role_name(row.role),
        }
        for row in rows_on(today)
    ]
    context = {"rows": rows, "period": alone_period_on(today)}
    return render(request, "bookkeeping/authority.html", context)


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

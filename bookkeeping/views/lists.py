"""Lists of write-offs and refunds, and the table of authority."""

from __future__ import annotations

from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bookkeeping.authority import ANY_CURRENCY, AuthorityKind, alone_period_on, rows_on
from bookkeeping.forms import SmallBalancesForm
from bookkeeping.lifecycle import RefundStatus, WriteOffStatus
from bookkeeping.queries.showing import list_batches, list_refunds, list_write_offs
from bookkeeping.small_balances import currencies_on, rule_on
from bookkeeping.views.batches import batch_line
from bookkeeping.views.case_money import refund_line, write_off_line
from bookkeeping.wording import authority_name, refund_status, write_off_status
from kernel import clock
from kernel.typed import word_in
from staff.access import StaffRequest, page
from staff.rights import Right, Role
from staff.views.lists import after_id, keyset_page
from staff.wording import role_name

PAGE_SIZE: Final = 50


@require_safe
@page(Right.SEE_CASES)
def show_write_offs(request: StaffRequest) -> HttpResponse:
    status = word_in(request.GET.get("status"), WriteOffStatus) or ""
    found = list_write_offs(
        actor=request.actor, status=status, before_id=after_id(request), limit=PAGE_SIZE + 1
    )
    shown = keyset_page(request, found, size=PAGE_SIZE, key=lambda row: row.pk)
    may_write_off = request.actor.has(Right.WRITE_OFF)
    today = clock.today()
    context = {
        **shown.urls,
        "rows": [write_off_line(row) for row in shown.rows],
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
    status = word_in(request.GET.get("status"), RefundStatus) or ""
    found = list_refunds(
        actor=request.actor, status=status, before_id=after_id(request), limit=PAGE_SIZE + 1
    )
    shown = keyset_page(request, found, size=PAGE_SIZE, key=lambda row: row.pk)
    context = {
        **shown.urls,
        "rows": [refund_line(row) for row in shown.rows],
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
    rows = rows_on(today)
    roles = [role for role in Role if any(row.role == role for row in rows)]
    known = {(row.kind, row.role, row.currency): row for row in rows}
    currencies = sorted(
        {row.currency for row in rows}, key=lambda one: (one == ANY_CURRENCY, one != "PLN", one)
    )
    period = alone_period_on(today)
    remarks = {tuple(sorted(row.source.items())): row.from_on for row in rows}
    context = {
        "roles": [role_name(role) for role in roles],
        "tables": [
            {
                "currency": "" if currency == ANY_CURRENCY else currency,
                "lines": [
                    {
                        "kind": authority_name(kind),
                        "cells": [known.get((kind, role, currency)) for role in roles],
                    }
                    for kind in AuthorityKind
                    if any((kind, role, currency) in known for role in roles)
                ],
            }
            for currency in currencies
        ],
        "remarks": [(dict(source), since) for source, since in remarks.items()],
        "period": period,
        "period_source": {} if tuple(sorted(period.source.items())) in remarks else period.source,
    }
    return render(request, "bookkeeping/authority.html", context)

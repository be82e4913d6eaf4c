"""The money of one case: its debts, and what was written off, paid back and charged by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bookkeeping.lifecycle import WriteOffKind, WriteOffReason
from bookkeeping.queries.debts import CaseDebt, list_case_debts
from bookkeeping.queries.showing import (
    ThingNotFound,
    get_charge,
    get_refund,
    get_write_off,
    list_case_charges,
    list_case_refunds,
    list_case_write_offs,
)
from bookkeeping.views.acts import CHARGES, REFUNDS, WRITE_OFFS, Kind, possible_acts
from bookkeeping.wording import (
    charge_status,
    fee_name,
    refund_status,
    say_refusal,
    write_off_kind_name,
    write_off_reason_name,
    write_off_status,
)
from cases.locking import CaseNotFound
from cases.models import Case
from cases.queries import get_case
from debtors.lifecycle import Product
from debtors.wording import product_name
from kernel import clock
from kernel.errors import DomainError, NotFound
from ledger.lifecycle import Component
from ledger.wording import component_name
from staff.access import StaffRequest, page
from staff.figures import mask_account
from staff.rights import Right

Bound = Mapping[tuple[str, int, str], Form]


def find_case(request: StaffRequest, number: str) -> Case:
    """404 for a case that is not there, and for one of another team."""
    try:
        return get_case(actor=request.actor, number=number)
    except CaseNotFound as error:
        raise Http404 from error


@require_safe
@page(Right.SEE_CASES)
def show_money(request: StaffRequest, number: str) -> HttpResponse:
    return render_money(request, find_case(request, number))


@require_POST
@page(Right.PROPOSE_WRITE_OFF)
def act_on_write_off(request: StaffRequest, write_off_id: int, name: str) -> HttpResponse:
    """One of the acts of ``WRITE_OFFS``; its operation requires its own right."""
    row = _found(lambda: get_write_off(write_off_id=write_off_id, actor=request.actor))
    return _act(request, WRITE_OFFS, row, name)


@require_POST
@page(Right.PROPOSE_REFUND)
def act_on_refund(request: StaffRequest, refund_id: int, name: str) -> HttpResponse:
    row = _found(lambda: get_refund(refund_id=refund_id, actor=request.actor))
    return _act(request, REFUNDS, row, name)


@require_POST
@page(Right.CHARGE_FEE)
def act_on_charge(request: StaffRequest, charge_id: int, name: str) -> HttpResponse:
    row = _found(lambda: get_charge(charge_id=charge_id, actor=request.actor))
    return _act(request, CHARGES, row, name)


def render_money(
    request: StaffRequest, case: Case, *, bound: Bound | None = None, status: int = 200
) -> HttpResponse:
    debts = list_case_debts(case_id=case.pk)
    contracts = {debt.account_id: debt.contract_no for debt in debts}
    refused = bound or {}
    may = {right.value: request.actor.has(right) for right in _SHOWN_RIGHTS}
    context = {
        "case": case,
        "component_names": [component_name(component) for component in Component],
        "debts": [debt_line(debt) for debt in debts],
        "write_offs": [
            {
                **write_off_line(row),
                "contract_no": contracts.get(row.account_id, ""),
                "acts": possible_acts(WRITE_OFFS, row, request.actor, refused),
            }
            for row in list_case_write_offs(case_id=case.pk)
        ],
        "refunds": [
            {
                **refund_line(row),
                "contract_no": contracts.get(row.account_id, ""),
                "acts": possible_acts(REFUNDS, row, request.actor, refused),
            }
            for row in list_case_refunds(case_id=case.pk)
        ],
        "charges": [
            {
                **_charge_line(row),
                "contract_no": contracts.get(row.account_id, ""),
                "acts": possible_acts(CHARGES, row, request.actor, refused),
            }
            for row in list_case_charges(case_id=case.pk)
        ],
        "may": may,
        "overpaid": any(debt.overpaid_minor > 0 for debt in debts),
    }
    return render(request, "bookkeeping/case_money.html", context, status=status)


_SHOWN_RIGHTS = (Right.PROPOSE_WRITE_OFF, Right.PROPOSE_REFUND, Right.CHARGE_FEE)


def debt_line(debt: CaseDebt) -> dict[str, Any]:
    """``parts`` are what is owed by component, due or not."""
    return {
        "debt": debt,
        "product": product_name(Product(debt.product)),
        "parts": [debt.owed.get(component, 0) for component in Component],
    }


def write_off_line(row: Any) -> dict[str, Any]:
    shape, word = write_off_status(row.status)
    return {
        "row": row,
        "kind": write_off_kind_name(WriteOffKind(row.kind)),
        "reason": write_off_reason_name(WriteOffReason(row.reason)),
        "components": [component_name(Component(name)) for name in row.components],
        "shape": shape,
        "status": word,
    }


def refund_line(row: Any) -> dict[str, Any]:
    shape, word = refund_status(row.status)
    return {"row": row, "to": mask_account(row.to_account_no), "shape": shape, "status": word}


def _charge_line(row: Any) -> dict[str, Any]:
    shape, word = charge_status(row.status)
    return {
        "row": row,
        "fee": fee_name(row.fee),
        "component": component_name(Component(row.component)),
        "shape": shape,
        "status": word,
    }


def _found(get: Callable[[], Any]) -> Any:
    try:
        return get()
    except ThingNotFound as error:
        raise Http404 from error


def _act(request: StaffRequest, kind: Kind, row: Any, name: str) -> HttpResponse:
    act = kind.acts.get(name)
    if act is None:
        raise Http404
    form = act.form(request.POST, auto_id=f"{kind.name}-{row.pk}-{name}-%s")
    if form.is_valid():
        try:
            act.call(
                **{f"{kind.name}_id": row.pk},
                **form.cleaned_data,
                actor=request.actor,
                at=clock.now(),
            )
        except NotFound as error:
            raise Http404 from error
        except DomainError as error:
            messages.error(request, say_refusal(error))
        else:
            messages.success(request, str(act.done))
            return redirect("case-money", number=row.case.number)
    else:
        messages.error(request, _("Something is missing: see the form below."))
    bound = {(kind.name, row.pk, name): form}
    return render_money(request, row.case, bound=bound, status=422)

"""Writing off, paying back, charging: a form each, from the page of a case's money."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from bookkeeping import operations
from bookkeeping.authority import AuthorityKind, alone_period_on
from bookkeeping.forms import ChargeForm, RefundForm, WriteOffForm
from bookkeeping.lifecycle import ChargeStatus, RefundStatus, WriteOffReason, WriteOffStatus
from bookkeeping.queries.authority import get_role_authority
from bookkeeping.queries.debts import CaseDebt, list_case_debts
from bookkeeping.tariff import list_fees
from bookkeeping.views.case_money import debt_line, find_case
from bookkeeping.wording import authority_name, fee_name, say_refusal
from cases.models import Case
from kernel import clock
from kernel.errors import DomainError
from ledger.lifecycle import Component
from ledger.wording import component_name
from staff.access import StaffRequest, page
from staff.rights import Right


@require_http_methods(["GET", "HEAD", "POST"])
@page(Right.PROPOSE_WRITE_OFF)
def write_off(request: StaffRequest, number: str) -> HttpResponse:
    case = find_case(request, number)
    debts = [debt for debt in list_case_debts(case_id=case.pk) if debt.outstanding_minor > 0]
    form = WriteOffForm(_given(request), debts=debts, initial=_initial(request))

    def act() -> str:
        row = operations.propose_write_off(
            case_id=case.pk,
            account_id=form.cleaned_data["account"],
            amount_minor=form.cleaned_data["amount_minor"],
            components=form.cleaned_data["components"],
            reason=WriteOffReason(form.cleaned_data["reason"]),
            note=form.cleaned_data["note"],
            submission=form.cleaned_data["submission"],
            actor=request.actor,
            at=clock.now(),
        )
        if row.status == WriteOffStatus.POSTED:
            return _("The amount is written off.")
        return _("The write-off waits for a second person.")

    kinds = (AuthorityKind.WRITE_OFF_PRINCIPAL, AuthorityKind.WRITE_OFF_SIDE_CLAIMS)
    may_alone = request.actor.has(Right.WRITE_OFF)
    context = {
        "title": _("Propose a write-off"),
        "button": _("Propose a write-off"),
        "nothing": _("Nothing is owed that could be written off."),
        "authority": _authority(request, kinds, debts) if may_alone else [],
    }
    return _answer(request, case, debts, form, act, context)


@require_http_methods(["GET", "HEAD", "POST"])
@page(Right.PROPOSE_REFUND)
def refund(request: StaffRequest, number: str) -> HttpResponse:
    case = find_case(request, number)
    debts = [debt for debt in list_case_debts(case_id=case.pk) if debt.overpaid_minor > 0]
    form = RefundForm(_given(request), debts=debts, initial=_initial(request))

    def act() -> str:
        given = form.cleaned_data
        row = operations.propose_refund(
            case_id=case.pk,
            account_id=given["account"],
            amount_minor=given["amount_minor"],
            to_account_no=given["to_account_no"],
            to_name=given["to_name"],
            note=given["note"],
            despite_arrears=given["despite_arrears"],
            submission=given["submission"],
            actor=request.actor,
            at=clock.now(),
        )
        if row.status == RefundStatus.APPROVED:
            return _("The refund is approved and can be handed over.")
        return _("The refund waits for a second person.")

    context = {
        "title": _("Pay an overpayment back"),
        "button": _("Pay back"),
        "nothing": _("Nothing was overpaid on the debts of this case."),
        "authority": _authority(request, (AuthorityKind.REFUND,), debts),
    }
    return _answer(request, case, debts, form, act, context)


@require_http_methods(["GET", "HEAD", "POST"])
@page(Right.CHARGE_FEE)
def charge(request: StaffRequest, number: str) -> HttpResponse:
    case = find_case(request, number)
    debts = [debt for debt in list_case_debts(case_id=case.pk) if debt.outstanding_minor > 0]
    today = clock.today()
    currencies = sorted({debt.currency for debt in debts})
    fees = [fee for currency in currencies for fee in list_fees(currency=currency, on=today)]
    form = ChargeForm(
        _given(request),
        debts=debts,
        fees=[(key, fee_name(key)) for key in dict.fromkeys(fee.key for fee in fees)],
        initial={**_initial(request), "charged_on": today},
    )

    def act() -> str:
        given = form.cleaned_data
        row = operations.charge_fee(
            case_id=case.pk,
            account_id=given["account"],
            fee=given["fee"],
            amount_minor=given["amount_minor"],
            occasion=given["occasion"],
            charged_on=given["charged_on"],
            note=given["note"],
            actor=request.actor,
            at=clock.now(),
        )
        if row.status == ChargeStatus.POSTED:
            return _("The fee is charged.")
        return _("The fee waits for a second person.")

    context = {
        "title": _("Charge a fee or cost"),
        "button": pgettext("button", "Charge"),
        "nothing": _("Nothing is owed on the debts of this case, so nothing is charged to them."),
        "authority": _authority(request, (AuthorityKind.CHARGE,), debts),
        "fees": [
            {"fee": fee, "name": fee_name(fee.key), "component": component_name(fee.component)}
            for fee in fees
        ],
    }
    return _answer(request, case, debts, form, act, context)


def _given(request: StaffRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _initial(request: StaffRequest) -> dict[str, Any]:
    """The debt that the link named; a name that is none of the case's chooses nothing."""
    return {"account": request.GET.get("account", "")}


def _authority(
    request: StaffRequest, kinds: tuple[AuthorityKind, ...], debts: list[CaseDebt]
) -> list[dict[str, Any]]:
    """Up to which amount the reader acts alone, in each currency of the debts."""
    today = clock.today()
    return [
        {
            "name": authority_name(kind),
            "currency": currency,
            "alone_minor": get_role_authority(
                kind=kind, role=request.user.role, currency=currency, on=today
            ).alone_minor,
        }
        for kind in kinds
        for currency in sorted({debt.currency for debt in debts})
    ]


def _answer(
    request: StaffRequest,
    case: Case,
    debts: list[CaseDebt],
    form: Form,
    act: Callable[[], str],
    context: dict[str, Any],
) -> HttpResponse:
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                messages.success(request, act())
                return redirect("case-money", number=case.number)
            except DomainError as error:
                form.add_error(None, say_refusal(error))
    shown = {
        **context,
        "case": case,
        "form": form,
        "period": alone_period_on(clock.today()),
        "debts": [debt_line(debt) for debt in debts],
        "component_names": [component_name(component) for component in Component],
        "checks": ("despite_arrears",),
    }
    return render(request, "bookkeeping/propose.html", shown, status=status)

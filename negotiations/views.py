"""Pages of agreements: each parses, makes one call and answers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.locking import CaseNotFound
from cases.models import Case
from cases.queries import get_case
from kernel import clock
from kernel.calendar import POLAND
from kernel.errors import DomainError, NotFound
from kernel.typed import word_in
from negotiations.forms import NoteForm, TermsForm, WithdrawForm
from negotiations.lifecycle import AGREEMENT_LIFECYCLE, AgreementKind, AgreementStatus
from negotiations.models import Agreement
from negotiations.operations import propose_agreement, withdraw_agreement
from negotiations.queries import (
    AgreementNotFound,
    AgreementRow,
    CheckedTerms,
    get_agreement,
    get_terms_preview,
    list_agreements,
    list_currencies_due,
    list_recent_agreements,
)
from negotiations.wording import (
    agreement_kind_name,
    agreement_status_name,
    agreement_status_shape,
    excess_text,
    instalment_status_name,
    instalment_status_shape,
    say_refusal,
)
from staff.access import StaffRequest, page
from staff.rights import Right
from staff.views.lists import after_id, keyset_page

PAGE_SIZE: Final = 50
#: The first payment is offered a week from now, on a working day.
FIRST_PAYMENT_IN: Final = timedelta(days=7)
OFFERED_PAYMENTS: Final = 6


@require_safe
@page(Right.SEE_CASES)
def show_agreements(request: StaffRequest) -> HttpResponse:
    status = word_in(request.GET.get("status"), AgreementStatus) or ""
    found = list_recent_agreements(
        actor=request.actor,
        status=status,
        before_id=after_id(request),
        limit=PAGE_SIZE + 1,
    )
    shown = keyset_page(request, found, size=PAGE_SIZE, key=lambda row: row.id)
    return render(
        request,
        "negotiations/agreements.html",
        {
            "rows": [_shown(row) for row in shown.rows],
            "statuses": [
                {"value": str(s), "label": agreement_status_name(s), "chosen": s == status}
                for s in AgreementStatus
            ],
            "status": status,
            **shown.urls,
        },
    )


@require_safe
@page(Right.SEE_CASES)
def show_agreement(request: StaffRequest, agreement_id: int) -> HttpResponse:
    try:
        row = get_agreement(agreement_id=agreement_id, actor=request.actor)
    except AgreementNotFound as error:
        raise Http404 from error
    may_withdraw = request.actor.has(Right.NEGOTIATE) and "withdraw" in (
        AGREEMENT_LIFECYCLE.allowed(AgreementStatus(row.status))
    )
    return render(
        request,
        "negotiations/agreement.html",
        {**_shown(row), "may_withdraw": may_withdraw, "form": WithdrawForm()},
    )


@require_POST
@page(Right.NEGOTIATE)
def withdraw(request: StaffRequest, agreement_id: int) -> HttpResponse:
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Give a reason."))
        return redirect("agreement", agreement_id=agreement_id)
    try:
        withdraw_agreement(
            agreement_id=agreement_id,
            reason=form.cleaned_data["reason"],
            actor=request.actor,
            at=clock.now(),
        )
    except NotFound as error:
        raise Http404 from error
    except DomainError as error:
        messages.error(request, say_refusal(error))
    else:
        messages.success(request, _("The agreement is withdrawn."))
    return redirect("agreement", agreement_id=agreement_id)


@require_http_methods(["GET", "HEAD", "POST"])
@page(Right.NEGOTIATE)
def negotiate(request: StaffRequest, number: str) -> HttpResponse:
    """GET with terms shows their schedule; POST of the same terms proposes them."""
    case = _case(request, number)
    dues = list_currencies_due(case_id=case.pk)
    given = request.POST if request.method == "POST" else request.GET
    currencies = [currency for currency, _minor in dues]
    offered = _offer(currencies[0]) if dues and request.method != "POST" else None
    form = TermsForm(given if "kind" in given else offered, currencies=currencies)
    note = NoteForm(request.POST if request.method == "POST" else None)
    checked = None
    if form.is_bound and form.is_valid() and (request.method != "POST" or note.is_valid()):
        try:
            if request.method == "POST":
                return _agreed(request, _propose(request, case, form, note))
            checked = get_terms_preview(
                case_id=case.pk,
                currency=form.cleaned_data["currency"],
                terms=form.terms,
                on=clock.today(),
                actor=request.actor,
            )
        except DomainError as error:
            form.add_error(None, say_refusal(error))
    context = {
        "case": case,
        "dues": dues,
        "form": form,
        "note": note,
        "preview": _preview(checked) if checked else None,
        "earlier": [_shown(row) for row in list_agreements(case_id=case.pk)],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "negotiations/negotiate.html", context, status=status)


def _case(request: StaffRequest, number: str) -> Case:
    try:
        return get_case(actor=request.actor, number=number)
    except CaseNotFound as error:
        raise Http404 from error


def _offer(currency: str) -> dict[str, Any]:
    """The terms whose schedule is shown before any are given."""
    first_on = POLAND.on_or_after(clock.today() + FIRST_PAYMENT_IN)
    return {
        "kind": AgreementKind.INSTALMENTS,
        "currency": currency,
        "count": OFFERED_PAYMENTS,
        "first_due_on": first_on.isoformat(),
    }


def _propose(request: StaffRequest, case: Case, form: TermsForm, note: NoteForm) -> Agreement:
    return propose_agreement(
        case_id=case.pk,
        currency=form.cleaned_data["currency"],
        terms=form.terms,
        note=note.cleaned_data["note"],
        actor=request.actor,
        at=clock.now(),
    )


def _agreed(request: StaffRequest, agreement: Agreement) -> HttpResponse:
    if agreement.status == AgreementStatus.IN_FORCE:
        messages.success(request, _("The agreement is in force."))
    else:
        messages.warning(request, _("The terms wait for a second person."))
    return redirect("agreement", agreement_id=agreement.pk)


def _preview(checked: CheckedTerms) -> dict[str, Any]:
    return {
        "schedule": checked.schedule,
        "currency": checked.schedule.total.currency,
        "needs_approval": checked.needs_approval,
        "excesses": [excess_text(excess) for excess in checked.excesses],
        "tolerance_days": checked.policy.tolerance_days,
    }


def _shown(row: AgreementRow) -> dict[str, Any]:
    return {
        "row": row,
        "kind": agreement_kind_name(row.kind),
        "status": agreement_status_name(row.status),
        "shape": agreement_status_shape(row.status),
        "paid_count": sum(part.status == "paid" for part in row.instalments),
        "instalments": [
            {
                "part": part,
                "status": instalment_status_name(part.status),
                "shape": instalment_status_shape(part.status),
            }
            for part in row.instalments
        ],
    }

"""What people do on the case page: each parses a form, calls one operation, and answers."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cases import operations as cases
from cases.lifecycle import CaseStatus, HoldKind, WorkKind
from cases.models import Case
from contacts import operations as contacts
from contacts.lifecycle import AttemptResult, Direction
from contacts.operations import NewPromise
from debtors.lifecycle import Channel
from debtors.models import Debt
from desk import forms
from desk.queries.case_page import get_case_file
from desk.views.case.show import debt_choices, find_case, point_choices, render_case
from desk.wording.errors import error_text
from kernel import clock
from kernel.errors import DomainError
from ledger.operations import post_payment
from staff.access import StaffRequest, page
from staff.rights import Right


def answer(
    request: StaffRequest,
    case: Case,
    name: str,
    form: Form,
    act: Callable[[], str],
    *,
    keeps_hand: bool = True,
) -> HttpResponse:
    """Run ``act`` on a valid form and say what it says; a refusal keeps what was entered.

    Whoever has acted has the case in hand, unless the act ends their work on it; while a
    colleague has it, nothing is done.
    """
    if form.is_valid():
        try:
            works = request.actor.has(Right.WORK_CASE) and case.status == CaseStatus.OPEN
            if works:
                cases.check_hands(case_id=case.pk, actor=request.actor, at=clock.now())
            messages.success(request, act())
            if works and keeps_hand:
                _keep_in_hand(request, case)
            return redirect("case", number=case.number)
        except DomainError as error:
            form.add_error(None, error_text(error))
        except ValidationError as error:
            form.add_error(None, error)
        messages.error(request, " ".join(str(text) for text in form.non_field_errors()))
    return render_case(request, case, bound={name: form}, status=422)


def _keep_in_hand(request: StaffRequest, case: Case) -> None:
    """The act is done; a colleague who took the case in the same moment keeps it."""
    with suppress(cases.CaseInHand):
        cases.keep_in_hand(case_id=case.pk, actor=request.actor, at=clock.now())


@require_POST
@page(Right.HOLD_CASE)
def hold(request: StaffRequest, number: str) -> HttpResponse:
    case = find_case(request, number)
    form = forms.HoldForm(request.POST)

    def act() -> str:
        cases.hold_case(
            case_id=case.pk,
            kind=HoldKind(form.cleaned_data["kind"]),
            reason=form.cleaned_data["reason"],
            from_on=clock.today(),
            until_on=form.cleaned_data["until_on"],
            actor=request.actor,
            at=clock.now(),
        )
        return _("The case is on hold.")

    return answer(request, case, "hold", form, act)


@require_POST
@page(Right.HOLD_CASE)
def end_hold(request: StaffRequest, number: str, hold_id: int) -> HttpResponse:
    case = find_case(request, number)
    form = forms.EndHoldForm(request.POST)

    def act() -> str:
        cases.end_hold(
            hold_id=hold_id,
            reason=form.cleaned_data["reason"],
            on=clock.today(),
            actor=request.actor,
            at=clock.now(),
        )
        return _("The hold has ended.")

    return answer(request, case, "end_hold", form, act)


@require_POST
@page(Right.WORK_CASE)
def open_work(request: StaffRequest, number: str) -> HttpResponse:
    case = find_case(request, number)
    form = forms.WorkForm(request.POST)

    def act() -> str:
        cases.open_work_item(
            case_id=case.pk,
            kind=WorkKind(form.cleaned_data["kind"]),
            due_on=form.cleaned_data["due_on"],
            note=form.cleaned_data["note"],
            actor=request.actor,
            at=clock.now(),
        )
        return _("It is on the list.")

    return answer(request, case, "work", form, act)


@require_POST
@page(Right.WORK_CASE)
def finish_work(request: StaffRequest, number: str, work_item_id: int) -> HttpResponse:
    case = find_case(request, number)
    form = forms.FinishWorkForm(request.POST)

    def act() -> str:
        cases.finish_work_item(
            work_item_id=work_item_id,
            note=form.cleaned_data["note"],
            actor=request.actor,
            at=clock.now(),
        )
        return _("Done, and off the list.")

    return answer(request, case, "finish_work", form, act, keeps_hand=False)


@require_POST
@page(Right.POST_PAYMENT)
def pay(request: StaffRequest, number: str) -> HttpResponse:
    case = find_case(request, number)
    file = get_case_file(case=case, on=clock.today())
    form = forms.PaymentForm(request.POST, debts=debt_choices(file))

    def act() -> str:
        debt = get_object_or_404(Debt, pk=form.cleaned_data["debt"])
        post_payment(
            account_id=debt.account_id,
            amount_minor=forms.minor_of(form.cleaned_data["amount"], debt.currency),
            currency=debt.currency,
            value_on=form.cleaned_data["value_on"],
            reference=form.cleaned_data["reference"],
            idempotency_key=form.cleaned_data["submission"],
            actor=request.actor,
            at=clock.now(),
        )
        return _("The payment is posted.")

    return answer(request, case, "payment", form, act)


@require_POST
@page(Right.LOG_CONTACT)
def log_contact(request: StaffRequest, number: str) -> HttpResponse:
    case = find_case(request, number)
    file = get_case_file(case=case, on=clock.today())
    form = forms.ContactForm(request.POST, points=point_choices(file))

    def act() -> str:
        cleaned = form.cleaned_data
        promise = None
        if cleaned["result"] == AttemptResult.PROMISED:
            currency = file.totals[0].currency if file.totals else "PLN"
            amount = forms.minor_of(cleaned["amount"], currency)
            promise = NewPromise(amount, currency, cleaned["promised_on"])
        contacts.log_contact(
            case_id=case.pk,
            channel=Channel(cleaned["channel"]),
            direction=Direction(cleaned["direction"]),
            result=AttemptResult(cleaned["result"]),
            note=cleaned["note"],
            contact_point_id=int(cleaned["contact_point"]) if cleaned["contact_point"] else None,
            promise=promise,
            submission=cleaned["submission"],
            actor=request.actor,
            at=clock.now(),
        )
        return _("The contact is logged.")

    return answer(request, case, "contact", form, act)

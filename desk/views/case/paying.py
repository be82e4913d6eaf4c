"""Posting a payment on a case: shown before, by the same rules by which it is posted."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from bookkeeping.wording import order_source_name
from cases.models import Case
from debtors.lifecycle import Product
from debtors.wording import product_name
from desk import forms
from desk.payment_preview import Counted, spread_over_instalments
from desk.queries.case_page import CaseFile, get_case_file
from desk.views.case.answering import answer, is_part, refuse
from desk.views.case.show import find_case
from desk.views.case.side import payment_choices
from desk.wording.errors import error_text
from kernel import clock
from kernel.errors import DomainError
from ledger.allocation import Bucket, ResidualInterest
from ledger.lifecycle import Component
from ledger.operations import post_payment, post_shared_payment
from ledger.queries.preview import PaymentPreview, get_payment_preview, get_payment_shares
from ledger.wording import component_name
from negotiations.lifecycle import AgreementStatus, InstalmentStatus
from staff.access import StaffRequest, page
from staff.figures import format_day, format_money
from staff.forms import money_of
from staff.rights import Right

#: Before the currency, where the debtor chose no debt: ``oldest:PLN``.
OLDEST: Final = "oldest:"


class _Paid(NamedTuple):
    """For which accounts a payment may be; one where the debtor chose."""

    account_ids: list[int]
    currency: str
    amount_minor: int
    is_chosen: bool


@require_POST
@page(Right.POST_PAYMENT)
def pay(request: StaffRequest, number: str) -> HttpResponse:
    case = find_case(request, number)
    file = get_case_file(case=case, on=clock.today())
    form = forms.PaymentForm(request.POST, debts=payment_choices(file), auto_id="payment-%s")

    def act() -> None:
        paid = _paid(form, file)
        common: dict[str, Any] = {
            "amount_minor": paid.amount_minor,
            "currency": paid.currency,
            "value_on": form.cleaned_data["value_on"],
            "reference": form.cleaned_data["reference"],
            "idempotency_key": form.cleaned_data["submission"],
            "actor": request.actor,
            "at": clock.now(),
        }
        if paid.is_chosen:
            post_payment(account_id=paid.account_ids[0], **common)
        else:
            post_shared_payment(account_ids=paid.account_ids, **common)
        messages.success(request, _("The payment is posted."))

    return answer(request, case, "payment", form, act)


@require_POST
@page(Right.POST_PAYMENT)
def preview_payment(request: StaffRequest, number: str) -> HttpResponse:
    """What the payment would pay; nothing is posted. A script asks for a part of the page."""
    case = find_case(request, number)
    file = get_case_file(case=case, on=clock.today())
    form = forms.PaymentForm(request.POST, debts=payment_choices(file), auto_id="payment-%s")
    form.fields["reference"].required = False
    if not form.is_valid():
        return _refused(request, case, form)
    try:
        paid = _paid(form, file)
        context = _preview(form, file, paid)
    except DomainError as error:
        form.add_error(None, error_text(error))
        return _refused(request, case, form)
    except ValidationError as error:
        form.add_error("amount", error)
        return _refused(request, case, form)
    template = (
        "desk/parts/payment_preview.html" if is_part(request) else "desk/payment_preview.html"
    )
    return render(request, template, {**context, "case": case, "form": form})


def _refused(request: StaffRequest, case: Case, form: forms.PaymentForm) -> HttpResponse:
    if not is_part(request):
        return refuse(request, case, "payment", form)
    texts = [str(text) for errors in form.errors.values() for text in errors]
    return render(request, "desk/parts/payment_preview.html", {"refusals": texts}, status=422)


def _paid(form: forms.PaymentForm, file: CaseFile) -> _Paid:
    """Raises ValidationError for an amount finer than the currency."""
    chosen = form.cleaned_data["debt"]
    if chosen.startswith(OLDEST):
        currency = chosen.removeprefix(OLDEST)
        accounts = [m.debt.account_id for m in file.debts if m.debt.currency == currency]
    else:
        debt = next(money.debt for money in file.debts if str(money.debt.pk) == chosen)
        currency, accounts = debt.currency, [debt.account_id]
    minor = money_of(form.cleaned_data["amount"], currency).minor
    return _Paid(accounts, currency, minor, not chosen.startswith(OLDEST))


def _preview(form: forms.PaymentForm, file: CaseFile, paid: _Paid) -> dict[str, Any]:
    value_on = form.cleaned_data["value_on"]
    shares = {paid.account_ids[0]: paid.amount_minor}
    if not paid.is_chosen:
        shares = get_payment_shares(
            account_ids=paid.account_ids,
            amount_minor=paid.amount_minor,
            currency=paid.currency,
            on=value_on,
        )
    names = {
        money.debt.account_id: f"{product_name(Product(money.debt.product))}"
        f" {money.debt.contract_no}"
        for money in file.debts
    }
    found = [
        get_payment_preview(account_id=account_id, amount_minor=amount, value_on=value_on)
        for account_id, amount in shares.items()
    ]
    return {
        "currency": paid.currency,
        "amount_minor": paid.amount_minor,
        "debts": [
            {
                "name": names[each.account_id],
                "amount_minor": each.amount_minor,
                "parts": _parts(each.parts),
                "overpaid_minor": each.overpaid_minor,
                "notes": _notes(each, paid.currency),
            }
            for each in found
        ],
        "why": _why(is_chosen=paid.is_chosen),
        "instalments": [
            _("Counts for instalment %(number)s: %(amount)s")
            % {
                "number": counted.number,
                "amount": format_money(counted.amount_minor, paid.currency),
            }
            for counted in _instalments(file, paid)
        ],
    }


def _parts(parts: tuple[Bucket, ...]) -> list[dict[str, Any]]:
    return [
        {
            "name": component_name(Component(part.component)),
            "due": format_day(part.due_on) if part.due_on else "",
            "minor": part.amount_minor,
        }
        for part in parts
    ]


def _notes(each: PaymentPreview, currency: str) -> list[str]:
    notes = [_("Inside the debt by %(order)s.") % {"order": order_source_name(each.source)}]
    if each.corrected:
        notes.append(
            ngettext(
                "It counts from an earlier day: %(n)s later posting comes to something else.",
                "It counts from an earlier day: %(n)s later postings come to something else.",
                each.corrected,
            )
            % {"n": each.corrected}
        )
    if each.residual_minor:
        text = (
            _("The principal is paid then; %(amount)s of interest is proposed to be written off.")
            if each.residual is ResidualInterest.PROPOSE_WRITE_OFF
            else _("The principal is paid then; %(amount)s of interest goes on being claimed.")
        )
        notes.append(text % {"amount": format_money(each.residual_minor, currency)})
    return notes


def _why(*, is_chosen: bool) -> str:
    if is_chosen:
        return _("The debtor chose the debt (art. 451 § 1 of the Civil Code).")
    return _("The debtor chose none: the oldest due first (art. 451 § 3 of the Civil Code).")


def _instalments(file: CaseFile, paid: _Paid) -> list[Counted]:
    for agreement in file.agreements:
        if agreement.status == AgreementStatus.IN_FORCE and agreement.currency == paid.currency:
            open_ones = [
                (part.number, part.amount_minor - part.paid_minor)
                for part in agreement.instalments.all()
                if part.status == InstalmentStatus.OPEN
            ]
            return spread_over_instalments(paid.amount_minor, open_ones)
    return []

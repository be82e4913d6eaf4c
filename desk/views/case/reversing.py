"""A payment that somebody posted by hand and that was wrong is taken back with a reason."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from desk.forms import TakeBackForm
from desk.queries.ledger import DebtNotInCase, get_debt_on_day
from desk.views.case.show import find_case
from desk.wording.errors import error_text
from kernel import clock
from kernel.errors import DomainError
from ledger.lifecycle import TransactionKind
from ledger.models import Transaction
from ledger.operations import reverse_posting
from staff.access import StaffRequest, page
from staff.rights import Right

#: What came by a statement or a file is taken back where it came in.
_TYPED_IN: Final = "manual"


def is_typed_in(kind: str, source: str) -> bool:
    return kind == TransactionKind.PAYMENT and source == _TYPED_IN


@require_POST
@page(Right.CORRECT_POSTING)
def take_back(
    request: StaffRequest, number: str, debt_id: int, transaction_id: int
) -> HttpResponse:
    """POST ``reason``."""
    case = find_case(request, number)
    try:
        debt = get_debt_on_day(case=case, debt_id=debt_id, on=clock.today()).debt
    except DebtNotInCase as error:
        raise Http404 from error
    payment = Transaction.objects.filter(pk=transaction_id, account_id=debt.account_id).first()
    if payment is None or not is_typed_in(payment.kind, payment.source):
        raise Http404
    form = TakeBackForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why the payment is taken back."))
    else:
        try:
            reverse_posting(
                transaction_id=transaction_id,
                reason=form.cleaned_data["reason"],
                actor=request.actor,
                at=clock.now(),
            )
        except DomainError as error:
            messages.error(request, error_text(error))
        else:
            messages.success(
                request, _("The payment is taken back; what came after it is reckoned anew.")
            )
    return redirect("debt-ledger", number=case.number, debt_id=debt_id)

"""The caller has shown who they are, or the call is over."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from debtors.operations import NotOnTheDebts, confirm_identity
from desk.queries.case_page import get_case_file
from desk.views.case.answering import answer
from desk.views.case.callers import list_callers
from desk.views.case.identity import IdentityForm, begin_call, end_call
from desk.views.case.show import find_case
from desk.wording.errors import error_text
from kernel import clock
from staff.access import StaffRequest, page
from staff.figures import format_clock
from staff.rights import Right


@require_POST
@page(Right.LOG_CONTACT)
def confirm(request: StaffRequest, number: str) -> HttpResponse:
    """POST ``named``, once for each thing that the caller named, and ``born`` as they said it;
    ``caller`` who they say to be."""
    case = find_case(request, number)
    callers = list_callers(get_case_file(case=case, on=clock.today()))
    form = IdentityForm(request.POST, callers=callers, asked=request.POST.get("caller", ""))
    caller = form.chosen
    if caller is None:
        messages.error(request, error_text(NotOnTheDebts()))
        return redirect("case", number=case.number)

    def act() -> str:
        confirmed = confirm_identity(
            caller_id=caller.debtor.pk,
            debtor_id=case.debtor_id,
            debt_ids=caller.debt_ids,
            named=form.cleaned_data["items"],
            actor=request.actor,
            at=clock.now(),
        )
        begin_call(request, case, caller, confirmed)
        until = format_clock(confirmed.until)
        return _("Identity verified. Details are shown until %(until)s.") % {"until": until}

    return answer(request, case, "identity", form, act)


@require_POST
@page(Right.LOG_CONTACT)
def forget(request: StaffRequest, number: str) -> HttpResponse:
    """The call is over: mask the details again."""
    case = find_case(request, number)
    end_call(request)
    return redirect("case", number=case.number)

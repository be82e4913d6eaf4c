"""How an act on the case page answers: a page, or a part of it where only that was asked for."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Final

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django_htmx.http import HttpResponseClientRedirect

from cases import operations as cases
from cases.lifecycle import CaseStatus
from cases.locking import CaseBusy
from cases.models import Case
from desk import forms
from desk.forms.fields import focus_first_error
from desk.views.case.show import render_case
from desk.views.case.side import contact_context
from desk.wording.errors import error_text
from kernel import clock
from kernel.errors import DomainError
from staff.access import StaffRequest
from staff.rights import Right

#: Forms of the side pane that stand in a part of their own.
_PARTS: Final = frozenset({"contact", "hold", "work", "note", "payment"})
#: What stands at the top of the pane says by itself what is wrong with it.
_SEEN_AT_ONCE: Final = frozenset({"identity"})


def answer(
    request: StaffRequest,
    case: Case,
    name: str,
    form: Form,
    act: Callable[[], HttpResponse | str | None],
    *,
    keeps_hand: bool = True,
) -> HttpResponse:
    """Run ``act`` on a valid form and go on; a refusal keeps what was entered.

    ``act`` may return what to say of it, or answer itself. Whoever has acted has the case in hand,
    unless the act ends their work on it; while a colleague has it, nothing is done.
    """
    status = 422
    if form.is_valid():
        try:
            works = request.actor.has(Right.WORK_CASE) and case.status == CaseStatus.OPEN
            if works:
                cases.check_hands(case_id=case.pk, actor=request.actor, at=clock.now())
            given = act()
            if isinstance(given, HttpResponse):
                return go_to(request, given)
            if given:
                messages.success(request, given)
            if works and keeps_hand:
                _keep_in_hand(request, case)
            return go_to(request, redirect("case", number=case.number))
        except CaseBusy as error:
            form.add_error(None, error_text(error))
            status = 409
        except DomainError as error:
            form.add_error(None, error_text(error))
        except ValidationError as error:
            form.add_error(None, error)
    return refuse(request, case, name, form, status=status)


def refuse(
    request: StaffRequest, case: Case, name: str, form: Form, *, status: int = 422
) -> HttpResponse:
    """The form once more, with what was entered and what is wrong with it."""
    focus_first_error(form)
    if is_part(request) and name in _PARTS:
        context = {"case": case, "form": form}
        if isinstance(form, forms.ContactForm):
            context = contact_context(request, case, form)
        return render(request, f"desk/parts/side/{name}.html", context, status=status)
    if form.non_field_errors() and name not in _SEEN_AT_ONCE:
        messages.error(request, " ".join(str(text) for text in form.non_field_errors()))
    return render_case(request, case, bound={name: form}, status=status)


def go_to(request: StaffRequest, answer: HttpResponse) -> HttpResponse:
    """A redirect as the asking script understands it: a whole page, loaded anew."""
    if is_part(request) and isinstance(answer, HttpResponseRedirect):
        return HttpResponseClientRedirect(answer.url)
    return answer


def is_part(request: StaffRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def _keep_in_hand(request: StaffRequest, case: Case) -> None:
    """The act is done; a colleague who took the case in the same moment keeps it."""
    with suppress(cases.CaseInHand):
        cases.keep_in_hand(case_id=case.pk, actor=request.actor, at=clock.now())

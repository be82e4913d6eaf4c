"""Everything said and sent in one case, with what may be done about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cases.locking import CaseNotFound
from cases.models import Case
from cases.queries import get_case
from contacts.forms import AnswerForm, OverrideForm, ReasonForm, RequestForm, ReworkForm
from contacts.guard import Rule
from contacts.lifecycle import PromiseStatus, RequestStatus
from contacts.models import Promise, RestructuringRequest, Termination
from contacts.operations import (
    answer_restructuring_request,
    override_guard,
    propose_termination,
    propose_termination_again,
    record_restructuring_request,
    withdraw_promise,
    withdraw_termination,
)
from contacts.queries import (
    list_messages,
    list_promises,
    list_restructuring_requests,
    list_terminations,
)
from contacts.views.acting import shown_message, try_act
from contacts.wording import (
    promise_status_name,
    request_status_name,
    status_shape,
    termination_status_name,
)
from kernel import clock
from staff.access import StaffRequest, page
from staff.lifecycle import ProposalStatus
from staff.rights import Right

_UNDER_WAY: Final = (ProposalStatus.PROPOSED, ProposalStatus.SENT_BACK, ProposalStatus.APPROVED)


@require_safe
@page(Right.SEE_CASES)
def show_correspondence(request: StaffRequest, number: str) -> HttpResponse:
    case = _case(request, number)
    today = clock.today()
    actor = request.actor
    terminations = list_terminations(case_id=case.pk)
    requests = list_restructuring_requests(case_id=case.pk)
    is_answered = all(item.status != RequestStatus.RECEIVED for item in requests)
    may_ask = actor.has(Right.WORK_CASE) and is_answered
    return render(
        request,
        "contacts/correspondence.html",
        {
            "case": case,
            "messages_sent": [shown_message(item) for item in list_messages(case_id=case.pk)],
            "promises": [_shown_promise(item) for item in list_promises(case_id=case.pk)],
            "terminations": [_shown_termination(item) for item in terminations],
            "requests": [_shown_request(item) for item in requests],
            "may_withdraw_promise": actor.has(Right.LOG_CONTACT),
            "may_answer": actor.has(Right.NEGOTIATE),
            "may_rework": actor.has(Right.PROPOSE_TERMINATION),
            "may_propose": actor.has(Right.PROPOSE_TERMINATION)
            and not any(item.status in _UNDER_WAY for item in terminations if not item.done_on),
            "propose_form": ReasonForm(auto_id="propose-%s"),
            "request_form": RequestForm(auto_id="request-%s", initial={"received_on": today})
            if may_ask
            else None,
            "override_form": OverrideForm(auto_id="override-%s", initial={"on": today})
            if actor.has(Right.OVERRIDE_GUARD)
            else None,
        },
    )


@require_POST
@page(Right.WORK_CASE)
def add_request(request: StaffRequest, number: str) -> HttpResponse:
    case = _case(request, number)
    form = RequestForm(request.POST)

    def act() -> str:
        record_restructuring_request(
            case_id=case.pk, **form.cleaned_data, actor=request.actor, at=clock.now()
        )
        return _("The request is recorded; nothing escalates until it is answered.")

    return _acted(request, form, act, case)


@require_POST
@page(Right.NEGOTIATE)
def answer_request(request: StaffRequest, number: str, request_id: int) -> HttpResponse:
    case = _case(request, number)
    form = AnswerForm(request.POST)

    def act() -> str:
        answer_restructuring_request(
            request_id=request_id, **form.cleaned_data, actor=request.actor, at=clock.now()
        )
        return _("The answer is recorded.")

    return _acted(request, form, act, case)


@require_POST
@page(Right.LOG_CONTACT)
def take_back_promise(request: StaffRequest, number: str, promise_id: int) -> HttpResponse:
    case = _case(request, number)
    form = ReasonForm(request.POST)

    def act() -> str:
        withdraw_promise(
            promise_id=promise_id, **form.cleaned_data, actor=request.actor, at=clock.now()
        )
        return _("The promise is withdrawn.")

    return _acted(request, form, act, case)


@require_POST
@page(Right.PROPOSE_TERMINATION)
def propose(request: StaffRequest, number: str) -> HttpResponse:
    case = _case(request, number)
    form = ReasonForm(request.POST)

    def act() -> str:
        propose_termination(
            case_id=case.pk,
            grounds={"reason": form.cleaned_data["reason"]},
            on=clock.today(),
            actor=request.actor,
            at=clock.now(),
        )
        return _("The proposal waits for a second person.")

    return _acted(request, form, act, case)


@require_POST
@page(Right.PROPOSE_TERMINATION)
def rework(request: StaffRequest, number: str, termination_id: int) -> HttpResponse:
    """What was sent back is proposed again, or taken back."""
    case = _case(request, number)
    form = ReworkForm(request.POST)

    def act() -> str:
        again = form.cleaned_data["move"] == "again"
        operation = propose_termination_again if again else withdraw_termination
        operation(
            termination_id=termination_id,
            reason=form.cleaned_data["reason"],
            actor=request.actor,
            at=clock.now(),
        )
        return _("The proposal waits for a second person.") if again else _("Withdrawn.")

    return _acted(request, form, act, case)


@require_POST
@page(Right.OVERRIDE_GUARD)
def override(request: StaffRequest, number: str) -> HttpResponse:
    case = _case(request, number)
    form = OverrideForm(request.POST)

    def act() -> str:
        override_guard(
            case_id=case.pk,
            rule=Rule(form.cleaned_data["rule"]),
            on=form.cleaned_data["on"],
            reason=form.cleaned_data["reason"],
            actor=request.actor,
            at=clock.now(),
        )
        return _("The rule is set aside for that day.")

    return _acted(request, form, act, case)


def _acted(request: StaffRequest, form: Form, act: Callable[[], str], case: Case) -> HttpResponse:
    try_act(request, form, act)
    return redirect("correspondence", number=case.number)


def _case(request: StaffRequest, number: str) -> Case:
    try:
        return get_case(actor=request.actor, number=number)
    except CaseNotFound as error:
        raise Http404 from error


def _shown_promise(promise: Promise) -> dict[str, Any]:
    status = PromiseStatus(promise.status)
    return {
        "promise": promise,
        "status": promise_status_name(status),
        "shape": status_shape(status),
        "is_open": status is PromiseStatus.OPEN,
        "form": ReasonForm(auto_id=f"promise-{promise.pk}-%s"),
    }


def _shown_termination(termination: Termination) -> dict[str, Any]:
    status = ProposalStatus(termination.status)
    return {
        "termination": termination,
        "status": termination_status_name(status),
        "shape": status_shape(status),
        "may_rework": status is ProposalStatus.SENT_BACK,
        "may_withdraw": status in (ProposalStatus.SENT_BACK, ProposalStatus.PROPOSED),
        "form": ReasonForm(auto_id=f"termination-{termination.pk}-%s"),
    }


def _shown_request(item: RestructuringRequest) -> dict[str, Any]:
    status = RequestStatus(item.status)
    return {
        "request": item,
        "status": request_status_name(status),
        "shape": status_shape(status),
        "is_open": status is RequestStatus.RECEIVED,
        "form": AnswerForm(auto_id=f"request-{item.pk}-%s"),
    }

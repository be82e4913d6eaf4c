"""Pages of court referrals: each parses, makes one call and answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple
from uuid import uuid4

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.locking import CaseNotFound
from cases.models import Case
from cases.queries import get_case
from courts import operations
from courts.forms import FORMS, CostForm, ReasonForm
from courts.lifecycle import (
    AT_COURT,
    REFERRAL_LIFECYCLE,
    CostKind,
    Outcome,
    Procedure,
    ReferralStatus,
)
from courts.models import Referral
from courts.queries import (
    ReferralNotFound,
    get_objection_end,
    get_referral,
    list_cost_totals,
    list_costs,
    list_referrals,
)
from courts.wording import (
    cost_name,
    outcome_name,
    procedure_name,
    referral_status_name,
    referral_status_shape,
    say_refusal,
)
from kernel import clock
from kernel.errors import DomainError
from kernel.typed import word_in
from staff.access import StaffRequest, page
from staff.rights import Right
from staff.views.lists import after_id, keyset_page

PAGE_SIZE: Final = 50
Given = Mapping[str, Any]


class Act(NamedTuple):
    """One thing to do on a referral: the move it needs, the right, its words, and the call."""

    move: str
    right: Right
    label: Promise
    call: Callable[..., Referral]
    values: Callable[[Given], dict[str, Any]]


def _day(name: str) -> Callable[[Given], dict[str, Any]]:
    return lambda given: {name: given["on"]}


_ACTS: Final[dict[str, Act]] = {
    "file": Act(
        "file",
        Right.RUN_COURT_CASES,
        gettext_lazy("Record the filing"),
        operations.file_referral,
        lambda given: {
            "procedure": Procedure(given["procedure"]),
            "court": given["court"],
            "docket_no": given["docket_no"],
            "filed_on": given["on"],
            "with_counsel": given["with_counsel"],
        },
    ),
    "order": Act(
        "issue_order",
        Right.RUN_COURT_CASES,
        gettext_lazy("Record the order"),
        operations.record_order,
        lambda given: {"order_on": given["on"], "docket_no": given["docket_no"]},
    ),
    "service": Act(
        "make_final",
        Right.RUN_COURT_CASES,
        gettext_lazy("Record its service"),
        operations.record_service,
        _day("served_on"),
    ),
    "objection": Act(
        "object",
        Right.RUN_COURT_CASES,
        gettext_lazy("Record an objection"),
        operations.record_objection,
        _day("objected_on"),
    ),
    "final": Act(
        "make_final",
        Right.RUN_COURT_CASES,
        gettext_lazy("The order is final"),
        operations.record_final_order,
        _day("final_on"),
    ),
    "enforcement": Act(
        "enforce",
        Right.RUN_COURT_CASES,
        gettext_lazy("Start enforcement"),
        operations.start_enforcement,
        lambda given: {
            "enforcement_on": given["on"],
            "bailiff": given["bailiff"],
            "bailiff_docket_no": given["bailiff_docket_no"],
        },
    ),
    "close": Act(
        "close",
        Right.RUN_COURT_CASES,
        gettext_lazy("Close with an outcome"),
        operations.close_referral,
        lambda given: {
            "outcome": Outcome(given["outcome"]),
            "note": given["note"],
            "closed_on": given["on"],
        },
    ),
    "again": Act(
        "propose_again",
        Right.PROPOSE_REFERRAL,
        gettext_lazy("Propose again"),
        operations.propose_referral_again,
        lambda given: {"reason": given["reason"]},
    ),
    "withdraw": Act(
        "withdraw",
        Right.PROPOSE_REFERRAL,
        gettext_lazy("Withdraw"),
        operations.withdraw_referral,
        lambda given: {"reason": given["reason"]},
    ),
}


@require_safe
@page(Right.SEE_CASES)
def show_referrals(request: StaffRequest) -> HttpResponse:
    status = word_in(request.GET.get("status"), ReferralStatus) or ""
    found = list_referrals(
        actor=request.actor,
        status=status,
        before_id=after_id(request),
        limit=PAGE_SIZE + 1,
    )
    shown = keyset_page(request, found, size=PAGE_SIZE, key=lambda row: row.pk)
    return render(
        request,
        "courts/referrals.html",
        {
            "rows": [_shown(row) for row in shown.rows],
            "statuses": [
                {"value": str(s), "label": referral_status_name(s), "chosen": s == status}
                for s in ReferralStatus
            ],
            **shown.urls,
        },
    )


@require_safe
@page(Right.SEE_CASES)
def show_referral(request: StaffRequest, referral_id: int) -> HttpResponse:
    return _render(request, _referral(request, referral_id), {})


@require_POST
@page(Right.PROPOSE_REFERRAL)
def act(request: StaffRequest, referral_id: int, name: str) -> HttpResponse:
    """One of ``_ACTS``; its operation requires its own right."""
    if name not in _ACTS:
        raise Http404
    referral = _referral(request, referral_id)
    form = FORMS[name](request.POST, auto_id=f"{name}_%s")
    if form.is_valid():
        try:
            _ACTS[name].call(
                referral_id=referral_id,
                **_ACTS[name].values(form.cleaned_data),
                actor=request.actor,
                at=clock.now(),
            )
        except DomainError as error:
            form.add_error(None, say_refusal(error))
        else:
            messages.success(request, _("Recorded."))
            return redirect("referral", referral_id=referral_id)
    return _render(request, referral, {name: form}, status=422)


@require_POST
@page(Right.RUN_COURT_CASES)
def add_cost(request: StaffRequest, referral_id: int) -> HttpResponse:
    referral = _referral(request, referral_id)
    form = CostForm(request.POST, currency=referral.currency, auto_id="cost_%s")
    if form.is_valid():
        try:
            operations.record_cost(
                referral_id=referral_id,
                kind=CostKind(form.cleaned_data["kind"]),
                amount=form.money,
                incurred_on=form.cleaned_data["on"],
                note=form.cleaned_data["note"],
                submission=form.cleaned_data["submission"],
                actor=request.actor,
                at=clock.now(),
            )
        except DomainError as error:
            form.add_error(None, say_refusal(error))
        else:
            messages.success(request, _("The cost is charged."))
            return redirect("referral", referral_id=referral_id)
    return _render(request, referral, {"cost": form}, status=422)


def _barred(request: StaffRequest, case: Case) -> str:
    """Why nothing can be proposed; empty where something can."""
    try:
        operations.check_referral_proposal(case=case, actor=request.actor, at=clock.now())
    except DomainError as error:
        return say_refusal(error)
    return ""


@require_http_methods(["GET", "HEAD", "POST"])
@page(Right.PROPOSE_REFERRAL)
def propose(request: StaffRequest, number: str) -> HttpResponse:
    try:
        case = get_case(actor=request.actor, number=number)
    except CaseNotFound as error:
        raise Http404 from error
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            referral = operations.propose_referral(
                case_id=case.pk,
                reason=form.cleaned_data["reason"],
                actor=request.actor,
                at=clock.now(),
            )
        except DomainError as error:
            form.add_error(None, say_refusal(error))
        else:
            messages.success(request, _("The referral waits for approval by legal."))
            return redirect("referral", referral_id=referral.pk)
    return render(
        request,
        "courts/propose.html",
        {"case": case, "form": form, "barred": _barred(request, case)},
        status=422 if form.is_bound else 200,
    )


def _referral(request: StaffRequest, referral_id: int) -> Referral:
    try:
        return get_referral(referral_id=referral_id, actor=request.actor)
    except ReferralNotFound as error:
        raise Http404 from error


def _render(
    request: StaffRequest, referral: Referral, bound: Mapping[str, Form], *, status: int = 200
) -> HttpResponse:
    at_court = referral.status in AT_COURT
    may_cost = at_court and request.actor.has(Right.RUN_COURT_CASES)
    context = {
        **_shown(referral),
        "objection_end": get_objection_end(referral=referral),
        "costs": [
            {"cost": c, "name": cost_name(c.kind)} for c in list_costs(referral_id=referral.pk)
        ],
        "cost_totals": list_cost_totals(referral_id=referral.pk),
        "acts": _acts(request, referral, bound),
        "cost_form": bound.get("cost") or (_cost_form(referral) if may_cost else None),
    }
    return render(request, "courts/referral.html", context, status=status)


def _cost_form(referral: Referral) -> CostForm:
    return CostForm(
        currency=referral.currency, auto_id="cost_%s", initial={"submission": str(uuid4())}
    )


def _acts(
    request: StaffRequest, referral: Referral, bound: Mapping[str, Form]
) -> list[dict[str, Any]]:
    moves = REFERRAL_LIFECYCLE.allowed(ReferralStatus(referral.status))
    initial = {"on": clock.today(), "docket_no": referral.docket_no}
    return [
        {
            "name": name,
            "label": what.label,
            "form": bound.get(name) or FORMS[name](initial=initial, auto_id=f"{name}_%s"),
            "open": name in bound,
        }
        for name, what in _ACTS.items()
        if what.move in moves and request.actor.has(what.right)
    ]


def _shown(row: Referral) -> dict[str, Any]:
    return {
        "row": row,
        "status": referral_status_name(row.status),
        "shape": referral_status_shape(row.status),
        "procedure": procedure_name(row.procedure),
        "outcome": outcome_name(row.outcome),
    }

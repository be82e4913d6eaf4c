"""Pages of agencies and placements: each parses, makes one call and answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies.forms import AgencyForm, ChangeAgencyForm, LeaveForm, ReasonForm, agency_values
from agencies.lifecycle import PLACEMENT_LIFECYCLE, PlacementStatus
from agencies.models import Agency, Placement
from agencies.operations import (
    add_agency,
    change_agency,
    check_placement_proposal,
    end_placement,
    fetch_batch_file,
    make_placement_batch,
    propose_placement,
    propose_placement_again,
    recall_placement,
    return_placement,
    withdraw_placement,
)
from agencies.queries import (
    AgencyNotFound,
    BatchNotFound,
    PlacementNotFound,
    count_approved_placements,
    get_agency,
    get_placement,
    list_agencies,
    list_agency_payments,
    list_batches,
    list_collected,
    list_placements,
)
from agencies.wording import (
    end_reason_name,
    exclusion_ground_name,
    placement_status_name,
    placement_status_shape,
    say_refusal,
)
from cases.locking import CaseNotFound
from cases.models import Case
from cases.queries import get_case
from kernel import clock
from kernel.errors import DomainError
from kernel.typed import word_in
from staff.access import StaffRequest, page
from staff.rights import Right
from staff.views.lists import after_id, keyset_page

PAGE_SIZE: Final = 50
#: Which right a way out of a placement needs, and what carries it out.
_LEAVING: Final[dict[str, tuple[Right, Callable[..., Placement]]]] = {
    "withdraw": (Right.PROPOSE_PLACEMENT, withdraw_placement),
    "recall": (Right.RUN_AGENCIES, recall_placement),
    "return": (Right.RUN_AGENCIES, return_placement),
    "end": (Right.RUN_AGENCIES, end_placement),
}


@require_safe
@page(Right.SEE_BOARD)
def show_agencies(request: StaffRequest) -> HttpResponse:
    return _render_agencies(request, AgencyForm())


@require_POST
@page(Right.RUN_AGENCIES)
def add(request: StaffRequest) -> HttpResponse:
    form = AgencyForm(request.POST)

    def act() -> HttpResponse:
        agency = add_agency(
            name=form.cleaned_data["name"], **form.terms, actor=request.actor, at=clock.now()
        )
        return redirect("agency", agency_id=agency.pk)

    return _answer(form, act) or _render_agencies(request, form, status=422)


@require_safe
@page(Right.SEE_BOARD)
def show_agency(request: StaffRequest, agency_id: int) -> HttpResponse:
    agency = _agency(agency_id)
    return _render_agency(request, agency, ChangeAgencyForm(initial=agency_values(agency)))


@require_POST
@page(Right.RUN_AGENCIES)
def change(request: StaffRequest, agency_id: int) -> HttpResponse:
    agency = _agency(agency_id)
    form = ChangeAgencyForm(request.POST)

    def act() -> HttpResponse:
        change_agency(
            agency_id=agency_id,
            **form.terms,
            is_active=form.cleaned_data["is_active"],
            actor=request.actor,
            at=clock.now(),
        )
        messages.success(request, _("Saved."))
        return redirect("agency", agency_id=agency_id)

    return _answer(form, act) or _render_agency(request, agency, form, status=422)


@require_POST
@page(Right.RUN_AGENCIES)
def make_batch(request: StaffRequest, agency_id: int) -> HttpResponse:
    _agency(agency_id)
    try:
        made = make_placement_batch(agency_id=agency_id, actor=request.actor, at=clock.now())
    except DomainError as error:
        messages.error(request, say_refusal(error))
    else:
        text = _("The file %(file)s is ready: %(count)s placements; %(left_out)s left out.")
        messages.success(
            request,
            text
            % {
                "file": made.batch.file_name,
                "count": made.batch.placements_count,
                "left_out": len(made.left_out),
            },
        )
    return redirect("agency", agency_id=agency_id)


@require_POST
@page(Right.RUN_AGENCIES)
def download_batch(request: StaffRequest, batch_id: int) -> HttpResponse:
    """A POST, because the journal keeps who took the file."""
    try:
        batch = fetch_batch_file(batch_id=batch_id, actor=request.actor, at=clock.now())
    except BatchNotFound as error:
        raise Http404 from error
    answer = HttpResponse(bytes(batch.content), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{batch.file_name}"'
    return answer


@require_safe
@page(Right.SEE_CASES)
def show_placements(request: StaffRequest) -> HttpResponse:
    status = word_in(request.GET.get("status"), PlacementStatus) or ""
    found = list_placements(
        actor=request.actor,
        status=status,
        before_id=after_id(request),
        limit=PAGE_SIZE + 1,
    )
    shown = keyset_page(request, found, size=PAGE_SIZE, key=lambda row: row.pk)
    return render(
        request,
        "agencies/placements.html",
        {
            "rows": [_shown(row) for row in shown.rows],
            "statuses": [
                {"value": str(s), "label": placement_status_name(s), "chosen": s == status}
                for s in PlacementStatus
            ],
            **shown.urls,
        },
    )


@require_safe
@page(Right.SEE_CASES)
def show_placement(request: StaffRequest, placement_id: int) -> HttpResponse:
    placement = _placement(request, placement_id)
    moves = PLACEMENT_LIFECYCLE.allowed(PlacementStatus(placement.status))
    leaving = [
        m for m, (right, _act) in _LEAVING.items() if m in moves and request.actor.has(right)
    ]
    may_repeat = "propose_again" in moves and request.actor.has(Right.PROPOSE_PLACEMENT)
    return render(
        request,
        "agencies/placement.html",
        {
            **_shown(placement),
            "leaving": leaving,
            "leave_form": LeaveForm(auto_id="leave_%s"),
            "again_form": ReasonForm() if may_repeat else None,
        },
    )


@require_POST
@page(Right.PROPOSE_PLACEMENT)
def leave(request: StaffRequest, placement_id: int) -> HttpResponse:
    """Withdraw, recall, return or end; each operation requires its own right."""
    _placement(request, placement_id)
    form = LeaveForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Give a reason."))
        return redirect("placement", placement_id=placement_id)
    _right, act = _LEAVING[form.cleaned_data["move"]]
    try:
        act(
            placement_id=placement_id,
            reason=form.end_reason,
            note=form.cleaned_data["note"],
            actor=request.actor,
            at=clock.now(),
        )
    except DomainError as error:
        messages.error(request, say_refusal(error))
    else:
        messages.success(request, _("The case is back in the house."))
    return redirect("placement", placement_id=placement_id)


@require_POST
@page(Right.PROPOSE_PLACEMENT)
def propose_again(request: StaffRequest, placement_id: int) -> HttpResponse:
    _placement(request, placement_id)
    try:
        propose_placement_again(
            placement_id=placement_id,
            reason=request.POST.get("reason", ""),
            actor=request.actor,
            at=clock.now(),
        )
    except DomainError as error:
        messages.error(request, say_refusal(error))
    else:
        messages.success(request, _("It waits for approval again."))
    return redirect("placement", placement_id=placement_id)


def _barred(request: StaffRequest, case: Case) -> str:
    """Why nothing can be proposed; empty where something can."""
    try:
        check_placement_proposal(case=case, actor=request.actor, at=clock.now())
    except DomainError as error:
        return say_refusal(error)
    return ""


@require_http_methods(["GET", "HEAD", "POST"])
@page(Right.PROPOSE_PLACEMENT)
def propose(request: StaffRequest, number: str) -> HttpResponse:
    try:
        case = get_case(actor=request.actor, number=number)
    except CaseNotFound as error:
        raise Http404 from error
    form = ReasonForm(request.POST if request.method == "POST" else None)

    def act() -> HttpResponse:
        placement = propose_placement(
            case_id=case.pk,
            reason=form.cleaned_data["reason"],
            actor=request.actor,
            at=clock.now(),
        )
        messages.success(request, _("The placement waits for approval."))
        return redirect("placement", placement_id=placement.pk)

    if request.method == "POST" and (done := _answer(form, act)) is not None:
        return done
    return render(
        request,
        "agencies/propose.html",
        {"case": case, "form": form, "barred": _barred(request, case)},
        status=422 if request.method == "POST" else 200,
    )


def _answer(form: Form, act: Callable[[], HttpResponse]) -> HttpResponse | None:
    """What ``act`` answers on a valid form; None when it must be shown with its errors."""
    if not form.is_valid():
        return None
    try:
        return act()
    except DomainError as error:
        form.add_error(None, say_refusal(error))
        return None


def _agency(agency_id: int) -> Agency:
    try:
        return get_agency(agency_id=agency_id)
    except AgencyNotFound as error:
        raise Http404 from error


def _placement(request: StaffRequest, placement_id: int) -> Placement:
    try:
        return get_placement(placement_id=placement_id, actor=request.actor)
    except PlacementNotFound as error:
        raise Http404 from error


def _render_agencies(request: StaffRequest, form: AgencyForm, *, status: int = 200) -> HttpResponse:
    context = {
        "agencies": list_agencies(),
        "waiting": count_approved_placements(),
        "form": form,
        "may_run": request.actor.has(Right.RUN_AGENCIES),
    }
    return render(request, "agencies/agencies.html", context, status=status)


def _render_agency(
    request: StaffRequest, agency: Agency, form: ChangeAgencyForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "agency": agency,
        "ground": exclusion_ground_name(agency.exclusion_ground),
        "batches": list_batches(agency_id=agency.pk),
        "collected": list_collected(agency_id=agency.pk),
        "payments": list_agency_payments(agency_id=agency.pk, limit=20),
        "placements": [
            _shown(row)
            for row in list_placements(actor=request.actor, agency_id=agency.pk, limit=20)
        ],
        "waiting": count_approved_placements(),
        "form": form,
        "may_run": request.actor.has(Right.RUN_AGENCIES),
    }
    return render(request, "agencies/agency.html", context, status=status)


def _shown(row: Placement) -> dict[str, Any]:
    return {
        "row": row,
        "status": placement_status_name(row.status),
        "shape": placement_status_shape(row.status),
        "reason": end_reason_name(row.end_reason),
    }

"""What people do on the case page: each parses a form, calls one operation, and answers."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cases import operations as cases
from cases.lifecycle import HoldKind, WorkKind
from desk import forms
from desk.views.case.answering import answer
from desk.views.case.show import find_case
from desk.views.undoing import Undoable, offer_undo
from desk.wording.errors import error_text
from kernel import clock
from kernel.errors import DomainError
from staff.access import StaffRequest, page
from staff.rights import Right


@require_POST
@page(Right.HOLD_CASE)
def hold(request: StaffRequest, number: str) -> HttpResponse:
    case = find_case(request, number)
    form = forms.HoldForm(request.POST, auto_id="hold-%s")

    def act() -> None:
        placed = cases.hold_case(
            case_id=case.pk,
            kind=HoldKind(form.cleaned_data["kind"]),
            reason=form.cleaned_data["reason"],
            from_on=clock.today(),
            until_on=form.cleaned_data["until_on"],
            actor=request.actor,
            at=clock.now(),
            submission=form.cleaned_data["submission"],
        )
        text = _("The case is on hold.")
        offer_undo(request, case, kind=Undoable.HOLD, thing_id=placed.pk, text=text)

    return answer(request, case, "hold", form, act)


@require_POST
@page(Right.HOLD_CASE)
def end_hold(request: StaffRequest, number: str, hold_id: int) -> HttpResponse:
    case = find_case(request, number)
    form = forms.EndHoldForm(request.POST, auto_id="end-hold-%s")
    form.hold_id = hold_id

    def act() -> None:
        cases.end_hold(
            hold_id=hold_id,
            reason=form.cleaned_data["reason"],
            on=clock.today(),
            actor=request.actor,
            at=clock.now(),
        )
        messages.success(request, _("The hold has ended."))

    return answer(request, case, "end_hold", form, act)


@require_POST
@page(Right.WORK_CASE)
def open_work(request: StaffRequest, number: str) -> HttpResponse:
    case = find_case(request, number)
    form = forms.WorkForm(request.POST, auto_id="work-%s")

    def act() -> None:
        cases.open_work_item(
            case_id=case.pk,
            kind=WorkKind(form.cleaned_data["kind"]),
            due_on=form.cleaned_data["due_on"],
            note=form.cleaned_data["note"],
            actor=request.actor,
            at=clock.now(),
            submission=form.cleaned_data["submission"],
        )
        messages.success(request, _("It is on the list."))

    return answer(request, case, "work", form, act)


@require_POST
@page(Right.WORK_CASE)
def finish_work(request: StaffRequest, number: str, work_item_id: int) -> HttpResponse:
    case = find_case(request, number)
    form = forms.FinishWorkForm(request.POST)
    form.work_item_id = work_item_id

    def act() -> None:
        cases.finish_work_item(
            work_item_id=work_item_id,
            note=form.cleaned_data["note"],
            actor=request.actor,
            at=clock.now(),
        )
        text = _("Done, and off the list.")
        offer_undo(request, case, kind=Undoable.WORK, thing_id=work_item_id, text=text)

    return answer(request, case, "finish_work", form, act, keeps_hand=False)


@require_POST
@page(Right.WORK_CASE)
def write_note(request: StaffRequest, number: str) -> HttpResponse:
    case = find_case(request, number)
    form = forms.NoteForm(request.POST, auto_id="note-%s")

    def act() -> None:
        note = cases.write_note(
            case_id=case.pk,
            text=form.cleaned_data["text"],
            is_pinned=form.cleaned_data["is_pinned"],
            actor=request.actor,
            at=clock.now(),
            submission=form.cleaned_data["submission"],
        )
        text = _("The note is on the timeline.")
        offer_undo(request, case, kind=Undoable.NOTE, thing_id=note.pk, text=text)

    return answer(request, case, "note", form, act)


@require_POST
@page(Right.WORK_CASE)
def pin_note(request: StaffRequest, number: str, note_id: int) -> HttpResponse:
    """POST ``pinned``: empty takes the note down from the top of the case."""
    case = find_case(request, number)
    try:
        cases.pin_note(
            note_id=note_id,
            is_pinned=bool(request.POST.get("pinned")),
            actor=request.actor,
            at=clock.now(),
        )
    except DomainError as error:
        messages.error(request, error_text(error))
    return redirect("case", number=case.number)

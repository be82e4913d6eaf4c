"""Logging a contact: what is typed is said back, kept, and logged."""

from __future__ import annotations

from contextlib import suppress

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cases.models import Case
from cases.operations import NotInYourHands, claim_next_work_item, put_back_case
from cases.queries import get_hand, list_open_work
from contacts import operations as contacts
from contacts.lifecycle import CONVERSATIONS, AttemptResult
from contacts.wording.notes import contact_note, own_words
from desk import forms
from desk.forms.contact import OTHER_PERSON
from desk.forms.ways import way_of
from desk.views.case.answering import answer
from desk.views.case.finishing import go_on
from desk.views.case.identity import end_call
from desk.views.case.show import find_case
from desk.views.case.side import bound_contact_form, note_facts, said_context
from desk.views.hands import answer_next
from desk.views.undoing import Undoable, offer_undo
from desk.wording.errors import error_text
from kernel import clock
from kernel.errors import DomainError
from staff.access import StaffRequest, page
from staff.rights import Right


@require_POST
@page(Right.LOG_CONTACT)
def log_contact(request: StaffRequest, number: str) -> HttpResponse:
    """POST ``then``: ``next`` goes on with the next case, ``instalments`` works them out."""
    case = find_case(request, number)
    form = bound_contact_form(request, case)
    then = request.POST.get("then", "")

    def act() -> HttpResponse | None:
        logged = _log(request, case, form, then)
        contacts.discard_contact_draft(case_id=case.pk, actor=request.actor, at=clock.now())
        end_call(request)
        offer_undo(
            request,
            case,
            kind=Undoable.CONTACT,
            thing_id=logged.attempt.pk,
            text=_("The contact is logged."),
        )
        if then == "next":
            return _go_on(request, case)
        if then == "instalments" and request.actor.has(Right.NEGOTIATE):
            return redirect("negotiate", number=case.number)
        return None

    return answer(request, case, "contact", form, act)


def _log(
    request: StaffRequest, case: Case, form: forms.ContactForm, then: str
) -> contacts.LoggedContact:
    cleaned = form.cleaned_data
    way, result = way_of(cleaned["way"]), AttemptResult(cleaned["result"])
    is_other = cleaned["person"] == OTHER_PERSON
    point = cleaned["contact_point"]
    return contacts.log_contact(
        case_id=case.pk,
        channel=way.channel,
        direction=way.direction,
        result=result,
        note=own_words(cleaned["note"], contact_note(note_facts(cleaned, form))),
        contact_point_id=int(point) if point else None,
        person_id=int(cleaned["person"]) if cleaned["person"] and not is_other else None,
        is_other_person=is_other,
        promise=cleaned.get("promise") if result is AttemptResult.PROMISED else None,
        outcome=form.outcome,
        settles=_settled_item(request, case, result) if then == "next" else None,
        submission=cleaned["submission"],
        actor=request.actor,
        at=clock.now(),
    )


def _settled_item(request: StaffRequest, case: Case, result: AttemptResult) -> int | None:
    """What the case was taken for is done once somebody has talked about it."""
    hand = get_hand(case_id=case.pk, at=clock.now())
    is_mine = hand is not None and hand.user_id == request.actor.user_id
    return hand.work_item_id if hand and is_mine and result in CONVERSATIONS else None


def _go_on(request: StaffRequest, case: Case) -> HttpResponse:
    """The next case. What this one was taken for and is not done is put back for later."""
    actor, at = request.actor, clock.now()
    hand = get_hand(case_id=case.pk, at=at)
    waits = hand is not None and hand.user_id == actor.user_id and hand.work_item_id is not None
    if hand is None or not waits or not _is_open(case, hand.work_item_id):
        return go_on(request, case)
    with suppress(NotInYourHands):
        put_back_case(case_id=case.pk, actor=actor, at=at, reason="not_reached")
    try:
        item = claim_next_work_item(on=clock.today(), actor=actor, at=at)
    except DomainError as error:
        messages.error(request, error_text(error))
        return redirect("work-list")
    return answer_next(request, item)


def _is_open(case: Case, work_item_id: int | None) -> bool:
    return any(item.pk == work_item_id for item in list_open_work(case_id=case.pk))


@require_POST
@page(Right.LOG_CONTACT)
def echo_contact(request: StaffRequest, number: str) -> HttpResponse:
    """What the form means so far; nothing is written."""
    case = find_case(request, number)
    form = bound_contact_form(request, case)
    form.is_valid()
    return render(
        request,
        "desk/parts/side/contact_said.html",
        {"case": case, "contact": form, "out_of_band": True, **said_context(form, case)},
    )


@require_POST
@page(Right.LOG_CONTACT)
def keep_draft(request: StaffRequest, number: str) -> HttpResponse:
    """What is typed is kept for this person; ``discard`` forgets it."""
    case = find_case(request, number)
    if "discard" in request.POST:
        contacts.discard_contact_draft(case_id=case.pk, actor=request.actor, at=clock.now())
        return redirect("case", number=case.number)
    names = set(forms.ContactForm.base_fields) - {"submission", "script", "said"}
    fields = {name: request.POST.get(name, "") for name in sorted(names)}
    begun = any(fields[name] for name in ("result", "quick", "note", "amount", "dispute"))
    try:
        draft = contacts.save_contact_draft(
            case_id=case.pk,
            fields=fields if begun else {},
            actor=request.actor,
            at=clock.now(),
        )
    except DomainError as error:
        return HttpResponse(error_text(error), status=422)
    return render(request, "desk/parts/side/contact_kept.html", {"draft": draft})

"""Who has a case in hand: the band on the case page, and what changes it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cases.lifecycle import CaseStatus, Tray, WorkKind, WorkStatus
from cases.locking import CaseNotFound
from cases.models import Case, WorkItem
from cases.operations import (
    claim_next_work_item,
    extend_hand,
    mark_told,
    note_presence,
    put_back_case,
    take_case_in_hand,
    take_over_case,
)
from cases.queries import Hand, Looker, get_hand, list_lookers
from cases.wording import work_name
from contacts.follow_up import DONE_BY_CONVERSATION
from desk.forms import TakeOverForm
from desk.queries.case_page import get_case
from desk.queries.scope import DeskFilter, Whose
from desk.queries.work_list import Urgency, list_work
from desk.wording.errors import error_text
from desk.wording.ranking import deadline_text
from kernel import clock
from kernel.actor import Actor
from kernel.errors import DomainError
from kernel.typed import word_in
from staff.access import StaffRequest, page, part
from staff.rights import Right


class Held(StrEnum):
    MINE = "mine"
    OTHER = "other"
    FREE = "free"


@dataclass(frozen=True, slots=True)
class Band:
    """What the case page says of hands. ``state`` changes when somebody comes or goes.

    ``by_contact``: what is to be done is done by a contact, so that its result is what finishes it.
    """

    held: Held
    hand: Hand | None
    lookers: list[Looker]
    item: WorkItem | None
    todo: str
    by_contact: bool
    more: int
    may_work: bool
    state: str


def hand_context(request: StaffRequest, case: Case, *, polls: bool = False) -> dict[str, Any]:
    """``band`` for ``desk/parts/in_hand.html``. Whoever may work is seen to look at the case.

    Opening the page keeps it in the hands of whoever has it; a page that merely stays open
    (``polls``) does not.
    """
    at = clock.now()
    actor = request.actor
    may_work = actor.has(Right.WORK_CASE) and case.status == CaseStatus.OPEN
    if may_work:
        note_presence(case_id=case.pk, actor=actor, at=at)
    if not polls:
        extend_hand(case_id=case.pk, actor=actor, at=at)
    hand = get_hand(case_id=case.pk, at=at)
    lookers = [
        looker
        for looker in list_lookers(case_ids=[case.pk], at=at).get(case.pk, [])
        if looker.user_id not in {actor.user_id, hand.user_id if hand else None}
    ]
    open_items = WorkItem.objects.filter(case=case, status=WorkStatus.OPEN)
    items = list(open_items.order_by("due_on", "priority", "id"))
    wanted = hand.work_item_id if hand else None
    item = next((each for each in items if each.pk == wanted), items[0] if items else None)
    held = Held.FREE if hand is None else _held(hand, actor.user_id)
    return {
        "case": case,
        "band": Band(
            held=held,
            hand=hand,
            lookers=lookers,
            item=item,
            todo=str(work_name(WorkKind(item.kind))) if item else "",
            by_contact=item is not None and is_done_by_contact(actor, WorkKind(item.kind)),
            more=max(len(items) - 1, 0),
            may_work=may_work,
            state=_state(held, hand, lookers, item),
        ),
    }


def is_done_by_contact(actor: Actor, kind: WorkKind) -> bool:
    """Whether logging a contact is how this person finishes such work."""
    return kind in DONE_BY_CONVERSATION and actor.has(Right.LOG_CONTACT)


def _held(hand: Hand, user_id: int | None) -> Held:
    return Held.MINE if hand.user_id == user_id else Held.OTHER


def _state(held: Held, hand: Hand | None, lookers: list[Looker], item: WorkItem | None) -> str:
    who = f"{hand.user_id}@{hand.since.timestamp():.0f}" if hand else ""
    looking = "+".join(str(looker.user_id) for looker in lookers)
    return f"{held}.{who}.{looking}.{item.pk if item else ''}"


def _find(request: StaffRequest, number: str) -> Case:
    try:
        return get_case(number=number, actor=request.actor)
    except CaseNotFound as error:
        raise Http404 from error


@part
@require_safe
@page(Right.SEE_CASES)
def show_hand(request: StaffRequest, number: str) -> HttpResponse:
    """The band alone; 204 while it is as the page shows it (``?state=``)."""
    context = hand_context(request, _find(request, number), polls=True)
    if request.GET.get("state") == context["band"].state:
        return HttpResponse(status=204)
    return render(request, "desk/parts/in_hand.html", context)


@require_POST
@page(Right.WORK_CASE)
def take(request: StaffRequest, number: str) -> HttpResponse:
    case = _find(request, number)
    try:
        take_case_in_hand(case_id=case.pk, actor=request.actor, at=clock.now())
    except DomainError as error:
        messages.error(request, error_text(error))
    return redirect("case", number=case.number)


@require_POST
@page(Right.WORK_CASE)
def take_over(request: StaffRequest, number: str) -> HttpResponse:
    """POST ``reason``."""
    case = _find(request, number)
    form = TakeOverForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why you take the case over; your colleague is told."))
        return redirect("case", number=case.number)
    try:
        take_over_case(
            case_id=case.pk,
            reason=form.cleaned_data["reason"],
            actor=request.actor,
            at=clock.now(),
        )
    except DomainError as error:
        messages.error(request, error_text(error))
    else:
        messages.success(request, _("The case is in your hands; your colleague is told."))
    return redirect("case", number=case.number)


@require_POST
@page(Right.WORK_CASE)
def put_back(request: StaffRequest, number: str) -> HttpResponse:
    """Give the case free and take the next one, or go to the list where none is left."""
    case = _find(request, number)
    try:
        put_back_case(
            case_id=case.pk,
            actor=request.actor,
            at=clock.now(),
            reason=request.POST.get("reason", "")[:200],
        )
    except DomainError as error:
        messages.error(request, error_text(error))
        return redirect("case", number=case.number)
    messages.info(request, _("Put back: %(case)s.") % {"case": case.number})
    return redirect("work-list")


@require_POST
@page(Right.WORK_CASE)
def start_next(request: StaffRequest) -> HttpResponse:
    """Take the best item that nobody else has, and open its case. POST ``tray`` for one tray."""
    item = claim_next_work_item(
        on=clock.today(),
        actor=request.actor,
        at=clock.now(),
        tray=word_in(request.POST.get("tray"), Tray),
    )
    return answer_next(request, item)


def answer_next(request: StaffRequest, item: WorkItem | None) -> HttpResponse:
    if item is None:
        messages.info(request, _nothing_now(request))
        return redirect("work-list")
    return redirect("case", number=item.case.number)


def _nothing_now(request: StaffRequest) -> str:
    """That all is done, with what comes next; or that colleagues have in hand what is due."""
    today = clock.today()
    mine = DeskFilter(Whose.MINE, request.user.team_id)
    rows = list_work(actor=request.actor, chosen=mine, tray=Tray.NOW, on=today, limit=1)
    if not rows or rows[0].urgency != Urgency.LATER:
        return _("Nothing is due today that nobody else has in hand.")
    return _("All that is due today is done. Next: %(day)s, %(name)s.") % {
        "day": deadline_text(rows[0].due_on, today),
        "name": rows[0].debtor_name,
    }


@require_POST
@page(Right.WORK_CASE)
def mark_read(request: StaffRequest, taken_over_id: int) -> HttpResponse:
    """The person has read that a colleague took a case over from them."""
    mark_told(taken_over_id=taken_over_id, actor=request.actor, at=clock.now())
    if request.headers.get("HX-Request"):
        return HttpResponse()
    return redirect("work-list")

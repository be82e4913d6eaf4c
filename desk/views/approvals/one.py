"""One proposal: the same facts that the proposer saw, what has changed since, and the decision."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bookkeeping.queries.deciding import get_deciding_reader
from desk.approvals import UnknownApproval, Verdict, decide_approval
from desk.forms import DecideForm
from desk.operations import ApprovalChanged
from desk.queries.approval_facts import get_approval_facts
from desk.queries.one_approval import ApprovalNotFound, OneApproval, get_approval, get_since
from desk.queries.strategies import get_step_titles
from desk.queries.timeline import get_actor_names
from desk.views.approvals.asked import moment_text
from desk.views.approvals.inbox import context_of_row
from desk.views.approvals.onward import next_url
from desk.wording.actors import actor_name
from desk.wording.approval_facts import case_facts, debt_lines, proposed_facts
from desk.wording.approvals import (
    after_refusal_text,
    deadline_name,
    ground_parts,
    proposal_name,
    standing_of,
)
from desk.wording.changes import changed_amounts, changed_conditions
from desk.wording.conditions import looked_in_grounds
from desk.wording.errors import error_text
from desk.wording.events import StepTitles, TimelineEntry, event_entry
from escalation.queries.grounds import get_conditions_now, get_next_after_refusal
from kernel import clock
from kernel.actor import Actor
from kernel.clock import legal_day
from kernel.errors import Conflict, DomainError
from kernel.typed import word_in
from staff.access import StaffRequest, page
from staff.authority import Authority
from staff.figures import format_money
from staff.rights import Right
from staff.views.lists import way_back


@require_http_methods(["GET", "POST"])
@page(Right.SEE_APPROVALS)
def show_approval(request: StaffRequest, kind: str, proposal_id: int) -> HttpResponse:
    """POST ``verdict`` and ``reason``; the app's own operation requires the right for it."""
    actor, authority = get_deciding_reader(user=request.user, on=clock.today())
    approval = _find(kind, proposal_id, actor)
    form = DecideForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and (refused := _decide(request, form, actor, approval)) is not None:
            form.add_error(None, error_text(refused))
            status = 409 if isinstance(refused, Conflict) else 422
            approval = _find(kind, proposal_id, actor)
        elif form.is_valid():
            return redirect(_onward(request, form, approval, actor, authority))
    context = _context(request, approval, actor, authority)
    return render(request, "desk/approval.html", {**context, "form": form}, status=status)


def _onward(
    request: StaffRequest,
    form: DecideForm,
    approval: OneApproval,
    actor: Actor,
    authority: Authority,
) -> str:
    """To the next one where that was asked for and one waits, otherwise back to the list."""
    back = way_back(request, otherwise=reverse("approvals"))
    if not form.cleaned_data["onward"]:
        return back
    found = next_url(row=approval.row, back=back, actor=actor, authority=authority)
    if not found:
        messages.info(request, _("Nothing else in the list waits for you."))
    return found or back


def _find(kind: str, proposal_id: int, actor: Actor) -> OneApproval:
    try:
        return get_approval(kind=kind, proposal_id=proposal_id, actor=actor)
    except ApprovalNotFound as error:
        raise Http404 from error


def _decide(
    request: StaffRequest, form: DecideForm, actor: Actor, approval: OneApproval
) -> DomainError | None:
    """Why it could not be decided; None where it was, and the reader is told."""
    verdict = Verdict(form.cleaned_data["verdict"])
    seen = form.cleaned_data["seen"]
    if seen and seen != moment_text(approval.row.proposed_at):
        return ApprovalChanged(status=approval.row.status)
    try:
        decide_approval(
            kind=approval.row.kind,
            proposal_id=approval.row.id,
            verdict=verdict,
            reason=form.cleaned_data["reason"],
            actor=actor,
            at=clock.now(),
        )
    except UnknownApproval as error:
        raise Http404 from error
    except DomainError as error:
        return error
    row = approval.row
    said = _DONE[verdict]() % {
        "what": proposal_name(row.kind),
        "name": row.debtor_name,
        "amount": format_money(row.amount_minor, row.currency),
    }
    if verdict is Verdict.REFUSE:
        said = f"{said} {_after_refusal(approval, clock.today())}"
    messages.success(request, said)
    return None


_DONE: Final = {
    Verdict.GRANT: lambda: _("Granted: %(what)s, %(name)s, %(amount)s."),
    Verdict.REFUSE: lambda: _("Refused: %(what)s, %(name)s, %(amount)s."),
    Verdict.SEND_BACK: lambda: _("Sent back: %(what)s, %(name)s, %(amount)s."),
}


def _after_refusal(approval: OneApproval, refused_on: date) -> str:
    following = None
    if approval.step:
        following = get_next_after_refusal(
            case_id=approval.row.case_id, step=approval.step, refused_on=refused_on
        )
    by_person = not approval.step and approval.row.proposed_by_id is not None
    return after_refusal_text(following, by_person=by_person)


def _context(
    request: StaffRequest, approval: OneApproval, actor: Actor, authority: Authority
) -> dict[str, Any]:
    row, titles, today = approval.row, get_step_titles(), clock.today()
    is_open = row.status == "proposed"
    decided_on = legal_day(approval.decided_at) if approval.decided_at else today
    now = []
    if approval.step and is_open:
        now = list(get_conditions_now(case_id=row.case_id, step=approval.step, on=today))
    since = get_since(approval=approval, until=approval.decided_at)
    amounts_now = changed_amounts(row.kind, approval.amounts, since.money)
    standing = standing_of(row, authority)
    back = way_back(request, otherwise=reverse("approvals"))
    facts = get_approval_facts(row=row, actor=actor, on=today)
    verdict = word_in(request.POST.get("verdict"), Verdict)
    return {
        **context_of_row(row, titles),
        "proposed": proposed_facts(facts),
        "debts": debt_lines(facts, today),
        "case_facts": case_facts(facts),
        "agreement": facts.agreement,
        "deadline_name": deadline_name(row.kind),
        #: The act that the form was sent for stays the one that Ctrl Enter repeats.
        "primary": (verdict or Verdict.GRANT).value,
        "has_next": standing.may_decide
        and bool(next_url(row=row, back=back, actor=actor, authority=authority)),
        "approval": approval,
        "amounts": sorted(approval.amounts.items()),
        "grounds": ground_parts(approval.grounds, titles),
        "standing": standing,
        "is_open": is_open,
        "is_refused": row.status == "refused",
        "was_sent_back": row.status == "sent_back",
        "compared": bool(now),
        "changed": changed_conditions(looked_in_grounds(approval.grounds), now, on=today),
        "amounts_now": amounts_now,
        "amount_changed": any(each.difference_minor for each in amounts_now),
        "events": _entries(since.events, titles),
        "more_events": since.more,
        "after_refusal": _after_refusal(approval, decided_on),
        "today": today,
        "seen": moment_text(row.proposed_at),
        "back": back,
    }


def _entries(events: Any, titles: StepTitles) -> list[TimelineEntry]:
    names = get_actor_names(actors=[(event.actor_kind, event.actor_id) for event in events])
    return [
        event_entry(event, by=actor_name(event, names.users, names.clients), titles=titles)
        for event in events
    ]

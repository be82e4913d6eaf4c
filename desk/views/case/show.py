"""The case page: who, how much, why this step, why now, what stands in the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cases.lifecycle import Handler, Stage, WorkKind
from cases.locking import CaseNotFound
from cases.models import Case
from cases.wording import handler_name, stage_name, work_name
from debtors.lifecycle import DebtorKind
from debtors.models import ContactPoint
from debtors.wording import debtor_kind_name
from desk.freshness import stale_parts
from desk.queries.allowed import get_case_verdicts
from desk.queries.case_page import CaseFile, get_case, get_case_file
from desk.queries.contact_panel import get_ground
from desk.queries.freshness import get_freshness
from desk.queries.strategies import get_step_titles
from desk.queries.timeline import get_actor_names
from desk.views.case.callers import Caller, find_caller, list_callers
from desk.views.case.debts import debts_context
from desk.views.case.identity import (
    Call,
    IdentityForm,
    current_call,
    end_call,
    identity_facts,
    shown_point,
)
from desk.views.case.looks import looks_context
from desk.views.case.papers import papers_context
from desk.views.case.people import people_context, reachable_channels
from desk.views.case.side import side_context
from desk.views.case.situation import situation_of
from desk.views.case.special import special_rows
from desk.views.case.timeline import timeline_context
from desk.views.case.why import act_rows, why_context
from desk.views.hands import hand_context, is_done_by_contact
from desk.wording.advice import advise
from desk.wording.event_values import StepTitles
from desk.wording.reasons import work_reason
from escalation.queries.explanation import get_explanation
from kernel import clock
from kernel.calendar import POLAND
from ledger.queries import list_interest_explained
from staff.access import StaffRequest, page
from staff.rights import Right

Forms = Mapping[str, Form]


@require_safe
@page(Right.SEE_CASES)
def show_case(request: StaffRequest, number: str) -> HttpResponse:
    return render_case(request, find_case(request, number))


@require_safe
@page(Right.SEE_CASES)
def print_case(request: StaffRequest, number: str) -> HttpResponse:
    """The case file for paper: everything unfolded, the timeline without pages."""
    case = find_case(request, number)
    context = case_context(request, case, everything=True)
    return render(request, "desk/case_print.html", context)


def find_case(request: StaffRequest, number: str) -> Case:
    """404 for a case that is not there, and for one of another team."""
    try:
        return get_case(number=number, actor=request.actor)
    except CaseNotFound as error:
        raise Http404 from error


def render_case(
    request: StaffRequest, case: Case, *, bound: Forms | None = None, status: int = 200
) -> HttpResponse:
    """The page; ``bound`` holds a form that was refused, with what was entered."""
    context = {**case_context(request, case, bound=bound), **hand_context(request, case)}
    answer = render(request, "desk/case.html", context, status=status)
    if context["call"] is not None:
        answer["Cache-Control"] = "no-store"
    return answer


def case_context(
    request: StaffRequest, case: Case, *, bound: Forms | None = None, everything: bool = False
) -> dict[str, Any]:
    at, today = clock.now(), clock.today()
    file = get_case_file(case=case, on=today)
    titles = get_step_titles()
    callers = list_callers(file)
    call, caller = _call(request, case, callers, on_paper=everything)
    verdicts = get_case_verdicts(case_id=case.pk, reachable=reachable_channels(file), at=at)
    explained = get_explanation(case_id=case.pk, on=today)
    names = get_actor_names(actors=[(hold.actor_kind, hold.actor_id) for hold in file.holds])
    papers = papers_context(file, today, names)
    freshness = get_freshness()
    next_look_on = explained.next_due_on if explained and explained.now else None
    ground = get_ground(file=file, facts=verdicts.facts, next_look_on=next_look_on)
    return {
        "case": case,
        "stage": stage_name(Stage(case.stage)),
        "handler": handler_name(Handler(case.handled_by)),
        "debtor_kind": debtor_kind_name(DebtorKind(case.debtor.kind)),
        "identity": identity_facts(request, case, call),
        "call": call,
        "special": special_rows(file, papers["holds"], verdicts.facts, today),
        "advice": advise(situation_of(file, verdicts, explained, titles)),
        "why": why_context(explained, on=today),
        "acts": act_rows(file, verdicts),
        "work": _work(request, file, today, titles),
        "freshness": freshness,
        "stale": stale_parts(freshness, on=today, calendar=POLAND),
        **debts_context(
            file,
            today,
            [pk for pk in caller.debt_ids if pk in call.debt_ids] if call and caller else [],
            list_interest_explained(account_ids=file.account_ids, on=today),
        ),
        **people_context(
            file, verdicts, call, caller, sees_identifiers=request.actor.has(Right.SEE_IDENTIFIERS)
        ),
        **papers,
        **timeline_context(request, file, titles, everything=everything),
        **looks_context(request, case),
        "may": _may(request),
        "forms": {
            "identity": IdentityForm(callers=callers, asked=request.GET.get("caller", "")),
            **(bound or {}),
        },
        **(
            {} if everything else side_context(request, case, file, call, ground, bound=bound or {})
        ),
        "everything": everything,
        "now": at,
    }


def _call(
    request: StaffRequest, case: Case, callers: Sequence[Caller], *, on_paper: bool
) -> tuple[Call | None, Caller | None]:
    """Who is on the telephone. One who answers for nothing any more is nobody; the file of a
    case on paper holds the details of its debtor alone."""
    call = current_call(request, case)
    if call is None:
        return None, None
    caller = find_caller(callers, call.person_id)
    if caller is None:
        end_call(request)
    if caller is None or (on_paper and call.person_id != case.debtor_id):
        return None, None
    return call, caller


def _work(
    request: StaffRequest, file: CaseFile, today: date, titles: StepTitles
) -> list[dict[str, Any]]:
    return [
        {
            "item": item,
            "todo": work_name(WorkKind(item.kind)),
            "why": work_reason(WorkKind(item.kind), item.reason, titles=titles),
            "late": item.due_on < today,
            "by_contact": is_done_by_contact(request.actor, WorkKind(item.kind)),
        }
        for item in file.work
    ]


def _may(request: StaffRequest) -> dict[str, bool]:
    return {
        right.value: request.actor.has(right)
        for right in (
            Right.HOLD_CASE,
            Right.WORK_CASE,
            Right.LOG_CONTACT,
            Right.POST_PAYMENT,
            Right.CORRECT_DATA,
            Right.NEGOTIATE,
            Right.PROPOSE_PLACEMENT,
            Right.PROPOSE_REFERRAL,
            Right.PROPOSE_TERMINATION,
            Right.SEE_APPROVALS,
            Right.SEE_STRATEGIES,
        )
    }


def masked_point(point: ContactPoint) -> str:
    return shown_point(point, call=None)

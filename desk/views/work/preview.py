"""The preview pane: what the case page says first, beside the list; looking there is not seen."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cases.lifecycle import Answer, CaseStatus, HoldKind, Stage, WorkKind
from cases.locking import CaseNotFound
from cases.models import Case, Hold, WorkItem
from cases.queries import get_hand
from cases.wording import hold_name, stage_name, work_name
from cases.work_policy import work_policy_on
from debtors.lifecycle import ContactPointKind
from debtors.wording import contact_point_name
from desk.queries.allowed import get_case_verdicts
from desk.queries.case_page import CaseFile, get_case, get_case_file
from desk.queries.strategies import get_step_titles
from desk.queries.timeline import TimelineFilter, list_timeline_events
from desk.views.case.identity import shown_point
from desk.views.case.people import reachable_channels
from desk.views.case.situation import situation_of
from desk.views.case.why import act_rows
from desk.wording.advice import advise
from desk.wording.events import StepTitles, TimelineEntry, event_entry
from desk.wording.ranking import deadline_text, sum_text
from desk.wording.reasons import problems_text
from escalation.queries.explanation import get_explanation
from kernel import clock
from staff.access import StaffRequest, page, part
from staff.figures import format_day
from staff.rights import Right

EVENTS: Final = 5
MOST_POINTS: Final = 4
#: Holds that the sentence itself speaks of.
_SPOKEN_OF: Final = (HoldKind.PROMISE, HoldKind.AGREEMENT, HoldKind.APPROVAL)


@part
@require_safe
@page(Right.SEE_CASES)
def show_preview(request: StaffRequest, number: str) -> HttpResponse:
    """The pane alone. Nothing of a person stays in the browser's cache."""
    try:
        case = get_case(number=number, actor=request.actor)
    except CaseNotFound as error:
        raise Http404 from error
    answer = render(request, "desk/parts/preview.html", preview_context(request, case))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def preview_context(request: StaffRequest, case: Case) -> dict[str, Any]:
    """``preview`` for ``desk/parts/preview.html``; everything of a person is masked."""
    today, at, actor = clock.today(), clock.now(), request.actor
    file = get_case_file(case=case, on=today)
    titles = get_step_titles()
    verdicts = get_case_verdicts(case_id=case.pk, reachable=reachable_channels(file), at=at)
    explained = get_explanation(case_id=case.pk, on=today)
    hand = get_hand(case_id=case.pk, at=at)
    points = [point for point in file.contact_points if point.is_usable][:MOST_POINTS]
    return {
        "preview": {
            "case": case,
            "stage": stage_name(Stage(case.stage)),
            "own": case.owner_id is not None and case.owner_id == actor.user_id,
            "totals": file.totals,
            "days": max((money.days_past_due(today) for money in file.debts), default=0),
            "advice": advise(situation_of(file, verdicts, explained, titles)),
            "work": [_work(item, today) for item in file.work],
            "acts": act_rows(file, verdicts),
            "holds": [_hold(hold) for hold in file.holds if hold.kind not in _SPOKEN_OF],
            "points": [
                {
                    "value": shown_point(point, call=None),
                    "kind": contact_point_name(ContactPointKind(point.kind)),
                }
                for point in points
            ],
            "events": _events(file, titles),
            "hand": hand if hand and hand.user_id != actor.user_id else None,
            "may_work": actor.has(Right.WORK_CASE) and case.status == CaseStatus.OPEN,
            "may_log": actor.has(Right.LOG_CONTACT),
            "may_assign": actor.has(Right.ASSIGN_CASE),
        }
    }


def _work(item: WorkItem, today: date) -> dict[str, Any]:
    return {
        "item": item,
        "todo": work_name(WorkKind(item.kind)),
        "due": deadline_text(item.due_on, today),
        "sum": _sum(item, today),
    }


def _sum(item: WorkItem, today: date) -> str:
    if item.overdue_minor is None or item.expected_minor is None:
        return ""
    return sum_text(
        policy=work_policy_on(today),
        overdue_minor=item.overdue_minor,
        currency=item.currency,
        days=(today - item.due_since).days if item.due_since else 0,
        answer=Answer(item.answer),
        expected_minor=item.expected_minor,
    )


def _hold(hold: Hold) -> dict[str, Any]:
    kind = HoldKind(hold.kind)
    reason = problems_text(hold.reason.split(",")) if kind is HoldKind.DATA_PROBLEM else hold.reason
    return {
        "name": hold_name(kind),
        "reason": reason,
        "until": format_day(hold.until_on) if hold.until_on else "",
    }


def _events(file: CaseFile, titles: StepTitles) -> list[TimelineEntry]:
    events = list_timeline_events(
        case=file.case, account_ids=file.account_ids, chosen=TimelineFilter(), limit=EVENTS
    )
    return [event_entry(event, by="", titles=titles) for event in events]

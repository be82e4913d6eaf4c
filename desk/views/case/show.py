"""The case page: who, how much, why this step, why now, what stands in the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import uuid4

from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agencies.wording import placement_status_name, placement_status_shape
from cases.lifecycle import Handler, HoldKind, Stage, WorkKind
from cases.locking import CaseNotFound
from cases.models import Case
from cases.wording import handler_name, hold_name, stage_name, work_name
from contacts.lifecycle import PromiseStatus
from contacts.wording import promise_status_name
from courts.wording import referral_status_name, referral_status_shape
from debtors.lifecycle import AddressKind, ContactPointKind, DebtorKind, PartyRole, Product
from debtors.models import ContactPoint
from debtors.wording import (
    address_name,
    contact_point_name,
    debtor_kind_name,
    product_name,
    role_name,
)
from desk import forms
from desk.queries.case_page import CaseFile, Total, get_case, get_case_file
from desk.queries.strategies import get_step_titles
from desk.queries.timeline import TimelinePage, get_timeline
from desk.views.case.why import act_rows, waiting_text, why_context
from desk.views.hands import hand_context
from desk.views.pages import address
from desk.wording.actors import actor_name
from desk.wording.approvals import (
    termination_status_name,
    termination_status_shape,
)
from desk.wording.events import StepTitles, TimelineEntry, event_entry
from desk.wording.reasons import problems_text, work_reason
from kernel import clock
from ledger.lifecycle import Component
from ledger.wording import component_name
from negotiations.wording import (
    agreement_kind_name,
    agreement_status_name,
    agreement_status_shape,
)
from staff.access import StaffRequest, page
from staff.figures import mask_email, mask_phone
from staff.rights import Right

#: Holds that are said above everything else.
SPECIAL: Final = (
    HoldKind.DEATH,
    HoldKind.BANKRUPTCY,
    HoldKind.VULNERABILITY,
    HoldKind.COMPLAINT,
    HoldKind.DISPUTE,
    HoldKind.LEGAL,
    HoldKind.RESTRUCTURING,
)

Forms = Mapping[str, Form]


@require_safe
@page(Right.SEE_CASES)
def show_case(request: StaffRequest, number: str) -> HttpResponse:
    return render_case(request, find_case(request, number))


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
    today = clock.today()
    file = get_case_file(case=case, on=today)
    titles = get_step_titles()
    before = request.GET.get("before", "")
    timeline = get_timeline(
        case=case,
        account_ids=file.account_ids,
        before_id=int(before) if before.isdecimal() else None,
    )
    context: dict[str, Any] = {
        **_file_parts(file, today),
        **_proposals(file),
        **hand_context(request, case),
        "case": case,
        "work": _work(file, today, titles),
        "why": why_context(file),
        "waiting": waiting_text(file),
        "acts": act_rows(file),
        "timeline": timeline_entries(timeline, titles),
        "older_url": (
            address(request, before=str(timeline.next_before_id)) + "#timeline"
            if timeline.next_before_id
            else ""
        ),
        "newest_url": request.path + "#timeline" if before else "",
        "may": _may(request),
        "forms": {**_forms(file), **(bound or {})},
    }
    return render(request, "desk/case.html", context, status=status)


def _file_parts(file: CaseFile, today: date) -> dict[str, Any]:
    case = file.case
    holds = _holds(file)
    return {
        "stage": stage_name(Stage(case.stage)),
        "handler": handler_name(Handler(case.handled_by)),
        "debtor_kind": debtor_kind_name(DebtorKind(case.debtor.kind)),
        "special": [hold for hold in holds if hold["kind"] in SPECIAL],
        "holds": holds,
        "totals": [_total(total) for total in file.totals],
        "debts": _debts(file, today),
        "people": _people(file),
        "contact_points": _contact_points(file),
        "addresses": [
            {"address": a, "kind": address_name(AddressKind(a.kind))} for a in file.addresses
        ],
        "promises": [_promise(promise) for promise in file.promises],
    }


def _work(file: CaseFile, today: date, titles: StepTitles) -> list[dict[str, Any]]:
    days = _days(file, today)
    return [
        {
            "item": item,
            "todo": work_name(WorkKind(item.kind)),
            "why": work_reason(WorkKind(item.kind), item.reason, days=days, titles=titles),
            "late": item.due_on < today,
        }
        for item in file.work
    ]


def _proposals(file: CaseFile) -> dict[str, Any]:
    """What was proposed or agreed, each with its status in words and as a shape."""
    return {
        "agreements": [
            {
                "agreement": agreement,
                "kind": agreement_kind_name(agreement.kind),
                "status": agreement_status_name(agreement.status),
                "shape": agreement_status_shape(agreement.status),
            }
            for agreement in file.agreements
        ],
        "placements": [
            {
                "placement": placement,
                "status": placement_status_name(placement.status),
                "shape": placement_status_shape(placement.status),
            }
            for placement in file.placements
        ],
        "referrals": [
            {
                "referral": referral,
                "status": referral_status_name(referral.status),
                "shape": referral_status_shape(referral.status),
            }
            for referral in file.referrals
        ],
        "terminations": [
            {
                "termination": termination,
                "status": termination_status_name(termination.status),
                "shape": termination_status_shape(termination.status),
            }
            for termination in file.terminations
        ],
    }


def timeline_entries(timeline: TimelinePage, titles: StepTitles) -> list[TimelineEntry]:
    entries: list[TimelineEntry] = []
    for event in timeline.events:
        entries.append(
            event_entry(
                event,
                by=actor_name(event, timeline.user_names, timeline.client_names),
                new_day=not entries or entries[-1].on != clock.legal_day(event.recorded_at),
                titles=titles,
            )
        )
    return entries


def _may(request: StaffRequest) -> dict[str, bool]:
    return {
        right.value: request.actor.has(right)
        for right in (
            Right.HOLD_CASE,
            Right.WORK_CASE,
            Right.LOG_CONTACT,
            Right.POST_PAYMENT,
            Right.NEGOTIATE,
            Right.PROPOSE_PLACEMENT,
            Right.PROPOSE_REFERRAL,
            Right.PROPOSE_TERMINATION,
            Right.SEE_APPROVALS,
        )
    }


def _days(file: CaseFile, today: date) -> int:
    return max((money.days_past_due(today) for money in file.debts), default=0)


def _forms(file: CaseFile) -> dict[str, Any]:
    today = clock.today()
    return {
        "hold": forms.HoldForm(),
        "work": forms.WorkForm(initial={"due_on": today}),
        "contact": forms.ContactForm(
            points=point_choices(file), initial={"submission": str(uuid4())}
        ),
        "payment": forms.PaymentForm(debts=debt_choices(file), initial={"value_on": today}),
    }


def point_choices(file: CaseFile) -> list[tuple[int, str]]:
    return [(point.pk, masked_point(point)) for point in file.contact_points if point.is_usable]


def masked_point(point: ContactPoint) -> str:
    masked = mask_email if point.kind == ContactPointKind.EMAIL else mask_phone
    return masked(point.value)


def debt_choices(file: CaseFile) -> list[tuple[int, str]]:
    return [
        (money.debt.pk, f"{product_name(Product(money.debt.product))} {money.debt.contract_no}")
        for money in file.debts
    ]


def _holds(file: CaseFile) -> list[dict[str, Any]]:
    return [
        {
            "hold": hold,
            "kind": HoldKind(hold.kind),
            "name": hold_name(HoldKind(hold.kind)),
            "reason": (
                problems_text(hold.reason.split(","))
                if hold.kind == HoldKind.DATA_PROBLEM
                else hold.reason
            ),
            "by_hand": not hold.cause,
        }
        for hold in file.holds
    ]


def _total(total: Total) -> dict[str, Any]:
    return {
        "currency": total.currency,
        "due_minor": total.due_minor,
        "outstanding_minor": total.outstanding_minor,
        "components": [
            {"label": component_name(component), "minor": total.due.get(component, 0)}
            for component in Component
        ],
    }


def _debts(file: CaseFile, today: Any) -> list[dict[str, Any]]:
    return [
        {
            "debt": money.debt,
            "product": product_name(Product(money.debt.product)),
            "days": money.days_past_due(today),
            "parts": [money.due.get(component, 0) for component in Component],
            "due_minor": money.due_minor,
            "outstanding_minor": money.outstanding_minor,
        }
        for money in file.debts
    ]


def _people(file: CaseFile) -> list[dict[str, Any]]:
    """Each person once, with the roles they have in the debts of the case."""
    roles: dict[int, dict[str, Any]] = {}
    for party in file.parties:
        person = roles.setdefault(
            party.debtor_id,
            {
                "name": party.debtor.display_name,
                "kind": debtor_kind_name(DebtorKind(party.debtor.kind)),
                "roles": [],
            },
        )
        name = str(role_name(PartyRole(party.role)))
        if name not in person["roles"]:
            person["roles"].append(name)
    return [{**person, "roles": ", ".join(person["roles"])} for person in roles.values()]


def _contact_points(file: CaseFile) -> Sequence[dict[str, Any]]:
    return [
        {
            "value": masked_point(point),
            "kind": contact_point_name(ContactPointKind(point.kind)),
            "usable": point.is_usable,
        }
        for point in file.contact_points
    ]


def _promise(promise: Any) -> dict[str, Any]:
    status = PromiseStatus(promise.status)
    shapes = {
        PromiseStatus.OPEN: "later",
        PromiseStatus.KEPT: "met",
        PromiseStatus.BROKEN: "not",
        PromiseStatus.WITHDRAWN: "na",
    }
    return {"promise": promise, "status": promise_status_name(status), "shape": shapes[status]}

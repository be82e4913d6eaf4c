"""Strategies: a readable path, its versions, a draft that is checked, simulated and published."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.lifecycle import Stage
from cases.wording import stage_name
from desk.forms import DecideForm, DraftForm
from desk.queries.strategies import (
    StrategyNotFound,
    StrategyPage,
    get_strategy_page,
    list_strategies,
)
from desk.wording.errors import error_text
from desk.wording.strategies import (
    any_of,
    describe_condition,
    in_flight_text,
    step_conditions,
    step_skips,
    step_text,
    version_status_name,
)
from escalation.lifecycle import VersionStatus
from escalation.loading import StrategyInvalid
from escalation.operations import (
    StrategyUnsound,
    approve_version,
    propose_version,
    refuse_version,
    withdraw_version,
)
from escalation.queries.examination import Examination, get_examination
from escalation.queries.simulation import get_simulation
from escalation.simulated import Simulation
from escalation.strategy import InFlight, Strategy
from escalation.wording import (
    describe_assumption,
    describe_change,
    describe_error,
    describe_finding,
    outcome_name,
    step_title,
)
from kernel import clock
from kernel.errors import DomainError
from staff.access import StaffRequest, page
from staff.rights import Right

BAR: Final = 132


@require_safe
@page(Right.SEE_STRATEGIES)
def show_strategies(request: StaffRequest) -> HttpResponse:
    lines = [
        {
            "line": line,
            "title": step_title(line.strategy.title),
            "steps": len(line.strategy.steps),
            "segment": _segment(line.strategy),
        }
        for line in list_strategies()
    ]
    return render(
        request,
        "desk/strategies.html",
        {"lines": lines, "may_draft": request.actor.has(Right.DRAFT_STRATEGY)},
    )


@require_safe
@page(Right.SEE_STRATEGIES)
def show_strategy(request: StaffRequest, key: str) -> HttpResponse:
    """``?version=`` shows another version than the one in force."""
    text = request.GET.get("version", "")
    try:
        found = get_strategy_page(key=key, number=int(text) if text.isdecimal() else None)
    except StrategyNotFound as error:
        raise Http404 from error
    proposed = found.proposed
    own = proposed is not None and proposed.proposed_by_id == request.actor.user_id
    return render(
        request,
        "desk/strategy.html",
        {
            "key": key,
            "title": step_title(found.strategy.title),
            "version": found.current,
            "status": version_status_name(VersionStatus(found.current.status)),
            "stages": _path(found.strategy, found.cases, key),
            "leaves": any_of(found.strategy.exit_when),
            "waits": any_of(found.strategy.hold_when),
            "segment": _segment(found.strategy),
            "in_flight": in_flight_text(InFlight(found.strategy.in_flight)),
            "total": sum(found.cases.values()),
            "versions": _versions(found),
            "proposed": proposed,
            "changes": _changes(proposed.source) if proposed else [],
            "own": own,
            "may_publish": request.actor.has(Right.PUBLISH_STRATEGY) and not own,
            "may_draft": request.actor.has(Right.DRAFT_STRATEGY),
        },
    )


def _segment(strategy: Strategy) -> str:
    if strategy.segment.for_everything_else:
        return _("every case that no other strategy takes")
    return ", ".join(describe_condition(c) for c in strategy.segment.conditions)


def _path(strategy: Strategy, cases: Mapping[str, int], key: str) -> list[dict[str, Any]]:
    largest = max(cases.values(), default=0) or 1
    numbered = list(enumerate(strategy.steps, start=1))
    stages = []
    for stage, steps in groupby(numbered, key=lambda pair: pair[1].stage):
        members = list(steps)
        rows = [
            {
                "number": number,
                "title": step_title(step.title),
                "when": step_conditions(step),
                "skips": step_skips(step),
                "does": step_text(step),
                "cases": cases.get(step.key, 0),
                "bar": cases.get(step.key, 0) * BAR // largest,
                "url": cases_url(key, step.key),
            }
            for number, step in members
        ]
        stages.append(
            {
                "name": stage_name(Stage(stage)),
                "cases": sum(cases.get(step.key, 0) for _, step in members),
                "rows": rows,
            }
        )
    return stages


def cases_url(key: str, step: str) -> str:
    return f"{reverse('cases')}?{urlencode({'segment': key, 'step': step})}"


def _versions(found: StrategyPage) -> list[dict[str, Any]]:
    return [
        {
            "version": version,
            "status": version_status_name(VersionStatus(version.status)),
            "cases": sum(found.standing.get(version.pk, {}).values()),
            "shown": version.pk == found.current.pk,
        }
        for version in found.versions
    ]


def _changes(source: str) -> list[str]:
    try:
        return [describe_change(change) for change in get_examination(source=source).changes]
    except DomainError as error:
        return describe_error(error)


@require_http_methods(["GET", "HEAD", "POST"])
@page(Right.DRAFT_STRATEGY)
def draft(request: StaffRequest) -> HttpResponse:
    """``?from=KEY`` starts from the version in force; POST ``act``: check, simulate, propose."""
    if request.method != "POST":
        return _draft(request, DraftForm(initial={"source": _source(request), "days": 60}))
    form = DraftForm(request.POST)
    if not form.is_valid():
        return _draft(request, form, status=422)
    source = form.cleaned_data["source"]
    try:
        if request.POST.get("act") == "propose":
            version = propose_version(source=source, actor=request.actor, at=clock.now())
            messages.success(request, _("Proposed. A second person puts it in force."))
            return redirect("strategy", key=version.strategy.key)
        examination = get_examination(source=source)
    except (StrategyInvalid, StrategyUnsound) as error:
        return _draft(request, form, problems=describe_error(error), status=422)
    except DomainError as error:
        return _draft(request, form, problems=[error_text(error)], status=422)
    simulation = None
    if request.POST.get("act") == "simulate" and examination.is_sound:
        simulation = get_simulation(
            draft=examination.strategy,
            on=clock.today(),
            days=form.cleaned_data["days"] or 60,
            grants_all=form.cleaned_data["grants_all"],
        )
    return _draft(request, form, examination=examination, simulation=simulation)


def _source(request: StaffRequest) -> str:
    key = request.GET.get("from", "")
    try:
        return get_strategy_page(key=key).current.source if key else ""
    except StrategyNotFound as error:
        raise Http404 from error


def _draft(
    request: StaffRequest,
    form: DraftForm,
    *,
    problems: list[str] | None = None,
    examination: Examination | None = None,
    simulation: Simulation | None = None,
    status: int = 200,
) -> HttpResponse:
    findings = examination.findings if examination else ()
    return render(
        request,
        "desk/strategy_draft.html",
        {
            "form": form,
            "problems": problems or [],
            "examined": examination is not None,
            "sound": examination.is_sound if examination else False,
            "findings": [
                {"text": describe_finding(finding), "is_error": finding.is_error}
                for finding in findings
            ],
            "changes": [describe_change(c) for c in examination.changes] if examination else [],
            "simulation": (
                _simulation(simulation, examination.strategy)
                if simulation and examination
                else None
            ),
        },
        status=status,
    )


def _simulation(result: Simulation, strategy: Strategy) -> dict[str, Any]:
    titles = {step.key: step_title(step.title) for step in strategy.steps}
    per_step: dict[str, int] = dict.fromkeys(titles, 0)
    for steps in result.steps.values():
        for step, count in steps.items():
            per_step[step] = per_step.get(step, 0) + count
    largest = max(per_step.values(), default=0) or 1
    return {
        "result": result,
        "assumptions": [describe_assumption(code) for code in result.assumptions],
        "steps": [
            {"title": titles.get(step, step), "count": count, "bar": count * BAR // largest}
            for step, count in per_step.items()
        ],
        "days": [
            {
                "on": on,
                "total": sum(steps.values()),
                "steps": ", ".join(f"{titles.get(step, step)} {n}" for step, n in steps.items()),
            }
            for on, steps in result.steps.items()
        ],
        "changed": [
            {
                "number": case.number,
                "today": f"{outcome_name(case.today.outcome)}, "
                f"{titles.get(case.today.step, case.today.step)}",
                "draft": f"{outcome_name(case.draft.outcome)}, "
                f"{titles.get(case.draft.step, case.draft.step)}",
            }
            for case in result.changed
        ],
    }


@require_POST
@page(Right.PUBLISH_STRATEGY)
def decide_version(request: StaffRequest, key: str, version_id: int) -> HttpResponse:
    """POST ``verdict`` approve or refuse, with a reason; never one's own version."""
    form = DecideForm(request.POST)
    verdict = request.POST.get("verdict")
    acts = {"approve": approve_version, "refuse": refuse_version}
    if verdict not in acts:
        raise Http404
    if not form.is_valid():
        messages.error(request, _("A reason is needed; it is kept with the decision."))
        return redirect("strategy", key=key)
    try:
        acts[verdict](
            version_id=version_id,
            reason=form.cleaned_data["reason"],
            actor=request.actor,
            at=clock.now(),
        )
    except StrategyUnsound as error:
        messages.error(request, " ".join(describe_error(error)))
    except DomainError as error:
        messages.error(request, error_text(error))
    else:
        messages.success(
            request, _("The version is in force.") if verdict == "approve" else _("Refused.")
        )
    return redirect("strategy", key=key)


@require_POST
@page(Right.DRAFT_STRATEGY)
def withdraw(request: StaffRequest, key: str, version_id: int) -> HttpResponse:
    try:
        withdraw_version(version_id=version_id, actor=request.actor, at=clock.now())
    except DomainError as error:
        messages.error(request, error_text(error))
    else:
        messages.success(request, _("Withdrawn."))
    return redirect("strategy", key=key)

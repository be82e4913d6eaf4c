"""The list of strategies, one version as a path, any two versions side by side, and the text."""

from __future__ import annotations

from typing import Any, Final

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from desk.queries.strategies import (
    StrategyNotFound,
    StrategyPage,
    get_strategy_page,
    list_publishers,
    list_strategies,
)
from desk.views.strategies.path import cases_url
from desk.views.strategies.shown import meta_context, path_context, segment_text
from desk.wording.events import TimelineEntry, event_entry
from desk.wording.strategies import in_flight_text, version_status_name
from escalation.lifecycle import VersionStatus
from escalation.models import StrategyVersion
from escalation.queries.drafts import list_open_drafts
from escalation.queries.versions import get_strategies
from escalation.strategy import InFlight
from escalation.wording import step_title
from journal.queries import list_events
from journal.subjects import Subject
from kernel.typed import whole_number
from staff.access import StaffRequest, page
from staff.queries import list_actor_names
from staff.rights import Right

_HISTORY_LINES: Final = 30


@require_safe
@page(Right.SEE_STRATEGIES)
def show_strategies(request: StaffRequest) -> HttpResponse:
    may_draft = request.actor.has(Right.DRAFT_STRATEGY)
    lines: list[dict[str, Any]] = [
        {
            "line": line,
            "title": step_title(line.strategy.title),
            "steps": len(line.strategy.steps),
            "segment": segment_text(line.strategy),
            "url": cases_url(line.strategy.key),
            "own": line.waiting is not None
            and line.waiting.proposed_by_id == request.actor.user_id,
        }
        for line in list_strategies(actor=request.actor)
    ]
    titles: dict[str, str] = {line["line"].strategy.key: line["title"] for line in lines}
    return render(
        request,
        "desk/strategies.html",
        {
            **meta_context(request),
            "lines": lines,
            "may_draft": may_draft,
            "may_publish": request.actor.has(Right.PUBLISH_STRATEGY),
            "drafts": draft_lines(request, titles) if may_draft else [],
        },
    )


def draft_lines(request: StaffRequest, titles: dict[str, str]) -> list[dict[str, Any]]:
    """Drafts as a table shows them; ``titles`` by the key of a strategy."""
    return [
        {
            "draft": draft,
            "title": titles.get(draft.strategy_key, draft.strategy_key),
            "own": draft.author_id == request.actor.user_id,
            "status": (
                version_status_name(VersionStatus(draft.version.status)) if draft.version else ""
            ),
        }
        for draft in list_open_drafts()
    ]


@require_safe
@page(Right.SEE_STRATEGIES)
def show_strategy(request: StaffRequest, key: str) -> HttpResponse:
    """``?version=`` shows another version than the one in force, ``?with=`` hangs under its
    steps what it changed against that one."""
    found = _found(request, key)
    other = _version(found, request.GET.get("with", ""))
    before = get_strategies(version_ids=[other.pk])[other.pk] if other else None
    shown = path_context(
        found.strategy, standing=found.standing, actor=request.actor, before=before
    )
    return render(
        request,
        "desk/strategy.html",
        {
            **shown,
            **meta_context(request),
            **decision_context(request, found),
            "key": key,
            "title": step_title(found.strategy.title),
            "version": found.current,
            "other": other,
            "status": version_status_name(VersionStatus(found.current.status)),
            "in_flight": in_flight_text(InFlight(found.strategy.in_flight)),
            "versions": _versions(found),
            "history": _history(found),
            "drafts": [
                line for line in draft_lines(request, {}) if line["draft"].strategy_key == key
            ]
            if request.actor.has(Right.DRAFT_STRATEGY)
            else [],
            "may_draft": request.actor.has(Right.DRAFT_STRATEGY),
        },
    )


def decision_context(request: StaffRequest, found: StrategyPage) -> dict[str, Any]:
    """What ``parts/strategy_decision.html`` shows of a version that waits."""
    proposed = found.proposed
    own = proposed is not None and proposed.proposed_by_id == request.actor.user_id
    waits_for = list_publishers(but_not=proposed.proposed_by_id) if proposed else []
    return {
        "proposed": proposed,
        "in_force": found.in_force,
        "own": own,
        "may_publish": request.actor.has(Right.PUBLISH_STRATEGY) and not own,
        "publishers": [user.full_name for user in waits_for],
    }


def _history(found: StrategyPage) -> list[TimelineEntry]:
    """What was asked for, decided and moved, newest first."""
    subject = Subject("strategy", found.current.strategy_id)
    events = list_events(subjects=[subject], limit=_HISTORY_LINES)
    names = list_actor_names(events=events)
    return [
        event_entry(event, by=names.get((event.actor_kind, event.actor_id), "–"), titles={})
        for event in events
    ]


def _found(request: StaffRequest, key: str) -> StrategyPage:
    number = whole_number(request.GET.get("version"), digits=9)
    try:
        return get_strategy_page(key=key, actor=request.actor, number=number)
    except StrategyNotFound as error:
        raise Http404 from error


def _version(found: StrategyPage, text: str) -> StrategyVersion | None:
    """The version with that number, if it is another one than is shown."""
    return next(
        (v for v in found.versions if str(v.number) == text and v.pk != found.current.pk), None
    )


def _versions(found: StrategyPage) -> list[dict[str, Any]]:
    return [
        {
            "version": version,
            "status": version_status_name(VersionStatus(version.status)),
            "shape": _SHAPES[VersionStatus(version.status)],
            "cases": (count := sum(found.standing.get(version.pk, {}).values())),
            "url": cases_url(version.strategy.key, version=version.number) if count else "",
            "shown": version.pk == found.current.pk,
            "before": _before(found, version),
        }
        for version in found.versions
    ]


_SHAPES = {
    VersionStatus.PROPOSED: "later",
    VersionStatus.IN_FORCE: "met",
    VersionStatus.RETIRED: "na",
    VersionStatus.REFUSED: "not",
    VersionStatus.SENT_BACK: "bang",
    VersionStatus.WITHDRAWN: "na",
}


def _before(found: StrategyPage, version: StrategyVersion) -> int | None:
    """The number of the version that was in force before, to show the difference to."""
    published = (VersionStatus.IN_FORCE, VersionStatus.RETIRED)
    older = [v.number for v in found.versions if v.status in published]
    return next((number for number in older if number < version.number), None)


@require_safe
@page(Right.SEE_STRATEGIES)
def download_text(request: StaffRequest, key: str) -> HttpResponse:
    """The text of a version, as a file that ``publish_strategy`` and a draft take."""
    version = _found(request, key).current
    return text_file(version.source, f"{key}-v{version.number}.toml")


def text_file(source: str, name: str) -> HttpResponse:
    return HttpResponse(
        source,
        content_type="application/toml; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )

"""A draft as a path beside the version in force: what it changes, does, and still lacks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from desk.queries.strategies import (
    StrategyNotFound,
    StrategyPage,
    count_standing,
    get_strategy_page,
    list_publishers,
)
from desk.views.strategies.checks import (
    Check,
    base_check,
    change_check,
    in_flight_check,
    second_person_check,
    text_checks,
)
from desk.views.strategies.shown import meta_context, path_context
from desk.views.strategies.simulation_panel import simulation_context
from desk.wording.strategies import version_status_name
from escalation.editing import list_header_fields
from escalation.lifecycle import VersionStatus
from escalation.loading import StrategyInvalid
from escalation.models import Draft, StrategyVersion
from escalation.queries.drafts import DraftNotFound, get_draft, get_in_flight, is_writable
from escalation.queries.examination import Examination, get_examination
from escalation.queries.versions import get_strategies
from escalation.strategy import Strategy
from escalation.wording import describe_error, step_title
from staff.access import StaffRequest, page
from staff.rights import Right


def draft_or_404(draft_id: int) -> Draft:
    try:
        return get_draft(draft_id=draft_id)
    except DraftNotFound as error:
        raise Http404 from error


@require_safe
@page(Right.DRAFT_STRATEGY)
def show_draft(request: StaffRequest, draft_id: int) -> HttpResponse:
    return render_draft(request, draft_or_404(draft_id))


def render_draft(
    request: StaffRequest, draft: Draft, *, focus_step: str = "", status: int = 200
) -> HttpResponse:
    """The whole page, or for a part of it that is swapped in, what stands in the page; the focus
    goes back to the step that was changed."""
    template = "desk/parts/draft_body.html" if request.htmx else "desk/strategy_draft.html"
    context = draft_context(request, draft)
    context |= {"oob": bool(request.htmx), "focus_step": focus_step}
    return render(request, template, context, status=status)


def draft_context(request: StaffRequest, draft: Draft) -> dict[str, Any]:
    own = draft.author_id == request.actor.user_id
    found = page_of(request, draft.strategy_key)
    in_force = found.in_force if found else None
    common = {
        **head_context(request, draft, in_force),
        **simulation_context(request, draft),
    }
    try:
        examined = get_examination(source=draft.source)
    except StrategyInvalid as error:
        unread = text_checks(error.problems, [])
        return {
            **common, "title": draft.name, "problems": describe_error(error), "checks": unread,
            "may_ask": False, "blocked": len(unread),
        }  # fmt: skip
    strategy = examined.strategy
    before = get_strategies(version_ids=[in_force.pk])[in_force.pk] if in_force else None
    shown = path_context(
        strategy,
        standing=found.standing if found else count_standing(actor=request.actor, strategy_key=""),
        actor=request.actor,
        before=before,
        would_stand=common["would_stand"],
    )
    checks = _checks(draft, examined, strategy, in_force, shown["change_count"])
    blocked = sum(check.stops for check in checks)
    in_flight = next(f for f in list_header_fields(draft.source) if f.name == "in_flight")
    return {
        **common,
        **shown,
        "title": step_title(strategy.title),
        "in_flight": in_flight.value,
        "off_steps": [{"key": step.key, "title": step_title(step.title)} for step in strategy.off],
        "checks": checks,
        "blocked": blocked,
        "may_ask": own and common["writable"] and not blocked,
    }


def page_of(request: StaffRequest, key: str) -> StrategyPage | None:
    """What is known of the strategy; None where none of that key has a version yet."""
    try:
        return get_strategy_page(key=key, actor=request.actor)
    except StrategyNotFound:
        return None


def head_context(
    request: StaffRequest, draft: Draft, in_force: StrategyVersion | None
) -> dict[str, Any]:
    """What stands at the head of every page of a draft."""
    own = draft.author_id == request.actor.user_id
    asked = draft.version
    proposed = asked if asked and asked.status == VersionStatus.PROPOSED else None
    return {
        **meta_context(request),
        "draft": draft,
        "own": own,
        "writable": own and is_writable(draft=draft),
        "in_force": in_force,
        "asked": asked,
        "asked_status": version_status_name(VersionStatus(asked.status)) if asked else "",
        "proposed": proposed,
        "may_publish": request.actor.has(Right.PUBLISH_STRATEGY) and not own,
        "publishers": [user.full_name for user in list_publishers(but_not=draft.author_id)],
    }


def _checks(
    draft: Draft,
    examined: Examination,
    strategy: Strategy,
    in_force: StrategyVersion | None,
    changes: int,
) -> Sequence[Check]:
    publishers = [user.full_name for user in list_publishers(but_not=draft.author_id)]
    asked = draft.version is not None and draft.version.status == VersionStatus.PROPOSED
    decided = draft.version is not None and draft.version.decided_at is not None
    found = [
        *text_checks([], examined.findings),
        None if decided else base_check(draft, in_force if not asked else None),
        None if decided else change_check(changes, in_force),
        in_flight_check(strategy, get_in_flight(new=strategy), in_force),
        second_person_check(publishers, asked=asked),
    ]
    return [check for check in found if check is not None]

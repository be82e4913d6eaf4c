"""What the pages of a version and of a draft have in common: the path with its words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from cases.wording import handler_name
from desk.queries.strategies import Standing, count_held, count_left, list_step_counts
from desk.views.strategies.path import Look, PathView, path_of
from desk.wording.strategies import any_of, describe_condition, header_changes
from escalation.loading import StrategyInvalid, load_strategy
from escalation.queries.drafts import count_drafts_of, count_waiting_for
from escalation.queries.versions import get_strategies
from escalation.strategy import Strategy
from escalation.wording import step_title
from kernel import clock
from kernel.actor import Actor
from staff.access import StaffRequest
from staff.rights import Right

#: For how many days back cases that have left are counted.
LEFT_DAYS: Final = 30


def loaded(source: str) -> Strategy | None:
    """None where the text cannot be read."""
    try:
        return load_strategy(source)
    except StrategyInvalid:
        return None


def meta_context(request: StaffRequest) -> dict[str, Any]:
    """For ``parts/strategy_meta.html``: one's drafts, and what waits for one's decision."""
    user_id = request.actor.user_id or 0
    may_draft = request.actor.has(Right.DRAFT_STRATEGY)
    may_publish = request.actor.has(Right.PUBLISH_STRATEGY)
    return {
        "my_drafts": count_drafts_of(author_id=user_id) if may_draft else None,
        "waiting_for_me": count_waiting_for(user_id=user_id) if may_publish else None,
    }


def path_context(
    strategy: Strategy,
    *,
    standing: Standing,
    actor: Actor,
    before: Strategy | None = None,
    would_stand: dict[str, int] | None = None,
) -> dict[str, Any]:
    """For ``parts/strategy_path.html``."""
    view = path_of(
        strategy,
        Look(
            counts=list_step_counts(standing=standing),
            before=before,
            would_stand=would_stand,
            older_titles=_older_titles(standing),
        ),
    )
    headers = header_changes(before, strategy) if before else {}
    return {
        "path": view,
        "segment": segment_text(strategy),
        "leaves": any_of(strategy.exit_when),
        "waits": any_of(strategy.hold_when),
        "headers": {part.value: lines for part, lines in headers.items()},
        "change_count": _change_count(view) + sum(len(lines) for lines in headers.values()),
        "of_team": actor.team_id is not None,
        "left_days": LEFT_DAYS,
        **_apart(strategy.key, actor),
    }


def _change_count(view: PathView) -> int:
    return sum(len(row.changes) for stage in view.stages for row in stage.rows)


def _apart(key: str, actor: Actor) -> dict[str, Any]:
    """Cases that are held, in other hands, or gone."""
    today = clock.today()
    held = count_held(strategy_key=key, on=today, actor=actor)
    return {
        "held": held.on_hold,
        "held_url": _list_url(segment=key, on_hold="yes"),
        "handled": [
            {
                "name": handler_name(handler),
                "cases": count,
                "url": _list_url(segment=key, handled_by=handler.value),
            }
            for handler, count in held.handled.items()
            if count
        ],
        "left": count_left(strategy_key=key, since=today - timedelta(days=LEFT_DAYS), actor=actor),
    }


def _list_url(**query: str) -> str:
    return f"{reverse('cases')}?{urlencode(query)}"


def _older_titles(standing: Standing) -> dict[str, str]:
    """Titles of all steps of the versions that cases are on."""
    versions = get_strategies(version_ids=list(standing))
    return {step.key: step_title(step.title) for s in versions.values() for step in s.steps}


def segment_text(strategy: Strategy) -> str:
    if strategy.segment.for_everything_else:
        return _("every case that no other strategy takes")
    return ", ".join(describe_condition(c) for c in strategy.segment.conditions)

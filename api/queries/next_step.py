"""Where a case stands in its strategy, what was decided last, and what would be decided now."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from escalation.queries.explanation import (
    CurrentDecision,
    Looked,
    PathStep,
    StoredDecision,
    get_explanation,
)


def get_next_step(*, case_id: int, on: date) -> dict[str, Any] | None:
    """With every condition that was looked at; None for a case that never was on a strategy."""
    found = get_explanation(case_id=case_id, on=on)
    if found is None:
        return None
    return {
        "strategy": found.strategy,
        "title": dict(found.title),
        "version": found.version,
        "status": found.status,
        "entered_on": found.entered_on.isoformat(),
        "end_reason": found.end_reason,
        "next_due_on": _day(found.next_due_on),
        "now": _now(found.now) if found.now else None,
        "last": _last(found.last) if found.last else None,
        "path": [_step(step) for step in found.path],
    }


def _now(decision: CurrentDecision) -> dict[str, Any]:
    return {
        "outcome": decision.outcome,
        "step": decision.step,
        "round": decision.round,
        "look_again_on": _day(decision.look_again_on),
        "day_known": decision.day_known,
        "looked_at": _looks(decision.looked),
        "blockers": [look.place for look in decision.blockers],
    }


def _last(decision: StoredDecision) -> dict[str, Any]:
    return {
        "on": decision.on.isoformat(),
        "at": decision.at.isoformat(),
        "cause": decision.cause,
        "outcome": decision.outcome,
        "step": decision.step,
        "round": decision.round,
        "look_again_on": _day(decision.look_again_on),
        "looked_at": _looks(decision.looked),
    }


def _looks(looks: Iterable[Looked]) -> list[dict[str, Any]]:
    return [
        {
            "place": look.place,
            "part": look.part,
            "role": look.role,
            "what": look.what,
            "held": look.held,
            "value": look.value,
            "wanted": look.wanted,
            "changes_on": _day(look.changes_on),
        }
        for look in looks
    ]


def _step(step: PathStep) -> dict[str, Any]:
    return {
        "step": step.key,
        "title": dict(step.title),
        "stage": step.stage,
        "state": step.state,
        "taken_on": [on.isoformat() for on in step.taken_on],
        "rounds": step.rounds,
    }


def _day(on: date | None) -> str | None:
    return on.isoformat() if on else None

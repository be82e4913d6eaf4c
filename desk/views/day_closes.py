"""Day closes: which days are closed, and how far the close of today has come."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from journal.business_days import list_business_days
from journal.models import BusinessDay
from kernel.typed import day_in
from staff.access import StaffRequest, page
from staff.figures import format_count
from staff.rights import Right
from staff.views.lists import address

PAGE_SIZE: Final = 30


@require_safe
@page(Right.SEE_RUNS)
def list_closes(request: StaffRequest) -> HttpResponse:
    before = day_in(request.GET.get("after"))
    found = list_business_days(limit=PAGE_SIZE + 1, before=before)
    shown = found[:PAGE_SIZE]
    return render(
        request,
        "desk/day_closes.html",
        {
            "days": [day_line(day) for day in shown],
            "first_url": address(request) if before else "",
            "next_url": (
                address(request, after=shown[-1].on.isoformat()) if len(found) > PAGE_SIZE else ""
            ),
        },
    )


def day_line(day: BusinessDay) -> dict[str, Any]:
    """A day as a row of a table."""
    decide = day.steps.get("decide") or {}
    return {
        "day": day,
        "closed": day.closed_at is not None,
        "seconds": (day.closed_at - day.started_at).seconds if day.closed_at else None,
        "steps_done": len(day.steps),
        "decided": _decided(decide),
        "people": _people(day.steps),
        "progress": _progress(day.progress),
    }


def _decided(counts: Mapping[str, Any]) -> str:
    """What the machine decided, largest first."""
    words = {
        "perform": _("steps taken"),
        "wait": _("waiting"),
        "hold": _("on hold"),
        "exit": _("left"),
        "finished": _("finished"),
    }
    parts = [
        f"{word} {format_count(int(counts[name]))}"
        for name, word in words.items()
        if counts.get(name)
    ]
    return ", ".join(parts)


def _people(steps: Mapping[str, Any]) -> str:
    judged = steps.get("judge_promises") or {}
    parts = []
    if judged.get("kept"):
        parts.append(_("kept %(count)s") % {"count": format_count(judged["kept"])})
    if judged.get("broken"):
        parts.append(_("broken %(count)s") % {"count": format_count(judged["broken"])})
    return ", ".join(parts)


def _progress(progress: Mapping[str, Any]) -> str:
    """``decided 5: steps taken 3, waiting 2``; nothing while no case is decided yet."""
    if not progress.get("decided"):
        return ""
    said = _("decided %(count)s") % {"count": format_count(int(progress["decided"]))}
    return ": ".join(part for part in (said, _decided(progress)) if part)

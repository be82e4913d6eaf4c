"""The work that waits for people, soonest first."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from django.db.models import F, Q

from cases.lifecycle import WorkStatus
from cases.models import WorkItem
from kernel.actor import Actor


class WorkKey(NamedTuple):
    """The place of an item in the list; the next page begins after it."""

    due_on: date
    priority: int
    id: int


def list_work(
    *,
    actor: Actor,
    due_by: date,
    owner_id: int | None = None,
    after: WorkKey | None = None,
    limit: int = 50,
) -> list[WorkItem]:
    """Open items due by a day: of one officer, or of the actor's team, or of all."""
    items = WorkItem.objects.filter(status="open", due_on__lte=due_by)
    if actor.team_id is not None:
        items = items.filter(team_id=actor.team_id)
    if owner_id is not None:
        items = items.filter(owner_id=owner_id)
    if after is not None:
        items = items.filter(due_on__gte=after.due_on).filter(
            Q(due_on__gt=after.due_on)
            | Q(due_on=after.due_on, priority__gt=after.priority)
            | Q(due_on=after.due_on, priority=after.priority, pk__gt=after.id)
        )
    return list(
        items.select_related("case", "case__debtor").order_by("due_on", "priority", "id")[:limit]
    )


def list_work_of_case(*, case_id: int, limit: int = 50) -> list[WorkItem]:
    """The items of a case: the open ones first, then the latest that were ended."""
    items = WorkItem.objects.filter(case_id=case_id)
    return list(items.order_by(F("finished_at").desc(nulls_first=True), "due_on")[:limit])


def list_open_work(*, case_id: int) -> list[WorkItem]:
    """The open items of a case, soonest first."""
    items = WorkItem.objects.filter(case_id=case_id, status=WorkStatus.OPEN)
    return list(items.order_by("due_on", "priority", "id"))

"""The rows that a person ticked, as far as they may see them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.db.models import Q

from cases.models import Case, WorkItem
from kernel.actor import Actor


class ChosenWork(NamedTuple):
    id: int
    kind: str
    due_on: date
    case_number: str
    debtor_name: str


class ChosenCase(NamedTuple):
    id: int
    case_number: str
    debtor_name: str
    owner_name: str | None


def list_chosen_work(*, work_item_ids: Sequence[int], actor: Actor) -> list[ChosenWork]:
    """Whatever their status: what is done already is refused with that reason."""
    items = WorkItem.objects.filter(pk__in=work_item_ids)
    if actor.team_id is not None:
        items = items.filter(team_id=actor.team_id)
    rows = items.order_by("due_on", "priority", "rank", "id").values_list(
        "id", "kind", "due_on", "case__number", "case__debtor__display_name"
    )
    return [ChosenWork(*row) for row in rows]


def list_chosen_cases(
    *, case_ids: Sequence[int], work_item_ids: Sequence[int], actor: Actor
) -> list[ChosenCase]:
    """The cases themselves, and those of the chosen work."""
    cases = Case.objects.filter(Q(pk__in=case_ids) | Q(work_items__in=work_item_ids)).distinct()
    if actor.team_id is not None:
        cases = cases.filter(team_id=actor.team_id)
    rows = cases.order_by("debtor__sort_key", "id").values_list(
        "id", "number", "debtor__display_name", "owner__full_name", "debtor__sort_key"
    )
    return [ChosenCase(*row[:4]) for row in rows]

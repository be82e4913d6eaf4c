"""Who has a case in hand, who looks at it, and who is yet to hear that it was taken over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple

from cases.models import InHand, Presence, TakenOver
from cases.work_policy import work_policy_on
from kernel.clock import legal_day


class Hand(NamedTuple):
    """``work_item_id`` is what the case was taken for, where it came from the queue."""

    user_id: int
    user_name: str
    since: datetime
    until: datetime
    work_item_id: int | None


class Looker(NamedTuple):
    user_id: int
    user_name: str
    since: datetime


class Told(NamedTuple):
    """A colleague took a case over, and the person has not been told."""

    id: int
    case_number: str
    debtor_name: str
    by_name: str
    reason: str
    happened_at: datetime


def list_hands(*, case_ids: Collection[int], at: datetime) -> Mapping[int, Hand]:
    """By case; a case that nobody has in hand at ``at`` is missing."""
    rows = InHand.objects.filter(case_id__in=case_ids, until__gt=at).values_list(
        "case_id", "user_id", "user__full_name", "since", "until", "work_item_id"
    )
    return {row[0]: Hand(*row[1:]) for row in rows}


def get_hand(*, case_id: int, at: datetime) -> Hand | None:
    return list_hands(case_ids=[case_id], at=at).get(case_id)


def list_lookers(*, case_ids: Collection[int], at: datetime) -> Mapping[int, list[Looker]]:
    """By case: who has its page open, the first comer first."""
    since = at - work_policy_on(legal_day(at)).presence
    rows = Presence.objects.filter(case_id__in=case_ids, seen_at__gt=since).order_by("since", "id")
    lookers: dict[int, list[Looker]] = defaultdict(list)
    for row in rows.values_list("case_id", "user_id", "user__full_name", "since"):
        lookers[row[0]].append(Looker(*row[1:]))
    return lookers


def list_untold(*, user_id: int, limit: int = 3) -> list[Told]:
    """Takeovers that the person has not read of yet, the oldest first."""
    rows = TakenOver.objects.filter(from_user_id=user_id, seen_at__isnull=True).order_by("id")
    return [
        Told(*row)
        for row in rows.values_list(
            "id", "case__number", "case__debtor__display_name", "by_user__full_name", "reason",
            "happened_at",
        )[:limit]
    ]  # fmt: skip

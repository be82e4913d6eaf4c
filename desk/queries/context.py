"""What stands in the second lines of a list: holds and the last contact of a page of cases."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from typing import NamedTuple

from cases.lifecycle import HoldKind
from cases.models import Hold
from contacts.lifecycle import AttemptResult, Direction
from contacts.models import Attempt
from debtors.lifecycle import Channel


class OpenHold(NamedTuple):
    kind: HoldKind
    until_on: date | None


class LastContact(NamedTuple):
    happened_on: date
    channel: Channel
    direction: Direction
    result: AttemptResult


def list_open_holds(*, case_ids: Collection[int], on: date) -> Mapping[int, list[OpenHold]]:
    """By case; what stops it on the day."""
    holds: dict[int, list[OpenHold]] = defaultdict(list)
    rows = Hold.objects.filter(case_id__in=case_ids, ended_on__isnull=True, from_on__lte=on)
    for case_id, kind, until_on in rows.order_by("case_id", "id").values_list(
        "case_id", "kind", "until_on"
    ):
        holds[case_id].append(OpenHold(HoldKind(kind), until_on))
    return holds


def list_last_contacts(*, case_ids: Collection[int]) -> Mapping[int, LastContact]:
    """By case; a case nobody has tried to reach is missing."""
    rows = (
        Attempt.objects.filter(case_id__in=case_ids, struck_at__isnull=True)
        .order_by("case_id", "-happened_on", "-id")
        .distinct("case_id")
        .values_list("case_id", "happened_on", "channel", "direction", "result")
    )
    return {
        case_id: LastContact(on, Channel(channel), Direction(direction), AttemptResult(result))
        for case_id, on, channel, direction, result in rows
    }

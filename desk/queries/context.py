"""What is said of the cases of a page: holds, the last contact, the last steps taken."""

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
from escalation.models import PerformedStep


class OpenHold(NamedTuple):
    kind: HoldKind
    until_on: date | None


class StepTaken(NamedTuple):
    strategy: str
    step: str
    on: date


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


def list_steps_taken(*, case_ids: Collection[int]) -> Mapping[int, list[StepTaken]]:
    """By case; the newest first, over all its strategies."""
    steps: dict[int, list[StepTaken]] = defaultdict(list)
    rows = PerformedStep.objects.filter(enrolment__case_id__in=case_ids).order_by("-id")
    for case_id, *taken in rows.values_list(
        "enrolment__case_id", "enrolment__version__strategy__key", "step_key", "performed_on"
    ):
        steps[case_id].append(StepTaken._make(taken))
    return steps

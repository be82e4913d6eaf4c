"""What waits for a person, and what a person has refused, stops its case."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import Sum

from agencies.models import Placement
from cases.models import Hold
from contacts.models import Termination
from courts.models import Referral
from escalation.models import PerformedStep
from journal.models import Event
from kernel.clock import legal_day
from ledger.lifecycle import Component
from ledger.models import Posting

#: As unsecured_retail.toml says it: when what was refused may be proposed again.
_AGAIN_AFTER_DAYS = {"termination": 60, "agency": 45, "court": 90}
#: What the strategy calls a larger debt, in minor units of any other currency: to court at once.
_TO_COURT_FROM_MINOR = 5_000_000
_MODELS = (("termination", Termination), ("agency", Placement), ("court", Referral))
_OPEN = ("proposed", "sent_back")


class _Step(NamedTuple):
    on: date
    key: str
    round: int


class _Change(NamedTuple):
    at: datetime
    stage: str


def read(counts: Counter[str], first: date, last: date) -> Iterator[str]:
    steps: dict[int, list[_Step]] = defaultdict(list)
    for case_id, on, key, number in PerformedStep.objects.order_by(
        "performed_on", "id"
    ).values_list("enrolment__case", "performed_on", "step_key", "round"):
        steps[case_id].append(_Step(on, key, number))
    changes: dict[int, list[_Change]] = defaultdict(list)
    for case_id, *change in Event.objects.filter(kind="case.stage_changed").values_list(
        "subject_id", "recorded_at", "payload__to"
    ):
        changes[case_id].append(_Change(*change))
    held = set(
        Hold.objects.filter(kind="approval", ended_on__isnull=True).values_list("cause", flat=True)
    )
    for key, model in _MODELS:
        for row in model.objects.all():
            this_round = int(row.cause.rpartition(":")[2])
            proposed = next(step for step in steps[row.case_id] if step[1:] == (key, this_round))
            later = [step for step in steps[row.case_id] if step.on > proposed.on]
            moved = [change for change in changes[row.case_id] if change.at > row.proposed_at]
            name = f"{model._meta.model_name} {row.pk}"
            is_held = f"{model._meta.model_name}:{row.pk}" in held
            counts[f"{model._meta.model_name}s_{row.status}"] += 1
            if is_held != (row.status in _OPEN):
                yield f"{name}: is {row.status}, held for approval: {is_held}"
            if row.decided_at is None:
                if later or moved:
                    yield f"{name}: open, and yet {later[:1]} {moved[:1]}"
            elif row.status == "refused":
                refused_on = legal_day(row.decided_at)
                yield from _refused(name, row.case_id, proposed, refused_on, later, moved, counts)
            else:
                yield from _granted(name, row.decided_at, later, moved)


def _refused(
    name: str,
    case_id: int,
    proposed: _Step,
    refused_on: date,
    later: list[_Step],
    moved: list[_Change],
    counts: Counter[str],
) -> Iterator[str]:
    """Nothing follows but the same proposal once more, when the strategy allows it; or by then
    so much interest has been added that the strategy passes over the agency."""
    again_on = refused_on + timedelta(days=_AGAIN_AFTER_DAYS[proposed.key])
    if not later:
        if moved:
            yield f"{name}: refused, and yet {moved[0]}"
        return
    counts["proposed_again_after_a_refusal"] += 1
    following = later[0]
    follows = following[1:] == (proposed.key, proposed.round + 1)
    if (proposed.key, following.key) == ("agency", "court"):
        follows = _owed_minor(case_id, following.on) >= _TO_COURT_FROM_MINOR
        counts["grown_past_the_agency"] += 1
    if not follows or following.on < again_on:
        yield f"{name}: refused on {refused_on}, and yet {following}"
    if any(legal_day(change.at) <= following.on for change in moved):
        yield f"{name}: refused, and yet {moved[0]}"


def _owed_minor(case_id: int, on: date) -> int:
    owed = Posting.objects.filter(
        account__debt__parties__debtor__case=case_id,
        transaction__effective_on__lte=on,
        leg__in=list(Component),
    )
    return owed.aggregate(sum=Sum("amount_minor"))["sum"] or 0


def _granted(
    name: str, granted_at: datetime, later: list[_Step], moved: list[_Change]
) -> Iterator[str]:
    if any(step.on < legal_day(granted_at) for step in later):
        yield f"{name}: granted at {granted_at}, and yet {later[0]} before"
    if any(change.at < granted_at for change in moved):
        yield f"{name}: granted at {granted_at}, and yet {moved[0]} before"

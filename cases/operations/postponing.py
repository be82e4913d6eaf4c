"""Putting work aside until a day: by a person, with a reason, and never out of sight."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction

from cases.events import WORK_PUT_ASIDE
from cases.lifecycle import WorkKind, WorkStatus
from cases.locking import lock_work_item
from cases.models import WorkItem
from cases.operations.claiming import check_hands, release_hands
from cases.outcome import Outcome
from cases.work_policy import work_policy_on
from journal.operations import Subject, record_event
from kernel.actor import Actor
from kernel.authority import requires
from kernel.clock import legal_day
from kernel.errors import Conflict, DomainError, InvalidInput
from staff.approvals import ReasonMissing
from staff.rights import Right


class AsideDayInvalid(InvalidInput):
    """Later than today, and not later than the policy allows: ``last``."""

    code = "aside_day_invalid"


class WorkNotOpen(Conflict):
    """The work is done or cancelled already."""

    code = "work_not_open"


@requires(Right.WORK_CASE)
@transaction.atomic
def put_work_aside(
    *, work_item_id: int, until_on: date, reason: str, actor: Actor, at: datetime
) -> WorkItem:
    """Move an open item to a later day, with the reason; ``first_due_on`` keeps its own day.

    Raises WorkItemNotFound, WorkNotOpen, CaseInHand while a colleague works on the case,
    AsideDayInvalid, ReasonMissing.
    """
    if actor.user_id is None or not reason.strip():
        raise ReasonMissing
    item = lock_work_item(work_item_id=work_item_id, actor=actor)
    if item.status != WorkStatus.OPEN:
        raise WorkNotOpen(work_item_id=work_item_id)
    check_hands(case_id=item.case_id, actor=actor, at=at)
    on = legal_day(at)
    last = on + timedelta(days=work_policy_on(on).most_aside_days(WorkKind(item.kind)))
    if not on < until_on <= last:
        raise AsideDayInvalid(until_on=until_on, last=last)
    from_on = item.due_on
    item.first_due_on = item.first_due_on or from_on
    item.due_on = until_on
    item.put_aside_by_id = actor.user_id
    item.put_aside_reason = reason.strip()
    item.save(update_fields=["first_due_on", "due_on", "put_aside_by", "put_aside_reason"])
    release_hands(case_id=item.case_id, work_item_id=item.pk, actor=actor)
    record_event(
        kind=WORK_PUT_ASIDE,
        subject=Subject("case", item.case_id),
        payload={
            "work_item_id": item.pk,
            "kind": item.kind,
            "from_on": from_on,
            "until_on": until_on,
            "reason": item.put_aside_reason,
        },
        actor=actor,
        at=at,
    )
    return item


@requires(Right.WORK_CASE)
def put_all_work_aside(
    *, work_item_ids: Sequence[int], until_on: date, reason: str, actor: Actor, at: datetime
) -> Outcome:
    """Each for itself: what one item refuses stops no other."""
    done: list[int] = []
    refused: dict[int, DomainError] = {}
    for pk in sorted(set(work_item_ids)):
        try:
            put_work_aside(work_item_id=pk, until_on=until_on, reason=reason, actor=actor, at=at)
        except DomainError as error:
            refused[pk] = error
        else:
            done.append(pk)
    return Outcome(done, refused)

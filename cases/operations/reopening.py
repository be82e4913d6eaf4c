"""Work that was marked as done, or put aside, a moment ago and is to be done after all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from cases.events import WORK_BROUGHT_BACK, WORK_FINISHED, WORK_PUT_ASIDE
from cases.lifecycle import WORK_LIFECYCLE, WorkStatus
from cases.locking import WorkItemNotFound, lock_case
from cases.models import WorkItem
from journal.operations import Subject, record_event
from journal.queries import list_events
from journal.status import move_status
from journal.subscribers import RecordedEvent
from kernel.actor import Actor, ActorKind
from kernel.authority import by_machine, requires
from kernel.undo import UndoBuiltUpon, check_undo
from staff.rights import Right

#: How many of the latest events of a case are looked through for one of some seconds ago.
_LATEST = 50


@requires(Right.WORK_CASE)
@transaction.atomic
def reopen_work_item(*, work_item_id: int, actor: Actor, at: datetime) -> WorkItem:
    """Who has just marked an item as done takes that back.

    Raises WorkItemNotFound, UndoNotYours, UndoTooLate, UndoBuiltUpon when such work is open
    again already.
    """
    item = _locked(work_item_id, actor)
    _check(_told(item, WORK_FINISHED), actor, at)
    return _reopen(item, "taken_back", actor, at)


@requires(Right.WORK_CASE)
@transaction.atomic
def bring_back_work(*, work_item_id: int, actor: Actor, at: datetime) -> WorkItem:
    """Who has just put an item aside takes that back: it is due on its day before.

    Raises WorkItemNotFound, UndoNotYours, UndoTooLate, UndoBuiltUpon when it was moved or ended
    meanwhile.
    """
    item = _locked(work_item_id, actor)
    told = _told(item, WORK_PUT_ASIDE)
    _check(told, actor, at)
    last = told[0].payload
    if item.status != WorkStatus.OPEN or item.due_on.isoformat() != last["until_on"]:
        raise UndoBuiltUpon(what="work_under_way")
    item.due_on = date.fromisoformat(last["from_on"])
    if item.due_on == item.first_due_on:
        item.first_due_on, item.put_aside_by, item.put_aside_reason = None, None, ""
    elif len(told) > 1:
        item.put_aside_reason = told[1].payload["reason"]
    item.save(update_fields=["due_on", "first_due_on", "put_aside_by", "put_aside_reason"])
    record_event(
        kind=WORK_BROUGHT_BACK,
        subject=Subject("case", item.case_id),
        payload={"work_item_id": item.pk, "kind": item.kind, "due_on": item.due_on},
        actor=actor,
        at=at,
    )
    return item


@by_machine
@transaction.atomic
def reopen_work_items(
    *, work_item_ids: Sequence[int], code: str, actor: Actor, at: datetime
) -> list[int]:
    """What did the work has been taken back: open again what it had finished.

    Raises UndoBuiltUpon when such work is open again already.
    """
    items = WorkItem.objects.filter(pk__in=work_item_ids, status=WorkStatus.DONE).order_by("id")
    return [_reopen(item, code, actor, at).pk for item in items]


def _locked(work_item_id: int, actor: Actor) -> WorkItem:
    case_id = WorkItem.objects.filter(pk=work_item_id).values_list("case_id", flat=True).first()
    if case_id is None:
        raise WorkItemNotFound(work_item_id=work_item_id)
    lock_case(case_id=case_id, actor=actor)
    return WorkItem.objects.get(pk=work_item_id)


def _told(item: WorkItem, kind: str) -> list[RecordedEvent]:
    """The item's latest events of a kind, the last one first."""
    subjects = [Subject("case", item.case_id)]
    events = list_events(subjects=subjects, kinds=[kind], limit=_LATEST)
    return [event for event in events if event.payload.get("work_item_id") == item.pk]


def _check(told: Sequence[RecordedEvent], actor: Actor, at: datetime) -> None:
    last = told[0] if told else None
    by_user = last.actor_id if last and last.actor_kind == ActorKind.USER else None
    check_undo(done_by=by_user, done_at=last.recorded_at if last else None, actor=actor, at=at)


def _reopen(item: WorkItem, code: str, actor: Actor, at: datetime) -> WorkItem:
    same = WorkItem.objects.filter(case_id=item.case_id, kind=item.kind, status=WorkStatus.OPEN)
    if item.status == WorkStatus.DONE and same.exists():
        raise UndoBuiltUpon(what="work_open_again")
    return move_status(
        row=item,
        lifecycle=WORK_LIFECYCLE,
        move="reopen",
        subject=Subject("case", item.case_id),
        payload={"kind": item.kind, "reason": code},
        changes={"finished_at": None},
        actor=actor,
        at=at,
    )
